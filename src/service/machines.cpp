#include "service/machines.h"

#include "domain/refusal.h"
#include "store/job_store.h"
#include "store/provisioning_store.h"

namespace service {
namespace {

using domain::MachineState;
using domain::Reason;
using domain::Refusal;

domain::Machine found(std::optional<domain::Machine> machine)
{
    if (!machine) throw Refusal{Reason::not_found, "you have no VM with this uuid"};
    return *std::move(machine);
}

/// A machine that its product's program runs, or that nobody is known to run.
domain::Machine locked_to_switch(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    store::MachineStore machines{session};
    auto machine = found(machines.lock(member, uuid));
    const bool is_made =
        machine.state == MachineState::active || machine.state == MachineState::stopped || machine.state == MachineState::suspended;
    if (!is_made)
        throw Refusal{Reason::vm_not_ready,
            "the VM is " + std::string{domain::to_text(machine.state)} + "; one that is ready can be stopped and started"};
    if (machine.driver != domain::ProvisionDriver::exec && machines.is_running(uuid))
        throw Refusal{Reason::vm_run_by_hand, "this VM is switched on and off by us, not by a program; write to us"};
    return machine;
}

} // namespace

std::vector<store::ListedMachine> Machines::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::MachineStore{session}.page(member, before, limit); });
}

Machines::MachineWithSteps Machines::read(domain::MemberId member, const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) {
        const auto machine = found(store::MachineStore{session}.by_uuid(member, uuid));
        return MachineWithSteps{machine, store::ProvisioningStore{session}.steps_of(uuid)};
    });
}

domain::Machine Machines::stop(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    return switched(session, locked_to_switch(session, member, uuid), true);
}

domain::Machine Machines::start(store::Session& session, domain::MemberId member, const domain::Uuid& uuid)
{
    const auto machine = locked_to_switch(session, member, uuid);
    if (machine.wanted == domain::WantedState::suspended)
        throw Refusal{Reason::vm_not_ready, "the VM is suspended until what is open is paid: GET /account/balance"};
    return switched(session, machine, false);
}

domain::Machine Machines::switched(store::Session& session, const domain::Machine& machine, bool stopped)
{
    if (const auto change = store::ProvisioningStore{session}.want_stopped(machine.uuid, stopped))
        store::JobStore{session}.add(domain::job_towards(change->wanted), change->machine, std::to_string(change->generation));
    return found(store::MachineStore{session}.by_uuid(machine.member, machine.uuid));
}

} // namespace service
