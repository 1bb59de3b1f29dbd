#include "service/machine_guest.h"

#include "domain/provisioning.h"
#include "store/machine_store.h"
#include "store/placement_store.h"

namespace service {
namespace {

using gateway::GuestPower;

/// Whether a machine runs that a program made, or that is on a host which does not tell, is not in our rows: `off` there is what a
/// machine begins with. But one that its program was told to stop, and said it did, is off until something else is wanted.
GuestPower noted_power(store::Session& session, const domain::Uuid& machine, bool has_host)
{
    store::MachineStore machines{session};
    if (machines.is_running(machine)) return GuestPower::on;
    const auto row = machines.by_uuid(machine);
    const bool by_program = row && row->driver == domain::ProvisionDriver::exec;
    const bool is_ours_alone = row && !by_program && !has_host;
    const bool was_stopped = by_program && row->wanted != domain::WantedState::running && !domain::is_unsettled(*row);
    return is_ours_alone || was_stopped ? GuestPower::off : GuestPower::unknown;
}

} // namespace

MachineGuest guest_of(store::Database& database, gateway::GuestSet& guests, const domain::Uuid& machine)
{
    return database.read([&](store::Session& session) {
        store::PlacementStore placement{session};
        const auto host = placement.host_of(machine);
        MachineGuest found{.machine = machine, .noted = noted_power(session, machine, host.has_value())};
        if (!host || host->agent == domain::HostAgent::none) return found;
        found.guest = &guests.of(*host);
        found.may_freeze = placement.may_freeze(machine);
        return found;
    });
}

} // namespace service
