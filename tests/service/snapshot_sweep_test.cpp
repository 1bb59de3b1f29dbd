#include "service/snapshot_sweep.h"

#include "fake/documents.h"
#include "fake/hosted_machine.h"
#include "fake/printed_answers.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using gateway::StorageAnswer;
using Verb = fake::FakeStorage::Verb;
using Names = std::vector<std::string>;
constexpr auto happens = fake::FakeStorage::Effect::happens;
constexpr auto late = fake::FakeStorage::Effect::late;

struct Swept : fake::HostedMachine {
    service::SnapshotSweep snapshot_sweep{fake::database(), storage, guests, clock};

    /// An hour later; of the pools of other cases nothing is wanted.
    void sweep()
    {
        fake::change("UPDATE pools SET swept_at = IF(id = ?, NULL, NOW(6))", pool.id);
        snapshot_sweep.work({});
    }
    void a_quarter_of_an_hour_passes() const
    {
        fake::change("UPDATE snapshots SET state_since = state_since - INTERVAL 16 MINUTE WHERE uuid = ?", requested.uuid);
    }
    std::string strays() const
    {
        return fake::text("SELECT COALESCE(GROUP_CONCAT(name ORDER BY name), 'none') FROM stray_snapshots WHERE pool_id = ?", pool.id);
    }
    std::string span() const
    {
        return fake::text(
            "SELECT CONCAT_WS(' ', started_at, COALESCE(ended_at, 'open')) FROM usage_spans WHERE resource_uuid = ?", requested.uuid);
    }
    domain::Order order() { return ordering.read(nico.member, requested.order_uuid).order; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sweeping_snapshots, Swept)

// S13, ceph-csi 446: 14 of 50 were left behind.
BOOST_AUTO_TEST_CASE(S13_what_comes_late_to_a_failed_one_is_removed_after_a_quarter_of_an_hour)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::denied, late);
    create();
    BOOST_TEST((state() == SnapshotState::failed));
    storage.serve_late();
    sweep();
    BOOST_TEST(in_storage().size() == 1u); // storage may still be at it
    a_quarter_of_an_hour_passes();
    sweep();
    BOOST_TEST(in_storage().empty());
    BOOST_TEST((state() == SnapshotState::failed));
    BOOST_TEST(strays() == "none");
}

BOOST_AUTO_TEST_CASE(S13_what_comes_late_to_a_deleted_one_is_removed)
{
    create();
    request_deletion(read(requested));
    snapshots_work.remove(requested.uuid);
    storage.create_snapshot(image(), requested.uuid.text());
    a_quarter_of_an_hour_passes();
    sweep();
    BOOST_TEST(in_storage().empty());
}

// What a killed tool left locked is taken over where the machine is known to be off, and nowhere else.
BOOST_AUTO_TEST_CASE(storage_is_told_of_a_machine_that_is_off_when_what_came_late_is_removed)
{
    create();
    request_deletion(read(requested));
    snapshots_work.remove(requested.uuid);
    a_quarter_of_an_hour_passes();
    using enum gateway::GuestPower;
    for (const auto power : {off, on, paused, unknown}) {
        storage.create_snapshot(image(), requested.uuid.text());
        switch_to(power);
        sweep();
        BOOST_TEST(in_storage().empty());
        BOOST_TEST(storage.removed_as_off() == (power == off));
    }
}

BOOST_AUTO_TEST_CASE(while_the_machine_is_busy_nothing_is_removed_of_it)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::denied, late);
    create();
    storage.serve_late();
    a_quarter_of_an_hour_passes();
    const auto second = requested_snapshot(vm_order);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
    snapshots_work.create(second.uuid, false);
    sweep();
    BOOST_TEST(in_storage().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_looks_like_ours_and_is_unknown_is_reported_and_left)
{
    const auto stray = gateway::random_uuid().text();
    storage.create_snapshot(image(), stray);
    storage.create_snapshot(image(), "before-upgrade"); // an operator's own
    sweep();
    sweep();
    BOOST_TEST(strays() == stray);
    BOOST_TEST(in_storage().size() == 2u);
    storage.remove_snapshot(image(), stray);
    sweep();
    BOOST_TEST(strays() == "none");
}

