#include "store/machine_store.h"

#include "store/sql.h"
#include "store/statement.h"

#define MACHINE_COLUMNS                                                                                                                    \
    "SELECT m.position, m.uuid, m.member_id, m.order_id, o.uuid, o.sku, o.cores, o.ram_mb, o.os_disk_gb, o.os, m.state, m.error,"          \
    " CAST(m.created_at AS CHAR), m.driver, m.has_image, m.wanted, m.generation, m.settled_generation, o.changes, m.sized_for,"            \
    " m.address, m.name, m.message FROM machines m JOIN orders o ON o.id = m.order_id "

namespace store {
namespace {

using Row = std::tuple<std::int64_t, std::string, std::int64_t, std::int64_t, std::string, std::string, std::optional<int>,
    std::optional<int>, std::optional<int>, std::optional<std::string>, std::string, std::string, std::string, std::optional<std::string>,
    bool, std::string, int, int, int, int, std::string, std::string, std::string>;

ListedMachine machine_of(const Row& row)
{
    const auto& [position, uuid, member, order, order_uuid, sku, cores, ram_mb, os_disk_gb, os, state, error, created_at, driver, has_image,
        wanted, generation, settled_generation, changes, sized_for, address, name, message] = row;
    return {position,
        {.uuid = uuid_of(uuid),
            .member = domain::MemberId{member},
            .order = domain::OrderId{order},
            .order_uuid = uuid_of(order_uuid),
            .sku = sku,
            .parameters = {.cores = cores, .ram_mb = ram_mb, .os_disk_gb = os_disk_gb, .os = os},
            .state = domain::machine_state_from(state),
            .error = error,
            .created_at = instant_of(created_at),
            .driver = driver ? std::optional{domain::provision_driver_from(*driver)} : std::nullopt,
            .has_image = has_image,
            .wanted = domain::wanted_state_from(wanted),
            .generation = generation,
            .settled_generation = settled_generation,
            .changes = changes,
            .sized_for = sized_for,
            .address = address,
            .name = name,
            .message = message}};
}

template <class... Args> std::vector<ListedMachine> select_machines(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<ListedMachine> machines;
    for (const auto& row : rows) machines.push_back(machine_of(row));
    return machines;
}

std::optional<domain::Machine> first_of(std::vector<ListedMachine> machines)
{
    if (machines.empty()) return std::nullopt;
    return std::move(machines.front().machine);
}

} // namespace

bool MachineStore::add(const domain::Machine& machine, domain::Instant now)
{
    return unless_duplicate([&] {
        execute(session_, "INSERT INTO machines (uuid, member_id, order_id, state, size_gib, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            machine.uuid, static_cast<std::int64_t>(machine.member), static_cast<std::int64_t>(machine.order),
            domain::to_text(machine.state), machine.parameters.os_disk_gb.value_or(0), to_sql(now));
    });
}

std::vector<ListedMachine> MachineStore::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return select_machines(session_,
        MACHINE_COLUMNS "WHERE m.member_id = ? AND m.position < ? AND m.state <> 'deleted' ORDER BY m.position DESC LIMIT ?",
        static_cast<std::int64_t>(member), before.value_or(INT64_MAX), limit);
}

std::optional<domain::Machine> MachineStore::by_uuid(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(select_machines(session_, MACHINE_COLUMNS "WHERE m.uuid = ? AND m.member_id = ? AND m.state <> 'deleted'", uuid,
        static_cast<std::int64_t>(member)));
}

std::optional<domain::Machine> MachineStore::lock(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(select_machines(session_, MACHINE_COLUMNS "WHERE m.uuid = ? AND m.member_id = ? AND m.state <> 'deleted' FOR UPDATE",
        uuid, static_cast<std::int64_t>(member)));
}

std::optional<domain::Machine> MachineStore::by_uuid(const domain::Uuid& uuid)
{
    return first_of(select_machines(session_, MACHINE_COLUMNS "WHERE m.uuid = ?", uuid));
}

std::optional<domain::Machine> MachineStore::lock(const domain::Uuid& uuid)
{
    return first_of(select_machines(session_, MACHINE_COLUMNS "WHERE m.uuid = ? FOR UPDATE", uuid));
}

std::optional<domain::Machine> MachineStore::of_order(domain::OrderId order)
{
    return first_of(select_machines(session_, MACHINE_COLUMNS "WHERE m.order_id = ?", static_cast<std::int64_t>(order)));
}

bool MachineStore::is_running(const domain::Uuid& uuid)
{
    return select_first<int>(session_, "SELECT 1 FROM machines WHERE uuid = ? AND power <> 'off'", uuid).has_value();
}

} // namespace store

#undef MACHINE_COLUMNS
