#include "store/billing_store.h"

#include "store/invoice_tax_columns.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

// The way is written down, as statistics lag behind a book that grows by a run.
#define DUE_MEMBERS                                                                                                                        \
    "(SELECT DISTINCT member_id FROM orders FORCE INDEX (orders_due_of_member) WHERE member_id BETWEEN ? AND ? AND next_due_on <= ?)"

// Days travel as numbers: a civil day is DATEDIFF(day, '1970-01-01').
namespace store {
namespace {

using Number = std::optional<std::int64_t>;
using domain::Day;

Day day_of(std::int64_t number) { return Day{std::chrono::days{number}}; }

std::optional<Day> day_of(const Number& number) { return number ? std::optional{day_of(*number)} : std::nullopt; }

domain::Currency currency_of(const std::string& code)
{
    const auto currency = domain::currency_from(code);
    if (!currency) throw std::runtime_error{"unknown currency"};
    return *currency;
}

std::optional<std::string> sql_day(const std::optional<Day>& day) { return day ? std::optional{to_sql(domain::Date{*day})} : std::nullopt; }

} // namespace

std::vector<BillableMember> BillingStore::due(domain::MemberId first, domain::MemberId last, Day day)
{
    const auto from = static_cast<std::int64_t>(first);
    const auto to = static_cast<std::int64_t>(last);
    const auto due_by = to_sql(domain::Date{day});
    std::vector<BillableMember> members;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
        std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::optional<int>>(session_,
        "SELECT m.id, m.uid, m.company, m.address_name, m.name, m.street, m.house_number, m.postal_code, m.city, m.country, m.language,"
        " m.vat_id, m.customer_kind, COALESCE(v.state, 'none'), COALESCE(v.consultation, ''), m.payment_days FROM " DUE_MEMBERS " d"
        " STRAIGHT_JOIN members m ON m.id = d.member_id LEFT JOIN vat_ids v ON v.member_id = m.id ORDER BY m.id",
        from, to, due_by);
    members.reserve(rows.size());
    for (const auto& [id, uid, company, address_name, name, street, house_number, postal_code, city, country, language, vat_id, kind,
             vat_id_state, consultation, payment_days] : rows)
        members.push_back({.id = domain::MemberId{id},
            .uid = uid,
            .recipient = {company, address_name.empty() ? name : address_name, street, house_number, postal_code, city, country, language,
                vat_id},
            .vat = {{domain::customer_kind_from(kind), country, postal_code, domain::vat_id_state_from(vat_id_state)}, vat_id,
                consultation},
            .payment_days = payment_days});

    const auto orders = select<std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::int64_t, bool,
        std::optional<std::string>, std::int64_t, Number, Number, std::int64_t, Number, Number, bool, int, std::int64_t, std::int64_t,
        std::optional<int>, std::optional<int>, std::optional<int>, std::string>(session_,
        R"(SELECT o.id, o.member_id, o.sku, o.currency, o.setup_minor, o.recurring_minor, o.price_includes_vat, o.billing_interval,
             DATEDIFF(o.started_on, '1970-01-01'), DATEDIFF(o.ends_on, '1970-01-01'), DATEDIFF(o.end_known_on, '1970-01-01'),
             DATEDIFF(o.next_due_on, '1970-01-01'), DATEDIFF(o.open_from, '1970-01-01'), DATEDIFF(o.billed_through, '1970-01-01'),
             o.setup_billed, o.changes, o.version, o.billing_turn, o.cores, o.ram_mb, o.os_disk_gb, o.detail
           FROM )" DUE_MEMBERS R"( d
           STRAIGHT_JOIN orders o FORCE INDEX (orders_due_of_member) ON o.member_id = d.member_id AND o.next_due_on IS NOT NULL
           ORDER BY o.member_id, o.id)",
        from, to, due_by);
    auto member = members.begin();
    for (const auto& [id, owner, sku, currency, setup, recurring, includes_vat, interval, started_on, ends_on, end_known_on, next_due_on,
             open_from, billed_through, setup_billed, changes, version, billing_turn, cores, ram_mb, os_disk_gb, detail] : orders) {
        while (member != members.end() && static_cast<std::int64_t>(member->id) < owner) ++member;
        if (member == members.end()) break;
        if (static_cast<std::int64_t>(member->id) != owner) continue; // became due between the two statements
        const auto known_currency = domain::currency_from(currency);
        if (!known_currency) {
            member->fault = "unknown currency " + currency + " of order " + std::to_string(id);
            continue;
        }
        member->orders.push_back({.id = id,
            .sku = sku,
            .currency = *known_currency,
            .setup_minor = setup,
            .recurring_minor = recurring,
            .includes_vat = includes_vat,
            .interval = interval,
            .started_on = day_of(started_on),
            .ends_on = day_of(ends_on),
            .end_known_on = day_of(end_known_on),
            .next_due_on = day_of(next_due_on),
            .open_from = day_of(open_from),
            .billed_through = day_of(billed_through),
            .setup_billed = setup_billed,
            .changes = changes,
            .version = version,
            .billing_turn = billing_turn,
            .parameters = {.cores = cores, .ram_mb = ram_mb, .os_disk_gb = os_disk_gb},
            .detail = detail});
    }

