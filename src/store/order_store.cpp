#include "store/order_store.h"

#include "store/ids_by_uuid.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

// Every SELECT of whole orders lists the same columns, in the order of `Row`.
#define ORDER_COLUMNS                                                                                                                      \
    "SELECT id, uuid, member_id, sku, cores, ram_mb, os_disk_gb, os, vm_uuid, require_fs, plan_code, detail, currency, setup_minor, "      \
    "recurring_minor, "                                                                                                                    \
    "price_includes_vat,"                                                                                                                  \
    " billing_interval, status, CAST(placed_at AS CHAR), CAST(started_on AS CHAR), CAST(ends_on AS CHAR), version FROM orders "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using Row = std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::optional<int>, std::optional<int>, std::optional<int>,
    Text, Text, bool, Text, std::string, std::string, std::int64_t, std::int64_t, bool, Text, std::string, std::string, std::string, Text,
    std::int64_t>;

domain::Order order_of(const Row& row)
{
    const auto& [id, uuid, member, sku, cores, ram_mb, os_disk_gb, os, vm, require_fs, plan, detail, currency, setup, recurring,
        includes_vat, interval, status, placed_at, started_on, ends_on, version] = row;
    domain::Order order{.id = domain::OrderId{id},
        .uuid = uuid_of(uuid),
        .member = domain::MemberId{member},
        .sku = sku,
        .parameters = {.cores = cores, .ram_mb = ram_mb, .os_disk_gb = os_disk_gb, .os = os, .require_fs = require_fs, .plan = plan},
        .detail = detail,
        .charge = {money_of(setup, currency), money_of(recurring, currency)},
        .price_includes_vat = includes_vat,
        .status = domain::order_status_from(status),
        .placed_at = instant_of(placed_at),
        .started_on = date_of(started_on),
        .version = version};
    if (vm) order.parameters.vm = uuid_of(*vm);
    if (interval) order.interval = domain::interval_from(*interval);
    if (ends_on) order.ends_on = date_of(*ends_on);
    return order;
}

/// select<…> with the columns of Row.
template <class... Args> std::vector<domain::Order> select_orders(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<domain::Order> orders;
    orders.reserve(rows.size());
    for (const auto& row : rows) orders.push_back(order_of(row));
    return orders;
}

std::optional<domain::Order> first_of(std::vector<domain::Order> orders)
{
    if (orders.empty()) return std::nullopt;
    return std::move(orders.front());
}

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }
std::int64_t number_of(domain::OrderId order) { return static_cast<std::int64_t>(order); }

} // namespace

std::optional<domain::OrderId> OrderStore::add(
    const domain::Order& order, const std::optional<std::string>& running_key, const std::string& actor)
{
    std::int64_t id = 0;
    const auto& parameters = order.parameters;
    const std::optional<std::string> interval = order.interval ? std::optional{domain::to_text(*order.interval)} : std::nullopt;
    const bool added = unless_duplicate([&] {
        id = insert(session_,
            "INSERT INTO orders (uuid, member_id, sku, cores, ram_mb, os_disk_gb, os, vm_uuid, require_fs, plan_code, detail, currency, "
            "setup_minor, "
            "recurring_minor,"
            " price_includes_vat, billing_interval, status, running_key, placed_at, started_on, next_due_on)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            order.uuid, number_of(order.member), order.sku, parameters.cores, parameters.ram_mb, parameters.os_disk_gb, parameters.os,
            parameters.vm, parameters.require_fs, parameters.plan, order.detail, domain::to_text(order.charge.recurring.currency),
            order.charge.setup.minor, order.charge.recurring.minor, order.price_includes_vat, interval, domain::to_text(order.status),
            running_key, to_sql(order.placed_at), to_sql(order.started_on),
            parameters.vm ? std::nullopt : std::optional{to_sql(order.started_on)}); // a snapshot is billed once ready
    });
    if (!added) return std::nullopt;
    add_event(domain::OrderId{id}, actor, std::nullopt, domain::to_text(order.status), "placed", order.placed_at);
    return domain::OrderId{id};
}

