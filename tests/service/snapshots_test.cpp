#include "service/snapshots.h"

#include "fake/shop.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace std::chrono_literals;
using domain::Reason;
using domain::SnapshotState;
using fake::refusal_of;
using store::Session;

struct Snapshots : fake::Shop {
    const domain::Order machine = active_machine();
    const domain::Uuid vm = machine_of(machine).uuid;
    service::Ordering strict{fake::database(), clock, {.per_machine = 3, .between = 60s}};

    service::PlaceOrder command() const { return order_of(nico, "vm-snapshot", {.vm = vm}); }
    service::PlacedOrder place_strictly(const service::PlaceOrder& order)
    {
        return fake::in_transaction([&](Session& session) { return strict.place(session, order); });
    }
    std::string span_of(const domain::Snapshot& snapshot) const
    {
        return fake::text(
            "SELECT COALESCE(MAX(CONCAT(started_at, ' ', COALESCE(ended_at, 'open'))), 'none') FROM usage_spans WHERE resource_uuid = ?",
            snapshot.uuid);
    }
    void set_state(const domain::Snapshot& snapshot, std::string_view state) const
    {
        fake::change("UPDATE snapshots SET state = ? WHERE uuid = ?", state, snapshot.uuid);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(snapshots_of_a_member, Snapshots)

BOOST_AUTO_TEST_CASE(a_snapshot_is_an_order_with_the_size_and_price_of_its_machines_image)
{
    const auto order = place(command()).order;
    const auto snapshot = fake::in_transaction([&](Session& session) { return snapshots.of_order(session, order.id); });
    BOOST_TEST((snapshot.state == SnapshotState::requested));
    BOOST_TEST((snapshot.vm == vm));
    BOOST_TEST(snapshot.size_gib == 20);
    BOOST_TEST(order.charge.recurring.minor == 200);
    BOOST_TEST(jobs("snapshot_create", snapshot.uuid) == 1);
    BOOST_TEST(jobs("order_start", order.uuid) == 0); // billed from when it is ready, not from the request
}

BOOST_AUTO_TEST_CASE(the_same_request_again_finds_the_same_snapshot)
{
    const auto asked = command();
    const auto first = place_strictly(asked);
    const auto again = place_strictly(asked); // not too soon: it is the same one
    BOOST_TEST(!again.is_new);
    BOOST_TEST((again.order.id == first.order.id));
}

BOOST_AUTO_TEST_CASE(only_a_machine_that_is_ready_is_snapshotted)
{
    const auto placed = place(machine_of(nico)).order;
    orders_work.start(placed.uuid);
    const auto creating = machine_of(placed).uuid;
    BOOST_TEST((refusal_of([&] { place(order_of(nico, "vm-snapshot", {.vm = creating})); }) == Reason::vm_not_ready));
    BOOST_TEST((refusal_of([&] { place(order_of(nico, "vm-snapshot", {.vm = gateway::random_uuid()})); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(another_members_machine_is_not_found)
{
    const auto stranger = new_paying_member();
    join(stranger);
    BOOST_TEST((refusal_of([&] { place(order_of(stranger, "vm-snapshot", {.vm = vm})); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { snapshots.page(stranger.member, vm, std::nullopt, 10); }) == Reason::not_found));
}

BOOST_AUTO_TEST_CASE(a_machine_has_so_many_snapshots_and_no_more)
{
    domain::Snapshot last;
    for (int i = 0; i < 3; ++i) last = ready_snapshot(machine);
    clock.set(fake::monday + 1h);
    BOOST_TEST((refusal_of([&] { place_strictly(command()); }) == Reason::snapshot_quota));
    request_deletion(last);
    BOOST_TEST(place_strictly(command()).is_new);
}

BOOST_AUTO_TEST_CASE(sixteen_requests_at_once_do_not_pass_the_quota)
{
    service::Ordering ordering_of_three{fake::database(), clock, {.per_machine = 3, .between = 0s}};
    std::atomic<int> placed{0}, over_quota{0};
    fake::at_once(16, [&](int) {
        const auto refused = refusal_of([&] {
            fake::in_transaction([&](Session& session) { ordering_of_three.place(session, command()); });
            ++placed;
        });
        over_quota += refused == Reason::snapshot_quota;
    });
    BOOST_TEST(placed == 3);
    BOOST_TEST(over_quota == 13);
}

BOOST_AUTO_TEST_CASE(a_machine_is_snapshotted_once_a_minute)
{
    place_strictly(command());
    clock.set(fake::monday + 59s);
    BOOST_TEST((refusal_of([&] { place_strictly(command()); }) == Reason::snapshot_too_soon));
    clock.set(fake::monday + 60s);
    BOOST_TEST(place_strictly(command()).is_new);
}

// Deleted ones were billed on, and doubled: cloudstack 4251.
BOOST_AUTO_TEST_CASE(the_request_to_delete_ends_the_billing_and_twice_is_once)
{
    const auto snapshot = ready_snapshot(machine);
    clock.set(fake::monday + 1h);
    const auto first = request_deletion(snapshot);
    BOOST_TEST((first.state == SnapshotState::deleting));
    clock.set(fake::monday + 2h);
    const auto again = request_deletion(snapshot);
    BOOST_TEST((again.delete_requested_at == fake::monday + 1h));
    BOOST_TEST(span_of(snapshot) == "2026-03-02 10:00:00.123456 2026-03-02 11:00:00.123456");
    BOOST_TEST(jobs("snapshot_delete", snapshot.uuid) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_deleted_is_not_found_any_more)
{
    const auto snapshot = ready_snapshot(machine);
    request_deletion(snapshot);
    snapshots_work.remove(snapshot.uuid);
    BOOST_TEST((refusal_of([&] { request_deletion(snapshot); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { request_restore(snapshot); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { snapshots.read(nico.member, snapshot.uuid); }) == Reason::not_found));
}

// Rows in a passing state that nobody could delete: cloudstack 8424. Those at rest can always be.
BOOST_AUTO_TEST_CASE(a_snapshot_at_rest_can_be_deleted_and_one_at_work_cannot)
{
    for (const auto* state : {"requested", "ready", "failed"}) {
        const auto snapshot = requested_snapshot(machine);
        set_state(snapshot, state);
        BOOST_TEST((request_deletion(snapshot).state == SnapshotState::deleting), state);
    }
    for (const auto* state : {"freezing", "creating", "unknown", "restoring"}) {
        const auto snapshot = requested_snapshot(machine);
        set_state(snapshot, state);
        BOOST_TEST((refusal_of([&] { request_deletion(snapshot); }) == Reason::snapshot_state), state);
    }
}

BOOST_AUTO_TEST_CASE(only_a_ready_snapshot_can_be_restored)
{
    for (const auto* state : {"requested", "freezing", "creating", "unknown", "deleting", "failed"}) {
        const auto snapshot = requested_snapshot(machine);
        set_state(snapshot, state);
        BOOST_TEST((refusal_of([&] { request_restore(snapshot); }) == Reason::snapshot_state), state);
    }
}

BOOST_AUTO_TEST_CASE(a_restore_asked_for_twice_is_one_and_later_another_one)
{
    const auto snapshot = ready_snapshot(machine);
    BOOST_TEST((request_restore(snapshot).state == SnapshotState::restoring));
    clock.set(fake::monday + 1s);
    request_restore(snapshot);
    BOOST_TEST(jobs("snapshot_restore", snapshot.uuid) == 1);

    snapshots_work.restore(snapshot.uuid);
    clock.set(fake::monday + 1h);
    request_restore(snapshot);
    BOOST_TEST(jobs("snapshot_restore", snapshot.uuid) == 2);
}

// Putting back a disk in use: ceph-iscsi-cli 71.
BOOST_AUTO_TEST_CASE(a_running_machine_is_not_put_back)
{
    const auto snapshot = ready_snapshot(machine);
    for (const auto* power : {"on", "paused"}) {
        fake::change("UPDATE machines SET power = ? WHERE uuid = ?", std::string_view{power}, vm);
        BOOST_TEST((refusal_of([&] { request_restore(snapshot); }) == Reason::vm_running), power);
    }
    fake::change("UPDATE machines SET power = 'off' WHERE uuid = ?", vm);
    BOOST_TEST((request_restore(snapshot).state == SnapshotState::restoring));
}

BOOST_AUTO_TEST_CASE(a_machine_is_put_back_to_one_snapshot_at_a_time)
{
    const auto first = ready_snapshot(machine), second = ready_snapshot(machine);
    request_restore(first);
    BOOST_TEST((refusal_of([&] { request_restore(second); }) == Reason::snapshot_state));
    BOOST_TEST((read(second).state == SnapshotState::ready));
}

BOOST_AUTO_TEST_CASE(another_members_snapshot_is_not_found)
{
    const auto snapshot = ready_snapshot(machine);
    const auto stranger = new_paying_member();
    BOOST_TEST((refusal_of([&] { snapshots.read(stranger.member, snapshot.uuid); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] {
        fake::in_transaction([&](Session& session) { snapshots.request_deletion(session, stranger.member, snapshot.uuid); });
    }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] {
        fake::in_transaction([&](Session& session) { snapshots.request_restore(session, stranger.member, snapshot.uuid); });
    }) == Reason::not_found));
    BOOST_TEST((read(snapshot).state == SnapshotState::ready));
}

BOOST_AUTO_TEST_SUITE_END()
