#include "domain/refusal.h"
#include "fake/fake_provisioner.h"
#include "fake/shop.h"
#include "service/machines.h"
#include "store/collection_store.h"
#include "store/job_store.h"
#include "store/provisioning_store.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using domain::MachineState;
using domain::Reason;
using domain::SnapshotState;
using fake::refusal_of;
using gateway::ProvisionPower;
using gateway::ProvisionVerb;
using service::JobOutcome;

/// A machine of nico that runs by a program, and one of a ready snapshot of it.
struct Switched : fake::Shop {
    fake::FakeProvisioner* program{nullptr};
    domain::Order placed{};
    domain::Uuid vm{};
    service::Machines machines{fake::database()};

    Switched()
    {
        auto made = std::make_unique<fake::FakeProvisioner>();
        program = made.get();
        provisioners.add("ipv6-only-vm", {std::move(made), true});
        placed = active_machine();
        vm = machine_of(placed).uuid;
    }

    domain::Machine stop()
    {
        return fake::in_transaction([&](store::Session& session) { return machines.stop(session, nico.member, vm); });
    }
    domain::Machine start()
    {
        return fake::in_transaction([&](store::Session& session) { return machines.start(session, nico.member, vm); });
    }
    service::JobReport adjust() { return machines_work.adjust(vm, false); }
    MachineState state() const { return machine_of(placed).state; }
    ProvisionPower power() const { return program->machine(vm).value().power; }

    /// As dunning and payments do it.
    void set_suspended(bool suspended)
    {
        const auto who = std::vector{nico.member};
        fake::in_transaction([&](store::Session& session) {
            store::CollectionStore orders{session};
            if (suspended) orders.suspend(who, "not paid", clock.now());
            else orders.reinstate(who, "paid", clock.now());
            for (const auto& change : store::ProvisioningStore{session}.follow_orders(who))
                store::JobStore{session}.add(domain::job_towards(change.wanted), change.machine, std::to_string(change.generation));
        });
    }

    /// A snapshot of it as if it had been taken while it ran.
    domain::Snapshot ready()
    {
        const auto snapshot = requested_snapshot(placed);
        fake::change("UPDATE snapshots SET state = 'ready', ready_at = requested_at WHERE uuid = ?", snapshot.uuid);
        return snapshot;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(members_switch_their_machines, Switched)

BOOST_AUTO_TEST_CASE(a_machine_is_stopped_and_started_however_often_that_is_asked_for)
{
    BOOST_TEST((stop().wanted == domain::WantedState::stopped));
    stop();
    BOOST_TEST(jobs("machine_suspend", vm) == 1);
    BOOST_TEST((state() == MachineState::active)); // until the worker has seen to it
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::suspended));
    BOOST_TEST((state() == MachineState::stopped));
    BOOST_TEST(program->calls(ProvisionVerb::suspend) == 1);

    start();
    BOOST_TEST((start().wanted == domain::WantedState::running));
    BOOST_TEST(jobs("machine_resume", vm) == 1);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::running));
    BOOST_TEST((state() == MachineState::active));
}

BOOST_AUTO_TEST_CASE(sixteen_stops_at_once_are_one)
{
    fake::at_once(16, [&](int) { stop(); });
    BOOST_TEST(jobs("machine_suspend", vm) == 1);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST(program->calls(ProvisionVerb::suspend) == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_that_is_taken_back_before_it_is_carried_out_leaves_it_running)
{
    stop();
    start();
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::running));
    BOOST_TEST((state() == MachineState::active));
}

BOOST_AUTO_TEST_CASE(a_machine_that_its_member_stopped_rests_again_after_a_suspension)
{
    stop();
    adjust();
    set_suspended(true);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((state() == MachineState::suspended));
    BOOST_TEST((refusal_of([&] { start(); }) == Reason::vm_not_ready)); // pay first
    set_suspended(false);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((state() == MachineState::stopped));
    BOOST_TEST((power() == ProvisionPower::suspended));
    BOOST_TEST(program->calls(ProvisionVerb::resume) == 0);
}