void OrderStore::add(const std::vector<domain::Order>& orders, const std::string& actor)
{
    Numbers members, setups, recurrings, includes_vat;
    Texts uuids, skus, currencies, statuses, placed_at, started_on, details;
    std::vector<Text> plans, intervals;
    for (const auto& order : orders) {
        uuids.push_back(order.uuid.text());
        members.push_back(number_of(order.member));
        skus.push_back(order.sku);
        plans.push_back(order.parameters.plan);
        details.push_back(order.detail);
        currencies.emplace_back(domain::to_text(order.charge.recurring.currency));
        setups.push_back(order.charge.setup.minor);
        recurrings.push_back(order.charge.recurring.minor);
        includes_vat.push_back(order.price_includes_vat ? 1 : 0);
        intervals.push_back(order.interval ? Text{domain::to_text(*order.interval)} : std::nullopt);
        statuses.emplace_back(domain::to_text(order.status));
        placed_at.push_back(to_sql(order.placed_at));
        started_on.push_back(to_sql(order.started_on));
    }
    execute_bulk(session_,
        "INSERT INTO orders (uuid, member_id, sku, plan_code, detail, currency, setup_minor, recurring_minor, price_includes_vat,"
        " billing_interval, status, placed_at, started_on, next_due_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        uuids, members, skus, plans, details, currencies, setups, recurrings, includes_vat, intervals, statuses, placed_at, started_on,
        started_on);
    execute_bulk(session_, "INSERT INTO order_events (order_id, at, actor, to_status, reason) VALUES (?, ?, ?, ?, 'placed')",
        ids_by_uuid(session_, "SELECT uuid, id FROM orders WHERE uuid IN " STORE_KEYS, uuids), placed_at, Texts(orders.size(), actor),
        statuses);
}

std::optional<domain::Order> OrderStore::by_uuid(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(select_orders(session_, ORDER_COLUMNS "WHERE uuid = ? AND member_id = ?", uuid, number_of(member)));
}

std::optional<domain::Order> OrderStore::by_uuid(const domain::Uuid& uuid)
{
    return first_of(select_orders(session_, ORDER_COLUMNS "WHERE uuid = ?", uuid));
}

std::optional<domain::Order> OrderStore::lock(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(select_orders(session_, ORDER_COLUMNS "WHERE uuid = ? AND member_id = ? FOR UPDATE", uuid, number_of(member)));
}

std::optional<domain::Order> OrderStore::lock(const domain::Uuid& uuid)
{
    return first_of(select_orders(session_, ORDER_COLUMNS "WHERE uuid = ? FOR UPDATE", uuid));
}

std::optional<domain::Order> OrderStore::running(const std::string& running_key)
{
    return first_of(select_orders(session_, ORDER_COLUMNS "WHERE running_key = ? LOCK IN SHARE MODE", running_key));
}

std::vector<domain::Order> OrderStore::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    if (!before) return select_orders(session_, ORDER_COLUMNS "WHERE member_id = ? ORDER BY id DESC LIMIT ?", number_of(member), limit);
    return select_orders(
        session_, ORDER_COLUMNS "WHERE member_id = ? AND id < ? ORDER BY id DESC LIMIT ?", number_of(member), *before, limit);
}

bool OrderStore::has_active_tag(domain::MemberId member, const std::string& tag)
{
    return select_first<int>(session_,
        "SELECT 1 FROM orders o JOIN products p ON p.sku = o.sku WHERE o.member_id = ? AND o.status = 'active' AND p.tag = ? LIMIT 1",
        number_of(member), tag)
        .has_value();
}

