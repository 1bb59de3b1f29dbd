#include "domain/machine_sync.h"
#include "domain/provisioning.h"

#include <boost/test/unit_test.hpp>

#include <ostream>

namespace domain {

std::ostream& operator<<(std::ostream& out, ProvisionStep step) { return out << to_text(step); }
std::ostream& operator<<(std::ostream& out, SyncFault fault) { return out << to_text(fault); }
std::ostream& operator<<(std::ostream& out, MachineState state) { return out << to_text(state); }

} // namespace domain

namespace {

using domain::Machine;
using domain::MachineState;
using domain::ProvisionDriver;
using domain::ProvisionStep;
using domain::StepRecord;
using domain::StepState;
using domain::SyncFault;
using domain::WantedState;

Machine new_machine(ProvisionDriver driver = ProvisionDriver::exec, bool has_image = true)
{
    Machine machine;
    machine.driver = driver;
    machine.has_image = has_image;
    return machine;
}

Machine active_machine(ProvisionDriver driver = ProvisionDriver::exec)
{
    auto machine = new_machine(driver);
    machine.state = MachineState::active;
    machine.settled_generation = 1;
    return machine;
}

/// All steps that follow, each done as it comes.
std::string way(const Machine& machine, std::vector<StepRecord> steps = {})
{
    std::string text;
    while (const auto step = domain::next_step(machine, steps)) {
        text += (text.empty() ? "" : " ") + std::string{domain::to_text(*step)};
        steps.push_back({.step = *step, .occasion = domain::occasion_of(*step, machine), .state = StepState::done});
    }
    return text;
}

Machine wanting(Machine machine, WantedState wanted, int generation)
{
    machine.wanted = wanted;
    machine.generation = generation;
    return machine;
}

constexpr auto uuid_text = "018f0000-0000-7000-8000-000000000001";
const auto uuid = domain::Uuid::parse(uuid_text).value();

} // namespace

BOOST_AUTO_TEST_SUITE(provisioning_steps)

BOOST_AUTO_TEST_CASE(a_new_machine_gets_what_its_driver_makes)
{
    BOOST_TEST(way(new_machine()) == "image create");
    BOOST_TEST(way(new_machine(ProvisionDriver::exec, false)) == "create");
    BOOST_TEST(way(new_machine(ProvisionDriver::storage)) == "image");
}

BOOST_AUTO_TEST_CASE(only_what_is_done_is_passed_over)
{
    for (const auto state : {StepState::begun, StepState::waiting, StepState::failed})
        BOOST_TEST(way(new_machine(), {{.step = ProvisionStep::image, .occasion = 0, .state = state}}) == "image create");
    BOOST_TEST(way(new_machine(), {{.step = ProvisionStep::image, .occasion = 0, .state = StepState::done}}) == "create");
}

BOOST_AUTO_TEST_CASE(each_wish_has_its_own_step)
{
    const auto suspended = wanting(active_machine(), WantedState::suspended, 2);
    BOOST_TEST(way(suspended) == "suspend");
    const std::vector<StepRecord> done{{.step = ProvisionStep::suspend, .occasion = 2, .state = StepState::done}};
    BOOST_TEST(way(wanting(active_machine(), WantedState::suspended, 4), done) == "suspend");
    BOOST_TEST(way(wanting(active_machine(), WantedState::running, 3), done) == "resume");
    BOOST_TEST(way(wanting(active_machine(), WantedState::stopped, 2)) == "suspend"); // by its member
    BOOST_TEST(way(wanting(active_machine(ProvisionDriver::storage), WantedState::suspended, 2)) == "");
}

// Suspended and resumed before it was made: whatever of it was begun, it runs in the end.
BOOST_AUTO_TEST_CASE(a_machine_that_was_wanted_otherwise_meanwhile_ends_as_wanted)
{
    BOOST_TEST(way(wanting(new_machine(), WantedState::suspended, 2)) == "image create suspend");
    BOOST_TEST(way(wanting(new_machine(), WantedState::running, 3)) == "image create resume");
}

BOOST_AUTO_TEST_CASE(a_change_of_size_follows_the_power)
{
    auto machine = wanting(active_machine(), WantedState::running, 3);
    machine.changes = 2;
    BOOST_TEST(way(machine) == "resume grow resize");
    machine.generation = 1;
    BOOST_TEST(way(machine) == "grow resize");
}

BOOST_AUTO_TEST_CASE(the_end_is_told_to_the_program_whatever_was_made)
{
    for (const auto state :
        {MachineState::creating, MachineState::failed, MachineState::active, MachineState::suspended, MachineState::deleting}) {
        auto machine = wanting(new_machine(), WantedState::gone, 2);
        machine.state = state;
        BOOST_TEST(way(machine) == "terminate image_removal", state);
    }
    auto gone = wanting(new_machine(), WantedState::gone, 2);
    gone.state = MachineState::deleted;
    BOOST_TEST(way(gone) == "");
}

