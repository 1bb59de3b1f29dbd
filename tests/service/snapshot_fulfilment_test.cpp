#include "fake/killed.h"
#include "fake/printed_answers.h"
#include "fake/shop.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

// Leads every answer of storage to where the table of the snapshots' paper says.

namespace service {

static std::ostream& operator<<(std::ostream& out, JobOutcome outcome)
{
    constexpr const char* names[] = {"done", "again", "postponed", "dead"};
    return out << names[static_cast<int>(outcome)];
}

} // namespace service

namespace domain {

static std::ostream& operator<<(std::ostream& out, SnapshotState state) { return out << to_text(state); }
static std::ostream& operator<<(std::ostream& out, OrderStatus status) { return out << to_text(status); }

} // namespace domain

namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;
using domain::SnapshotState;
using Verb = fake::FakeStorage::Verb;
constexpr auto happens = fake::FakeStorage::Effect::happens;
constexpr auto late = fake::FakeStorage::Effect::late;
using gateway::StorageAnswer;
using service::CancelWhen;
using service::JobOutcome;
using service::JobReport;
using store::Session;

constexpr bool last_try = true;
constexpr bool not_the_last_try = false;

struct Bench : fake::Shop {
    domain::Order vm_order = active_machine();
    domain::Uuid vm = machine_of(vm_order).uuid;
    domain::Snapshot requested = requested_snapshot(vm_order);

    JobReport create(bool last = not_the_last_try) { return snapshots_work.create(requested.uuid, last); }
    SnapshotState state() const { return read(requested).state; }
    std::string error() const { return read(requested).error; }
    OrderStatus order_status() { return ordering.read(nico.member, requested.order_uuid).order.status; }
    bool is_in_storage() { return storage.image(vm.text()).snapshots.size() == 1; }
    bool machine_is_busy() const { return fake::count("SELECT COUNT(*) FROM snapshots WHERE busy_machine = ?", vm) == 1; }
    void lease_runs_out() const { fake::change("UPDATE snapshots SET lease_until = NOW(6) WHERE uuid = ?", requested.uuid); }
    std::int64_t spans() const { return fake::count("SELECT COUNT(*) FROM usage_spans WHERE resource_uuid = ?", requested.uuid); }
    std::int64_t open_spans() const
    {
        return fake::count("SELECT COUNT(*) FROM usage_spans WHERE resource_uuid = ? AND ended_at IS NULL", requested.uuid);
    }

    void require_ready()
    {
        BOOST_TEST(state() == SnapshotState::ready);
        BOOST_TEST(error() == "");
        BOOST_TEST(order_status() == OrderStatus::active);
        BOOST_TEST(open_spans() == 1);
        BOOST_TEST(spans() == 1);
        BOOST_TEST(!machine_is_busy());
        BOOST_TEST(is_in_storage());
    }
    void require_failed(const std::string& why)
    {
        BOOST_TEST(state() == SnapshotState::failed);
        BOOST_TEST(error() == why);
        BOOST_TEST(order_status() == OrderStatus::cancelled);
        BOOST_TEST(spans() == 0); // a failed record is never billed
        BOOST_TEST(!machine_is_busy());
    }
};

struct Ready : Bench {
    Ready() { BOOST_TEST_REQUIRE(create().outcome == JobOutcome::done); }
};

struct Restoring : Ready {
    Restoring() { request_restore(requested); }
    JobReport restore() { return snapshots_work.restore(requested.uuid); }
};

struct Deleting : Ready {
    Deleting()
    {
        clock.set(clock.now() + 1h);
        request_deletion(requested);
    }
    JobReport remove() { return snapshots_work.remove(requested.uuid); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(taking_a_snapshot, Bench)

BOOST_AUTO_TEST_CASE(done_makes_it_ready_and_billed_from_then_on)
{
    clock.set(clock.now() + 5min);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
    const auto ready = read(requested);
    BOOST_TEST((ready.ready_at == clock.now()));
    BOOST_TEST(ready.consistency == "offline");
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', quantity, unit, started_at) FROM usage_spans WHERE resource_uuid = ?", requested.uuid)
        == "20 gib 2026-03-02 10:05:00.123456");
}

BOOST_AUTO_TEST_CASE(exists_counts_as_done_because_the_name_is_ours)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::exists, happens);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
}

