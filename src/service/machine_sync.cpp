#include "service/machine_sync.h"

#include "domain/provisioning.h"
#include "service/job_report.h"
#include "store/audit_store.h"
#include "store/job_store.h"
#include "store/machine_sync_store.h"
#include "store/placement_store.h"
#include "store/provisioning_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::SyncFault;
using domain::SyncFinding;

constexpr int silent_limit = 3; // machines of a host, one after another: then it is the host, and the others are not waited for

/// As it is written down; empty: nobody knows.
std::string word_of(gateway::GuestPower power)
{
    switch (power) {
    case gateway::GuestPower::off: return "off";
    case gateway::GuestPower::on: return "on";
    case gateway::GuestPower::paused: return "paused";
    case gateway::GuestPower::unknown: return "";
    }
    return "";
}

void note(SyncFinding& finding, bool repaired, const std::string& what)
{
    finding.repaired = repaired;
    finding.repair = what;
}

} // namespace

std::vector<SyncFinding> MachineSync::look()
{
    std::vector<SyncFinding> findings;
    look_at_pools(findings);
    look_at_programs(findings);
    look_at_hosts(findings);
    return findings;
}

void MachineSync::look_at_pools(std::vector<SyncFinding>& findings)
{
    const auto pools = database_.read([](store::Session& session) { return store::PlacementStore{session}.pools(); });
    const auto clusters = database_.read([](store::Session& session) { return store::PlacementStore{session}.clusters(); });
    for (const auto& pool : pools) {
        const auto found_cluster = std::ranges::find(clusters, pool.cluster, &domain::Cluster::id);
        if (found_cluster == clusters.end()) continue; // removed meanwhile
        const auto& cluster = *found_cluster;
        const auto place = domain::place_of(cluster, pool);
        const auto rows = [&] {
            return database_.read([&](store::Session& session) { return store::MachineSyncStore{session}.images_in(pool.id); });
        };
        const auto before = rows();
        const auto listing = storages_.of(cluster).list_images(pool.name, pool.pool_namespace);
        if (listing.answer != gateway::StorageAnswer::done) {
            findings.push_back({.fault = SyncFault::storage_unreadable, .place = place, .detail = storage_error(listing.answer)});
            continue;
        }
        const auto found = domain::compare_images(place, before, {listing.names.begin(), listing.names.end()}, rows());
        findings.insert(findings.end(), found.begin(), found.end());
    }
}

void MachineSync::look_at_programs(std::vector<SyncFinding>& findings)
{
    for (const auto& [product, entry] : provisioners_.all()) {
        const auto rows = [&, sku = product] {
            return database_.read([&](store::Session& session) { return store::MachineSyncStore{session}.machines_of(sku); });
        };
        const auto before = rows();
        const auto listing = entry.provisioner->list();
        if (listing.answer != gateway::ProvisionAnswer::done) {
            findings.push_back(
                {.fault = SyncFault::program_unreadable, .place = product, .detail = std::string{gateway::to_text(listing.answer)}});
            continue;
        }
        // One program may make several products, and lists all that it made.
        const auto others = database_.read(
            [&, sku = product](store::Session& session) { return store::MachineSyncStore{session}.machines_of_others(sku); });
        std::vector<domain::SeenMachine> seen;
        for (const auto& machine : listing.machines)
            if (!others.contains(machine.machine.text()))
                seen.push_back({machine.machine, machine.power == gateway::ProvisionPower::running, machine.host});
        const auto found = domain::compare_machines(product, before, seen, rows());
        findings.insert(findings.end(), found.begin(), found.end());
    }
}

/// Snapshots and restoring ask whether a machine runs; what is written down may be from before somebody switched it by hand.
void MachineSync::look_at_hosts(std::vector<SyncFinding>& findings)
{
    const auto hosts = database_.read([](store::Session& session) { return store::PlacementStore{session}.hosts(); });
    const auto clusters = database_.read([](store::Session& session) { return store::PlacementStore{session}.clusters(); });
    for (const auto& host : hosts) {
        const auto cluster = std::ranges::find(clusters, host.cluster, &domain::Cluster::id);
        if (cluster == clusters.end() || host.agent == domain::HostAgent::none) continue;
        const auto place = cluster->name + '/' + host.name;
        const auto machines = database_.read([&](store::Session& session) { return store::MachineSyncStore{session}.powers_on(host.id); });
        std::size_t told = 0;
        int silent = 0;
        for (const auto& [machine, noted] : machines) {
            if (silent == silent_limit) break;
            const auto power = word_of(guests_.of(host).power(machine));
            silent = power.empty() ? silent + 1 : 0;
            told += power.empty() ? 0 : 1;
            if (power.empty() || power == noted) continue;
            findings.push_back(
                {.fault = SyncFault::power_unnoted, .place = place, .name = machine.text(), .machine = machine, .detail = power});
        }
        if (told != machines.size())
            findings.push_back({.fault = SyncFault::host_unreadable,
                .place = place,
                .detail = "tells of " + std::to_string(told) + " of " + std::to_string(machines.size()) + " machines"});
    }
}

void MachineSync::repair(SyncFinding& finding, const std::string& actor)
{
    switch (finding.fault) {
    case SyncFault::power_differs: set_power(finding); break;
    case SyncFault::host_differs: note_host(finding); break;
    case SyncFault::power_unnoted: note_power(finding); break;
    case SyncFault::storage_unreadable:
    case SyncFault::image_missing:
    case SyncFault::image_left:
    case SyncFault::image_stray:
    case SyncFault::program_unreadable:
    case SyncFault::machine_missing:
    case SyncFault::machine_left:
    case SyncFault::machine_stray:
    case SyncFault::host_unreadable: return;
    }
    database_.transact([&](store::Session& session) {
        store::AuditStore{session}.add({.at = clock_.now(),
            .actor = actor,
            .action = "vm.sync",
            .subject = finding.name,
            .detail = std::string{domain::to_text(finding.fault)} + ": " + finding.repair});
    });
}

/// A new generation of the same wish: the worker sees to it.
void MachineSync::set_power(SyncFinding& finding)
{
    const auto wish = database_.transact([&](store::Session& session) {
        const auto changed = store::ProvisioningStore{session}.want_again(*finding.machine);
        if (!changed) return changed;
        store::JobStore{session}.add(domain::job_towards(changed->wanted), changed->machine, std::to_string(changed->generation));
        return changed;
    });
    note(finding, wish.has_value(), wish ? "a job was made" : "changed meanwhile");
}

/// Asked anew: since it was looked for, somebody may have stopped or started it.
void MachineSync::note_power(SyncFinding& finding)
{
    const auto host = database_.read([&](store::Session& session) { return store::PlacementStore{session}.host_of(*finding.machine); });
    const auto power = host ? word_of(guests_.of(*host).power(*finding.machine)) : "";
    const bool noted = !power.empty() && database_.transact([&](store::Session& session) {
        return store::MachineSyncStore{session}.note_power(*finding.machine, power);
    });
    note(finding, noted, noted ? "noted" : "changed meanwhile");
}

void MachineSync::note_host(SyncFinding& finding)
{
    const bool known = database_.transact([&](store::Session& session) {
        store::PlacementStore placement{session};
        for (const auto& host : placement.hosts()) {
            if (host.name != finding.detail) continue;
            placement.move_machine(*finding.machine, host.id);
            return true;
        }
        return false;
    });
    note(finding, known, known ? "noted" : "no host of this name: uncloud host add");
}

} // namespace service