BOOST_AUTO_TEST_CASE(a_machine_is_settled_only_as_it_is_wanted)
{
    auto machine = active_machine();
    BOOST_TEST(!domain::is_unsettled(machine));
    machine.changes = 1;
    BOOST_TEST(domain::is_unsettled(machine));
    machine.changes = 0;
    machine.generation = 2;
    BOOST_TEST(domain::is_unsettled(machine));
    BOOST_TEST(domain::is_unsettled(new_machine()));
    BOOST_TEST(domain::settled_state(wanting(machine, WantedState::suspended, 2)) == MachineState::suspended);
    BOOST_TEST(domain::settled_state(wanting(machine, WantedState::stopped, 2)) == MachineState::stopped);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(comparing_machines)

BOOST_AUTO_TEST_CASE(images_that_are_missing_left_or_nobodys_are_told)
{
    const std::vector<domain::KnownImage> rows{{1, uuid, "kept", MachineState::active}, {2, uuid, "lost", MachineState::suspended},
        {3, uuid, "left", MachineState::deleted}, {4, uuid, "gone", MachineState::deleted}, {5, uuid, "being made", MachineState::creating},
        {6, uuid, "going", MachineState::deleting}};
    const auto found = domain::compare_images("local/.", rows, {"kept", "left", "going", "stray"}, rows);
    std::string text;
    for (const auto& finding : found) text += std::string{domain::to_text(finding.fault)} + ' ' + finding.name + "; ";
    BOOST_TEST(text == "image_left left; image_missing lost; image_stray stray; ");
}

// Listing takes its time: what is made or taken away meanwhile is neither missing nor a stray.
BOOST_AUTO_TEST_CASE(what_changes_meanwhile_is_no_fault)
{
    const std::vector<domain::KnownImage> none, creating{{1, uuid, "a", MachineState::creating}},
        active{{1, uuid, "a", MachineState::active}}, deleted{{1, uuid, "a", MachineState::deleted}};
    BOOST_TEST(domain::compare_images("p", none, {"a"}, active).empty());
    BOOST_TEST(domain::compare_images("p", creating, {}, active).empty());
    BOOST_TEST(domain::compare_images("p", active, {"a"}, deleted).empty());
    BOOST_TEST(domain::compare_images("p", active, {}, active).size() == 1u);
}

BOOST_AUTO_TEST_CASE(machines_are_held_against_what_is_wanted)
{
    const auto row = [](MachineState state, WantedState wanted, bool settled = true) {
        return std::vector<domain::KnownMachine>{{uuid, "vm", state, wanted, settled, "host-1"}};
    };
    const auto faults = [](const std::vector<domain::KnownMachine>& rows, const std::vector<domain::SeenMachine>& seen) {
        std::string text;
        for (const auto& finding : domain::compare_machines("vm", rows, seen, rows))
            text += std::string{domain::to_text(finding.fault)} + ' ';
        return text;
    };
    const auto active = row(MachineState::active, WantedState::running);
    BOOST_TEST(faults(active, {{uuid, true, "host-1"}}) == "");
    BOOST_TEST(faults(active, {{uuid, true, ""}}) == "");
    BOOST_TEST(faults(active, {}) == "machine_missing ");
    BOOST_TEST(faults(active, {{uuid, false, "host-2"}}) == "power_differs host_differs ");
    BOOST_TEST(faults(row(MachineState::suspended, WantedState::suspended), {{uuid, true, ""}}) == "power_differs ");
    BOOST_TEST(faults(row(MachineState::active, WantedState::suspended, false), {{uuid, true, ""}}) == "");
    BOOST_TEST(faults(row(MachineState::stopped, WantedState::stopped), {{uuid, true, ""}}) == "power_differs ");
    BOOST_TEST(faults(row(MachineState::stopped, WantedState::stopped), {{uuid, false, ""}}) == "");
    BOOST_TEST(faults(row(MachineState::deleted, WantedState::gone), {{uuid, true, ""}}) == "machine_left ");
    BOOST_TEST(faults({}, {{uuid, true, ""}}) == "machine_stray ");
}

// A finding without a way out would leave the operator alone; what would remove something is never left to --apply.
BOOST_AUTO_TEST_CASE(each_finding_has_its_remedy)
{
    using enum SyncFault;
    for (const auto fault : {storage_unreadable, image_missing, image_left, image_stray, program_unreadable, machine_missing, machine_left,
             machine_stray, power_differs, host_differs, power_unnoted, host_unreadable}) {
        const auto remedy = domain::remedy_of({.fault = fault, .machine = uuid});
        BOOST_TEST(!remedy.empty(), fault);
        BOOST_TEST((remedy.find("--apply") != std::string::npos) == domain::is_repairable(fault), fault);
    }
    BOOST_TEST(domain::remedy_of({.fault = image_left, .machine = uuid}) == std::string{"uncloud vm end "} + uuid_text);
    BOOST_TEST(!domain::is_repairable(image_left));
    BOOST_TEST(!domain::is_repairable(machine_left));
}

BOOST_AUTO_TEST_SUITE_END()