BOOST_AUTO_TEST_CASE(one_that_is_stopped_while_it_is_suspended_does_not_start_when_it_is_paid)
{
    set_suspended(true);
    adjust();
    BOOST_TEST((stop().wanted == domain::WantedState::suspended));
    set_suspended(false);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((state() == MachineState::stopped));
    BOOST_TEST((power() == ProvisionPower::suspended));
}

BOOST_AUTO_TEST_CASE(only_a_machine_of_ones_own_that_is_made_is_switched)
{
    const auto other = place(fake::Shop::machine_of(nico)).order;
    orders_work.start(other.uuid);
    const auto creating = machine_of(other).uuid;
    const auto stop_it = [&](const domain::Identity& who, const domain::Uuid& uuid) {
        return refusal_of([&] { fake::in_transaction([&](store::Session& session) { machines.stop(session, who.member, uuid); }); });
    };
    BOOST_TEST((stop_it(nico, creating) == Reason::vm_not_ready));
    BOOST_TEST((stop_it(nico, gateway::random_uuid()) == Reason::not_found));
    BOOST_TEST((stop_it(new_paying_member(), vm) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(a_machine_that_runs_without_a_program_is_not_said_to_be_stopped)
{
    fake::change("UPDATE machines SET driver = 'storage', power = 'on' WHERE uuid = ?", vm);
    BOOST_TEST((refusal_of([&] { stop(); }) == Reason::vm_run_by_hand));
    fake::change("UPDATE machines SET power = 'off' WHERE uuid = ?", vm); // vm sync saw it off
    BOOST_TEST((stop().wanted == domain::WantedState::stopped));
}

// Rollback of an image in use: ceph-iscsi-cli 71.
BOOST_AUTO_TEST_CASE(S19_a_machine_is_put_back_once_its_stop_was_carried_out)
{
    const auto snapshot = ready();
    BOOST_TEST((refusal_of([&] { request_restore(snapshot); }) == Reason::vm_running));
    stop();
    BOOST_TEST((refusal_of([&] { request_restore(snapshot); }) == Reason::vm_running)); // it is being stopped
    adjust();
    BOOST_TEST((request_restore(snapshot).state == SnapshotState::restoring));
}

BOOST_AUTO_TEST_CASE(S19_a_start_waits_until_the_images_are_back)
{
    const auto snapshot = ready();
    stop();
    adjust();
    request_restore(snapshot);
    start();
    BOOST_TEST((adjust().outcome == JobOutcome::postponed));
    BOOST_TEST(program->calls(ProvisionVerb::resume) == 0);
    fake::change("UPDATE snapshots SET state = 'ready', busy_machine = NULL WHERE uuid = ?", snapshot.uuid);
    BOOST_TEST((adjust().outcome == JobOutcome::done));
    BOOST_TEST((power() == ProvisionPower::running));
}

// Whoever comes first, the disk is never put back under a machine that is started.
BOOST_AUTO_TEST_CASE(S19_a_start_and_a_restore_at_once_never_both_go_ahead)
{
    const auto snapshot = ready();
    for (int round = 0; round < 20; ++round) {
        stop();
        BOOST_TEST((adjust().outcome == JobOutcome::done));
        std::atomic<int> refused{0};
        fake::at_once(2, [&](int thread) {
            if (thread == 0) start();
            else refused += refusal_of([&] { request_restore(snapshot); }) == Reason::vm_running;
        });
        const bool restoring = read(snapshot).state == SnapshotState::restoring;
        BOOST_TEST(restoring == (refused == 0));
        BOOST_TEST((adjust().outcome == (restoring ? JobOutcome::postponed : JobOutcome::done)));
        fake::change("UPDATE snapshots SET state = 'ready', busy_machine = NULL WHERE uuid = ?", snapshot.uuid);
        BOOST_TEST((adjust().outcome == JobOutcome::done));
    }
}

BOOST_AUTO_TEST_SUITE_END()
