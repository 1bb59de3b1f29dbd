#include "fake/hosted_machine.h"
#include "fake/printed_answers.h"
#include "store/job_store.h"

#include <boost/test/unit_test.hpp>

// How long a snapshot that is deleted keeps its machine from others.
namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using gateway::StorageAnswer;
using service::JobOutcome;
using Verb = fake::FakeStorage::Verb;

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
        fake::in_transaction([&](store::Session& session) {
            store::JobStore jobs{session};
            for (const auto& job : jobs.claim("test", 180s, 1)) jobs.dead(job, "test", "storage_outcome_unknown");
        });
        BOOST_TEST(fake::text("SELECT state FROM jobs WHERE target = ? AND kind = 'snapshot_delete'", requested.uuid) == "dead");
    }
    void a_quarter_of_an_hour_passes() const
    {
        fake::change("UPDATE jobs SET finished_at = finished_at - INTERVAL 15 MINUTE WHERE target = ?", requested.uuid);
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

BOOST_AUTO_TEST_SUITE_END()
