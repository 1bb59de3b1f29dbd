#include "store/vpn_waiting_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <map>

namespace store {
namespace {

/// In the order of the numbers.
std::vector<domain::Uuid> uuids_of(Session& session, const std::vector<std::int64_t>& orders)
{
    std::map<std::int64_t, domain::Uuid> found;
    for_keys(orders, [&](const auto&... keys) {
        for (const auto& [id, uuid] :
            select<std::int64_t, std::string>(session, "SELECT id, uuid FROM orders WHERE id IN " STORE_KEYS, keys...))
            found.emplace(id, uuid_of(uuid));
    });
    std::vector<domain::Uuid> uuids;
    for (const auto order : orders) uuids.push_back(found.at(order));
    return uuids;
}

} // namespace

bool VpnWaitingStore::is_anybody_waiting() { return select_first<int>(session_, "SELECT 1 FROM vpn_waiting LIMIT 1").has_value(); }

bool VpnWaitingStore::lock(domain::OrderId order)
{
    return select_first<int>(session_, "SELECT 1 FROM vpn_waiting WHERE order_id = ? FOR UPDATE", static_cast<std::int64_t>(order))
        .has_value();
}

void VpnWaitingStore::add(domain::OrderId order, domain::Instant now)
{
    execute(session_, "INSERT INTO vpn_waiting (order_id, since) VALUES (?, ?)", static_cast<std::int64_t>(order), to_sql(now));
}

void VpnWaitingStore::remove(domain::OrderId order)
{
    execute(session_, "DELETE FROM vpn_waiting WHERE order_id = ?", static_cast<std::int64_t>(order));
}

/// Two at once take different prefixes, and the second waits for the first one's orders: so it gets those that come after them.
std::vector<domain::Uuid> VpnWaitingStore::serve(domain::Instant now, int limit)
{
    if (!is_anybody_waiting()) return {};
    const auto at = to_sql(now);
    std::vector<std::int64_t> prefixes, turns, orders;
    for (const auto& [id] : select<std::int64_t>(session_,
             "SELECT id FROM vpn_prefixes FORCE INDEX (vpn_prefixes_free) WHERE order_id IS NULL AND quarantined_until <= ?"
             " ORDER BY quarantined_until, pool_id, number LIMIT ? FOR UPDATE SKIP LOCKED",
             at, limit))
        prefixes.push_back(id);
    if (prefixes.empty()) return {};
    for (const auto& [turn, order] : select<std::int64_t, std::int64_t>(
             session_, "SELECT id, order_id FROM vpn_waiting ORDER BY id LIMIT ? FOR UPDATE", std::int64_t(prefixes.size()))) {
        turns.push_back(turn);
        orders.push_back(order);
    }
    prefixes.resize(orders.size());
    execute_bulk(session_, "UPDATE vpn_prefixes SET order_id = ?, given_at = ?, version = version + 1 WHERE id = ? AND order_id IS NULL",
        orders, std::vector<std::string>(orders.size(), at), prefixes);
    execute_bulk(session_, "DELETE FROM vpn_waiting WHERE id = ?", turns);
    return uuids_of(session_, orders);
}

VpnQueue VpnWaitingStore::queue()
{
    const auto [orders, since] =
        select_first<std::int64_t, std::optional<std::string>>(session_, "SELECT COUNT(*), CAST(MIN(since) AS CHAR) FROM vpn_waiting")
            .value();
    return {orders, instant_of(since)};
}

} // namespace store
