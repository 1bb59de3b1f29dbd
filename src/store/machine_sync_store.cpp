#include "store/machine_sync_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

constexpr int rows_at_a_time = 5000;

} // namespace

std::vector<domain::KnownImage> MachineSyncStore::images_in(std::int64_t pool)
{
    std::vector<domain::KnownImage> images;
    for (std::size_t read = 1; read > 0;) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string>(session_,
            "SELECT i.id, i.machine_uuid, i.name, m.state FROM machine_images i JOIN machines m ON m.uuid = i.machine_uuid"
            " WHERE i.pool_id = ? AND i.id > ? ORDER BY i.id LIMIT ?",
            pool, images.empty() ? 0 : images.back().id, rows_at_a_time);
        for (const auto& [id, machine, name, state] : rows)
            images.push_back({id, uuid_of(machine), name, domain::machine_state_from(state)});
        read = rows.size();
    }
    return images;
}

std::vector<domain::KnownMachine> MachineSyncStore::machines_of(const std::string& product)
{
    std::vector<domain::KnownMachine> machines;
    std::int64_t last = 0;
    for (std::size_t read = 1; read > 0;) {
        const auto rows = select<std::int64_t, std::string, std::string, std::string, bool, std::optional<std::string>>(session_,
            "SELECT m.position, m.uuid, m.state, m.wanted, m.generation = m.settled_generation, h.name"
            " FROM machines m JOIN orders o ON o.id = m.order_id LEFT JOIN hosts h ON h.id = m.host_id"
            " WHERE m.position > ? AND m.driver = 'exec' AND o.sku = ? ORDER BY m.position LIMIT ?",
            last, product, rows_at_a_time);
        for (const auto& [position, uuid, state, wanted, settled, host] : rows) {
            machines.push_back(
                {uuid_of(uuid), product, domain::machine_state_from(state), domain::wanted_state_from(wanted), settled, host.value_or("")});
            last = position;
        }
        read = rows.size();
    }
    return machines;
}

std::set<std::string> MachineSyncStore::machines_of_others(const std::string& product)
{
    std::set<std::string> machines;
    std::int64_t last = 0;
    for (std::size_t read = 1; read > 0;) {
        const auto rows = select<std::int64_t, std::string>(session_,
            "SELECT m.position, m.uuid FROM machines m JOIN orders o ON o.id = m.order_id"
            " WHERE m.position > ? AND o.sku <> ? ORDER BY m.position LIMIT ?",
            last, product, rows_at_a_time);
        for (const auto& [position, uuid] : rows) {
            machines.insert(uuid);
            last = position;
        }
        read = rows.size();
    }
    return machines;
}

std::vector<MachineSyncStore::NotedPower> MachineSyncStore::powers_on(std::int64_t host)
{
    std::vector<NotedPower> powers;
    const auto rows = select<std::string, std::string>(
        session_, "SELECT uuid, power FROM machines WHERE host_id = ? AND state IN ('active', 'stopped', 'suspended') ORDER BY position", host);
    for (const auto& [machine, power] : rows) powers.push_back({uuid_of(machine), power});
    return powers;
}

bool MachineSyncStore::note_power(const domain::Uuid& machine, const std::string& power)
{
    return execute(session_,
               "UPDATE machines SET power = ? WHERE uuid = ? AND generation = settled_generation"
               " AND (turn_until IS NULL OR turn_until <= NOW(6))",
               power, machine)
        == 1;
}

} // namespace store
