#include "service/snapshot_fulfilment.h"

#include "logging/log.h"
#include "service/snapshot_order.h"
#include "store/machine_store.h"
#include "store/order_store.h"
#include "store/placement_store.h"
#include "store/provisioning_store.h"
#include "store/snapshot_image_store.h"
#include "store/snapshot_store.h"

namespace service {
namespace {

using domain::SnapshotState;
using gateway::GuestPower;
using gateway::StorageAnswer;

constexpr std::chrono::milliseconds pause_for_others{1000};
constexpr std::chrono::minutes pause_while_in_use{1};

/// What storage may grant another time is tried again; what it denies waits for the operator.
JobReport unsettled(StorageAnswer answer)
{
    return {answer == StorageAnswer::denied ? JobOutcome::dead : JobOutcome::again, storage_error(answer)};
}

} // namespace

/// A program that could switch the machine on must not be at work, and is not called while a machine is being restored: both are decided
/// under the lock on the machine's row.
JobReport SnapshotFulfilment::restore(const domain::Uuid& uuid)
{
    const auto snapshot = read(uuid);
    if (!snapshot || snapshot->state != SnapshotState::restoring) return {};
    const bool has_turn = database_.transact([&](store::Session& session) {
        store::MachineStore{session}.lock(snapshot->vm);
        return store::ProvisioningStore{session}.has_turn(snapshot->vm);
    });
    if (has_turn) return {JobOutcome::postponed, "vm_busy", pause_for_others};

    const auto guest = guest_of(database_, guests_, snapshot->vm);
    const auto power = guest.power();
    if (power == GuestPower::on || power == GuestPower::paused) return end_restore(*snapshot, "vm_running");
    if (power == GuestPower::unknown && guest.guest) return put_back_later(*snapshot, {JobOutcome::again, "vm_power_unknown"});
    return put_back(*snapshot, power);
}

/// Storage refuses a machine that runs although nobody told us; once one of its images is put back there is no way but on.
JobReport SnapshotFulfilment::put_back(const domain::Snapshot& snapshot, GuestPower power)
{
    auto placed = images(snapshot);
    if (placed.empty()) return end_restore(snapshot, "snapshot_missing");
    note_power(placed, power);
    for (const auto& image : placed) {
        const bool is_first = &image == &placed.front();
        auto answer = image.storage->restore_snapshot(image.image, snapshot.uuid.text());
        if (answer == StorageAnswer::busy && is_first && power != GuestPower::off) return end_restore(snapshot, "vm_running");
        if (answer == StorageAnswer::not_found) return end_restore(snapshot, "snapshot_missing");
        if (answer == StorageAnswer::done) answer = grow_to_paid_size(image);
        if (answer != StorageAnswer::done) return put_back_later(snapshot, unsettled(answer));
    }
    return end_restore(snapshot, "");
}

/// The member reads what it waits for, or that it was given up.
JobReport SnapshotFulfilment::put_back_later(const domain::Snapshot& snapshot, JobReport report)
{
    database_.transact([&](store::Session& session) { store::SnapshotStore{session}.note_error(snapshot, report.error); });
    return report;
}

JobReport SnapshotFulfilment::end_restore(const domain::Snapshot& snapshot, const std::string& error)
{
    database_.transact([&](store::Session& session) { store::SnapshotStore{session}.change_state(snapshot, SnapshotState::ready, error); });
    if (error != "snapshot_missing") return {}; // the member reads why
    logging::event("error", "snapshot_missing", {{"snapshot", snapshot.uuid.text()}, {"vm", snapshot.vm.text()}});
    return {JobOutcome::dead, error};
}

/// Restoring takes the size back, too; what the member pays for now may be more.
StorageAnswer SnapshotFulfilment::grow_to_paid_size(const MachineImage& image)
{
    const auto size_gib = database_.read([&](store::Session& session) {
        if (image.placed.ordinal == 0) {
            const auto machine = store::MachineStore{session}.by_uuid(image.placed.machine);
            return machine ? machine->parameters.os_disk_gb.value_or(0) : 0;
        }
        for (const auto& now : store::PlacementStore{session}.images_of(image.placed.machine))
            if (now.ordinal == image.placed.ordinal) return now.size_gib;
        return image.placed.size_gib;
    });
    const auto answer = image.storage->grow_image(image.image, size_gib);
    return answer == StorageAnswer::not_found ? StorageAnswer::unavailable : answer; // it was there a moment ago
}

JobReport SnapshotFulfilment::remove(const domain::Uuid& uuid)
{
    const auto snapshot = read(uuid);
    if (!snapshot || snapshot->state != SnapshotState::deleting) return {};
    const bool ours = database_.transact([&](store::Session& session) { return store::SnapshotStore{session}.occupy_machine(*snapshot); });
    if (!ours) return {JobOutcome::postponed, "vm_busy"};

    auto placed = images(*snapshot);
    note_power(placed, guest_of(database_, guests_, snapshot->vm).power());
    for (const auto& image : placed) {
        const auto answer = image.storage->remove_snapshot(image.image, uuid.text());
        if (answer != StorageAnswer::done && answer != StorageAnswer::not_found) return postpone_removal(*snapshot, answer);
    }
    database_.transact([&](store::Session& session) {
        store::OrderStore{session}.lock(snapshot->order_uuid); // order before snapshot, as everywhere
        end_snapshot_order(session, *snapshot, "the snapshot was deleted", clock_.now());
        store::SnapshotStore{session}.finish_deletion(*snapshot, clock_.now());
    });
    return {};
}

/// Something else may be done to the machine meanwhile, unless storage may still be at it. What another uses is not failed: it is
/// asked for until it is free.
JobReport SnapshotFulfilment::postpone_removal(const domain::Snapshot& snapshot, StorageAnswer answer)
{
    const bool is_in_use = answer == StorageAnswer::busy;
    const std::string error = is_in_use ? "in_use" : storage_error(answer);
    database_.transact([&](store::Session& session) {
        store::SnapshotStore snapshots{session};
        if (answer == StorageAnswer::unknown) snapshots.note_error(snapshot, error);
        else snapshots.free_machine(snapshot, error);
    });
    if (is_in_use) return {JobOutcome::postponed, error, pause_while_in_use};
    return unsettled(answer);
}

/// Where they were when it was taken.
std::vector<MachineImage> SnapshotFulfilment::images(const domain::Snapshot& snapshot)
{
    return with_storages(
        storages_, database_.read([&](store::Session& session) { return store::SnapshotImageStore{session}.of(snapshot.uuid); }));
}

std::optional<domain::Snapshot> SnapshotFulfilment::read(const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) { return store::SnapshotStore{session}.by_uuid(uuid); });
}

} // namespace service
