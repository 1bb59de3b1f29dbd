#include "store/invoice_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

#include <cstdio>
#include <stdexcept>

using soci::into;
using soci::use;

#define INVOICE_COLUMNS                                                                                                                    \
    "SELECT id, uuid, number, kind, currency, net_minor, vat_minor, total_minor, CAST(billed_on AS CHAR), CAST(issued_at AS CHAR),"        \
    " CAST(due_on AS CHAR) FROM invoices "

namespace store {
namespace {

using Row = std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
    std::string, std::string, std::string>;

InvoiceRecord invoice_of(const Row& row)
{
    const auto& [id, uuid, number, kind, currency, net, vat, total, billed_on, issued_at, due_on] = row;
    return {.id = id,
        .uuid = uuid_of(uuid),
        .number = number,
        .kind = kind,
        .net = money_of(net, currency),
        .vat = money_of(vat, currency),
        .total = money_of(total, currency),
        .billed_on = date_of(billed_on),
        .issued_at = instant_of(issued_at),
        .due_on = date_of(due_on)};
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

domain::LineKind line_kind_of(const std::string& text)
{
    using enum domain::LineKind;
    for (const auto kind : {setup, once, recurring})
        if (domain::to_text(kind) == text) return kind;
    throw std::runtime_error{"unknown kind of invoice line"};
}

bool insert_lines(Session& session, std::int64_t invoice, const std::vector<domain::InvoiceLine>& lines)
{
    std::int64_t position = 0;
    for (const auto& line : lines) {
        ++position;
        const bool added = unless_duplicate([&] {
            execute(session,
                "INSERT INTO invoice_lines (invoice_id, position, order_id, kind, sku, text, period_start, period_end, net_minor, vat_rate,"
                " vat_minor, gross_minor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                invoice, position, static_cast<std::int64_t>(line.order), domain::to_text(line.kind), line.sku, line.text,
                to_sql(line.period_start), to_sql(line.period_end), line.net.minor, line.rate.basis_points, line.vat.minor,
                line.gross.minor);
        });
        if (!added) return false;
    }
    return true;
}

} // namespace

std::optional<std::string> InvoiceStore::issue(const NewInvoice& invoice)
{
    auto& sql = session_.sql();
    sql << "SAVEPOINT before_invoice";
    const auto totals = domain::totals_of(invoice.lines, invoice.currency);
    const auto id = insert(session_,
        "INSERT INTO invoices (uuid, member_id, status, currency, net_minor, vat_minor, total_minor, billed_on, due_on)"
        " VALUES (?, ?, 'draft', ?, ?, ?, ?, ?, ?)",
        invoice.uuid, static_cast<std::int64_t>(invoice.member), domain::to_text(invoice.currency), totals.net.minor, totals.vat.minor,
        totals.gross.minor, to_sql(invoice.billed_on), to_sql(invoice.due_on));
    if (!insert_lines(session_, id, invoice.lines)) {
        sql << "ROLLBACK TO SAVEPOINT before_invoice";
        return std::nullopt;
    }
    book(invoice);
    const auto number = next_number(int{invoice.billed_on.year()});
    execute(
        session_, "UPDATE invoices SET number = ?, status = 'issued', issued_at = ? WHERE id = ?", number, to_sql(invoice.issued_at), id);
    return number;
}

void InvoiceStore::book(const NewInvoice& invoice)
{
    std::vector<domain::BookedLine> booked;
    for (const auto& line : invoice.lines) booked.push_back({line.sku, line.net, line.vat, line.rate});
    const auto entries = domain::invoice_entries(booked);
    if (domain::check_transaction(entries) != domain::TransactionFault::none) throw std::logic_error{"an invoice that cannot be booked"};

    const auto transaction = insert(session_,
        "INSERT INTO ledger_transactions (booked_on, kind, reference, member_id, booked_at) VALUES (?, 'invoice', ?, ?, ?)",
        to_sql(invoice.billed_on), invoice.uuid, static_cast<std::int64_t>(invoice.member), to_sql(invoice.issued_at));
    std::int64_t position = 0;
    for (const auto& entry : entries)
        execute(session_,
            "INSERT INTO ledger_entries (transaction_id, position, debit, credit, amount_minor, currency) VALUES (?, ?, ?, ?, ?, ?)",
            transaction, ++position, entry.debit, entry.credit, entry.amount.minor, domain::to_text(entry.amount.currency));
}

std::string InvoiceStore::next_number(int year)
{
    auto& sql = session_.sql();
    sql << "INSERT INTO number_series (series, year, last) VALUES ('invoice', :year, 1) ON DUPLICATE KEY UPDATE last = last + 1", use(year);
    long long last = 0;
    sql << "SELECT last FROM number_series WHERE series = 'invoice' AND year = :year", use(year), into(last);
    char text[32];
    std::snprintf(text, sizeof text, "%d-%06lld", year, last);
    return text;
}

std::vector<InvoiceRecord> InvoiceStore::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return select_invoices(session_, INVOICE_COLUMNS "WHERE member_id = ? AND id < ? AND status = 'issued' ORDER BY id DESC LIMIT ?",
        static_cast<std::int64_t>(member), before.value_or(INT64_MAX), limit);
}

std::optional<InvoiceRecord> InvoiceStore::by_number(domain::MemberId member, const std::string& number)
{
    auto found = select_invoices(session_, INVOICE_COLUMNS "WHERE number = ? AND member_id = ?", number, static_cast<std::int64_t>(member));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<InvoiceLineRecord> InvoiceStore::lines_of(const InvoiceRecord& invoice)
{
    std::vector<InvoiceLineRecord> lines;
    const auto currency = invoice.total.currency;
    const auto rows = select<std::string, std::string, std::string, std::string, std::string, std::optional<std::string>, std::int64_t, int,
        std::int64_t, std::int64_t>(session_,
        "SELECT o.uuid, l.kind, l.sku, l.text, CAST(l.period_start AS CHAR), CAST(l.period_end AS CHAR), l.net_minor, l.vat_rate, "
        "l.vat_minor,"
        " l.gross_minor FROM invoice_lines l JOIN orders o ON o.id = l.order_id WHERE l.invoice_id = ? ORDER BY l.position",
        invoice.id);
    for (const auto& [order, kind, sku, text, period_start, period_end, net, rate, vat, gross] : rows) {
        InvoiceLineRecord record{.line = {.kind = line_kind_of(kind),
                                     .sku = sku,
                                     .text = text,
                                     .period_start = date_of(period_start),
                                     .net = {net, currency},
                                     .rate = {rate},
                                     .vat = {vat, currency},
                                     .gross = {gross, currency}},
            .order = uuid_of(order)};
        if (period_end) record.line.period_end = date_of(*period_end);
        lines.push_back(std::move(record));
    }
    return lines;
}

} // namespace store

#undef INVOICE_COLUMNS
