#include "service/machine_fulfilment.h"

#include "store/machine_store.h"
#include "store/order_store.h"

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

    const auto answer = storage_.create_image(uuid.text(), machine->parameters.os_disk_gb.value_or(0));
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
    const auto answer = storage_.remove_image(machine.uuid.text());
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
    const auto answer = storage_.grow_image(uuid.text(), machine->parameters.os_disk_gb.value_or(0));
    if (answer == StorageAnswer::done || answer == StorageAnswer::exists) return {};
    return {JobOutcome::again, storage_error(answer)};
}

JobReport MachineFulfilment::remove(const domain::Uuid& uuid)
{
    const auto machine = read(uuid);
    if (!machine || machine->state != MachineState::deleting) return {};
    const auto answer = storage_.remove_image(uuid.text());
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
