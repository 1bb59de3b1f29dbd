#include "store/vpn_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <stdexcept>

#define VPN_COLUMNS                                                                                                                        \
    "SELECT o.id, o.uuid, o.member_id, o.status, CAST(o.placed_at AS CHAR), o.version, v.prefix, v.public_key, v.configured_key,"          \
    " CAST(v.given_at AS CHAR), v.version, p.public_key, p.endpoint, p.dns"                                                                \
    " FROM orders o LEFT JOIN vpn_prefixes v ON v.order_id = o.id LEFT JOIN vpn_pools p ON p.id = v.pool_id"                               \
    " WHERE o.sku = 'ipv6-vpn' AND (v.id IS NOT NULL OR o.status NOT IN ('cancelled', 'ended')) "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Row = std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::string, std::int64_t, Text, Text, Text, Text,
    std::optional<std::int64_t>, Text, Text, Text>;

domain::Ipv6Prefix prefix_of(const std::string& text)
{
    const auto prefix = domain::Ipv6Prefix::parse(text);
    if (!prefix) throw std::runtime_error{"a column of a prefix holds something else"};
    return *prefix;
}

domain::WireguardKey key_of(const std::string& text)
{
    auto key = domain::WireguardKey::parse(text);
    if (!key) throw std::runtime_error{"a column of a public key holds something else"};
    return *std::move(key);
}

std::optional<domain::WireguardKey> key_of(const Text& text) { return text ? std::optional{key_of(*text)} : std::nullopt; }

Text text_of(const std::optional<domain::WireguardKey>& key) { return key ? std::optional{key->text()} : std::nullopt; }

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }
std::int64_t number_of(domain::OrderId order) { return static_cast<std::int64_t>(order); }

domain::Vpn vpn_of(const Row& row)
{
    const auto& [order, uuid, member, status, placed_at, order_version, prefix, public_key, configured_key, given_at, prefix_version,
        server_key, endpoint, dns] = row;
    domain::Vpn vpn{.order = domain::OrderId{order},
        .order_uuid = uuid_of(uuid),
        .member = domain::MemberId{member},
        .order_status = domain::order_status_from(status),
        .ordered_at = instant_of(placed_at),
        .public_key = key_of(public_key),
        .configured_key = key_of(configured_key),
        .given_at = instant_of(given_at),
        .order_version = order_version,
        .prefix_version = prefix_version.value_or(0)};
    if (prefix) vpn.prefix = prefix_of(*prefix);
    if (server_key) vpn.server = domain::VpnServer{key_of(*server_key), endpoint.value_or(""), dns.value_or("")};
    return vpn;
}

template <class... Args> std::vector<domain::Vpn> select_vpns(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<domain::Vpn> vpns;
    for (const auto& row : rows) vpns.push_back(vpn_of(row));
    return vpns;
}

std::optional<domain::Vpn> first_of(std::vector<domain::Vpn> vpns)
{
    if (vpns.empty()) return std::nullopt;
    return std::move(vpns.front());
}

} // namespace

bool VpnStore::add_pool(const domain::VpnPool& pool, domain::Instant now)
{
    std::vector<std::int64_t> numbers;
    std::vector<std::string> prefixes;
    for (std::int32_t number = 1; number < pool.prefix.parts(domain::vpn_prefix_length); ++number) {
        numbers.push_back(number);
        prefixes.push_back(pool.prefix.part(domain::vpn_prefix_length, number).text());
    }
    return unless_duplicate([&] {
        const auto id =
            insert(session_, "INSERT INTO vpn_pools (name, prefix, public_key, endpoint, dns, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                pool.name, pool.prefix.text(), pool.server.public_key.text(), pool.server.endpoint, pool.server.dns, to_sql(now));
        const std::vector<std::int64_t> pools(numbers.size(), id);
        execute_bulk(session_, "INSERT INTO vpn_prefixes (pool_id, number, prefix) VALUES (?, ?, ?)", pools, numbers, prefixes);
    });
}

bool VpnStore::change_server(const std::string& pool, const domain::VpnServer& server)
{
    execute(session_, // what their members read changes
        "UPDATE vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id SET v.version = v.version + 1"
        " WHERE p.name = ? AND v.order_id IS NOT NULL",
        pool);
    return execute(session_, "UPDATE vpn_pools SET public_key = ?, endpoint = ?, dns = ? WHERE name = ?", server.public_key.text(),
               server.endpoint, server.dns, pool)
        == 1;
}

std::vector<PoolUse> VpnStore::pools(domain::Instant now)
{
    const auto at = to_sql(now);
    std::vector<PoolUse> pools;
    const auto rows =
        select<std::string, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t>(session_,
            "SELECT p.name, p.prefix, p.public_key, p.endpoint, p.dns, COUNT(v.order_id),"
            " COUNT(IF(v.order_id IS NULL AND v.quarantined_until > ?, 1, NULL)),"
            " COUNT(IF(v.order_id IS NULL AND v.quarantined_until <= ?, 1, NULL))"
            " FROM vpn_pools p JOIN vpn_prefixes v ON v.pool_id = p.id GROUP BY p.id ORDER BY p.id",
            at, at);
    for (const auto& [name, prefix, key, endpoint, dns, given, quarantined, free] : rows)
        pools.push_back({{name, prefix_of(prefix), {key_of(key), endpoint, dns}}, given, quarantined, free});
    return pools;
}

std::vector<domain::Vpn> VpnStore::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return select_vpns(session_, VPN_COLUMNS "AND o.member_id = ? AND o.id < ? ORDER BY o.id DESC LIMIT ?", number_of(member),
        before.value_or(INT64_MAX), limit);
}

