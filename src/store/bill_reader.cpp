#include "store/bill_reader.h"

#include "store/sql.h"
#include "store/statement.h"

#define BILLS                                                                                                                              \
    "SELECT i.number,"                                                                                                                     \
    " CASE WHEN MAX(l.period_start = o.started_on AND o.sku = 'dedicated-server') THEN 'purchase-servers'"                                 \
    " WHEN MAX(l.period_start = o.started_on) THEN 'purchase' ELSE 'autorenew' END AS category,"                                           \
    " COALESCE(MIN(s.checkout_id), 0) AS checkout,"                                                                                        \
    " COALESCE((SELECT MIN(c.number) FROM invoice_lines k JOIN invoices c ON c.id = k.credited_invoice_id WHERE k.invoice_id = i.id), '')" \
    " FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id JOIN orders o ON o.id = l.order_id"                                      \
    " LEFT JOIN server_orders s ON s.order_id = o.id WHERE i.kind = ? AND i.status = 'issued' AND i.member_id = ? "

namespace store {
namespace {

const std::string beginning_of_time{"1000-01-01"}, end_of_time{"9999-12-31"};

template <class... Args> std::vector<Bill> select_bills(Session& session, const char* sql, const Args&... args)
{
    std::vector<Bill> bills;
    for (const auto& [number, category, checkout, original] :
        select<std::string, std::string, std::int64_t, std::string>(session, sql, args...))
        bills.push_back({number, category, checkout, original});
    return bills;
}

std::string document_kind(BillKind kind) { return kind == BillKind::bill ? "invoice" : "credit_note"; }

} // namespace

std::vector<Bill> BillReader::bills(domain::MemberId member, const BillFilter& filter)
{
    return select_bills(session_,
        BILLS "AND i.issued_at >= ? AND i.issued_at <= ?"
              " AND (? IS NULL OR i.id IN (SELECT c.invoice_id FROM server_orders b JOIN invoice_lines c ON c.order_id = b.order_id"
              "  WHERE b.checkout_id = ?))"
              " GROUP BY i.id HAVING ? IS NULL OR category = ? ORDER BY i.id",
        document_kind(filter.kind), static_cast<std::int64_t>(member), filter.from ? to_sql(*filter.from) : beginning_of_time,
        filter.to ? to_sql(*filter.to) : end_of_time, filter.checkout, filter.checkout, filter.category, filter.category);
}

std::optional<Bill> BillReader::bill(domain::MemberId member, const std::string& number, BillKind kind)
{
    auto bills =
        select_bills(session_, BILLS "AND i.number = ? GROUP BY i.id", document_kind(kind), static_cast<std::int64_t>(member), number);
    if (bills.empty()) return std::nullopt;
    return std::move(bills.front());
}

} // namespace store

#undef BILLS