bool OrderStore::has_running(domain::MemberId member)
{
    return select_first<int>(session_,
        "SELECT 1 FROM orders WHERE member_id = ? AND status IN ('placed', 'awaiting_payment', 'provisioning', 'active', 'suspended') "
        "LIMIT 1",
        number_of(member))
        .has_value();
}

bool OrderStore::needs_membership(domain::MemberId member, domain::Date until)
{
    return select_first<int>(session_,
        "SELECT 1 FROM orders o JOIN products p ON p.sku = o.sku WHERE o.member_id = ?"
        " AND o.status IN ('placed', 'awaiting_payment', 'provisioning', 'active', 'suspended') AND (o.ends_on IS NULL OR o.ends_on > ?)"
        " AND p.requires_membership LIMIT 1",
        number_of(member), to_sql(until))
        .has_value();
}

bool OrderStore::change_status(
    const domain::Order& order, domain::OrderStatus to, const std::string& actor, const std::string& reason, domain::Instant now)
{
    const auto changed = execute(session_,
        "UPDATE orders SET status = ?, running_key = IF(? IN ('cancelled', 'ended'), NULL, running_key), version = version + 1"
        " WHERE id = ? AND status = ?",
        domain::to_text(to), domain::to_text(to), number_of(order.id), domain::to_text(order.status));
    if (changed != 1) return false;
    add_event(order.id, actor, std::string{domain::to_text(order.status)}, domain::to_text(to), reason, now);
    return true;
}

void OrderStore::set_end(const domain::Order& order, domain::Date ends_on, domain::Date today, const std::string& actor,
    const std::string& reason, domain::Instant now)
{
    execute(session_,
        "UPDATE orders SET ends_on = ?, end_known_on = ?, next_due_on = LEAST(next_due_on, ?), version = version + 1 WHERE id = ?",
        to_sql(ends_on), to_sql(today), to_sql(today), number_of(order.id));
    const std::string status{domain::to_text(order.status)};
    add_event(order.id, actor, status, status, reason, now);
}

void OrderStore::change(
    const domain::Order& before, const domain::Order& after, domain::Date on, const std::string& actor, domain::Instant now)
{
    execute(session_,
        "INSERT INTO order_versions (order_id, version, valid_until, cores, ram_mb, os_disk_gb, recurring_minor) VALUES (?, ?, ?, ?, ?, ?, "
        "?)",
        number_of(before.id), before.version, to_sql(on), before.parameters.cores, before.parameters.ram_mb, before.parameters.os_disk_gb,
        before.charge.recurring.minor);
    execute(session_,
        "UPDATE orders SET cores = ?, ram_mb = ?, os_disk_gb = ?, recurring_minor = ?, changes = changes + 1,"
        " next_due_on = LEAST(next_due_on, ?), version = version + 1 WHERE id = ?",
        after.parameters.cores, after.parameters.ram_mb, after.parameters.os_disk_gb, after.charge.recurring.minor, to_sql(on),
        number_of(before.id));
    const std::string status{domain::to_text(before.status)};
    add_event(before.id, actor, status, status, "parameters changed", now);
}

void OrderStore::fit(const domain::Order& order)
{
    execute(session_, "UPDATE orders SET os_disk_gb = ?, recurring_minor = ?, version = version + 1 WHERE id = ?",
        order.parameters.os_disk_gb, order.charge.recurring.minor, number_of(order.id));
}

std::vector<OrderEvent> OrderStore::events_of(domain::OrderId order)
{
    std::vector<OrderEvent> events;
    const auto rows = select<std::string, std::string, Text, std::string, std::string>(session_,
        "SELECT CAST(at AS CHAR), actor, from_status, to_status, reason FROM order_events WHERE order_id = ? ORDER BY id",
        number_of(order));
    for (const auto& [at, actor, from, to, reason] : rows) events.push_back({instant_of(at), actor, from, to, reason});
    return events;
}