BOOST_AUTO_TEST_CASE(an_image_that_is_missing_fails_it_without_another_try)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::not_found);
    BOOST_TEST(create().outcome == JobOutcome::dead);
    require_failed("image_missing");
}

BOOST_AUTO_TEST_CASE(what_is_denied_fails_it_without_another_try)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::denied);
    BOOST_TEST(create().outcome == JobOutcome::dead);
    require_failed("storage_denied");
}

BOOST_DATA_TEST_CASE_F(
    Bench, busy_and_unavailable_are_tried_again, boost::unit_test::data::make({StorageAnswer::busy, StorageAnswer::unavailable}), answer)
{
    storage.answer_next(Verb::create_snapshot, answer);
    BOOST_TEST(create().outcome == JobOutcome::again);
    BOOST_TEST(state() == SnapshotState::requested);
    BOOST_TEST(order_status() == OrderStatus::provisioning);
    BOOST_TEST(!machine_is_busy());
    BOOST_TEST(spans() == 0);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
}

BOOST_DATA_TEST_CASE_F(Bench, busy_and_unavailable_fail_it_at_the_last_try,
    boost::unit_test::data::make({StorageAnswer::busy, StorageAnswer::unavailable}), answer)
{
    storage.answer_next(Verb::create_snapshot, answer);
    const auto report = create(last_try);
    BOOST_TEST(report.outcome == JobOutcome::dead);
    require_failed(report.error);
}

// While storage is away no guest is frozen and no machine held.
BOOST_DATA_TEST_CASE_F(Bench, what_cannot_even_be_measured_has_not_begun,
    boost::unit_test::data::make({StorageAnswer::busy, StorageAnswer::unavailable, StorageAnswer::unknown}), answer)
{
    storage.answer_next(Verb::image_size, answer);
    BOOST_TEST(create().outcome == JobOutcome::again);
    BOOST_TEST(state() == SnapshotState::requested);
    BOOST_TEST(read(requested).attempts == 0);
    storage.answer_next(Verb::image_size, answer);
    BOOST_TEST(create(last_try).outcome == JobOutcome::dead);
    require_failed(answer == StorageAnswer::busy ? "storage_busy" : "storage_unavailable");
}

BOOST_AUTO_TEST_CASE(unknown_is_neither_ready_nor_failed_and_keeps_the_machine)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
    const auto report = create(last_try);
    BOOST_TEST(report.outcome == JobOutcome::postponed);
    BOOST_TEST((report.pause == 1min));
    BOOST_TEST(state() == SnapshotState::unknown);
    BOOST_TEST(error() == "storage_outcome_unknown");
    BOOST_TEST(order_status() == OrderStatus::provisioning);
    BOOST_TEST(machine_is_busy());
    BOOST_TEST(spans() == 0);
}

BOOST_AUTO_TEST_CASE(after_unknown_the_listing_finds_what_did_happen)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, happens);
    create();
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
    BOOST_TEST(read(requested).consistency == "crash"); // nobody saw how it was taken
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 1);
}

// EROFS: whoever had the image's lock hung, woke up, and did what it was asked for, after all.
BOOST_AUTO_TEST_CASE(after_unknown_what_appears_late_is_found_at_a_later_look)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, late);
    create();
    BOOST_TEST((create().pause == 4min)); // at the fifth minute
    storage.serve_late();
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 1);
}

BOOST_AUTO_TEST_CASE(after_three_looks_what_did_not_happen_is_repaired_and_done)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
    create();
    BOOST_TEST((create().pause == 4min));
    BOOST_TEST((create().pause == 10min));
    BOOST_TEST(state() == SnapshotState::unknown);
    create();
    BOOST_TEST(state() == SnapshotState::requested);
    BOOST_TEST(!machine_is_busy());
    BOOST_TEST(storage.calls(Verb::repair) == 1);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 2);
    BOOST_TEST(read(requested).consistency == "offline");
}