BOOST_AUTO_TEST_CASE(a_snapshot_of_another_machine_is_a_stray_here)
{
    create();
    const auto data = add_image(1, 5);
    storage.create_snapshot(image(data), requested.uuid.text());
    sweep();
    BOOST_TEST(strays() == requested.uuid.text());
    BOOST_TEST(in_storage(data).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_at_work_is_left_alone)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, happens);
    create();
    a_quarter_of_an_hour_passes();
    sweep();
    BOOST_TEST(in_storage().size() == 1u);
    BOOST_TEST(strays() == "none");
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_lost_and_billed_to_when_it_was_seen_last)
{
    create();
    clock.set(fake::at("2026-03-10T12:00:00Z"));
    sweep();
    BOOST_TEST((state() == SnapshotState::ready));
    clock.set(fake::at("2026-03-20T12:00:00Z"));
    storage.remove_snapshot(image(), requested.uuid.text());
    sweep();
    BOOST_TEST((state() == SnapshotState::lost));
    BOOST_TEST(span() == "2026-03-02 10:00:00.123456 2026-03-10 12:00:00.000000");
    BOOST_TEST((order().ends_on == fake::day("2026-03-10")));
    BOOST_TEST((order().status == domain::OrderStatus::ended));
    BOOST_TEST((read(requested).delete_requested_at == std::nullopt));
    sweep(); // told once
    BOOST_TEST((state() == SnapshotState::lost));
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_billed_once_and_credited_for_the_days_that_were_billed_too_many)
{
    clock.set(fake::at("2026-03-05T12:00:00Z"));
    create();
    clock.set(fake::at("2026-04-07T12:00:00Z"));
    billing.bill(nico.member, nico.member, clock.today());
    BOOST_TEST(fake::billed(order().id) == 200);
    storage.remove_snapshot(image(), requested.uuid.text());
    sweep(); // it was never seen since it became ready
    billing.bill(nico.member, nico.member, clock.today());
    BOOST_TEST(fake::billed(order().id) == 0, fake::lines_of(order().id));
}

BOOST_AUTO_TEST_CASE(what_is_lost_can_be_deleted_and_is_billed_no_more_for_it)
{
    create();
    storage.remove_snapshot(image(), requested.uuid.text());
    sweep();
    const auto before = span();
    clock.set(clock.now() + 24h);
    request_deletion(read(requested));
    BOOST_TEST((snapshots_work.remove(requested.uuid).outcome == service::JobOutcome::done));
    BOOST_TEST((state() == SnapshotState::deleted));
    BOOST_TEST(span() == before);
}

// Its order is over and credited, and its bytes are nobody's but the member's.
BOOST_AUTO_TEST_CASE(what_is_found_again_stays_lost_and_is_there_until_it_is_deleted)
{
    create();
    storage.remove_snapshot(image(), requested.uuid.text());
    sweep();
    storage.create_snapshot(image(), requested.uuid.text());
    a_quarter_of_an_hour_passes();
    sweep();
    BOOST_TEST((state() == SnapshotState::lost));
    BOOST_TEST(strays() == requested.uuid.text());
    BOOST_TEST(in_storage().size() == 1u);
    const auto before = span();
    request_deletion(read(requested));
    BOOST_TEST((snapshots_work.remove(requested.uuid).outcome == service::JobOutcome::done));
    BOOST_TEST(in_storage().empty());
    BOOST_TEST(span() == before);
    sweep();
    BOOST_TEST(strays() == "none");
}

// Nobody loses a snapshot because storage is away, and none by a single look.
BOOST_DATA_TEST_CASE_F(Swept, what_storage_does_not_tell_is_not_lost,
    boost::unit_test::data::make({StorageAnswer::unavailable, StorageAnswer::unknown, StorageAnswer::denied, StorageAnswer::busy}), answer)
{
    create();
    storage.answer_next(Verb::list_snapshots, answer);
    sweep();
    BOOST_TEST((state() == SnapshotState::ready));
    storage.answer_next(Verb::list_snapshots, StorageAnswer::not_found);
    sweep();
    BOOST_TEST((state() == SnapshotState::ready)); // the second look found it
}

BOOST_AUTO_TEST_CASE(one_of_several_images_is_enough_to_lose_it)
{
    const auto data = add_image(1, 5);
    create();
    storage.remove_snapshot(image(data), requested.uuid.text());
    sweep();
    BOOST_TEST((state() == SnapshotState::lost));
}

BOOST_AUTO_TEST_CASE(what_is_being_deleted_or_put_back_is_not_lost)
{
    create();
    switch_to(gateway::GuestPower::off);
    request_restore(requested);
    storage.remove_snapshot(image(), requested.uuid.text());
    sweep();
    BOOST_TEST((state() == SnapshotState::restoring));
}

BOOST_AUTO_TEST_CASE(a_pool_is_swept_once_an_hour_by_one_worker)
{
    const auto looks = storage.calls(Verb::list_snapshots);
    fake::change("UPDATE pools SET swept_at = IF(id = ?, NULL, NOW(6))", pool.id);
    fake::at_once(8, [&](int) { snapshot_sweep.work({}); });
    BOOST_TEST(storage.calls(Verb::list_snapshots) == looks + 1);
    fake::change("UPDATE pools SET swept_at = NOW(6) - INTERVAL 61 MINUTE WHERE id = ?", pool.id);
    snapshot_sweep.work({});
    BOOST_TEST(storage.calls(Verb::list_snapshots) == looks + 2);
}

BOOST_AUTO_TEST_SUITE_END()
