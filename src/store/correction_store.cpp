#include "store/correction_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {

std::map<int, std::int64_t> CorrectionStore::lock_credited(std::int64_t invoice)
{
    execute(session_,
        "UPDATE orders SET billing_turn = billing_turn + 1"
        " WHERE id IN (SELECT order_id FROM invoice_lines WHERE invoice_id = ?) ORDER BY id",
        invoice);
    std::map<int, std::int64_t> credited;
    const auto rows = select<int, std::int64_t>(session_,
        "SELECT credited_position, CAST(SUM(-IF(includes_vat, gross_minor, net_minor)) AS INT)"
        " FROM invoice_lines WHERE credited_invoice_id = ? GROUP BY credited_position LOCK IN SHARE MODE",
        invoice);
    for (const auto& [position, amount] : rows) credited[position] = amount;
    return credited;
}

std::map<std::pair<domain::OrderId, domain::Date>, int> CorrectionStore::next_turns(std::int64_t invoice)
{
    std::map<std::pair<domain::OrderId, domain::Date>, int> turns;
    const auto rows = select<std::int64_t, std::string, int>(session_,
        "SELECT a.order_id, CAST(a.period_start AS CHAR), MAX(a.turn) + 1 FROM invoice_lines l"
        " JOIN invoice_lines a ON a.order_id = l.order_id AND a.kind = 'adjustment' AND a.period_start = l.period_start"
        " WHERE l.invoice_id = ? GROUP BY a.order_id, a.period_start LOCK IN SHARE MODE",
        invoice);
    for (const auto& [order, day, next] : rows) turns[{domain::OrderId{order}, date_of(day)}] = next;
    return turns;
}

std::vector<domain::Receivable> CorrectionStore::lock_open(domain::MemberId member, domain::Currency currency)
{
    std::vector<domain::Receivable> open;
    const auto rows = select<std::int64_t, std::int64_t>(session_,
        "SELECT invoice_id, open_minor FROM receivables WHERE open_of = ? AND currency = ? ORDER BY invoice_id FOR UPDATE",
        static_cast<std::int64_t>(member), domain::to_text(currency));
    for (const auto& [invoice, minor] : rows) open.push_back({.document = invoice, .open = minor});
    return open;
}

std::int64_t CorrectionStore::lock_credit(domain::MemberId member, domain::Currency currency)
{
    const auto row =
        select_first<std::int64_t>(session_, "SELECT credit_minor FROM credit_balances WHERE member_id = ? AND currency = ? FOR UPDATE",
            static_cast<std::int64_t>(member), domain::to_text(currency));
    return row ? std::get<0>(*row) : 0;
}

bool CorrectionStore::add_credit(const GivenCredit& credit)
{
    return unless_duplicate([&] {
        execute(session_,
            "INSERT INTO credits (uuid, member_id, reference, currency, amount_minor, reason, given_on, given_at, given_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            credit.uuid, static_cast<std::int64_t>(credit.member), credit.reference, domain::to_text(credit.amount.currency),
            credit.amount.minor, credit.reason, to_sql(credit.given_on), to_sql(credit.given_at), credit.given_by);
    });
}

} // namespace store
