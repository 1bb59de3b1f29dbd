#include "store/supply_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>
#include <set>

// Every SELECT of whole supplies lists the same columns, in the order of `Row`.
#define SUPPLY_COLUMNS                                                                                                                     \
    "s.order_id, o.uuid, s.supplier, s.step, s.held_reason, s.cart_id, s.supplier_order_id, s.status, s.currency, s.net_minor,"            \
    " s.gross_minor, s.price_accepted, CAST(s.sent_at AS CHAR), CAST(s.delivered_at AS CHAR), s.server_name, s.attempts, s.last_error,"    \
    " CAST(s.look_at AS CHAR), s.starts, s.version"
#define SUPPLY_TYPES                                                                                                                       \
    std::int64_t, std::string, std::string, std::string, std::string, std::string, std::optional<std::int64_t>, std::string,               \
        std::optional<std::string>, std::optional<std::int64_t>, std::optional<std::int64_t>, bool, std::optional<std::string>,            \
        std::optional<std::string>, std::string, int, std::string, std::string, int, std::int64_t

namespace store {
namespace {

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

std::int64_t number_of(domain::OrderId order) { return static_cast<std::int64_t>(order); }

domain::Supply supply_of(const std::tuple<SUPPLY_TYPES>& row)
{
    const auto& [order, uuid, supplier, step, held_reason, cart, supplier_order, status, currency, net, gross, accepted, sent_at,
        delivered_at, server_name, attempts, last_error, look_at, starts, version] = row;
    domain::Supply supply{.order = domain::OrderId{order},
        .uuid = uuid_of(uuid),
        .supplier = supplier,
        .step = domain::supply_step_from(step),
        .held_reason = held_reason,
        .cart = cart,
        .supplier_order = supplier_order,
        .status = status,
        .price_accepted = accepted,
        .sent_at = instant_of(sent_at),
        .delivered_at = instant_of(delivered_at),
        .server_name = server_name,
        .attempts = attempts,
        .last_error = last_error,
        .look_at = instant_of(look_at),
        .starts = starts,
        .version = version};
    if (currency && net && gross) {
        supply.net = money_of(*net, *currency);
        supply.gross = money_of(*gross, *currency);
    }
    return supply;
}

Text to_sql(const std::optional<domain::Instant>& instant) { return instant ? Text{store::to_sql(*instant)} : std::nullopt; }

} // namespace

std::optional<ServerToSupply> SupplyStore::server(domain::OrderId order)
{
    const auto row = select_first<std::string, std::string, Text, Text, std::string>(session_,
        "SELECT s.plan_code, COALESCE(p.supplier, ''), JSON_VALUE(s.configuration, '$.dedicated_datacenter'), s.server_name,"
        " CAST(COALESCE((SELECT MIN(e.at) FROM order_events e WHERE e.order_id = s.order_id AND e.to_status = 'provisioning'),"
        " o.placed_at) AS CHAR)"
        " FROM server_orders s JOIN orders o ON o.id = s.order_id LEFT JOIN plans p ON p.code = s.plan_code WHERE s.order_id = ?",
        number_of(order));
    if (!row) return std::nullopt;
    const auto& [plan, supplier, datacenter, name, since] = *row;
    return ServerToSupply{order, plan, supplier, datacenter.value_or(""), name, instant_of(since)};
}

void SupplyStore::name_server(domain::OrderId order, const std::string& name)
{
    execute(session_, "UPDATE server_orders SET server_name = ? WHERE order_id = ?", name, number_of(order));
}

void SupplyStore::add(domain::OrderId order, const std::string& supplier, domain::Instant now)
{
    execute(session_,
        "INSERT INTO supplies (order_id, supplier, look_at, created_at, changed_at) VALUES (?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE supplies.order_id = supplies.order_id",
        number_of(order), supplier, store::to_sql(now), store::to_sql(now), store::to_sql(now));
}

std::optional<domain::Supply> SupplyStore::of(const domain::Uuid& order)
{
    const auto row = select_first<SUPPLY_TYPES>(
        session_, "SELECT " SUPPLY_COLUMNS " FROM orders o JOIN supplies s ON s.order_id = o.id WHERE o.uuid = ?", order);
    return row ? std::optional{supply_of(*row)} : std::nullopt;
}

bool SupplyStore::save(domain::Supply& supply, domain::Instant now)
{
    const auto currency = supply.net ? Text{domain::to_text(supply.net->currency)} : std::nullopt;
    std::uint64_t saved = 0;
    const bool unique = unless_duplicate([&] {
        saved = execute(session_,
            "UPDATE supplies SET step = ?, held_reason = ?, cart_id = ?, supplier_order_id = ?, status = ?, currency = ?, net_minor = ?,"
            " gross_minor = ?, price_accepted = ?, sent_at = ?, delivered_at = ?, server_name = ?, attempts = ?, last_error = ?, look_at = "
            "?,"
            " starts = ?, changed_at = ?, version = version + 1 WHERE order_id = ? AND version = ?",
            domain::to_text(supply.step), supply.held_reason.substr(0, 1000), supply.cart, supply.supplier_order, supply.status, currency,
            supply.net ? Number{supply.net->minor} : std::nullopt, supply.gross ? Number{supply.gross->minor} : std::nullopt,
            supply.price_accepted, to_sql(supply.sent_at), to_sql(supply.delivered_at), supply.server_name, supply.attempts,
            supply.last_error.substr(0, 255), store::to_sql(supply.look_at), supply.starts, store::to_sql(now), number_of(supply.order),
            supply.version);
    });
    if (!unique || saved != 1) return false;
    ++supply.version;
    return true;
}

domain::ServerWish SupplyStore::wish(domain::OrderId order)
{
    const auto server = select_first<std::string, std::string, std::string, Text>(session_,
        "SELECT p.supplier_product, p.supplier_code, s.pricing_mode, o.billing_interval FROM server_orders s"
        " JOIN orders o ON o.id = s.order_id JOIN plans p ON p.code = s.plan_code WHERE s.order_id = ?",
        number_of(order));
    const auto& [product, plan, mode, interval] = server.value();
    domain::ServerWish wish{.product = product,
        .plan = plan,
        .pricing_mode = mode,
        .duration = domain::interval_from(interval.value_or("P1M")).value_or(domain::Interval{})};

    const auto options = select<std::string, std::string>(session_,
        "SELECT p.code, p.supplier_code FROM server_orders s"
        " JOIN JSON_TABLE(s.options, '$[*]' COLUMNS (position FOR ORDINALITY, code VARCHAR(64) PATH '$')) t"
        " JOIN plans p ON p.code = t.code WHERE s.order_id = ? ORDER BY t.position",
        number_of(order));
    const auto chosen = select<std::string, std::string, std::string>(session_,
        "SELECT '', t.label, JSON_VALUE(s.configuration, CONCAT('$.\"', t.label, '\"')) FROM server_orders s"
        " JOIN JSON_TABLE(JSON_KEYS(s.configuration), '$[*]' COLUMNS (label VARCHAR(64) PATH '$')) t"
        " WHERE s.order_id = ? AND JSON_TYPE(JSON_EXTRACT(s.configuration, CONCAT('$.\"', t.label, '\"'))) <> 'OBJECT'"
        " UNION ALL"
        " SELECT p.plan, t.label, JSON_VALUE(s.configuration, CONCAT('$.\"', p.plan, '\".\"', t.label, '\"')) FROM server_orders s"
        " JOIN JSON_TABLE(JSON_KEYS(s.configuration), '$[*]' COLUMNS (plan VARCHAR(64) PATH '$')) p"
        " JOIN JSON_TABLE(COALESCE(JSON_KEYS(s.configuration, CONCAT('$.\"', p.plan, '\"')), '[]'), '$[*]'"
        "  COLUMNS (label VARCHAR(64) PATH '$')) t WHERE s.order_id = ?",
        number_of(order), number_of(order));
    for (const auto& [code, supplier_code] : options) {
        auto& option = wish.options.emplace_back();
        option.plan = supplier_code;
        for (const auto& [of, label, value] : chosen)
            if (of == code) option.configuration[label] = value;
    }
    for (const auto& [of, label, value] : chosen)
        if (of.empty()) wish.configuration[label] = value;
    return wish;
}

std::optional<domain::Money> SupplyStore::cost(domain::OrderId order)
{
    const auto rows = select<Text, Number>(session_,
        "SELECT c.cost_currency, c.cost_setup_minor + c.cost_recurring_minor FROM (SELECT s.order_id, s.plan_code AS code FROM "
        "server_orders s"
        "  WHERE s.order_id = ? UNION ALL SELECT s.order_id, t.code FROM server_orders s"
        "  JOIN JSON_TABLE(s.options, '$[*]' COLUMNS (code VARCHAR(64) PATH '$')) t WHERE s.order_id = ?) x"
        " JOIN orders o ON o.id = x.order_id JOIN server_orders s ON s.order_id = x.order_id JOIN plans p ON p.code = x.code"
        " LEFT JOIN plan_prices c ON c.plan_id = p.id AND c.currency = o.currency AND c.pricing_mode = s.pricing_mode"
        "  AND c.duration = o.billing_interval AND c.valid_from = (SELECT MAX(l.valid_from) FROM plan_prices l WHERE l.plan_id = p.id"
        "   AND l.currency = o.currency AND l.pricing_mode = s.pricing_mode AND l.duration = o.billing_interval"
        "   AND l.valid_from <= o.started_on)",
        number_of(order), number_of(order));
    std::optional<domain::Money> sum;
    for (const auto& [currency, minor] : rows) {
        if (!currency || !minor) return std::nullopt;
        const auto part = money_of(*minor, *currency);
        if (sum && sum->currency != part.currency) return std::nullopt;
        sum = sum ? *sum + part : part;
    }
    return sum;
}

std::vector<std::int64_t> SupplyStore::claimed(const std::string& supplier, const std::vector<std::int64_t>& orders)
{
    std::vector<std::int64_t> found;
    if (orders.empty()) return found;
    const std::set<std::int64_t> asked{orders.begin(), orders.end()};
    const auto rows =
        select<std::int64_t>(session_, "SELECT supplier_order_id FROM supplies WHERE supplier = ? AND supplier_order_id BETWEEN ? AND ?",
            supplier, *asked.begin(), *asked.rbegin());
    for (const auto& [order] : rows)
        if (asked.contains(order)) found.push_back(order);
    return found;
}

std::size_t SupplyStore::unresolved_alike(const domain::Supply& supply)
{
    const auto row = select_first<std::int64_t>(session_,
        "SELECT COUNT(*) FROM supplies u JOIN server_orders a ON a.order_id = u.order_id JOIN server_orders b ON b.order_id = ?"
        " WHERE u.supplier = ? AND u.step = 'checkout_sent' AND a.plan_code = b.plan_code AND a.pricing_mode = b.pricing_mode"
        " AND a.options = b.options AND a.configuration = b.configuration",
        number_of(supply.order), supply.supplier);
    return static_cast<std::size_t>(std::get<0>(row.value()));
}

std::vector<SupplyRecord> SupplyStore::list(const std::string& step, bool held, int limit)
{
    std::vector<SupplyRecord> records;
    const auto rows = select<SUPPLY_TYPES, std::string, std::string, std::string>(session_,
        "SELECT " SUPPLY_COLUMNS ", m.uid, t.plan_code, o.status FROM supplies s JOIN orders o ON o.id = s.order_id"
        " JOIN members m ON m.id = o.member_id JOIN server_orders t ON t.order_id = s.order_id"
        " WHERE ? IN ('', s.step) AND (NOT ? OR s.held_reason <> '') ORDER BY s.order_id DESC LIMIT ?",
        step, held, limit);
    for (const auto& row : rows) {
        const auto of_supply = [&]<std::size_t... I>(std::index_sequence<I...>) { return std::tuple<SUPPLY_TYPES>{std::get<I>(row)...}; }
        (std::make_index_sequence<std::tuple_size_v<std::tuple<SUPPLY_TYPES>>>{});
        constexpr auto next = std::tuple_size_v<std::tuple<SUPPLY_TYPES>>;
        records.push_back({supply_of(of_supply), std::get<next>(row), std::get<next + 1>(row), std::get<next + 2>(row)});
    }
    return records;
}

} // namespace store

#undef SUPPLY_COLUMNS
#undef SUPPLY_TYPES