void OrderStore::note(const domain::Order& order, const std::string& actor, const std::string& reason, domain::Instant now)
{
    const auto newest = select_first<std::string>(
        session_, "SELECT reason FROM order_events WHERE order_id = ? ORDER BY id DESC LIMIT 1", number_of(order.id));
    if (newest && std::get<0>(*newest) == reason) return;
    const std::string status{domain::to_text(order.status)};
    add_event(order.id, actor, status, status, reason, now);
}

std::vector<domain::Uuid> OrderStore::waiting_of(domain::MemberId member)
{
    std::vector<domain::Uuid> uuids;
    const auto rows = select<std::string>(session_,
        "SELECT uuid FROM orders WHERE member_id = ? AND status IN ('placed', 'awaiting_payment', 'provisioning') AND vm_uuid IS NULL"
        " ORDER BY id",
        number_of(member));
    for (const auto& [uuid] : rows) uuids.push_back(uuid_of(uuid));
    return uuids;
}

std::vector<std::int64_t> OrderStore::open_documents(domain::OrderId order)
{
    std::vector<std::int64_t> open;
    const auto rows = select<std::int64_t>(session_,
        "SELECT DISTINCT r.invoice_id FROM invoice_lines l JOIN receivables r ON r.invoice_id = l.invoice_id AND r.open_minor > 0"
        " WHERE l.order_id = ? ORDER BY r.invoice_id",
        number_of(order));
    for (const auto& [invoice] : rows) open.push_back(invoice);
    return open;
}

std::vector<domain::Uuid> OrderStore::ending_by(domain::Date day, int limit)
{
    std::vector<domain::Uuid> uuids;
    const auto rows = select<std::string>(session_,
        "SELECT uuid FROM orders WHERE status IN ('active', 'suspended') AND ends_on <= ? ORDER BY ends_on LIMIT ?", to_sql(day), limit);
    for (const auto& [uuid] : rows) uuids.push_back(uuid_of(uuid));
    return uuids;
}

void OrderStore::add_event(domain::OrderId order, const std::string& actor, const std::optional<std::string>& from, std::string_view to,
    const std::string& reason, domain::Instant now)
{
    execute(session_, "INSERT INTO order_events (order_id, at, actor, from_status, to_status, reason) VALUES (?, ?, ?, ?, ?, ?)",
        number_of(order), to_sql(now), actor, from, to, reason);
}

std::vector<UnpaidOrder> OrderStore::unpaid_since(domain::Instant then, const UnpaidOrder& after, int limit)
{
    std::vector<UnpaidOrder> orders;
    const auto rows = select<std::string, std::string, std::int64_t>(session_,
        "SELECT uuid, CAST(placed_at AS CHAR), id FROM orders WHERE status = 'awaiting_payment' AND placed_at >= ? AND placed_at < ?"
        " AND (placed_at, id) > (?, ?) ORDER BY placed_at, id LIMIT ?",
        to_sql(after.placed_at), to_sql(then), to_sql(after.placed_at), after.id, limit);
    for (const auto& [uuid, placed_at, id] : rows) orders.push_back({uuid_of(uuid), instant_of(placed_at), id});
    return orders;
}

std::vector<std::string> OrderStore::charged_on(domain::OrderId order)
{
    std::vector<std::string> numbers;
    const auto rows = select<std::string>(session_,
        "SELECT DISTINCT i.number FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id"
        " WHERE l.order_id = ? AND l.kind NOT IN ('credit', 'adjustment') AND IF(l.includes_vat, l.gross_minor, l.net_minor)"
        "  + (SELECT COALESCE(SUM(IF(c.includes_vat, c.gross_minor, c.net_minor)), 0) FROM invoice_lines c"
        "     WHERE c.credited_invoice_id = l.invoice_id AND c.credited_position = l.position) > 0"
        " ORDER BY i.number",
        number_of(order));
    for (const auto& [number] : rows) numbers.push_back(number);
    return numbers;
}

} // namespace store

#undef ORDER_COLUMNS
