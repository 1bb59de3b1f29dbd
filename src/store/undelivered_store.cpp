#include "store/undelivered_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {

namespace {

template <class... Args> std::vector<UndeliveredOrder> select_orders(Session& session, const char* sql, const Args&... args)
{
    std::vector<UndeliveredOrder> orders;
    for (const auto& [order, since, id] : select<std::string, std::string, std::int64_t>(session, sql, args...))
        orders.push_back({uuid_of(order), instant_of(since), id});
    return orders;
}

} // namespace

std::vector<UndeliveredOrder> UndeliveredStore::failed_since(domain::Instant then, const UndeliveredOrder& after, int limit)
{
    return select_orders(session_,
        "SELECT o.uuid, CAST(m.failed_at AS CHAR), m.position FROM machines m JOIN orders o ON o.id = m.order_id"
        " WHERE m.state = 'failed' AND o.status = 'provisioning' AND m.failed_at >= ? AND m.failed_at < ? AND (m.failed_at, m.position) > "
        "(?, ?)"
        " ORDER BY m.failed_at, m.position LIMIT ?",
        to_sql(after.since), to_sql(then), to_sql(after.since), after.id, limit);
}

std::vector<UndeliveredOrder> UndeliveredStore::waiting_since(domain::Instant then, const UndeliveredOrder& after, int limit)
{
    return select_orders(session_,
        "SELECT o.uuid, CAST(w.since AS CHAR), w.id FROM vpn_waiting w JOIN orders o ON o.id = w.order_id"
        " WHERE o.status = 'provisioning' AND w.since < ? AND w.id > ? ORDER BY w.id LIMIT ?",
        to_sql(then), after.id, limit);
}

std::vector<CreditedPayment> UndeliveredStore::card_payments_of(const domain::Uuid& order)
{
    std::vector<CreditedPayment> payments;
    const auto rows = select<std::string, std::int64_t, std::int64_t, std::string, std::int64_t>(session_,
        "SELECT p.uuid, p.id, p.member_id, p.currency, LEAST(SUM(LEAST(a.amount_minor, c.credited)), p.amount_minor - p.refunded_minor)"
        " FROM (SELECT l.credited_invoice_id AS invoice_id, -SUM(l.gross_minor) AS credited FROM orders o"
        "        JOIN invoice_lines l ON l.order_id = o.id AND l.credited_invoice_id IS NOT NULL"
        "        WHERE o.uuid = ? GROUP BY l.credited_invoice_id) c"
        " JOIN payment_allocations a ON a.invoice_id = c.invoice_id JOIN payments p ON p.id = a.payment_id"
        " WHERE p.means = 'card' AND p.state = 'booked' GROUP BY p.id ORDER BY p.id",
        order);
    for (const auto& [uuid, id, member, currency, credited] : rows)
        payments.push_back({uuid_of(uuid), id, domain::MemberId{member}, money_of(credited, currency)});
    return payments;
}

} // namespace store
