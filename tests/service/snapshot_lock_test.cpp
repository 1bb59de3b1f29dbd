#include "fake/hosted_machine.h"
#include "fake/printed_answers.h"
#include "store/job_store.h"
#include "store/snapshot_recovery_store.h"

#include <boost/test/unit_test.hpp>

#include <array>

// How long a snapshot that is deleted keeps its machine from others.
namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using gateway::StorageAnswer;
using service::JobOutcome;
using Verb = fake::FakeStorage::Verb;
using Uuids = std::multiset<std::string>;

void let_jobs_die()
{
    fake::in_transaction([](store::Session& session) {
        store::JobStore jobs{session};
        for (const auto& job : jobs.claim("test", 180s, 10)) jobs.dead(job, "test", "storage_outcome_unknown");
    });
}

struct Locked : fake::HostedMachine {
    Locked()
    {
        create();
        forget_jobs();
        request_deletion(requested);
    }

    JobOutcome remove() { return snapshots_work.remove(requested.uuid).outcome; }
    void recover() { snapshot_recovery.work({}); }

    /// Its last try: nobody knows whether storage still does it.
    void given_up()
    {
        storage.answer_next(Verb::remove_snapshot, StorageAnswer::unknown);
        BOOST_TEST((remove() == JobOutcome::again));
        let_jobs_die();
        BOOST_TEST(fake::text("SELECT state FROM jobs WHERE target = ? AND kind = 'snapshot_delete'", requested.uuid) == "dead");
    }
    void a_quarter_of_an_hour_passes() const
    {
        fake::change("UPDATE jobs SET finished_at = finished_at - INTERVAL 15 MINUTE WHERE target = ?", requested.uuid);
    }
};

/// Deletions of several machines' snapshots, given up a quarter of an hour ago.
struct SeveralGivenUp {
    std::array<fake::HostedMachine, 3> machines{};

    SeveralGivenUp()
    {
        for (auto& machine : machines) machine.create();
        fake::HostedMachine::forget_jobs();
        for (auto& machine : machines) {
            machine.request_deletion(machine.requested);
            machine.storage.answer_next(Verb::remove_snapshot, StorageAnswer::unknown);
            machine.snapshots_work.remove(machine.requested.uuid);
            BOOST_TEST_REQUIRE(machine.machine_is_busy());
        }
        let_jobs_die();
        fake::change("UPDATE jobs SET finished_at = finished_at - INTERVAL 15 MINUTE");
    }

    Uuids all() const
    {
        Uuids uuids;
        for (const auto& machine : machines) uuids.insert(machine.requested.uuid.text());
        return uuids;
    }
    auto busy() const { return std::ranges::count_if(machines, &fake::HostedMachine::machine_is_busy); }
    static Uuids freed(store::Session& session)
    {
        Uuids uuids;
        for (const auto& uuid : store::SnapshotRecoveryStore{session}.free_machines_of_dead_deletions(15min)) uuids.insert(uuid.text());
        return uuids;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(machines_of_deleted_snapshots, Locked)

// S15, cv4pve-autosnap 27, 46: a deletion that timed out left its machine locked for ever.
BOOST_AUTO_TEST_CASE(S15_a_deletion_that_is_given_up_gives_its_machine_back)
{
    given_up();
    recover();
    BOOST_TEST(machine_is_busy()); // storage may still be at it
    a_quarter_of_an_hour_passes();
    recover();
    BOOST_TEST(!machine_is_busy());
    BOOST_TEST((state() == SnapshotState::deleting));
    const auto second = requested_snapshot(vm_order);
    BOOST_TEST((snapshots_work.create(second.uuid, false).outcome == JobOutcome::done));
    BOOST_TEST((remove() == JobOutcome::done)); // the operator's retry
    BOOST_TEST((state() == SnapshotState::deleted));
}

BOOST_AUTO_TEST_CASE(a_deletion_that_goes_on_keeps_its_machine)
{
    given_up();
    a_quarter_of_an_hour_passes();
    fake::change("UPDATE jobs SET state = 'queued' WHERE target = ?", requested.uuid); // the operator's retry
    recover();
    BOOST_TEST(machine_is_busy());
    BOOST_TEST((remove() == JobOutcome::done));
    BOOST_TEST(!machine_is_busy());
}

BOOST_FIXTURE_TEST_CASE(several_that_were_given_up_give_their_machines_back_at_once, SeveralGivenUp)
{
    BOOST_TEST(fake::in_transaction(freed) == all(), boost::test_tools::per_element());
    BOOST_TEST(busy() == 0);
    BOOST_TEST(fake::in_transaction(freed).empty()); // told once
}

BOOST_FIXTURE_TEST_CASE(what_another_worker_is_freeing_is_left_to_it, SeveralGivenUp)
{
    fake::in_transaction([&](store::Session& session) {
        BOOST_TEST(freed(session).size() == machines.size());
        BOOST_TEST(fake::in_transaction(freed).empty()); // and is not waited for
    });
    BOOST_TEST(busy() == 0);
}

BOOST_FIXTURE_TEST_CASE(of_many_workers_at_once_each_machine_is_freed_by_one, SeveralGivenUp)
{
    std::mutex mutex;
    Uuids told;
    fake::at_once(8, [&](int) {
        auto mine = fake::in_transaction(freed);
        const std::lock_guard lock{mutex};
        told.merge(mine);
    });
    BOOST_TEST(told == all(), boost::test_tools::per_element());
    BOOST_TEST(busy() == 0);
}

BOOST_FIXTURE_TEST_CASE(what_a_worker_was_killed_over_is_freed_by_the_next, SeveralGivenUp)
{
    fake::database().rehearse(freed); // its transaction is rolled back
    BOOST_TEST(busy() == 3);
    BOOST_TEST(fake::in_transaction(freed) == all(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
