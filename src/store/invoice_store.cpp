#include "store/invoice_store.h"

#include "store/invoice_tax_columns.h"
#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <map>

#define INVOICE_COLUMNS                                                                                                                    \
    "SELECT i.id, i.uuid, i.member_id, i.number, i.kind, i.currency, i.net_minor, i.vat_minor, i.total_minor, r.applied_minor,"            \
    " r.paid_minor, r.open_minor, CAST(i.billed_on AS CHAR), CAST(i.issued_on AS CHAR), CAST(i.due_on AS CHAR),"                           \
    " CAST(i.issued_at AS CHAR), i.company, i.address_name, i.street, i.house_number, i.postal_code, i.city, i.country, i.language,"       \
    " i.vat_id, i.reason, " INVOICE_TAX_COLUMNS " FROM invoices i JOIN receivables r ON r.invoice_id = i.id "

// What a transaction changes in what its member owes: receivables less credit.
#define OWED                                                                                                                               \
    "CAST(SUM(IF(e.debit IN ('receivable', 'member_credit'), e.amount_minor, 0)"                                                           \
    " - IF(e.credit IN ('receivable', 'member_credit'), e.amount_minor, 0)) AS INT)"

namespace store {
namespace {

using Row = std::tuple<std::int64_t, std::string, std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t,
    std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string,
    std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, INVOICE_TAX_TYPES>;

InvoiceRecord invoice_of(const Row& row)
{
    const auto& [id, uuid, member, number, kind, currency, net, vat, total, applied, paid, open, billed_on, issued_on, due_on, issued_at,
        company, name, street, house_number, postal_code, city, country, language, vat_id, reason, treatment, vat_country, note, flag, why,
        id_used, consultation, oss_id] = row;
    return {.id = id,
        .uuid = uuid_of(uuid),
        .member = domain::MemberId{member},
        .number = number,
        .kind = kind,
        .net = money_of(net, currency),
        .vat = money_of(vat, currency),
        .total = money_of(total, currency),
        .applied = money_of(applied, currency),
        .paid = money_of(paid, currency),
        .open = money_of(open, currency),
        .billed_on = date_of(billed_on),
        .issued_on = date_of(issued_on),
        .due_on = date_of(due_on),
        .issued_at = instant_of(issued_at),
        .recipient = {company, name, street, house_number, postal_code, city, country, language, vat_id},
        .reason = reason,
        .tax = invoice_tax_of(treatment, vat_country, note, flag, why, id_used, consultation, oss_id)};
}

template <class... Args> std::vector<InvoiceRecord> select_invoices(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<InvoiceRecord> invoices;
    for (const auto& row : rows) invoices.push_back(invoice_of(row));
    return invoices;
}

std::optional<InvoiceRecord> first_of(std::vector<InvoiceRecord> invoices)
{
    if (invoices.empty()) return std::nullopt;
    return std::move(invoices.front());
}

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

} // namespace

std::vector<InvoiceRecord> InvoiceStore::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return select_invoices(session_,
        INVOICE_COLUMNS "WHERE i.member_id = ? AND i.id < ? AND i.status = 'issued' ORDER BY i.id DESC LIMIT ?", number_of(member),
        before.value_or(INT64_MAX), limit);
}

std::optional<InvoiceRecord> InvoiceStore::by_number(domain::MemberId member, const std::string& number)
{
    return first_of(select_invoices(session_, INVOICE_COLUMNS "WHERE i.number = ? AND i.member_id = ?", number, number_of(member)));
}

std::optional<InvoiceRecord> InvoiceStore::by_number(const std::string& number)
{
    return first_of(select_invoices(session_, INVOICE_COLUMNS "WHERE i.number = ?", number));
}

std::vector<InvoiceRecord> InvoiceStore::by_ids(const std::vector<std::int64_t>& invoices)
{
    std::vector<InvoiceRecord> found;
    for_keys(invoices, [&](const auto&... keys) {
        for (auto& invoice : select_invoices(session_, INVOICE_COLUMNS "WHERE i.id IN " STORE_KEYS " ORDER BY i.id", keys...))
            found.push_back(std::move(invoice));
    });
    return found;
}

