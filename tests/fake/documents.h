#pragma once
#include "fake/test_database.h"

#include <soci/soci.h>

#include <sstream>
#include <string>

// What a member was billed, as text: cases compare it, and a difference can be read.
namespace fake {

/// "recurring 2026-03-02..2026-04-02 3000; credit …" with the gross amounts, in the order of the documents.
inline std::string lines_of(domain::MemberId member)
{
    return text(
        "SELECT COALESCE(GROUP_CONCAT(CONCAT(l.kind, ' ', l.period_start, COALESCE(CONCAT('..', l.period_end), ''), ' ', l.gross_minor)"
        " ORDER BY i.id, l.position SEPARATOR '; '), 'none') FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id"
        " WHERE i.member_id = ? AND i.status = 'issued'",
        number(member));
}

/// The same of one order.
inline std::string lines_of(domain::OrderId order)
{
    return text("SELECT COALESCE(GROUP_CONCAT(CONCAT(kind, ' ', period_start, COALESCE(CONCAT('..', period_end), ''), ' ', gross_minor)"
                " ORDER BY invoice_id, position SEPARATOR '; '), 'none') FROM invoice_lines WHERE order_id = ?",
        number(order));
}

/// "invoice 2026-03-02 CHF 3000 open 2000; credit_note …" with billed day and total.
inline std::string documents_of(domain::MemberId member)
{
    return text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', i.kind, i.billed_on, i.currency, i.total_minor, 'open', r.open_minor)"
                " ORDER BY i.id SEPARATOR '; '), 'none') FROM invoices i JOIN receivables r ON r.invoice_id = i.id WHERE i.member_id = ?",
        number(member));
}

inline std::int64_t billed(domain::OrderId order)
{
    return count("SELECT CAST(COALESCE(SUM(gross_minor), 0) AS INT) FROM invoice_lines WHERE order_id = ?", number(order));
}

inline std::int64_t credit_of(domain::MemberId member, const std::string& currency = "CHF")
{
    return count(
        "SELECT COALESCE(MAX(credit_minor), 0) FROM credit_balances WHERE member_id = ? AND currency = ?", number(member), currency);
}

inline std::int64_t documents_count(domain::MemberId member)
{
    return count("SELECT COUNT(*) FROM invoices WHERE member_id = ?", number(member));
}

/// All that billing has left of the member, apart from row numbers, uuids, numbers, hashes, times and the day of the run:
/// what two members with the same story must have in common. Orders are named by their place among the member's.
inline std::string history_of(domain::MemberId member)
{
    const auto id = number(member);
    const auto documents = text(
        "SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', i.kind, i.status, i.currency, i.net_minor, i.vat_minor, i.total_minor, i.billed_on,"
        " i.series, i.series_year, i.reason, i.company, i.address_name, i.street, i.house_number, i.postal_code, i.city, i.country,"
        " i.language, i.vat_id, r.total_minor, r.open_minor, r.applied_minor, r.paid_minor) ORDER BY i.id SEPARATOR '\n'), '')"
        " FROM invoices i JOIN receivables r ON r.invoice_id = i.id WHERE i.member_id = ?",
        id);
    const auto lines = text(
        "WITH mine AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM invoices WHERE member_id = ?),"
        " held AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM orders WHERE member_id = ?)"
        " SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', m.place, l.position, h.place, l.kind, l.turn, l.sku, l.text, l.period_start,"
        " COALESCE(l.period_end, '-'), COALESCE(l.whole_start, '-'), COALESCE(l.whole_end, '-'), l.quantity, l.unit_minor, l.includes_vat,"
        " l.net_minor, l.vat_rate, l.vat_minor, l.gross_minor, l.earned_from, l.earned_until, COALESCE(c.place, '-'),"
        " COALESCE(l.credited_position, '-')) ORDER BY m.place, l.position SEPARATOR '\n'), '') FROM mine m"
        " JOIN invoice_lines l ON l.invoice_id = m.id JOIN held h ON h.id = l.order_id LEFT JOIN mine c ON c.id = l.credited_invoice_id",
        id, id);
    const auto ledger =
        text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', t.booked_on, t.kind, e.position, e.debit, e.credit, e.amount_minor, e.currency)"
             " ORDER BY COALESCE(i.id, 0), t.id, e.position SEPARATOR '\n'), '') FROM ledger_transactions t JOIN ledger_entries e"
             " ON e.transaction_id = t.id LEFT JOIN invoices i ON i.uuid = t.reference WHERE t.member_id = ?",
            id);
    const auto marks =
        text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', sku, COALESCE(next_due_on, 'settled'), COALESCE(billed_through, '-'),"
             " setup_billed) ORDER BY id SEPARATOR '\n'), '') FROM orders WHERE member_id = ?",
            id);
    const auto credit = text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', currency, credit_minor) ORDER BY currency SEPARATOR '\n'), '')"
                             " FROM credit_balances WHERE member_id = ?",
        id);
    return documents + "\n--\n" + lines + "\n--\n" + ledger + "\n--\n" + marks + "\n--\n" + credit;
}

/// Empty if the histories are equal, else the first lines in which they differ.
inline std::string difference(const std::string& one, const std::string& other)
{
    std::istringstream left{one}, right{other};
    std::string a, b;
    while (true) {
        const bool more_left = !std::getline(left, a).fail();
        const bool more_right = !std::getline(right, b).fail();
        if (!more_left && !more_right) return "";
        if (!more_left) a = "(end)";
        if (!more_right) b = "(end)";
        if (a != b) return "\n  " + a + "\n  " + b;
    }
}

/// Runs statements that cannot be prepared or are made at run time, such as DDL.
inline void run_sql(const std::string& statement)
{
    database().read([&](store::Session& session) { session.sql() << statement; });
}

} // namespace fake
