#include "service/machines.h"

#include "domain/refusal.h"
#include "store/provisioning_store.h"

namespace service {

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

} // namespace service
