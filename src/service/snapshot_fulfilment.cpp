#include "service/snapshot_fulfilment.h"

#include "store/job_store.h"
#include "store/machine_store.h"
#include "store/order_store.h"
#include "store/snapshot_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::OrderStatus;
using domain::SnapshotState;
using gateway::StorageAnswer;

const std::string actor{"worker"};

/// Ends a snapshot's locked order, whatever it had come to.
void end_order(store::Session& session, const domain::Order& order, const std::string& reason, domain::Instant now)
{
    if (!domain::is_running(order.status)) return;
    const auto to = domain::may_become(order.status, OrderStatus::ended) ? OrderStatus::ended : OrderStatus::cancelled;
    store::OrderStore{session}.change_status(order, to, actor, reason, now);
}

/// What storage may grant another time is tried again; what it denies waits for the operator.
JobReport unsettled(StorageAnswer answer)
{
    return {answer == StorageAnswer::denied ? JobOutcome::dead : JobOutcome::again, storage_error(answer)};
}

} // namespace

JobReport SnapshotFulfilment::create(const domain::Uuid& uuid, bool last_try)
{
    auto snapshot = read(uuid);
    if (!snapshot) return {};
    const bool was_under_way = snapshot->state == SnapshotState::creating || snapshot->state == SnapshotState::unknown;
    if (!was_under_way) {
        if (snapshot->state != SnapshotState::requested && snapshot->state != SnapshotState::freezing) return {};
        if (!begin_creation(*snapshot)) return {JobOutcome::postponed, "vm_busy"};
    }
    return settle(*snapshot, take(*snapshot, was_under_way), last_try);
}

/// requested → freezing → creating. The local driver's machines are off, so there is nothing to freeze.
bool SnapshotFulfilment::begin_creation(domain::Snapshot& snapshot)
{
    return database_.transact([&](store::Session& session) {
        store::SnapshotStore snapshots{session};
        auto current = snapshot;
        for (const auto to : {SnapshotState::freezing, SnapshotState::creating}) {
            if (current.state == to) continue;
            if (!snapshots.change_state(current, to)) return false;
            current.state = to;
        }
        snapshot = current;
        return true;
    });
}

StorageAnswer SnapshotFulfilment::take(const domain::Snapshot& snapshot, bool may_be_there)
{
    const auto placed = images(snapshot);
    if (placed.empty()) return StorageAnswer::not_found;
    for (const auto& image : placed) {
        const auto answer = take_of(image, snapshot, may_be_there);
        if (answer != StorageAnswer::done && answer != StorageAnswer::exists) return answer;
    }
    return StorageAnswer::done;
}

StorageAnswer SnapshotFulfilment::take_of(const MachineImage& image, const domain::Snapshot& snapshot, bool may_be_there)
{
    const auto& [placed, reference, storage] = image;
    if (may_be_there) {
        const auto listing = storage->list_snapshots(reference);
        if (listing.answer == StorageAnswer::busy || listing.answer == StorageAnswer::unavailable)
            return StorageAnswer::unknown; // nobody has looked yet: not the same as "it is not there"
        if (listing.answer != StorageAnswer::done) return listing.answer;
        if (std::ranges::find(listing.names, snapshot.uuid.text()) != listing.names.end()) return StorageAnswer::exists;
        storage->repair(reference); // a killed call may have leaked clusters
    }
    return storage->create_snapshot(reference, snapshot.uuid.text());
}

JobReport SnapshotFulfilment::settle(domain::Snapshot snapshot, StorageAnswer answer, bool last_try)
{
    const auto error = storage_error(answer);
    switch (answer) {
    case StorageAnswer::done:
    case StorageAnswer::exists: return finish_creation(snapshot); // the name is our uuid: what exists is ours
    case StorageAnswer::not_found:
    case StorageAnswer::denied: return fail_creation(snapshot, error);
    case StorageAnswer::busy:
    case StorageAnswer::unavailable:
        if (last_try) return fail_creation(snapshot, error);
        database_.transact(
            [&](store::Session& session) { store::SnapshotStore{session}.change_state(snapshot, SnapshotState::requested, error); });
        return {JobOutcome::again, error};
    case StorageAnswer::unknown:
        if (last_try) return fail_creation(snapshot, error);
        if (snapshot.state == SnapshotState::creating)
            database_.transact(
                [&](store::Session& session) { store::SnapshotStore{session}.change_state(snapshot, SnapshotState::unknown, error); });
        return {JobOutcome::again, error};
    }
    return {};
}

