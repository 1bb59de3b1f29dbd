#include "fake/hosted_machine.h"
#include "fake/printed_answers.h"
#include "service/snapshot_administration.h"
#include "store/job_store.h"
#include "store/snapshot_image_store.h"
#include "store/snapshot_recovery_store.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

// What a killed worker leaves behind: rows as it left them, and a guest that stays frozen until somebody thaws it.
namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using service::JobOutcome;
using store::Session;
using store::SnapshotStore;
using Verb = fake::FakeStorage::Verb;

struct LeftBehind : fake::HostedMachine {
    LeftBehind() { forget_jobs(); }

    /// Killed right after the guest froze.
    void killed_while_freezing()
    {
        BOOST_TEST_REQUIRE(with_row([](SnapshotStore& store, const auto& row) { return store.begin_taking(row, 1h); }));
        BOOST_TEST_REQUIRE(with_row([](SnapshotStore& store, const auto& row) { return store.hold_guest(row); }));
        guests.freeze(vm);
    }
    /// Killed while storage was making it, or right after.
    void killed_while_creating(bool made)
    {
        killed_while_freezing();
        fake::in_transaction([&](Session& session) {
            const auto images = store::PlacementStore{session}.images_of(vm);
            store::SnapshotImageStore{session}.keep(requested.uuid, images);
        });
        BOOST_TEST_REQUIRE(with_row([&](SnapshotStore& store, const auto& row) { return store.begin_creating(row, clock.now(), 1h); }));
        if (made) storage.create_snapshot(image(), requested.uuid.text());
    }
    void add_job(const std::string& owner)
    {
        fake::in_transaction([&](Session& session) {
            store::JobStore jobs{session};
            jobs.add(domain::JobKind::snapshot_create, requested.uuid);
            jobs.claim(owner, 180s, 1);
        });
    }
    std::string job() const { return fake::text("SELECT state FROM jobs WHERE target = ?", requested.uuid); }
    void recover() { snapshot_recovery.work({}); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recovering_snapshots, LeftBehind)

BOOST_AUTO_TEST_CASE(while_its_lease_runs_it_is_left_alone)
{
    killed_while_freezing();
    recover();
    BOOST_TEST(is_frozen());
    BOOST_TEST((state() == SnapshotState::freezing));
    BOOST_TEST((create().outcome == JobOutcome::postponed));
    BOOST_TEST(guest().thaws == 0);
}

// S4: crash between freeze and thaw.
BOOST_AUTO_TEST_CASE(S4_a_guest_that_was_left_frozen_is_thawed_when_the_lease_is_over)
{
    killed_while_freezing();
    add_job("killed");
    lease_runs_out();
    recover();
    BOOST_TEST(!is_frozen());
    BOOST_TEST(!may_be_frozen());
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(!machine_is_busy());
    BOOST_TEST(job() == "queued"); // due at once
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(consistency() == "fs");
}

BOOST_AUTO_TEST_CASE(what_storage_had_made_is_ready_and_of_unknown_consistency)
{
    killed_while_creating(true);
    lease_runs_out();
    recover();
    BOOST_TEST(!is_frozen());
    BOOST_TEST((state() == SnapshotState::unknown));
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(consistency() == "crash");
    BOOST_TEST(spans() == 1);
}

BOOST_AUTO_TEST_CASE(what_was_proven_before_the_worker_was_killed_is_so)
{
    killed_while_creating(true);
    guests.thaw(vm);
    with_row([&](SnapshotStore& store, const auto& row) { store.let_go_of_guest(row, clock.now()); });
    lease_runs_out();
    recover();
    create();
    BOOST_TEST(consistency() == "fs");
}

BOOST_AUTO_TEST_CASE(what_storage_had_not_made_is_taken_again_at_once)
{
    killed_while_creating(false);
    lease_runs_out();
    recover();
    create();
    BOOST_TEST((state() == SnapshotState::requested));
    create();
    BOOST_TEST(consistency() == "fs");
    BOOST_TEST(read(requested).attempts == 2);
}

// One over which workers die is not begun for ever.
BOOST_AUTO_TEST_CASE(an_attempt_that_ends_by_a_kill_counts_as_all_others)
{
    for (int attempt = 1; attempt <= domain::taking_limit; ++attempt) {
        BOOST_TEST((state() == SnapshotState::requested));
        killed_while_creating(false);
        lease_runs_out();
        recover();
        create();
    }
    BOOST_TEST((state() == SnapshotState::failed));
    BOOST_TEST(spans() == 0);
}

BOOST_AUTO_TEST_CASE(what_must_be_at_rest_and_has_no_proof_is_taken_again)
{
    require_fs();
    killed_while_creating(true);
    lease_runs_out();
    recover();
    create();
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(in_storage().empty());
    create();
    BOOST_TEST(consistency() == "fs");
}

BOOST_AUTO_TEST_CASE(a_worker_that_comes_back_thaws_what_it_left_without_waiting_for_the_lease)
{
    killed_while_freezing();
    add_job("killed");
    fake::in_transaction([](Session& session) { store::SnapshotRecoveryStore{session}.end_leases_of("another"); });
    recover();
    BOOST_TEST(is_frozen());
    fake::in_transaction([](Session& session) { store::SnapshotRecoveryStore{session}.end_leases_of("killed"); });
    recover();
    BOOST_TEST(!is_frozen());
    BOOST_TEST((state() == SnapshotState::requested));
}

// Killed while it looked after what was left behind, with the guest still frozen: nobody waits for the end of its lease.
BOOST_AUTO_TEST_CASE(a_worker_that_is_killed_over_what_another_left_thaws_it_when_it_comes_back)
{
    const auto end_leases_of = [](const std::string& worker) {
        fake::in_transaction([&](Session& session) { store::SnapshotRecoveryStore{session}.end_leases_of(worker); });
    };
    killed_while_freezing();
    lease_runs_out();
    const auto claimed = fake::in_transaction(
        [](Session& session) { return store::SnapshotRecoveryStore{session}.claim_left_behind("helper", std::chrono::seconds{30}, 10); });
    BOOST_TEST(claimed.size() == 1u);
    end_leases_of("another");
    recover();
    BOOST_TEST(is_frozen());
    end_leases_of("helper");
    recover();
    BOOST_TEST(!is_frozen());
    BOOST_TEST((state() == SnapshotState::requested));

    // What it looked after is no more in its hand once it is taken anew, even if it never came to write that down.
    fake::change("UPDATE snapshots SET recovered_by = 'helper' WHERE uuid = ?", requested.uuid);
    fake::in_transaction([&](Session& session) {
        store::SnapshotStore snapshots_of_all{session};
        BOOST_TEST(snapshots_of_all.begin_taking(snapshots_of_all.by_uuid(requested.uuid).value(), std::chrono::seconds{30}));
    });
    end_leases_of("helper");
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM snapshots WHERE uuid = ? AND lease_until > NOW(6)", requested.uuid) == 1);
}

BOOST_AUTO_TEST_CASE(the_job_takes_it_over_when_nobody_looks_for_what_is_left_behind)
{
    killed_while_creating(true);
    lease_runs_out();
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST(!is_frozen());
    BOOST_TEST((state() == SnapshotState::ready));
}

// S8, Pulse 2439: one user of an agent at a time.
BOOST_AUTO_TEST_CASE(S8_of_many_workers_one_thaws)
{
    killed_while_freezing();
    lease_runs_out();
    fake::at_once(8, [&](int) { recover(); });
    BOOST_TEST(guest().thaws == 1);
    BOOST_TEST((state() == SnapshotState::requested));
}

BOOST_AUTO_TEST_CASE(S8_while_another_snapshot_holds_the_guest_it_is_not_thawed)
{
    guests.set(vm, [](auto& guest) { guest.mute = true; });
    create(); // ready, and its guest may be frozen
    guests.set(vm, [](auto& guest) { guest.mute = false; });
    const auto second = requested_snapshot(vm_order);
    const bool begun = fake::in_transaction([&](Session& session) { return SnapshotStore{session}.begin_taking(second, 1h); });
    BOOST_TEST_REQUIRE(begun);
    const auto thaws = guest().thaws;
    lease_runs_out();
    recover();
    BOOST_TEST(guest().thaws == thaws);
    fake::change("UPDATE snapshots SET state = 'requested', busy_machine = NULL WHERE uuid = ?", second.uuid);
    recover();
    BOOST_TEST(guest().thaws == thaws + 1);
    BOOST_TEST(!may_be_frozen());
}

BOOST_AUTO_TEST_CASE(a_guest_that_is_off_needs_no_thaw)
{
    killed_while_freezing();
    guests.set(vm, [](auto& guest) { guest.mute = true; });
    switch_to(gateway::GuestPower::off);
    lease_runs_out();
    recover();
    BOOST_TEST(!may_be_frozen());
    BOOST_TEST((state() == SnapshotState::requested));
}

BOOST_AUTO_TEST_CASE(a_worker_that_was_only_slow_does_not_undo_what_others_did_since)
{
    storage.answer_next(Verb::create_snapshot, gateway::StorageAnswer::busy, fake::FakeStorage::Effect::happens);
    storage.meanwhile(Verb::create_snapshot, [&] {
        lease_runs_out();
        recover();
        create();
    });
    create(); // told "busy", and would clean up what was made
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(in_storage().size() == 1u);
    BOOST_TEST(spans() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Restoring : fake::HostedMachine {
    Restoring()
    {
        create();
        switch_to(gateway::GuestPower::off);
        request_restore(requested);
    }
    service::JobReport restore() { return snapshots_work.restore(requested.uuid); }
    void job_dies() const { fake::change("UPDATE jobs SET state = 'dead' WHERE target = ? AND kind = 'snapshot_restore'", requested.uuid); }
    std::string job() const
    {
        return fake::text("SELECT state FROM jobs WHERE target = ? AND kind = 'snapshot_restore' ORDER BY id DESC LIMIT 1", requested.uuid);
    }
    void give_up()
    {
        fake::in_transaction([&](Session& session) { administration.give_up_restore(session, requested.uuid, "cli:test"); });
    }
    void give_a_new_start()
    {
        fake::in_transaction([&](Session& session) { administration.retry(session, requested.uuid, "cli:test"); });
    }
    service::SnapshotAdministration administration{fake::database(), clock};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(restoring_on_a_host, Restoring)

BOOST_AUTO_TEST_CASE(a_machine_that_is_off_is_put_back)
{
    BOOST_TEST((restore().outcome == JobOutcome::done));
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(error() == "");
    BOOST_TEST(storage.calls(Verb::restore_snapshot) == 1);
}

// S19, ceph-iscsi-cli 71: what rows say of a machine may be old.
BOOST_AUTO_TEST_CASE(S19_a_machine_that_runs_whatever_rows_say_is_not_put_back)
{
    for (const auto power : {gateway::GuestPower::on, gateway::GuestPower::paused}) {
        switch_to(power);
        BOOST_TEST((restore().outcome == JobOutcome::done)); // nothing for an operator
        BOOST_TEST((state() == SnapshotState::ready));
        BOOST_TEST(error() == "vm_running");
        BOOST_TEST(!machine_is_busy());
        clock.set(clock.now() + 1s);
        request_restore(requested);
    }
    BOOST_TEST(storage.calls(Verb::restore_snapshot) == 0);
}

BOOST_AUTO_TEST_CASE(a_host_that_does_not_answer_is_asked_again)
{
    switch_to(gateway::GuestPower::unknown);
    BOOST_TEST((restore().outcome == JobOutcome::again));
    BOOST_TEST((state() == SnapshotState::restoring));
    BOOST_TEST(error() == "vm_power_unknown"); // the member reads why it does not get on
    BOOST_TEST(storage.calls(Verb::restore_snapshot) == 0);
    switch_to(gateway::GuestPower::off);
    restore();
    BOOST_TEST(error() == "");
}

BOOST_AUTO_TEST_CASE(what_storage_says_meanwhile_is_told)
{
    storage.answer_next(Verb::restore_snapshot, gateway::StorageAnswer::unavailable);
    BOOST_TEST((restore().outcome == JobOutcome::again));
    BOOST_TEST((state() == SnapshotState::restoring));
    BOOST_TEST(error() == "storage_unavailable");
}

BOOST_AUTO_TEST_CASE(while_it_is_tried_it_is_not_given_up)
{
    switch_to(gateway::GuestPower::unknown);
    restore();
    BOOST_TEST((fake::refusal_of([&] { give_up(); }) == domain::Reason::snapshot_state));
    BOOST_TEST((state() == SnapshotState::restoring));
    BOOST_TEST(machine_is_busy());
}

// The way out where the host stays silent for ever.
BOOST_AUTO_TEST_CASE(after_the_last_try_it_can_be_given_up_and_the_machine_is_free)
{
    switch_to(gateway::GuestPower::unknown);
    restore();
    job_dies();
    give_up();
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(error() == "restore_given_up");
    BOOST_TEST(!machine_is_busy());
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM jobs WHERE target = ? AND state = 'dead'", requested.uuid) == 0);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM audit_log WHERE action = 'snapshot.give_up' AND subject = ?", requested.uuid.text()) == 1);
    BOOST_TEST((fake::refusal_of([&] { give_up(); }) == domain::Reason::snapshot_state));

    clock.set(clock.now() + 1s); // asked for again it is put back
    request_restore(requested);
    switch_to(gateway::GuestPower::off);
    restore();
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(error() == "");
}

BOOST_AUTO_TEST_CASE(given_up_and_given_a_new_start_at_once_one_of_the_two_wins)
{
    switch_to(gateway::GuestPower::unknown);
    for (int round = 0; round < 10; ++round) {
        job_dies();
        std::atomic<int> done{0};
        fake::at_once(4, [&](int i) {
            try {
                if (i % 2 == 0) give_up();
                else give_a_new_start();
                ++done;
            } catch (const domain::Refusal&) {
            }
        });
        const bool is_queued = job() == "queued";
        BOOST_TEST(done == 1);
        BOOST_TEST((state() == SnapshotState::restoring) == is_queued);
        if (is_queued) continue;
        clock.set(clock.now() + 1s);
        request_restore(requested);
    }
}

BOOST_AUTO_TEST_CASE(storage_knows_of_a_machine_that_runs_although_nobody_told_us)
{
    fake::change("UPDATE machines SET host_id = NULL, driver = 'exec' WHERE uuid = ?", vm);
    storage.answer_next(Verb::restore_snapshot, gateway::StorageAnswer::busy);
    BOOST_TEST((restore().outcome == JobOutcome::done));
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(error() == "vm_running");
}

BOOST_AUTO_TEST_CASE(half_of_it_is_never_left)
{
    const auto data = add_image(1, 5);
    fake::change("INSERT INTO snapshot_images (snapshot_uuid, ordinal, pool_id, name, size_gib) VALUES (?, 1, ?, ?, 5)", requested.uuid,
        pool.id, data);
    storage.create_snapshot(image(data), requested.uuid.text());
    fake::change("UPDATE machines SET host_id = NULL, driver = 'exec' WHERE uuid = ?", vm);
    storage.answer_next(Verb::restore_snapshot, gateway::StorageAnswer::done, fake::FakeStorage::Effect::happens);
    storage.answer_next(Verb::restore_snapshot, gateway::StorageAnswer::busy);
    BOOST_TEST((restore().outcome == JobOutcome::again));
    BOOST_TEST((state() == SnapshotState::restoring));
    BOOST_TEST((restore().outcome == JobOutcome::done));
    BOOST_TEST(error() == "");
}

BOOST_AUTO_TEST_CASE(while_a_program_is_at_work_on_the_machine_it_waits)
{
    fake::change("UPDATE machines SET turn = UUID(), turn_until = NOW(6) + INTERVAL 1 MINUTE WHERE uuid = ?", vm);
    BOOST_TEST((restore().outcome == JobOutcome::postponed));
    BOOST_TEST(storage.calls(Verb::restore_snapshot) == 0);
    fake::change("UPDATE machines SET turn_until = NOW(6) WHERE uuid = ?", vm);
    BOOST_TEST((restore().outcome == JobOutcome::done));
}

// S12, cloudstack 13972: a failed snapshot could not be deleted while its machine was off.
BOOST_AUTO_TEST_CASE(S12_deleting_needs_no_running_machine)
{
    restore();
    request_deletion(read(requested));
    BOOST_TEST((snapshots_work.remove(requested.uuid).outcome == JobOutcome::done));
    BOOST_TEST(in_storage().empty());
}

BOOST_AUTO_TEST_SUITE_END()