std::optional<domain::Vpn> VpnStore::by_order(domain::MemberId member, const domain::Uuid& order)
{
    return first_of(select_vpns(session_, VPN_COLUMNS "AND o.uuid = ? AND o.member_id = ?", order, number_of(member)));
}

std::optional<domain::Vpn> VpnStore::lock(domain::MemberId member, const domain::Uuid& order)
{
    select<std::int64_t>(session_, "SELECT id FROM orders WHERE uuid = ? AND member_id = ? FOR UPDATE", order, number_of(member));
    return by_order(member, order);
}

std::optional<domain::Vpn> VpnStore::by_order(const domain::Uuid& order)
{
    return first_of(select_vpns(session_, VPN_COLUMNS "AND o.uuid = ?", order));
}

/// Who is at it at the same time passes over what others are just taking. The index has the free rows in this very order (with order_id
/// before it, MariaDB sorts): otherwise all of them were locked, and others found none.
bool VpnStore::give_prefix(domain::OrderId order, domain::Instant now)
{
    const auto at = to_sql(now);
    const auto row = select_first<std::int64_t>(session_,
        "SELECT id FROM vpn_prefixes FORCE INDEX (vpn_prefixes_free) WHERE order_id IS NULL AND quarantined_until <= ?"
        " ORDER BY quarantined_until, pool_id, number LIMIT 1 FOR UPDATE SKIP LOCKED",
        at);
    if (!row) {
        const auto left = select_first<int>(session_,
            "SELECT 1 FROM vpn_prefixes FORCE INDEX (vpn_prefixes_free) WHERE order_id IS NULL AND quarantined_until <= ? LIMIT 1", at);
        if (left) throw Conflict{"all free prefixes are being taken"};
        return false;
    }
    const bool is_first = unless_duplicate([&] {
        execute(session_, "UPDATE vpn_prefixes SET order_id = ?, given_at = ?, version = version + 1 WHERE id = ? AND order_id IS NULL",
            number_of(order), at, std::get<0>(*row));
    });
    if (!is_first) throw Conflict{"the order was given a prefix meanwhile"};
    return true;
}

void VpnStore::release_prefix(domain::OrderId order, domain::Instant quarantined_until)
{
    execute(session_,
        "UPDATE vpn_prefixes SET order_id = NULL, public_key = NULL, configured_key = NULL, given_at = NULL, quarantined_until = ?,"
        " version = version + 1 WHERE order_id = ?",
        to_sql(quarantined_until), number_of(order));
}

bool VpnStore::set_key(domain::OrderId order, const domain::WireguardKey& key)
{
    return unless_duplicate([&] {
        execute(session_, "UPDATE vpn_prefixes SET public_key = ?, version = version + 1 WHERE order_id = ?", key.text(), number_of(order));
    });
}

bool VpnStore::is_server_key(const domain::WireguardKey& key)
{
    return select_first<int>(session_, "SELECT 1 FROM vpn_pools WHERE public_key = ? LIMIT 1", key.text()).has_value();
}

void VpnStore::set_configured(domain::OrderId order, const std::optional<domain::WireguardKey>& key)
{
    execute(session_, "UPDATE vpn_prefixes SET configured_key = ?, version = version + 1 WHERE order_id = ? AND NOT configured_key <=> ?",
        text_of(key), number_of(order), text_of(key));
}

std::vector<WantedPeer> VpnStore::wanted()
{
    std::vector<WantedPeer> peers;
    for (const auto& [order, key, prefix] : select<std::int64_t, std::string, std::string>(session_,
             "SELECT v.order_id, v.public_key, v.prefix FROM vpn_prefixes v JOIN orders o ON o.id = v.order_id"
             " WHERE v.public_key IS NOT NULL AND o.status = 'active' ORDER BY v.id"))
        peers.push_back({domain::OrderId{order}, {key_of(key), prefix_of(prefix)}});
    return peers;
}

void VpnStore::set_configured(const std::vector<WantedPeer>& peers)
{
    std::vector<std::int64_t> orders;
    std::vector<std::string> keys;
    for (const auto& [order, peer] : peers) {
        orders.push_back(number_of(order));
        keys.push_back(peer.key.text());
    }
    execute(session_,
        "UPDATE vpn_prefixes v JOIN orders o ON o.id = v.order_id SET v.configured_key = NULL, v.version = v.version + 1"
        " WHERE v.configured_key IS NOT NULL AND o.status <> 'active'");
    execute_bulk(session_,
        "UPDATE vpn_prefixes SET configured_key = ?, version = version + 1 WHERE order_id = ? AND NOT configured_key <=> ?", keys, orders,
        keys);
}

std::vector<VpnStore::VersionedOrder> VpnStore::orders_of(const std::vector<domain::MemberId>& members)
{
    std::vector<std::int64_t> numbers;
    for (const auto member : members) numbers.push_back(number_of(member));
    std::vector<VersionedOrder> orders;
    for_keys(numbers, [&](const auto&... keys) {
        const auto rows = select<std::string, std::int64_t>(session_,
            "SELECT o.uuid, o.version FROM orders o JOIN vpn_prefixes v ON v.order_id = o.id WHERE o.member_id IN " STORE_KEYS, keys...);
        for (const auto& [uuid, version] : rows) orders.push_back({uuid_of(uuid), version});
    });
    return orders;
}

} // namespace store

#undef VPN_COLUMNS