JobReport SnapshotFulfilment::finish_creation(const domain::Snapshot& snapshot)
{
    database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        store::SnapshotStore snapshots{session};
        const auto order = orders.lock(snapshot.order_uuid); // order before snapshot, as everywhere
        if (!snapshots.make_ready(snapshot, "offline", snapshot.size_gib, clock_.now(), clock_.today())) return;
        if (order && order->status == OrderStatus::provisioning)
            orders.change_status(*order, OrderStatus::active, actor, "the snapshot is ready", clock_.now());

        // Its machine's order ended while it was taken: it goes with the others.
        const auto machine = store::MachineStore{session}.by_uuid(snapshot.vm);
        const auto ready = snapshots.by_uuid(snapshot.uuid);
        if (machine && machine->state == domain::MachineState::deleting && ready
            && snapshots.begin_deletion(*ready, clock_.now(), clock_.today()))
            store::JobStore{session}.add(domain::JobKind::snapshot_delete, snapshot.uuid);
    });
    return {};
}

JobReport SnapshotFulfilment::fail_creation(const domain::Snapshot& snapshot, const std::string& error)
{
    const bool failed = database_.transact([&](store::Session& session) {
        const auto order = store::OrderStore{session}.lock(snapshot.order_uuid);
        if (!store::SnapshotStore{session}.change_state(snapshot, SnapshotState::failed, error)) return false; // another try was luckier
        if (order) end_order(session, *order, "the snapshot could not be taken", clock_.now());
        return true;
    });
    return failed ? JobReport{JobOutcome::dead, error} : JobReport{};
}

JobReport SnapshotFulfilment::restore(const domain::Uuid& uuid)
{
    const auto snapshot = read(uuid);
    if (!snapshot || snapshot->state != SnapshotState::restoring) return {};
    const auto answer = put_back(*snapshot);
    const bool gone = answer == StorageAnswer::not_found;
    if (!gone && answer != StorageAnswer::done) return unsettled(answer);

    const std::string error = gone ? "snapshot_missing" : "";
    database_.transact(
        [&](store::Session& session) { store::SnapshotStore{session}.change_state(*snapshot, SnapshotState::ready, error); });
    return gone ? JobReport{JobOutcome::dead, error} : JobReport{};
}

StorageAnswer SnapshotFulfilment::put_back(const domain::Snapshot& snapshot)
{
    const auto placed = images(snapshot);
    if (placed.empty()) return StorageAnswer::not_found;
    for (const auto& image : placed) {
        auto answer = image.storage->restore_snapshot(image.image, snapshot.uuid.text());
        if (answer == StorageAnswer::done) answer = grow_to_paid_size(image);
        if (answer != StorageAnswer::done) return answer;
    }
    return StorageAnswer::done;
}

/// Restoring takes the size back, too; what the member pays for now may be more.
StorageAnswer SnapshotFulfilment::grow_to_paid_size(const MachineImage& image)
{
    auto size_gib = image.placed.size_gib;
    if (image.placed.ordinal == 0) {
        const auto machine =
            database_.read([&](store::Session& session) { return store::MachineStore{session}.by_uuid(image.placed.machine); });
        if (machine) size_gib = machine->parameters.os_disk_gb.value_or(0);
    }
    const auto answer = image.storage->grow_image(image.image, size_gib);
    return answer == StorageAnswer::not_found ? StorageAnswer::unavailable : answer; // it was there a moment ago
}

JobReport SnapshotFulfilment::remove(const domain::Uuid& uuid)
{
    const auto snapshot = read(uuid);
    if (!snapshot || snapshot->state != SnapshotState::deleting) return {};
    const bool ours = database_.transact([&](store::Session& session) { return store::SnapshotStore{session}.occupy_machine(*snapshot); });
    if (!ours) return {JobOutcome::postponed, "vm_busy"};

    for (const auto& image : images(*snapshot)) {
        const auto answer = image.storage->remove_snapshot(image.image, uuid.text());
        if (answer != StorageAnswer::done && answer != StorageAnswer::not_found) return unsettled(answer);
    }
    database_.transact([&](store::Session& session) {
        const auto order = store::OrderStore{session}.lock(snapshot->order_uuid);
        if (order) end_order(session, *order, "the snapshot was deleted", clock_.now());
        store::SnapshotStore{session}.finish_deletion(*snapshot, clock_.now());
    });
    return {};
}

std::optional<domain::Snapshot> SnapshotFulfilment::read(const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) { return store::SnapshotStore{session}.by_uuid(uuid); });
}

} // namespace service