BOOST_AUTO_TEST_CASE(what_stays_unknown_fails_after_five_attempts)
{
    for (int attempt = 1; attempt <= 5; ++attempt) {
        storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
        create();
        BOOST_TEST(read(requested).attempts == attempt);
        for (int look = 0; look < 3; ++look) create();
    }
    require_failed("storage_outcome_unknown");
    create();
    require_failed("storage_outcome_unknown");
}

BOOST_AUTO_TEST_CASE(after_unknown_a_listing_that_fails_decides_nothing_and_is_no_look)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, late);
    create();
    for (const auto answer : {StorageAnswer::unknown, StorageAnswer::unavailable, StorageAnswer::busy, StorageAnswer::unavailable}) {
        storage.answer_next(Verb::list_snapshots, answer);
        const auto report = create();
        BOOST_TEST(report.outcome == JobOutcome::postponed);
        BOOST_TEST((report.pause == 1min));
        BOOST_TEST(state() == SnapshotState::unknown);
    }
    storage.serve_late();
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
}

BOOST_AUTO_TEST_CASE(after_unknown_a_missing_image_fails_it)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
    create();
    storage.answer_next(Verb::list_snapshots, StorageAnswer::not_found);
    BOOST_TEST(create().outcome == JobOutcome::dead);
    require_failed("image_missing");
}

// S11, cloudstack 8946: what is told to be done and is not listed is not ready.
BOOST_AUTO_TEST_CASE(S11_what_storage_does_not_list_is_not_ready)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::done);
    create();
    BOOST_TEST(state() == SnapshotState::requested);
    BOOST_TEST(spans() == 0);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
}

BOOST_AUTO_TEST_CASE(what_is_done_and_cannot_be_listed_is_unknown_until_it_is)
{
    storage.answer_next(Verb::list_snapshots, StorageAnswer::unavailable);
    BOOST_TEST(create().outcome == JobOutcome::postponed);
    BOOST_TEST(state() == SnapshotState::unknown);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
}

// The worker was killed between storage's work and its own: the row says creating.
BOOST_AUTO_TEST_CASE(a_worker_killed_after_storage_did_it_makes_no_second_one)
{
    storage.meanwhile(Verb::create_snapshot, [] { throw fake::Killed{}; });
    BOOST_CHECK_THROW(create(), fake::Killed);
    BOOST_TEST(state() == SnapshotState::creating);
    BOOST_TEST(create().outcome == JobOutcome::postponed); // its lease is respected
    lease_runs_out();
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 1);
}

BOOST_AUTO_TEST_CASE(a_worker_killed_before_storage_did_it_is_made_up_for_at_once)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
    storage.meanwhile(Verb::create_snapshot, [] { throw fake::Killed{}; });
    BOOST_CHECK_THROW(create(), fake::Killed);
    lease_runs_out();
    BOOST_TEST(create().outcome == JobOutcome::postponed);
    BOOST_TEST(state() == SnapshotState::requested);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
}

BOOST_AUTO_TEST_CASE(a_job_run_twice_leaves_the_same)
{
    create();
    const auto ready_at = read(requested).ready_at;
    clock.set(clock.now() + 1h);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_ready();
    BOOST_TEST((read(requested).ready_at == ready_at));
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 1);
}

BOOST_AUTO_TEST_CASE(two_workers_with_the_same_job_make_one_snapshot)
{
    fake::at_once(8, [&](int) { create(); });
    require_ready();
}

// The lease ran out while storage was slow: another worker has finished the job by the time the answer comes.
BOOST_AUTO_TEST_CASE(an_answer_that_comes_late_changes_nothing)
{
    storage.meanwhile(Verb::create_snapshot, [&] {
        lease_runs_out();
        create();
        create();
    });
    BOOST_TEST(create().outcome == JobOutcome::postponed); // the job is not its own any more
    require_ready();
}

BOOST_DATA_TEST_CASE_F(Bench, a_bad_answer_that_comes_late_leaves_a_ready_snapshot_and_its_order,
    boost::unit_test::data::make({StorageAnswer::denied, StorageAnswer::busy, StorageAnswer::unknown}), answer)
{
    storage.answer_next(Verb::create_snapshot, answer, happens);
    storage.meanwhile(Verb::create_snapshot, [&] {
        lease_runs_out();
        BOOST_TEST(create().outcome == JobOutcome::done);
    });
    create();
    require_ready();
}

