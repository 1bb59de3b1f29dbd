#include "store/job_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace std::chrono_literals;
using domain::Job;
using domain::JobKind;
using domain::Uuid;
using store::JobStore;
using store::Session;

constexpr auto lease = 60s;
const std::string me{"worker-1"};
const std::string rival{"worker-2"};

/// The queue, emptied: who claims takes whatever is due.
struct Queue {
    Queue() { fake::change("DELETE FROM jobs"); }

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            JobStore jobs{session};
            return work(jobs);
        });
    }
    static Uuid add(JobKind kind = JobKind::order_start)
    {
        const auto target = gateway::random_uuid();
        with_store([&](JobStore& jobs) { jobs.add(kind, target); });
        return target;
    }
    static std::vector<Job> claim(int limit = 100, const std::string& owner = me, std::chrono::seconds duration = lease)
    {
        return with_store([&](JobStore& jobs) { return jobs.claim(owner, duration, limit); });
    }
    static Job claimed()
    {
        const auto jobs = claim(1);
        BOOST_REQUIRE(jobs.size() == 1u);
        return jobs.front();
    }
    static store::JobRecord record(const Uuid& target)
    {
        for (const auto& record : with_store([](JobStore& jobs) { return jobs.list("", 1000); }))
            if (record.target == target.text()) return record;
        throw std::runtime_error{"no such job"};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(job_store, Queue)

BOOST_AUTO_TEST_CASE(a_job_is_added_once_however_often_it_is_asked_for)
{
    const auto target = gateway::random_uuid();
    fake::at_once(8, [&](int) { with_store([&](JobStore& jobs) { jobs.add(JobKind::machine_create, target); }); });
    BOOST_TEST(claim().size() == 1u);
    with_store([&](JobStore& jobs) { jobs.add(JobKind::machine_create, target); });
    BOOST_TEST(claim().empty()); // also while the first one is under way
}

BOOST_AUTO_TEST_CASE(another_occasion_or_kind_is_another_job)
{
    const auto target = gateway::random_uuid();
    with_store([&](JobStore& jobs) {
        jobs.add(JobKind::snapshot_restore, target, "monday");
        jobs.add(JobKind::snapshot_restore, target, "tuesday");
        jobs.add(JobKind::snapshot_delete, target);
    });
    BOOST_TEST(claim().size() == 3u);
}

BOOST_AUTO_TEST_CASE(the_jobs_that_waited_longest_come_first)
{
    std::vector<Uuid> added;
    for (int i = 0; i < 5; ++i) added.push_back(add());
    std::vector<Uuid> taken;
    for (const int limit : {2, 2, 2})
        for (const auto& job : claim(limit)) taken.push_back(job.target);
    BOOST_TEST((taken == added));
}

BOOST_AUTO_TEST_CASE(a_claimed_job_tells_what_to_do_for_the_first_time)
{
    const auto target = add(JobKind::machine_resize);
    const auto job = claimed();
    BOOST_TEST((job.kind == JobKind::machine_resize));
    BOOST_TEST((job.target == target));
    BOOST_TEST(job.attempts == 1);
    BOOST_TEST(record(target).state == "leased");
}

BOOST_AUTO_TEST_CASE(eight_workers_get_each_job_once)
{
    constexpr int jobs = 120;
    for (int i = 0; i < jobs; ++i) add();
    std::mutex mutex;
    std::vector<std::int64_t> taken;
    fake::at_once(8, [&](int i) {
        for (int idle = 0; idle < 3;) {
            const auto mine = claim(3, "worker-" + std::to_string(i));
            if (mine.empty()) ++idle;
            const std::lock_guard lock{mutex};
            for (const auto& job : mine) taken.push_back(job.id);
        }
    });
    std::ranges::sort(taken);
    BOOST_TEST(taken.size() == static_cast<std::size_t>(jobs));
    BOOST_TEST((std::ranges::adjacent_find(taken) == taken.end()));
}

BOOST_AUTO_TEST_CASE(a_claim_passes_over_what_another_is_just_taking)
{
    const auto first = add(), second = add();
    with_store([&](JobStore& jobs) {
        const auto mine = jobs.claim(me, lease, 1); // not committed yet
        const auto theirs = claim(100, rival);
        BOOST_REQUIRE(mine.size() == 1u);
        BOOST_REQUIRE(theirs.size() == 1u);
        BOOST_TEST((mine[0].target == first));
        BOOST_TEST((theirs[0].target == second));
    });
}

// A lock is a lease, not a flag: cv4pve-autosnap 46, and rows that nobody could touch any more in cloudstack 8423.
BOOST_AUTO_TEST_CASE(a_lease_that_ran_out_makes_the_job_due_again)
{
    const auto target = add();
    claim(1, me, 0s);
    BOOST_TEST(claim().empty());
    with_store([](JobStore& jobs) { jobs.release_expired(); });
    const auto job = claimed();
    BOOST_TEST((job.target == target));
    BOOST_TEST(job.attempts == 2); // the lost try counts
}

BOOST_AUTO_TEST_CASE(a_lease_that_runs_is_left_alone)
{
    add();
    claim();
    with_store([](JobStore& jobs) { jobs.release_expired(); });
    BOOST_TEST(claim().empty());
}

BOOST_AUTO_TEST_CASE(a_worker_that_comes_back_frees_its_own_jobs_only)
{
    const auto mine = add();
    claim(1, me);
    add();
    claim(1, rival);
    with_store([](JobStore& jobs) { jobs.release_all(me); });
    const auto freed = claim();
    BOOST_REQUIRE(freed.size() == 1u);
    BOOST_TEST((freed[0].target == mine));
}

BOOST_AUTO_TEST_CASE(a_job_to_be_done_again_waits_and_counts_its_try)
{
    const auto target = add();
    auto job = claimed();
    with_store([&](JobStore& jobs) { jobs.again(job, me, 1h, "storage_busy"); });
    BOOST_TEST(claim().empty());
    BOOST_TEST(record(target).last_error == "storage_busy");
    BOOST_TEST(record(target).state == "queued");
    fake::change("UPDATE jobs SET not_before = NOW(6)"); // an hour later
    job = claimed();
    BOOST_TEST(job.attempts == 2);
}

BOOST_AUTO_TEST_CASE(a_postponed_job_does_not_count_its_try)
{
    add();
    for (int i = 0; i < 10; ++i) {
        const auto job = claimed();
        BOOST_TEST(job.attempts == 1);
        with_store([&](JobStore& jobs) { jobs.postpone(job, me, 0ms, "vm_busy"); });
    }
}

BOOST_AUTO_TEST_CASE(a_pause_shorter_than_a_second_is_kept)
{
    add();
    const auto job = claimed();
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    with_store([&](JobStore& jobs) { jobs.postpone(job, me, 200ms, "vm_busy"); });
    BOOST_TEST(fake::count("SELECT TIMESTAMPDIFF(MICROSECOND, NOW(6), not_before) FROM jobs WHERE id = ?", job.id) <= 200'000);
    std::size_t size = 0;
    while ((size = claim().size()) == 0 && Clock::now() - began < 30s) std::this_thread::sleep_for(5ms);
    BOOST_TEST(size == 1u);
    BOOST_TEST((Clock::now() - began >= 200ms));
}

BOOST_AUTO_TEST_CASE(a_dead_job_rests_until_an_operator_retries_it)
{
    const auto target = add();
    const auto job = claimed();
    with_store([&](JobStore& jobs) { jobs.dead(job, me, "image_missing"); });
    BOOST_TEST(claim().empty());
    BOOST_TEST(record(target).state == "dead");
    BOOST_TEST(record(target).last_error == "image_missing");
    BOOST_TEST(with_store([&](JobStore& jobs) { return jobs.retry(job.id); }));
    BOOST_TEST(!with_store([&](JobStore& jobs) { return jobs.retry(job.id); }));
    BOOST_TEST(claimed().attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_finished_job_is_never_retried)
{
    const auto target = add();
    const auto job = claimed();
    with_store([&](JobStore& jobs) { jobs.done(job, me); });
    BOOST_TEST(record(target).state == "done");
    BOOST_TEST(!with_store([&](JobStore& jobs) { return jobs.retry(job.id); }));
    BOOST_TEST(claim().empty());
}

BOOST_AUTO_TEST_CASE(who_lost_the_lease_changes_nothing_any_more)
{
    const auto target = add();
    const auto stale = claim(1, me, 0s).at(0);
    with_store([](JobStore& jobs) { jobs.release_expired(); });
    claim(1, rival);
    with_store([&](JobStore& jobs) {
        jobs.done(stale, me);
        jobs.dead(stale, me, "storage_busy");
        jobs.again(stale, me, 0ms, "storage_busy");
        jobs.postpone(stale, me, 0ms, "storage_busy");
    });
    BOOST_TEST(record(target).state == "leased");
    BOOST_TEST(record(target).attempts == 2);
    BOOST_TEST(record(target).last_error == "");
}

BOOST_AUTO_TEST_CASE(an_error_longer_than_its_column_is_cut)
{
    const auto target = add();
    const auto job = claimed();
    with_store([&](JobStore& jobs) { jobs.dead(job, me, std::string(1000, 'x')); });
    BOOST_TEST(record(target).last_error == std::string(255, 'x'));
}

BOOST_AUTO_TEST_CASE(jobs_are_listed_newest_first_by_their_state)
{
    const auto first = add();
    claim();
    const auto second = add(), third = add();
    const auto queued = with_store([](JobStore& jobs) { return jobs.list("queued", 100); });
    BOOST_REQUIRE(queued.size() == 2u);
    BOOST_TEST(queued[0].target == third.text());
    BOOST_TEST(queued[1].target == second.text());
    BOOST_TEST(with_store([](JobStore& jobs) { return jobs.list("leased", 100); }).at(0).target == first.text());
    BOOST_TEST(with_store([](JobStore& jobs) { return jobs.list("", 1); }).size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_jobs_finished_long_ago_are_removed)
{
    const auto old = add(), fresh = add(), dead = add();
    for (const auto& job : claim()) with_store([&](JobStore& jobs) { job.target == dead ? jobs.dead(job, me, "e") : jobs.done(job, me); });
    fake::change("UPDATE jobs SET finished_at = NOW(6) - INTERVAL 25 HOUR WHERE target <> ?", fresh);
    with_store([](JobStore& jobs) { jobs.remove_finished(24h); });
    BOOST_CHECK_THROW(record(old), std::runtime_error);
    BOOST_TEST(record(fresh).state == "done");
    BOOST_TEST(record(dead).state == "dead");
}

BOOST_AUTO_TEST_SUITE_END()
