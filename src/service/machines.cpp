#include "service/machines.h"

#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/job_store.h"
#include "store/provisioning_store.h"

namespace service {
namespace {

using domain::MachineState;
using domain::MachineWish;
using domain::ProvisionDriver;
using domain::Reason;
using domain::Refusal;
using domain::WantedState;

/// @throws domain::Refusal
void require_switchable(const domain::Machine& machine, MachineWish wish)
{
    if (machine.wanted == WantedState::suspended && wish == MachineWish::on)
        throw Refusal{Reason::vm_not_ready, "the VM is suspended until what is open of its order is paid; GET /invoices lists it"};
    if (machine.state != MachineState::active && machine.state != MachineState::suspended)
        throw Refusal{Reason::vm_not_ready,
            "the VM is " + std::string{domain::to_text(machine.state)} + "; only one that is active can be stopped or started"};
    if (machine.driver != ProvisionDriver::exec)
        throw Refusal{Reason::vm_not_switched, "this VM is not run by a program of ours; its operator stops and starts it"};
}

domain::Machine switch_machine(store::Session& session, const domain::Machine& machine, MachineWish wish)
{
    require_switchable(machine, wish);
    if (machine.stopped == (wish == MachineWish::off)) return machine;
    const auto change = store::ProvisioningStore{session}.want_stopped(machine, wish == MachineWish::off);
    if (change.generation != machine.generation)
        store::JobStore{session}.add(domain::job_for(change.wanted), machine.uuid, std::to_string(change.generation));
    return store::MachineStore{session}.by_uuid(machine.uuid).value();
}

} // namespace

std::vector<store::ListedMachine> Machines::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::MachineStore{session}.page(member, before, limit); });
}

Machines::MachineWithSteps Machines::read(domain::MemberId member, const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) {
        const auto machine = store::MachineStore{session}.by_uuid(member, uuid);
        if (!machine) throw domain::Refusal{domain::Reason::not_found, "you have no VM with this uuid"};
        return MachineWithSteps{*machine, store::ProvisioningStore{session}.steps_of(uuid)};
    });
}

domain::Machine Machines::request_power(
    store::Session& session, domain::MemberId member, const domain::Uuid& uuid, domain::MachineWish wish)
{
    const auto machine = store::MachineStore{session}.lock(member, uuid);
    if (!machine) throw Refusal{Reason::not_found, "you have no VM with this uuid"};
    return switch_machine(session, *machine, wish);
}

domain::Machine Machines::request_power(
    store::Session& session, const domain::Uuid& uuid, domain::MachineWish wish, const std::string& actor, domain::Instant now)
{
    const auto machine = store::MachineStore{session}.lock(uuid);
    if (!machine) throw Refusal{Reason::not_found, "there is no machine " + uuid.text()};
    store::AuditStore{session}.add(
        {.at = now, .actor = actor, .action = wish == MachineWish::on ? "vm.start" : "vm.stop", .subject = uuid.text(), .detail = ""});
    return switch_machine(session, *machine, wish);
}

} // namespace service