    const auto credits = select<std::int64_t, std::string, std::int64_t>(session_,
        "SELECT member_id, currency, credit_minor FROM credit_balances WHERE member_id BETWEEN ? AND ? ORDER BY member_id", from, to);
    member = members.begin();
    for (const auto& [owner, currency, credit] : credits) {
        while (member != members.end() && static_cast<std::int64_t>(member->id) < owner) ++member;
        if (member == members.end()) break;
        if (static_cast<std::int64_t>(member->id) == owner) member->credit[currency_of(currency)] = credit;
    }
    return members;
}

std::map<std::int64_t, std::vector<EarlierVersion>> BillingStore::versions_of(const std::vector<std::int64_t>& orders)
{
    std::map<std::int64_t, std::vector<EarlierVersion>> versions;
    for_keys(orders, [&](const auto&... keys) {
        const auto rows =
            select<std::int64_t, std::int64_t, std::int64_t, std::optional<int>, std::optional<int>, std::optional<int>>(session_,
                "SELECT order_id, DATEDIFF(valid_until, '1970-01-01'), recurring_minor, cores, ram_mb, os_disk_gb FROM order_versions"
                " WHERE order_id IN " STORE_KEYS " ORDER BY order_id, version",
                keys...);
        for (const auto& [order, until, recurring, cores, ram_mb, os_disk_gb] : rows)
            versions[order].push_back({day_of(until), recurring, {.cores = cores, .ram_mb = ram_mb, .os_disk_gb = os_disk_gb}});
    });
    return versions;
}

std::vector<IssuedLine> BillingStore::lines_of(const std::vector<std::int64_t>& orders, Day past)
{
    std::vector<IssuedLine> lines;
    const auto bound = to_sql(domain::Date{past});
    for_keys(orders, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::int64_t, int, std::string, std::string, std::int64_t, Number, Number, Number, int,
            std::int64_t, std::int64_t, std::int64_t, int, bool, Number, std::optional<int>, int, INVOICE_TAX_TYPES>(session_,
            R"(SELECT l.order_id, l.invoice_id, l.position, l.kind, l.sku, DATEDIFF(l.period_start, '1970-01-01'),
                 DATEDIFF(l.period_end, '1970-01-01'), DATEDIFF(l.whole_start, '1970-01-01'), DATEDIFF(l.whole_end, '1970-01-01'),
                 l.quantity, l.unit_minor, IF(l.includes_vat, l.gross_minor, l.net_minor), l.vat_minor, l.vat_rate, l.includes_vat,
                 l.credited_invoice_id, l.credited_position, l.turn, )" INVOICE_TAX_COLUMNS R"(
               FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
               LEFT JOIN invoice_lines c ON c.invoice_id = l.credited_invoice_id AND c.position = l.credited_position
               WHERE l.order_id IN )" STORE_KEYS R"( AND (l.kind IN ('credit', 'adjustment') OR l.period_end > ?)
                 AND l.kind <> 'fee' AND (c.kind IS NULL OR c.kind <> 'fee')
               ORDER BY l.credited_invoice_id IS NOT NULL, l.invoice_id, l.position)",
            keys..., bound);
        for (const auto& [order, invoice, position, kind, sku, start, end, whole_start, whole_end, quantity, unit, amount, vat, rate,
                 includes_vat, credited_invoice, credited_position, turn, treatment, vat_country, note, flag, why, id_used, consultation,
                 oss_id] : rows) {
            IssuedLine line{.order = order,
                .charge = {.ref = {invoice, position},
                    .kind = domain::line_kind_from(kind),
                    .sku = sku,
                    .days = {day_of(start), day_of(end.value_or(start))},
                    .whole = {day_of(whole_start.value_or(0)), day_of(whole_end.value_or(0))},
                    .quantity = quantity,
                    .unit_minor = unit,
                    .amount = amount,
                    .vat = vat,
                    .rate = {rate},
                    .includes_vat = includes_vat},
                .turn = turn,
                .tax = invoice_tax_of(treatment, vat_country, note, flag, why, id_used, consultation, oss_id)};
            if (credited_invoice) line.credits = domain::LineRef{*credited_invoice, credited_position.value_or(0)};
            lines.push_back(std::move(line));
        }
    });
    return lines;
}