std::vector<InvoiceLineRecord> InvoiceStore::lines_of(const InvoiceRecord& invoice)
{
    std::vector<InvoiceLineRecord> lines;
    const auto currency = invoice.total.currency;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::optional<std::string>,
        std::optional<std::string>, std::optional<std::string>, int, std::int64_t, bool, std::int64_t, int, std::int64_t, std::int64_t, int,
        std::optional<std::int64_t>, std::optional<int>, std::optional<std::string>>(session_,
        "SELECT l.order_id, o.uuid, l.kind, l.sku, l.text, CAST(l.period_start AS CHAR), CAST(l.period_end AS CHAR),"
        " CAST(l.whole_start AS CHAR), CAST(l.whole_end AS CHAR), l.quantity, l.unit_minor, l.includes_vat, l.net_minor, l.vat_rate,"
        " l.vat_minor, l.gross_minor, l.turn, l.credited_invoice_id, l.credited_position, c.number"
        " FROM invoice_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN invoices c ON c.id = l.credited_invoice_id"
        " WHERE l.invoice_id = ? ORDER BY l.position",
        invoice.id);
    for (const auto& [order_id, order, kind, sku, text, start, end, whole_start, whole_end, quantity, unit, includes_vat, net, rate, vat,
             gross, turn, credited_invoice, credited_position, credited_number] : rows) {
        InvoiceLineRecord record{.line = {.order = domain::OrderId{order_id},
                                     .kind = domain::line_kind_from(kind),
                                     .sku = sku,
                                     .text = text,
                                     .period_start = date_of(start),
                                     .quantity = quantity,
                                     .unit = {unit, currency},
                                     .net = {net, currency},
                                     .rate = {rate},
                                     .vat = {vat, currency},
                                     .gross = {gross, currency},
                                     .includes_vat = includes_vat,
                                     .turn = turn},
            .order = uuid_of(order),
            .credited_number = credited_number.value_or("")};
        if (end) record.line.period_end = date_of(*end);
        if (whole_start && whole_end) record.line.whole = {date_of(*whole_start), date_of(*whole_end)};
        if (credited_invoice) record.line.credits = domain::LineRef{*credited_invoice, credited_position.value_or(0)};
        lines.push_back(std::move(record));
    }
    return lines;
}

std::vector<Balance> InvoiceStore::balances(domain::MemberId member)
{
    std::map<domain::Currency, Balance> by_currency;
    const auto balance_in = [&](const std::string& code) -> Balance& {
        const auto currency = money_of(0, code).currency;
        return by_currency.try_emplace(currency, Balance{{0, currency}, {0, currency}}).first->second;
    };
    for (const auto& [code, open] : select<std::string, std::int64_t>(session_,
             "SELECT currency, CAST(SUM(open_minor) AS INT) FROM receivables WHERE open_of = ? GROUP BY currency", number_of(member)))
        balance_in(code).open.minor = open;
    for (const auto& [code, credit] : select<std::string, std::int64_t>(
             session_, "SELECT currency, credit_minor FROM credit_balances WHERE member_id = ? AND credit_minor > 0", number_of(member)))
        balance_in(code).credit.minor = credit;
    std::vector<Balance> balances;
    for (const auto& [currency, balance] : by_currency) balances.push_back(balance);
    return balances;
}

std::vector<StatementEntry> InvoiceStore::statement(domain::MemberId member, domain::Currency currency, domain::Date from, domain::Date to)
{
    std::vector<StatementEntry> entries;
    const auto rows = select<std::int64_t, std::string, std::string, std::optional<std::string>, std::int64_t>(session_,
        "SELECT t.id, CAST(t.booked_on AS CHAR), t.kind, i.number, " OWED
        " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id LEFT JOIN invoices i ON i.uuid = t.reference"
        " WHERE t.member_id = ? AND e.currency = ? AND t.booked_on >= ? AND t.booked_on < ?"
        " GROUP BY t.id, t.booked_on, t.kind, i.number ORDER BY t.booked_on, t.id",
        number_of(member), domain::to_text(currency), to_sql(from), to_sql(to));
    for (const auto& [id, booked_on, kind, number, amount] : rows)
        entries.push_back({id, date_of(booked_on), kind, number.value_or(""), {amount, currency}});
    return entries;
}

std::optional<domain::Date> InvoiceStore::last_movement(domain::MemberId member)
{
    const auto row = select_first<std::optional<std::string>>(
        session_, "SELECT CAST(MAX(booked_on) AS CHAR) FROM ledger_transactions WHERE member_id = ?", number_of(member));
    if (!row || !std::get<0>(*row)) return std::nullopt;
    return date_of(*std::get<0>(*row));
}

domain::Money InvoiceStore::owed_before(domain::MemberId member, domain::Currency currency, domain::Date day)
{
    const auto row = select_first<std::optional<std::int64_t>>(session_,
        "SELECT " OWED " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
        " WHERE t.member_id = ? AND e.currency = ? AND t.booked_on < ?",
        number_of(member), domain::to_text(currency), to_sql(day));
    return {row ? std::get<0>(*row).value_or(0) : 0, currency};
}

} // namespace store

#undef INVOICE_COLUMNS
#undef OWED
