#include "service/machine_fulfilment.h"

#include "store/machine_store.h"
#include "store/order_store.h"
#include "store/placement_store.h"

namespace service {

using domain::MachineState;
using domain::OrderStatus;
using gateway::StorageAnswer;

JobReport MachineFulfilment::create(const domain::Uuid& uuid, bool last_try)
{
    const auto machine = read(uuid);
    if (!machine) return {};
    const bool gone = machine->state == MachineState::deleting || machine->state == MachineState::deleted;
    if (gone) return finish_creation(*machine); // a try before this one may have left an image
    if (machine->state == MachineState::active) return {};

    place(*machine);
    const auto answer = create_images(*machine);
    switch (answer) {
    case StorageAnswer::done:
    case StorageAnswer::exists: return finish_creation(*machine);
    case StorageAnswer::not_found:
    case StorageAnswer::busy:
    case StorageAnswer::denied:
    case StorageAnswer::unavailable:
    case StorageAnswer::unknown: return fail_creation(*machine, storage_error(answer), last_try);
    }
    return {};
}

/// Gives a machine its image, if it has none yet. Without a pool for it, storage is `unavailable`.
void MachineFulfilment::place(const domain::Machine& machine)
{
    database_.transact([&](store::Session& session) {
        store::PlacementStore placement{session};
        if (!placement.images_of(machine.uuid).empty()) return;
        const auto pool = placement.pool_for_new();
        if (pool) placement.add_image(machine.uuid, 0, pool->id, machine.uuid.text(), machine.parameters.os_disk_gb.value_or(0));
    });
}

StorageAnswer MachineFulfilment::create_images(const domain::Machine& machine)
{
    const auto placed = images(machine.uuid);
    if (placed.empty()) return StorageAnswer::unavailable;
    for (const auto& [image, reference, storage] : placed) {
        const auto answer = storage->create_image(reference, image.size_gib);
        if (answer != StorageAnswer::done && answer != StorageAnswer::exists) return answer;
    }
    return StorageAnswer::done;
}

StorageAnswer MachineFulfilment::remove_images(const domain::Uuid& machine)
{
    for (const auto& [image, reference, storage] : images(machine)) {
        const auto answer = storage->remove_image(reference);
        if (answer != StorageAnswer::done && answer != StorageAnswer::not_found) return answer;
    }
    return StorageAnswer::done;
}

JobReport MachineFulfilment::finish_creation(const domain::Machine& machine)
{
    const auto state = database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        store::MachineStore machines{session};
        const auto order = orders.lock(machine.order_uuid); // order before machine, as everywhere
        const bool wanted = machine.state == MachineState::creating || machine.state == MachineState::failed;
        if (!wanted || !machines.change_state(machine.uuid, machine.state, MachineState::active, "", clock_.now())) {
            const auto now = machines.by_uuid(machine.uuid);
            return now ? now->state : MachineState::deleted;
        }
        if (order && order->status == OrderStatus::provisioning)
            orders.change_status(*order, OrderStatus::active, "worker", "the machine is ready", clock_.now());
        return MachineState::active;
    });
    if (state != MachineState::deleting && state != MachineState::deleted) return {};

    // Cancelled meanwhile: its removal may have come before the image did.
    const auto answer = remove_images(machine.uuid);
    if (answer == StorageAnswer::done || answer == StorageAnswer::not_found) return {};
    return {JobOutcome::again, storage_error(answer)};
}

JobReport MachineFulfilment::fail_creation(const domain::Machine& machine, const std::string& error, bool last_try)
{
    if (!last_try) return {JobOutcome::again, error};
    database_.transact([&](store::Session& session) {
        store::MachineStore{session}.change_state(machine.uuid, machine.state, MachineState::failed, error, clock_.now());
    });
    return {JobOutcome::dead, error};
}

JobReport MachineFulfilment::resize(const domain::Uuid& uuid)
{
    const auto machine = read(uuid);
    if (!machine || machine->state != MachineState::active) return {};
    const auto size_gib = machine->parameters.os_disk_gb.value_or(0);
    for (const auto& [image, reference, storage] : images(uuid)) {
        if (image.ordinal != 0) continue;
        const auto answer = storage->grow_image(reference, size_gib);
        if (answer != StorageAnswer::done && answer != StorageAnswer::exists) return {JobOutcome::again, storage_error(answer)};
        database_.transact([&](store::Session& session) { store::PlacementStore{session}.note_size(image.id, size_gib); });
    }
    return {};
}

JobReport MachineFulfilment::remove(const domain::Uuid& uuid)
{
    const auto machine = read(uuid);
    if (!machine || machine->state != MachineState::deleting) return {};
    const auto answer = remove_images(uuid);
    switch (answer) {
    case StorageAnswer::done:
    case StorageAnswer::not_found: break;
    case StorageAnswer::busy: return {JobOutcome::postponed, "vm_has_snapshots"};
    case StorageAnswer::exists:
    case StorageAnswer::denied:
    case StorageAnswer::unavailable:
    case StorageAnswer::unknown: return {JobOutcome::again, storage_error(answer)};
    }
    database_.transact([&](store::Session& session) {
        store::MachineStore{session}.change_state(uuid, MachineState::deleting, MachineState::deleted, "", clock_.now());
    });
    return {};
}

std::optional<domain::Machine> MachineFulfilment::read(const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) { return store::MachineStore{session}.by_uuid(uuid); });
}

} // namespace service