std::map<std::int64_t, std::vector<std::pair<domain::Currency, domain::Receivable>>> BillingStore::open_of(
    const std::vector<std::int64_t>& members)
{
    std::map<std::int64_t, std::vector<std::pair<domain::Currency, domain::Receivable>>> open;
    for_keys(members, [&](const auto&... keys) {
        const auto rows = select<std::int64_t, std::int64_t, std::string, std::int64_t>(session_,
            "SELECT open_of, invoice_id, currency, open_minor FROM receivables WHERE open_of IN " STORE_KEYS
            " ORDER BY open_of, invoice_id",
            keys...);
        for (const auto& [member, invoice, currency, minor] : rows)
            open[member].emplace_back(currency_of(currency), domain::Receivable{.document = invoice, .open = minor});
    });
    return open;
}

void BillingStore::mark(const std::vector<OrderMark>& marks)
{
    std::vector<std::optional<std::string>> next_due, billed_through;
    std::vector<std::string> open_from;
    std::vector<std::int64_t> setup_billed, orders, versions, turns;
    for (const auto& mark : marks) {
        next_due.push_back(sql_day(mark.next_due_on));
        open_from.push_back(to_sql(domain::Date{mark.open_from}));
        billed_through.push_back(sql_day(mark.billed_through));
        setup_billed.push_back(mark.setup_billed ? 1 : 0);
        orders.push_back(mark.order);
        versions.push_back(mark.version);
        turns.push_back(mark.billing_turn);
    }
    const auto found = execute_bulk(session_,
        "UPDATE orders SET next_due_on = ?, open_from = ?, billed_through = ?, setup_billed = ?, billing_turn = billing_turn + 1"
        " WHERE id = ? AND version = ? AND billing_turn = ?",
        next_due, open_from, billed_through, setup_billed, orders, versions, turns);
    if (found != marks.size()) throw Conflict{"an order was changed or billed meanwhile"};
}

std::optional<Day> BillingStore::next_due(domain::MemberId member)
{
    const auto row = select_first<Number>(session_,
        "SELECT DATEDIFF(MIN(next_due_on), '1970-01-01') FROM orders WHERE member_id = ? AND next_due_on < '9999-12-31'",
        static_cast<std::int64_t>(member));
    return row ? day_of(std::get<0>(*row)) : std::nullopt;
}

std::vector<std::pair<std::int64_t, std::int64_t>> BillingStore::due_members(Day day, domain::Instant failed_since)
{
    std::vector<std::pair<std::int64_t, std::int64_t>> members;
    const auto rows = select<std::int64_t, std::int64_t>(session_,
        "SELECT member_id, COUNT(*) FROM orders FORCE INDEX (orders_due) WHERE next_due_on <= ?"
        " AND member_id NOT IN (SELECT member_id FROM billing_errors WHERE last_at >= ?)"
        " AND member_id NOT IN (SELECT held_member FROM vat_ids WHERE held_member IS NOT NULL) GROUP BY member_id ORDER BY member_id",
        to_sql(domain::Date{day}), to_sql(failed_since));
    members.reserve(rows.size());
    for (const auto& [member, orders] : rows) members.emplace_back(member, orders);
    return members;
}

} // namespace store

#undef DUE_MEMBERS