BOOST_AUTO_TEST_CASE(while_another_snapshot_has_the_machine_its_turn_has_not_come)
{
    const auto second = requested_snapshot(vm_order);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, happens);
    create();
    BOOST_TEST(snapshots_work.create(second.uuid, not_the_last_try).outcome == JobOutcome::postponed);
    BOOST_TEST(snapshots_work.create(second.uuid, last_try).outcome == JobOutcome::postponed); // it has not begun
    BOOST_TEST(read(second).state == SnapshotState::requested);
    create();
    BOOST_TEST(snapshots_work.create(second.uuid, not_the_last_try).outcome == JobOutcome::done);
    BOOST_TEST(read(second).state == SnapshotState::ready);
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_nobody_knows_is_done_with)
{
    BOOST_TEST(snapshots_work.create(gateway::random_uuid(), not_the_last_try).outcome == JobOutcome::done);
    BOOST_TEST(snapshots_work.restore(gateway::random_uuid()).outcome == JobOutcome::done);
    BOOST_TEST(snapshots_work.remove(gateway::random_uuid()).outcome == JobOutcome::done);
}

// Its storage may hold it all the same, so it can be deleted.
BOOST_AUTO_TEST_CASE(a_failed_snapshot_can_be_deleted_with_what_storage_has_of_it)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::denied, happens);
    storage.answer_next(Verb::remove_snapshot, StorageAnswer::denied);
    create();
    require_failed("storage_denied");
    BOOST_TEST(is_in_storage());
    request_deletion(requested);
    BOOST_TEST(snapshots_work.remove(requested.uuid).outcome == JobOutcome::done);
    BOOST_TEST(state() == SnapshotState::deleted);
    BOOST_TEST(!is_in_storage());
    BOOST_TEST(spans() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(putting_a_machine_back, Restoring)

BOOST_AUTO_TEST_CASE(done_makes_the_snapshot_ready_again)
{
    BOOST_TEST(restore().outcome == JobOutcome::done);
    require_ready();
}

// Its member pays for the larger disk all the time.
BOOST_AUTO_TEST_CASE(a_disk_that_has_grown_since_is_as_large_again)
{
    change(vm_order, {.os_disk_gb = 40});
    machines_work.adjust(vm, false);
    BOOST_TEST(storage.image(vm.text()).size_gib == 40);
    restore();
    BOOST_TEST(storage.image(vm.text()).size_gib == 40);
}

BOOST_AUTO_TEST_CASE(a_missing_snapshot_is_told_and_not_tried_again)
{
    storage.answer_next(Verb::restore_snapshot, StorageAnswer::not_found);
    BOOST_TEST(restore().outcome == JobOutcome::dead);
    BOOST_TEST(error() == "snapshot_missing");
    BOOST_TEST(state() == SnapshotState::ready);
    BOOST_TEST(!machine_is_busy());
}

BOOST_DATA_TEST_CASE_F(Restoring, busy_unavailable_and_unknown_put_it_back_again_until_it_is_done,
    boost::unit_test::data::make({StorageAnswer::busy, StorageAnswer::unavailable, StorageAnswer::unknown}), answer)
{
    storage.answer_next(Verb::restore_snapshot, answer);
    BOOST_TEST(restore().outcome == JobOutcome::again);
    BOOST_TEST(state() == SnapshotState::restoring);
    BOOST_TEST(machine_is_busy());
    BOOST_TEST(restore().outcome == JobOutcome::done);
    require_ready();
}

BOOST_AUTO_TEST_CASE(what_is_denied_waits_for_the_operator)
{
    storage.answer_next(Verb::restore_snapshot, StorageAnswer::denied);
    BOOST_TEST(restore().outcome == JobOutcome::dead);
    BOOST_TEST(state() == SnapshotState::restoring);
    BOOST_TEST(restore().outcome == JobOutcome::done); // the operator's retry
    require_ready();
}

BOOST_AUTO_TEST_CASE(a_job_run_twice_puts_back_once)
{
    restore();
    BOOST_TEST(restore().outcome == JobOutcome::done);
    BOOST_TEST(storage.calls(Verb::restore_snapshot) == 1);
    require_ready();
}

BOOST_AUTO_TEST_CASE(it_is_billed_all_the_while)
{
    BOOST_TEST(open_spans() == 1);
    restore();
    BOOST_TEST(open_spans() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(deleting_a_snapshot, Deleting)

// S14, opennebula 2723: deleting what was gone already was an error for ever.
BOOST_DATA_TEST_CASE_F(Deleting, done_and_not_found_end_it_and_its_order,
    boost::unit_test::data::make({StorageAnswer::done, StorageAnswer::not_found}), answer)
{
    storage.answer_next(Verb::remove_snapshot, answer, happens);
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(state() == SnapshotState::deleted);
    BOOST_TEST(order_status() == OrderStatus::ended);
    BOOST_TEST(!machine_is_busy());
    BOOST_TEST(!is_in_storage());
    BOOST_TEST(open_spans() == 0);
    BOOST_TEST(spans() == 1);
}

// S17, velero 7533: what has clones is not failed.
BOOST_AUTO_TEST_CASE(S17_what_is_in_use_is_asked_for_until_it_is_free_and_holds_up_nothing_else)
{
    for (int i = 0; i < 8; ++i) {
        storage.answer_next(Verb::remove_snapshot, StorageAnswer::busy);
        BOOST_TEST(remove().outcome == JobOutcome::postponed);
        BOOST_TEST(state() == SnapshotState::deleting);
        BOOST_TEST(error() == "in_use");
        BOOST_TEST(!machine_is_busy());
        BOOST_TEST(open_spans() == 0);
    }
    const auto second = requested_snapshot(vm_order);
    BOOST_TEST(snapshots_work.create(second.uuid, not_the_last_try).outcome == JobOutcome::done);
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(state() == SnapshotState::deleted);
    BOOST_TEST(error() == "");
}

BOOST_DATA_TEST_CASE_F(Deleting, unavailable_and_unknown_are_tried_again,
    boost::unit_test::data::make({StorageAnswer::unavailable, StorageAnswer::unknown}), answer)
{
    storage.answer_next(Verb::remove_snapshot, answer);
    BOOST_TEST(remove().outcome == JobOutcome::again);
    BOOST_TEST(error() == (answer == StorageAnswer::unknown ? "storage_outcome_unknown" : "storage_unavailable"));
    BOOST_TEST(machine_is_busy() == (answer == StorageAnswer::unknown)); // storage may still be at it
    BOOST_TEST(state() == SnapshotState::deleting);
    BOOST_TEST(order_status() == OrderStatus::active);
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(state() == SnapshotState::deleted);
    BOOST_TEST(!is_in_storage());
}

BOOST_AUTO_TEST_CASE(unknown_that_did_happen_ends_as_not_found)
{
    storage.answer_next(Verb::remove_snapshot, StorageAnswer::unknown, happens);
    BOOST_TEST(remove().outcome == JobOutcome::again);
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(state() == SnapshotState::deleted);
}

BOOST_AUTO_TEST_CASE(what_is_denied_waits_for_the_operator)
{
    storage.answer_next(Verb::remove_snapshot, StorageAnswer::denied);
    BOOST_TEST(remove().outcome == JobOutcome::dead);
    BOOST_TEST(state() == SnapshotState::deleting);
    BOOST_TEST(open_spans() == 0);
    BOOST_TEST(remove().outcome == JobOutcome::done); // the operator's retry
}

BOOST_AUTO_TEST_CASE(a_job_run_twice_removes_once)
{
    remove();
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(storage.calls(Verb::remove_snapshot) == 1);
    BOOST_TEST(state() == SnapshotState::deleted);
}

BOOST_AUTO_TEST_CASE(while_another_snapshot_has_the_machine_it_waits_without_asking)
{
    const auto second = requested_snapshot(vm_order);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, happens);
    snapshots_work.create(second.uuid, not_the_last_try);
    BOOST_TEST(remove().outcome == JobOutcome::postponed);
    BOOST_TEST(storage.calls(Verb::remove_snapshot) == 0);
    snapshots_work.create(second.uuid, not_the_last_try);
    BOOST_TEST(remove().outcome == JobOutcome::done);
}

BOOST_AUTO_TEST_SUITE_END()
