#include "domain/machine_sync.h"

#include <map>
#include <stdexcept>

namespace domain {
namespace {

/// It is there for good: nobody is about to make or take it away.
bool is_kept(MachineState state)
{
    return state == MachineState::active || state == MachineState::stopped || state == MachineState::suspended;
}

std::map<std::string, KnownImage> by_name(const std::vector<KnownImage>& images)
{
    std::map<std::string, KnownImage> all;
    for (const auto& image : images) all.emplace(image.name, image);
    return all;
}

std::map<std::string, KnownMachine> by_uuid(const std::vector<KnownMachine>& machines)
{
    std::map<std::string, KnownMachine> all;
    for (const auto& machine : machines) all.emplace(machine.machine.text(), machine);
    return all;
}

SyncFinding finding(SyncFault fault, const std::string& place, const KnownMachine& machine, const std::string& detail = "")
{
    return {.fault = fault, .place = place, .name = machine.machine.text(), .machine = machine.machine, .detail = detail};
}

/// What is told of a machine that is there, and should be.
void compare_running(std::vector<SyncFinding>& findings, const std::string& place, const KnownMachine& row, const SeenMachine& seen)
{
    const bool shall_run = row.wanted == WantedState::running;
    if (seen.running != shall_run)
        findings.push_back(finding(SyncFault::power_differs, place, row,
            std::string{seen.running ? "running" : "suspended"} + ", shall be " + std::string{to_text(row.wanted)}));
    if (!seen.host.empty() && seen.host != row.host) findings.push_back(finding(SyncFault::host_differs, place, row, seen.host));
}

} // namespace

std::string_view to_text(SyncFault fault)
{
    switch (fault) {
    case SyncFault::storage_unreadable: return "storage_unreadable";
    case SyncFault::image_missing: return "image_missing";
    case SyncFault::image_left: return "image_left";
    case SyncFault::image_stray: return "image_stray";
    case SyncFault::program_unreadable: return "program_unreadable";
    case SyncFault::machine_missing: return "machine_missing";
    case SyncFault::machine_left: return "machine_left";
    case SyncFault::machine_stray: return "machine_stray";
    case SyncFault::power_differs: return "power_differs";
    case SyncFault::host_differs: return "host_differs";
    case SyncFault::power_unnoted: return "power_unnoted";
    case SyncFault::host_unreadable: return "host_unreadable";
    }
    throw std::domain_error{"no such fault"};
}

bool is_repairable(SyncFault fault)
{
    switch (fault) {
    case SyncFault::power_differs:
    case SyncFault::host_differs:
    case SyncFault::power_unnoted: return true;
    case SyncFault::storage_unreadable:
    case SyncFault::image_missing:
    case SyncFault::image_left:
    case SyncFault::image_stray:
    case SyncFault::program_unreadable:
    case SyncFault::machine_missing:
    case SyncFault::machine_left:
    case SyncFault::machine_stray:
    case SyncFault::host_unreadable: return false;
    }
    throw std::domain_error{"no such fault"};
}

std::string remedy_of(const SyncFinding& finding)
{
    const auto machine = finding.machine ? finding.machine->text() : "";
    switch (finding.fault) {
    case SyncFault::power_differs:
    case SyncFault::host_differs:
    case SyncFault::power_unnoted: return "uncloud vm sync --apply";
    case SyncFault::image_left:
    case SyncFault::machine_left: return "uncloud vm end " + machine;
    case SyncFault::storage_unreadable:
    case SyncFault::program_unreadable:
    case SyncFault::host_unreadable: return "look at it, then ask again";
    case SyncFault::image_missing: return "put it back under this name";
    case SyncFault::image_stray: return "uncloud image add, or remove it by hand";
    case SyncFault::machine_missing: return "make it again under this uuid, or end its order";
    case SyncFault::machine_stray: return "end it by hand where it runs";
    }
    throw std::domain_error{"no such fault"};
}

std::vector<SyncFinding> compare_images(const std::string& place, const std::vector<KnownImage>& before,
    const std::set<std::string>& listed, const std::vector<KnownImage>& after)
{
    std::vector<SyncFinding> findings;
    const auto earlier = by_name(before), later = by_name(after);
    for (const auto& [name, image] : later) {
        const auto then = earlier.find(name);
        if (then == earlier.end() || then->second.state != image.state) continue; // on its way
        const bool is_there = listed.contains(name);
        if (is_kept(image.state) && !is_there)
            findings.push_back({.fault = SyncFault::image_missing, .place = place, .name = name, .machine = image.machine});
        if (image.state == MachineState::deleted && is_there)
            findings.push_back({.fault = SyncFault::image_left, .place = place, .name = name, .machine = image.machine});
    }
    for (const auto& name : listed)
        if (!later.contains(name)) findings.push_back({.fault = SyncFault::image_stray, .place = place, .name = name});
    return findings;
}

std::vector<SyncFinding> compare_machines(const std::string& place, const std::vector<KnownMachine>& before,
    const std::vector<SeenMachine>& listed, const std::vector<KnownMachine>& after)
{
    std::vector<SyncFinding> findings;
    const auto earlier = by_uuid(before), later = by_uuid(after);
    std::map<std::string, SeenMachine> seen;
    for (const auto& machine : listed) seen.emplace(machine.machine.text(), machine);

    for (const auto& [uuid, row] : later) {
        const auto then = earlier.find(uuid);
        const bool rests = then != earlier.end() && then->second.state == row.state && then->second.wanted == row.wanted && row.settled;
        if (!rests) continue;
        const auto found = seen.find(uuid);
        if (is_kept(row.state) && found == seen.end()) findings.push_back(finding(SyncFault::machine_missing, place, row));
        if (is_kept(row.state) && found != seen.end()) compare_running(findings, place, row, found->second);
        if (row.state == MachineState::deleted && found != seen.end()) findings.push_back(finding(SyncFault::machine_left, place, row));
    }
    for (const auto& [uuid, machine] : seen)
        if (!later.contains(uuid)) findings.push_back({.fault = SyncFault::machine_stray, .place = place, .name = uuid});
    return findings;
}

} // namespace domain
