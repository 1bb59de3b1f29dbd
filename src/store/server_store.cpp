#include "store/server_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

constexpr std::int64_t first_racked_number = 3'000'000;

std::int64_t number_of(domain::OrderId order) { return static_cast<std::int64_t>(order); }

} // namespace

bool ServerStore::add(const std::string& name, const std::string& plan, const std::string& datacenter, domain::Instant now)
{
    return unless_duplicate([&] {
        execute(session_, "INSERT INTO servers (name, plan_code, datacenter, added_at, changed_at) VALUES (?, ?, ?, ?, ?)", name, plan,
            datacenter, to_sql(now), to_sql(now));
    });
}

std::string ServerStore::rack(const std::string& plan, const std::string& datacenter, domain::Instant now)
{
    const auto id = insert(session_, "INSERT INTO servers (name, plan_code, datacenter, added_at, changed_at) VALUES (UUID(), ?, ?, ?, ?)",
        plan, datacenter, to_sql(now), to_sql(now));
    auto name = "ns" + std::to_string(first_racked_number + id) + ".demo.example";
    execute(session_, "UPDATE servers SET name = ? WHERE id = ?", name, id);
    return name;
}

std::optional<std::string> ServerStore::take(
    domain::OrderId order, const std::string& plan, const std::string& datacenter, domain::Instant now)
{
    if (auto name = of(order)) return name;
    const auto free = select_first<std::int64_t, std::string>(session_,
        "SELECT id, name FROM servers WHERE state = 'free' AND plan_code = ? AND ? IN ('', datacenter) ORDER BY id LIMIT 1"
        " FOR UPDATE SKIP LOCKED",
        plan, datacenter);
    if (!free) return std::nullopt;
    const auto& [id, name] = *free;
    const bool taken = unless_duplicate([&, id = id] {
        execute(session_, "UPDATE servers SET state = 'in_use', order_id = ?, changed_at = ? WHERE id = ? AND state = 'free'",
            number_of(order), to_sql(now), id);
    });
    return taken ? std::optional{name} : of(order); // another worker may have served the order meanwhile
}

std::optional<std::string> ServerStore::of(domain::OrderId order)
{
    const auto row =
        select_first<std::string>(session_, "SELECT name FROM servers WHERE order_id = ? LOCK IN SHARE MODE", number_of(order));
    return row ? std::optional{std::get<0>(*row)} : std::nullopt;
}

void ServerStore::give_back(domain::OrderId order, domain::Instant now)
{
    execute(session_, "UPDATE servers SET state = 'to_wipe', order_id = NULL, changed_at = ? WHERE order_id = ?", to_sql(now),
        number_of(order));
}

bool ServerStore::wiped(const std::string& name, domain::Instant now)
{
    return execute(session_, "UPDATE servers SET state = 'free', changed_at = ? WHERE name = ? AND state = 'to_wipe'", to_sql(now), name)
        == 1;
}

void ServerStore::wipe_all(const std::string& plan, domain::Instant now)
{
    execute(session_, "UPDATE servers SET state = 'free', changed_at = ? WHERE state = 'to_wipe' AND plan_code = ?", to_sql(now), plan);
}

bool ServerStore::retire(const std::string& name, domain::Instant now)
{
    return execute(session_, "UPDATE servers SET state = 'retired', changed_at = ? WHERE name = ? AND state IN ('free', 'to_wipe')",
               to_sql(now), name)
        == 1;
}

std::vector<ServerRecord> ServerStore::list(const std::string& state)
{
    std::vector<ServerRecord> servers;
    const auto rows =
        select<std::string, std::string, std::string, std::string, std::optional<std::string>, std::optional<std::string>>(session_,
            "SELECT s.name, s.plan_code, s.datacenter, s.state, o.uuid, m.uid FROM servers s LEFT JOIN orders o ON o.id = s.order_id"
            " LEFT JOIN members m ON m.id = o.member_id WHERE IF(? = '', s.state <> 'retired', s.state = ?) ORDER BY s.plan_code, s.name",
            state, state);
    for (const auto& [name, plan, datacenter, row_state, order, username] : rows)
        servers.push_back({name, plan, datacenter, row_state, order, username});
    return servers;
}

} // namespace store
