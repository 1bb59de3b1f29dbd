#include "store/snapshot_store.h"

#include "fake/test_database.h"
#include "store/machine_store.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <random>

namespace {

using namespace std::chrono_literals;
using domain::Snapshot;
using domain::SnapshotState;
using store::Session;
using store::SnapshotStore;
using enum domain::SnapshotState;

/// A member with one machine.
struct Machines {
    domain::MemberId member = fake::new_member().member;
    domain::MemberId other = fake::new_member().member;
    domain::Uuid vm = added_machine();

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            SnapshotStore snapshots{session};
            return work(snapshots);
        });
    }

    domain::Uuid added_machine() const
    {
        const auto order = fake::added(fake::machine_order(member));
        const domain::Machine machine{.uuid = gateway::random_uuid(), .member = member, .order = order.id, .parameters = order.parameters};
        fake::in_transaction([&](Session& session) { BOOST_TEST_REQUIRE(store::MachineStore{session}.add(machine, fake::monday)); });
        return machine.uuid;
    }
    Snapshot requested(const domain::Uuid& machine, domain::Instant when = fake::monday) const
    {
        auto order = fake::machine_order(member);
        order.sku = "vm-snapshot";
        order.parameters = {.os_disk_gb = 20, .vm = machine};
        order = fake::added(order);
        const Snapshot snapshot{.uuid = gateway::random_uuid(),
            .member = member,
            .vm = machine,
            .order_uuid = order.uuid,
            .size_gib = 20,
            .requested_at = when};
        with_store([&](SnapshotStore& snapshots) { snapshots.add(snapshot, order.id); });
        return snapshot;
    }
    static Snapshot read(const Snapshot& snapshot)
    {
        return with_store([&](SnapshotStore& snapshots) { return snapshots.by_uuid(snapshot.uuid).value(); });
    }
    static bool become(const Snapshot& snapshot, SnapshotState to, const std::string& error = "")
    {
        return with_store([&](SnapshotStore& snapshots) { return snapshots.change_state(read(snapshot), to, error); });
    }
    static bool make_ready(const Snapshot& snapshot, domain::Instant now = fake::monday)
    {
        return with_store(
            [&](SnapshotStore& snapshots) { return snapshots.make_ready(snapshot, "offline", 20, now, fake::day("2026-03-16")); });
    }
    static bool begin_deletion(const Snapshot& snapshot, domain::Instant now = fake::monday)
    {
        return with_store([&](SnapshotStore& snapshots) { return snapshots.begin_deletion(snapshot, now, fake::day("2026-03-16")); });
    }
    Snapshot creating_one() const
    {
        const auto snapshot = requested(vm);
        BOOST_TEST_REQUIRE(become(snapshot, freezing));
        BOOST_TEST_REQUIRE(become(snapshot, creating));
        return read(snapshot);
    }
    Snapshot ready_one(domain::Instant now = fake::monday) const
    {
        const auto snapshot = creating_one();
        BOOST_TEST_REQUIRE(make_ready(snapshot, now));
        return read(snapshot);
    }
    /// "2026-03-02 10:00:00.123456 - …" of the snapshot's spans, one after the other.
    static std::string spans(const Snapshot& snapshot)
    {
        return fake::text(
            "SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', quantity, unit, started_at, COALESCE(ended_at, 'open')) SEPARATOR '; '), 'none')"
            " FROM usage_spans WHERE resource_kind = 'snapshot' AND resource_uuid = ?",
            snapshot.uuid);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(snapshot_store, Machines)

BOOST_AUTO_TEST_CASE(a_snapshot_comes_back_as_it_was_requested)
{
    const auto snapshot = requested(vm);
    const auto kept = read(snapshot);
    BOOST_TEST((kept.vm == vm));
    BOOST_TEST((kept.member == member));
    BOOST_TEST((kept.order_uuid == snapshot.order_uuid));
    BOOST_TEST((kept.state == SnapshotState::requested));
    BOOST_TEST(kept.size_gib == 20);
    BOOST_TEST((kept.requested_at == fake::monday));
    BOOST_TEST(!kept.ready_at.has_value());
}

BOOST_AUTO_TEST_CASE(one_snapshot_of_a_machine_works_at_a_time)
{
    const auto first = requested(vm), second = requested(vm);
    BOOST_TEST(become(first, freezing));
    BOOST_TEST(!become(second, freezing));
    BOOST_TEST((read(second).state == SnapshotState::requested));
    BOOST_TEST(become(first, creating));
    BOOST_TEST(!become(second, freezing));
    BOOST_TEST(make_ready(read(first)));
    BOOST_TEST(become(second, freezing));
}

BOOST_AUTO_TEST_CASE(another_machine_is_not_held_up)
{
    BOOST_TEST(become(requested(vm), freezing));
    BOOST_TEST(become(requested(added_machine()), freezing));
}

BOOST_AUTO_TEST_CASE(a_snapshot_whose_outcome_is_unknown_still_holds_its_machine)
{
    const auto lost = creating_one(), waiting = requested(vm);
    BOOST_TEST(become(lost, unknown, "storage_outcome_unknown"));
    BOOST_TEST(!become(waiting, freezing));
    BOOST_TEST(become(lost, failed, "storage_outcome_unknown"));
    BOOST_TEST(become(waiting, freezing));
    BOOST_TEST(read(lost).error == "storage_outcome_unknown");
}

BOOST_AUTO_TEST_CASE(of_sixteen_who_would_restore_one_does)
{
    const auto snapshot = ready_one();
    std::atomic<int> winners{0};
    fake::at_once(16,
        [&](int) { winners += with_store([&](SnapshotStore& snapshots) { return snapshots.change_state(snapshot, restoring); }) ? 1 : 0; });
    BOOST_TEST(winners == 1);
}

BOOST_AUTO_TEST_CASE(an_arrow_that_does_not_exist_is_a_bug_and_changes_nothing)
{
    const auto snapshot = requested(vm);
    for (const auto to : {ready, restoring, deleted, unknown}) BOOST_CHECK_THROW(become(snapshot, to), std::logic_error);
    BOOST_CHECK_THROW(make_ready(snapshot), std::logic_error);
    BOOST_TEST((read(snapshot).state == SnapshotState::requested));
}

// Usage belongs to the states, in the same transaction: cloudstack 4251 billed deleted ones on, and doubled.
BOOST_AUTO_TEST_CASE(the_transition_to_ready_opens_exactly_one_span)
{
    const auto snapshot = creating_one();
    BOOST_TEST(spans(snapshot) == "none");
    BOOST_TEST(make_ready(snapshot));
    BOOST_TEST(!make_ready(snapshot, fake::monday + 1h));
    BOOST_TEST(spans(snapshot) == "20 gib 2026-03-02 10:00:00.123456 open");
    BOOST_TEST((read(snapshot).ready_at == fake::monday));
    BOOST_TEST(read(snapshot).consistency == "offline");
}

BOOST_AUTO_TEST_CASE(the_request_to_delete_closes_the_span_once)
{
    const auto snapshot = ready_one();
    BOOST_TEST(begin_deletion(snapshot, fake::monday + 1h));
    BOOST_TEST(!begin_deletion(snapshot, fake::monday + 2h));
    with_store([&](SnapshotStore& snapshots) { BOOST_TEST(snapshots.finish_deletion(snapshot, fake::monday + 3h)); });
    BOOST_TEST(spans(snapshot) == "20 gib 2026-03-02 10:00:00.123456 2026-03-02 11:00:00.123456");
    BOOST_TEST((read(snapshot).delete_requested_at == fake::monday + 1h));
}

BOOST_AUTO_TEST_CASE(a_restore_leaves_the_span_as_it_is)
{
    const auto snapshot = ready_one();
    BOOST_TEST(become(snapshot, restoring));
    BOOST_TEST(become(snapshot, ready));
    BOOST_TEST(spans(snapshot) == "20 gib 2026-03-02 10:00:00.123456 open");
    BOOST_TEST((read(snapshot).ready_at == fake::monday));
}

// cloudstack 8946 showed failed ones as taken; 8424 could not delete them.
BOOST_AUTO_TEST_CASE(a_failed_snapshot_is_never_billed_and_can_be_deleted)
{
    const auto snapshot = creating_one();
    BOOST_TEST(become(snapshot, failed, "image_missing"));
    BOOST_TEST(spans(snapshot) == "none");
    BOOST_TEST(begin_deletion(read(snapshot)));
    BOOST_TEST(spans(snapshot) == "none");
}

BOOST_AUTO_TEST_CASE(a_span_cannot_be_opened_twice_by_hand_either)
{
    const auto snapshot = ready_one();
    BOOST_CHECK_THROW(
        fake::change("INSERT INTO usage_spans (resource_kind, resource_uuid, member_id, order_id, quantity, unit, started_at)"
                     " SELECT resource_kind, resource_uuid, member_id, order_id, 1, unit, NOW(6) FROM usage_spans WHERE resource_uuid = ?",
            snapshot.uuid),
        store::DatabaseError);
}

BOOST_AUTO_TEST_CASE(the_spans_of_random_lives_add_up_to_the_time_they_were_ready)
{
    const char* given = std::getenv("TEST_SEED");
    const auto seed = given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    std::mt19937 random{seed};
    const auto minutes_later = [&] { return std::chrono::minutes{std::uniform_int_distribution{1, 10'000}(random)}; };
    std::chrono::microseconds ready_time{0};
    for (int life = 0; life < 20; ++life) {
        const auto snapshot = creating_one();
        if (random() % 4 == 0) {
            become(snapshot, failed, "storage_denied");
            begin_deletion(read(snapshot));
            continue;
        }
        const auto begin = fake::monday + minutes_later(), end = begin + minutes_later();
        make_ready(snapshot, begin);
        if (random() % 2 == 0) become(snapshot, restoring) && become(snapshot, ready);
        begin_deletion(read(snapshot), end);
        ready_time += end - begin;
    }
    const auto billed =
        fake::count("SELECT COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, started_at, ended_at)), 0) FROM usage_spans WHERE member_id = ?",
            fake::number(member));
    BOOST_TEST(billed == ready_time.count(), "TEST_SEED=" << seed);
}

BOOST_AUTO_TEST_CASE(a_deletion_takes_the_machine_when_its_turn_comes)
{
    const auto doomed = ready_one(), restored = ready_one();
    BOOST_TEST(become(restored, restoring));
    BOOST_TEST(begin_deletion(doomed)); // asked for while the machine is busy
    const auto occupy = [&] { return with_store([&](SnapshotStore& snapshots) { return snapshots.occupy_machine(doomed); }); };
    BOOST_TEST(!occupy());
    BOOST_TEST(become(restored, ready));
    BOOST_TEST(occupy());
    BOOST_TEST(occupy()); // the same one again, after a crash
    BOOST_TEST(!become(restored, restoring));
    with_store([&](SnapshotStore& snapshots) { BOOST_TEST(snapshots.finish_deletion(doomed, fake::monday)); });
    BOOST_TEST(become(restored, restoring));
}

BOOST_AUTO_TEST_CASE(failed_and_deleted_snapshots_take_no_quota)
{
    const auto counted = [&] { return with_store([&](SnapshotStore& snapshots) { return snapshots.count_of_machine(vm); }); };
    const auto kept = ready_one(), doomed = ready_one();
    become(creating_one(), failed, "image_missing");
    BOOST_TEST(counted() == 2);
    begin_deletion(doomed);
    BOOST_TEST(counted() == 1);
    requested(vm);
    requested(added_machine());
    BOOST_TEST(counted() == 2);
}

BOOST_AUTO_TEST_CASE(the_newest_request_counts_whatever_became_of_it)
{
    const auto newest = [&] { return with_store([&](SnapshotStore& snapshots) { return snapshots.newest_request(vm); }); };
    BOOST_TEST(!newest().has_value());
    requested(vm, fake::monday);
    const auto later = requested(vm, fake::monday + 1s);
    become(later, failed, "image_missing");
    BOOST_TEST((newest() == fake::monday + 1s));
}

BOOST_AUTO_TEST_CASE(what_is_deleted_is_gone_for_the_member_and_known_to_the_worker)
{
    const auto snapshot = ready_one();
    begin_deletion(snapshot);
    with_store([&](SnapshotStore& snapshots) {
        BOOST_TEST(snapshots.by_uuid(member, snapshot.uuid).has_value());
        BOOST_TEST(snapshots.finish_deletion(snapshot, fake::monday));
        BOOST_TEST(!snapshots.finish_deletion(snapshot, fake::monday));
        BOOST_TEST(!snapshots.by_uuid(member, snapshot.uuid).has_value());
        BOOST_TEST(!snapshots.lock(member, snapshot.uuid).has_value());
        BOOST_TEST(snapshots.page(member, std::nullopt, std::nullopt, 100).empty());
        BOOST_TEST(snapshots.by_uuid(snapshot.uuid).has_value());
    });
}

BOOST_AUTO_TEST_CASE(another_member_sees_none_of_them)
{
    const auto snapshot = ready_one();
    with_store([&](SnapshotStore& snapshots) {
        BOOST_TEST(!snapshots.by_uuid(other, snapshot.uuid).has_value());
        BOOST_TEST(!snapshots.lock(other, snapshot.uuid).has_value());
        BOOST_TEST(snapshots.page(other, std::nullopt, std::nullopt, 100).empty());
        BOOST_TEST(snapshots.page(other, vm, std::nullopt, 100).empty());
    });
}

BOOST_AUTO_TEST_CASE(snapshots_are_listed_newest_first_by_machine_or_all)
{
    const auto first = requested(vm), second = requested(vm), elsewhere = requested(added_machine());
    const auto listed = [&](const std::optional<domain::Uuid>& machine) {
        std::vector<domain::Uuid> uuids;
        for (std::optional<std::int64_t> before;;) {
            const auto page = with_store([&](SnapshotStore& snapshots) { return snapshots.page(member, machine, before, 2); });
            if (page.empty()) return uuids;
            for (const auto& entry : page) uuids.push_back(entry.snapshot.uuid);
            before = page.back().position;
        }
    };
    BOOST_TEST((listed(vm) == std::vector{second.uuid, first.uuid}));
    BOOST_TEST((listed(std::nullopt) == std::vector{elsewhere.uuid, second.uuid, first.uuid}));
}

BOOST_AUTO_TEST_CASE(only_resting_snapshots_can_begin_to_be_deleted_with_their_machine)
{
    const auto resting = ready_one(), busy = creating_one(), waiting = requested(vm);
    std::vector<domain::Uuid> uuids;
    for (const auto& snapshot : with_store([&](SnapshotStore& snapshots) { return snapshots.deletable_of_machine(vm); }))
        uuids.push_back(snapshot.uuid);
    BOOST_TEST((uuids == std::vector{resting.uuid, waiting.uuid}));
    BOOST_TEST((read(busy).state == creating));
}

BOOST_AUTO_TEST_SUITE_END()
