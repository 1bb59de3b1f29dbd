#include "fake/shop.h"
#include "store/job_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;
using domain::SnapshotState;
using gateway::StorageAnswer;
using store::Session;
using Verb = fake::FakeStorage::Verb;

/// No jobs but the case's own.
struct Shift : fake::Shop {
    Shift() { forget_jobs(); }

    static std::string jobs_in(const char* kind)
    {
        return fake::text("SELECT COALESCE(GROUP_CONCAT(CONCAT(state, ' ', attempts) ORDER BY id SEPARATOR ', '), 'none') FROM jobs"
                          " WHERE kind = ?",
            std::string_view{kind});
    }
    static bool idle() { return fake::count("SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'leased')") == 0; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(worker, Shift)

BOOST_AUTO_TEST_CASE(the_way_of_a_machine_from_the_order_to_its_removal)
{
    join(nico);
    BOOST_TEST_REQUIRE(work_until(idle));
    const auto order = place(machine_of(nico)).order;
    BOOST_TEST_REQUIRE(work_until([&] { return read(order).status == OrderStatus::active; }));
    const auto vm = machine_of(order).uuid.text();
    BOOST_TEST(storage.has_image(vm));

    const auto snapshot = requested_snapshot(order);
    BOOST_TEST_REQUIRE(work_until([&] { return read(snapshot).state == SnapshotState::ready; }));
    request_restore(snapshot);
    BOOST_TEST_REQUIRE(work_until([&] { return storage.image(vm).restored_to == snapshot.uuid.text(); }));
    BOOST_TEST_REQUIRE(work_until([&] { return read(snapshot).state == SnapshotState::ready; }));
    change(order, {.os_disk_gb = 40});
    BOOST_TEST_REQUIRE(work_until([&] { return storage.image(vm).size_gib == 40; }));
    request_deletion(snapshot);
    cancel(order);
    BOOST_TEST_REQUIRE(work_until(idle));
    BOOST_TEST(!storage.has_image(vm));
    BOOST_TEST((machine_of(order).state == domain::MachineState::deleted));
    BOOST_TEST((read(snapshot).state == SnapshotState::deleted));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM jobs WHERE state <> 'done'") == 0);
}

BOOST_AUTO_TEST_CASE(what_did_not_work_is_tried_again_after_a_pause)
{
    const auto order = active_machine();
    forget_jobs();
    const auto snapshot = requested_snapshot(order);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unavailable);
    BOOST_TEST(work_until([&] { return jobs_in("snapshot_create") == "done 2"; }));
    BOOST_TEST((read(snapshot).state == SnapshotState::ready));
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_dead_at_once_and_an_operator_may_try_again)
{
    const auto order = active_machine();
    forget_jobs();
    const auto snapshot = requested_snapshot(order);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::denied);
    BOOST_TEST(work_until([&] { return jobs_in("snapshot_create") == "dead 1"; }));
    BOOST_TEST((read(snapshot).state == SnapshotState::failed));
    BOOST_TEST(fake::text("SELECT last_error FROM jobs WHERE target = ?", snapshot.uuid) == "storage_denied");

    const auto id = fake::count("SELECT id FROM jobs WHERE target = ?", snapshot.uuid);
    fake::in_transaction([&](Session& session) { BOOST_TEST(store::JobStore{session}.retry(id)); });
    BOOST_TEST(work_until([&] { return jobs_in("snapshot_create") == "done 1"; }));
    BOOST_TEST((read(snapshot).state == SnapshotState::failed)); // decided is decided
}

BOOST_AUTO_TEST_CASE(a_job_whose_turn_has_not_come_waits_without_counting)
{
    const auto order = active_machine();
    const auto first = requested_snapshot(order);
    const auto second = requested_snapshot(order);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, fake::FakeStorage::Effect::happens);
    snapshots_work.create(first.uuid, false); // has the machine
    fake::change("DELETE FROM jobs WHERE target <> ?", second.uuid);
    work_until([] { return false; }, "test", 40);
    BOOST_TEST((read(second).state == SnapshotState::requested));
    BOOST_TEST(fake::count("SELECT attempts FROM jobs WHERE target = ?", second.uuid) <= 1);

    snapshots_work.create(first.uuid, false);
    BOOST_TEST(work_until(idle));
    BOOST_TEST((read(second).state == SnapshotState::ready));
    BOOST_TEST(jobs_in("snapshot_create") == "done 1");
}

BOOST_AUTO_TEST_CASE(what_a_killed_worker_of_the_same_name_had_begun_is_done)
{
    const auto order = active_machine();
    forget_jobs();
    const auto snapshot = requested_snapshot(order);
    const auto claim = [](Session& session) { return store::JobStore{session}.claim("killed", 180s, 10).size(); };
    BOOST_TEST(fake::in_transaction(claim) == 1u);
    work_until([] { return false; }, "another", 20);
    BOOST_TEST((read(snapshot).state == SnapshotState::requested)); // its lease is respected
    BOOST_TEST(work_until(idle, "killed"));
    BOOST_TEST((read(snapshot).state == SnapshotState::ready));
}

BOOST_AUTO_TEST_CASE(two_workers_do_each_job_once)
{
    const auto order = active_machine();
    forget_jobs();
    const auto before = storage.calls(Verb::create_snapshot);
    std::vector<domain::Snapshot> all;
    for (int i = 0; i < 8; ++i) all.push_back(requested_snapshot(order));
    fake::at_once(2, [&](int i) { work_until(idle, "worker " + std::to_string(i)); });
    BOOST_TEST(storage.calls(Verb::create_snapshot) == before + 8);
    for (const auto& snapshot : all) BOOST_TEST((read(snapshot).state == SnapshotState::ready));
}

BOOST_AUTO_TEST_CASE(orders_end_when_their_day_has_come_without_anybody_asking)
{
    const auto order = active_machine();
    forget_jobs();
    const auto ends_on = cancel(order, service::CancelWhen::end_of_term).ends_on;
    clock.set(std::chrono::sys_days{ends_on.value()});
    BOOST_TEST(work_until([&] { return machine_of(order).state == domain::MachineState::deleted; }));
    BOOST_TEST((read(order).status == OrderStatus::ended));
}

BOOST_AUTO_TEST_SUITE_END()
