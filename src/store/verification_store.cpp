#include "store/verification_store.h"

#include "store/invoice_tax_columns.h"
#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

domain::InvoiceKind kind_of(const std::string& text)
{
    return text == "credit_note" ? domain::InvoiceKind::credit_note : domain::InvoiceKind::invoice;
}

/// A comparison in SQL: each row it selects is a finding, said in its one column.
constexpr const char* comparisons[] = {
    // The sums by day are what the entries say.
    "SELECT CONCAT('ledger: the total of ', x.account, ' on ', x.booked_on, ' differs from its entries by ', SUM(x.d), '/', SUM(x.c))"
    " FROM (SELECT t.booked_on, e.debit AS account, e.currency, e.amount_minor AS d, 0 AS c FROM ledger_entries e"
    "       JOIN ledger_transactions t ON t.id = e.transaction_id"
    "       UNION ALL SELECT t.booked_on, e.credit, e.currency, 0, e.amount_minor FROM ledger_entries e"
    "       JOIN ledger_transactions t ON t.id = e.transaction_id"
    "       UNION ALL SELECT booked_on, account, currency, -debit_minor, -credit_minor FROM ledger_totals) x"
    " GROUP BY x.booked_on, x.account, x.currency HAVING SUM(x.d) <> 0 OR SUM(x.c) <> 0",

    "SELECT CONCAT('ledger: transaction ', t.id, ' has no entries') FROM ledger_transactions t"
    " LEFT JOIN ledger_entries e ON e.transaction_id = t.id WHERE e.transaction_id IS NULL",

    "SELECT CONCAT('ledger: entry ', e.transaction_id, '/', e.position, ' has no transaction') FROM ledger_entries e"
    " LEFT JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.id IS NULL",

    "SELECT CONCAT('ledger: entry ', transaction_id, '/', position, ' cannot be: ', amount_minor, ' from ', debit, ' to ', credit)"
    " FROM ledger_entries WHERE amount_minor <= 0 OR debit = credit",

    "SELECT CONCAT('ledger: transaction ', t.id, ' books a document that is not there') FROM ledger_transactions t"
    " LEFT JOIN invoices i ON i.uuid = t.reference AND i.status = 'issued' WHERE t.kind IN ('invoice', 'credit_note') AND i.id IS NULL",

    // Tax by rate is what the lines say.
    "SELECT CONCAT('tax: the total of rate ', x.vat_rate, IF(x.vat_country = 'CH', '', CONCAT(' of ', x.vat_country)), ' on ', x.booked_on,"
    " ' differs from the lines by ', SUM(x.n), '/', SUM(x.v))"
    " FROM (SELECT l.earned_from AS booked_on, i.currency, COALESCE(i.vat_treatment, 'CH_DOMESTIC') AS vat_treatment, i.vat_country,"
    "       l.vat_rate, l.net_minor AS n, l.vat_minor AS v FROM invoice_lines l"
    "       JOIN invoices i ON i.id = l.invoice_id AND i.status = 'issued'"
    "       UNION ALL SELECT booked_on, currency, vat_treatment, vat_country, vat_rate, -net_minor, -vat_minor FROM tax_totals) x"
    " GROUP BY x.booked_on, x.currency, x.vat_treatment, x.vat_country, x.vat_rate HAVING SUM(x.n) <> 0 OR SUM(x.v) <> 0",

    // What members owe and have is what the ledger says.
    "SELECT CONCAT('account: ', m.uid, ' owes ', SUM(x.open), ' less by its documents than by the ledger, ', x.currency)"
    " FROM (SELECT t.member_id, e.currency, e.amount_minor * ((e.debit = 'receivable') - (e.credit = 'receivable')) AS open"
    "       FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.member_id IS NOT NULL"
    "       UNION ALL SELECT member_id, currency, -open_minor FROM receivables) x"
    " JOIN members m ON m.id = x.member_id GROUP BY x.member_id, x.currency HAVING SUM(x.open) <> 0",

    "SELECT CONCAT('account: ', m.uid, ' has ', SUM(x.credit), ' less credit than by the ledger, ', x.currency)"
    " FROM (SELECT t.member_id, e.currency, e.amount_minor * ((e.credit = 'member_credit') - (e.debit = 'member_credit')) AS credit"
    "       FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.member_id IS NOT NULL"
    "       UNION ALL SELECT member_id, currency, -credit_minor FROM credit_balances) x"
    " JOIN members m ON m.id = x.member_id GROUP BY x.member_id, x.currency HAVING SUM(x.credit) <> 0",

    "SELECT CONCAT('account: ', m.uid, ' has credit and owes at the same time, ', c.currency) FROM credit_balances c"
    " JOIN members m ON m.id = c.member_id WHERE c.credit_minor > 0 AND EXISTS"
    " (SELECT 1 FROM receivables r WHERE r.open_of = c.member_id AND r.currency = c.currency)",

    "SELECT CONCAT('account: the settlement of document ', invoice_id, ' does not add up') FROM receivables"
    " WHERE open_minor + applied_minor + paid_minor <> GREATEST(total_minor, 0)",

    // Payments: each is what it settled and its credit, documents are paid by what payments say, and the books hold both.
    "SELECT CONCAT('payment: ', p.uuid, ' of ', p.amount_minor, ' is not what it settled and its credit, ', COALESCE(SUM(a.amount_minor), "
    "0),"
    " ' and ', p.credit_minor) FROM payments p LEFT JOIN payment_allocations a ON a.payment_id = p.id"
    " GROUP BY p.id HAVING MAX(p.amount_minor - p.credit_minor) <> COALESCE(SUM(a.amount_minor), 0)",

    "SELECT CONCAT('payment: document ', COALESCE(i.number, x.invoice_id), ' was paid ', SUM(x.paid), ' more than its payments say')"
    " FROM (SELECT invoice_id, paid_minor AS paid FROM receivables WHERE paid_minor > 0"
    "       UNION ALL SELECT a.invoice_id, -a.amount_minor FROM payment_allocations a JOIN payments p ON p.id = a.payment_id"
    "       WHERE p.state = 'booked') x LEFT JOIN invoices i ON i.id = x.invoice_id GROUP BY x.invoice_id HAVING SUM(x.paid) <> 0",

    "SELECT CONCAT('payment: ', p.uuid, ' of ', p.amount_minor, ' is in the books with ', COALESCE(SUM(e.amount_minor), 0)) FROM payments p"
    " LEFT JOIN ledger_transactions t ON t.kind = 'payment' AND t.reference = p.uuid"
    " LEFT JOIN ledger_entries e ON e.transaction_id = t.id AND e.debit = p.account AND e.currency = p.currency"
    " GROUP BY p.id HAVING COALESCE(SUM(e.amount_minor), 0) <> MAX(p.amount_minor)",

    "SELECT CONCAT('payment: ', p.uuid, ' is ', p.state, ', and the books say otherwise') FROM payments p"
    " LEFT JOIN ledger_transactions t ON t.kind = 'payment_reversal' AND t.reference = p.uuid"
    " WHERE (p.state = 'reversed') <> (t.id IS NOT NULL)",

    "SELECT CONCAT('ledger: transaction ', t.id, ' books a payment that is not there') FROM ledger_transactions t"
    " LEFT JOIN payments p ON p.uuid = t.reference WHERE t.kind IN ('payment', 'payment_reversal') AND p.id IS NULL",

    // The bank: what nobody has placed lies in suspense, and what is on its way out is owed.
    "SELECT CONCAT('bank: suspense differs by ', SUM(x.minor), ' from what the bookings say, ', x.currency)"
    " FROM (SELECT currency, debit_minor - credit_minor AS minor FROM ledger_totals WHERE account = 'suspense'"
    "       UNION ALL SELECT currency, suspense_minor FROM bank_bookings WHERE state IN ('open', 'waiting')) x"
    " GROUP BY x.currency HAVING SUM(x.minor) <> 0",

    "SELECT CONCAT('bank: booking ', uuid, ' is ', state, ' and has ', suspense_minor, ' in suspense') FROM bank_bookings"
    " WHERE suspense_minor <> IF(state IN ('open', 'waiting'), IF(credit, amount_minor, -amount_minor), 0)",

    "SELECT CONCAT('bank: refunds payable differ by ', SUM(x.minor), ' from what is on its way, ', x.currency)"
    " FROM (SELECT currency, debit_minor - credit_minor AS minor FROM ledger_totals WHERE account = 'refunds_payable'"
    "       UNION ALL SELECT currency, amount_minor FROM refunds WHERE state IN ('requested', 'asked', 'pending')"
    "       UNION ALL SELECT currency, amount_minor FROM bank_transfers WHERE booking_id IS NOT NULL AND state IN ('requested', 'asked')) x"
    " GROUP BY x.currency HAVING SUM(x.minor) <> 0",

    // Suppliers: each of their documents is in the books, with what it says; a delivered order has its server.
    "SELECT CONCAT('supplier: bill ', b.bill, ' of ', b.supplier, ' is ', b.net_minor, ' and ', b.tax_minor, ', and the books have ',"
    " COALESCE(SUM(IF(e.debit = 'server_costs', 1, -1) * e.amount_minor * ('server_costs' IN (e.debit, e.credit))), 0), ' and ',"
    " COALESCE(SUM(IF(e.debit = 'input_tax', 1, -1) * e.amount_minor * ('input_tax' IN (e.debit, e.credit))), 0))"
    " FROM supplier_bills b LEFT JOIN ledger_transactions t ON t.kind = 'supplier_bill' AND t.reference = b.uuid"
    " LEFT JOIN ledger_entries e ON e.transaction_id = t.id AND e.currency = b.currency GROUP BY b.id"
    " HAVING COALESCE(SUM(IF(e.debit = 'server_costs', 1, -1) * e.amount_minor * ('server_costs' IN (e.debit, e.credit))), 0)"
    "  <> MAX(b.net_minor)"
    " OR COALESCE(SUM(IF(e.debit = 'input_tax', 1, -1) * e.amount_minor * ('input_tax' IN (e.debit, e.credit))), 0) <> MAX(b.tax_minor)",

    "SELECT CONCAT('ledger: transaction ', t.id, ' books a supplier''s bill that is not there') FROM ledger_transactions t"
    " LEFT JOIN supplier_bills b ON b.uuid = t.reference WHERE t.kind = 'supplier_bill' AND b.id IS NULL",

    "SELECT CONCAT('supplier: what is owed to suppliers differs by ', SUM(x.minor), ' from their bills, ', x.currency)"
    " FROM (SELECT t.currency, CAST(t.credit_minor - t.debit_minor AS INT) AS minor FROM ledger_totals t WHERE t.account = "
    "'supplier_payable'"
    "       AND EXISTS (SELECT 1 FROM supplier_bills) UNION ALL SELECT currency, -gross_minor FROM supplier_bills) x"
    " GROUP BY x.currency HAVING SUM(x.minor) <> 0",

    "SELECT CONCAT('supplier: order ', s.order_id, ' is delivered as ', s.server_name, ', and its member has ', COALESCE(t.server_name, "
    "'nothing'))"
    " FROM supplies s JOIN server_orders t ON t.order_id = s.order_id WHERE s.step = 'delivered' AND NOT t.server_name <=> s.server_name",

    "SELECT CONCAT('servers: ', s.name, ' is ', s.state, ', and has ', IF(s.order_id IS NULL, 'no', 'an'), ' order') FROM servers s"
    " WHERE (s.state = 'in_use') <> (s.order_id IS NOT NULL)",

    // Numbers: no gap, none twice, none beyond the last.
    "SELECT CONCAT('numbers: ', i.series, ' ', i.series_year, ' has ', COUNT(*), ' documents, from ', MIN(i.series_number), ' to ',"
    " MAX(i.series_number), ', and the last given is ', COALESCE(MAX(s.last), 0)) FROM invoices i"
    " LEFT JOIN number_series s ON s.series = i.series AND s.year = i.series_year WHERE i.status = 'issued'"
    " GROUP BY i.series, i.series_year"
    " HAVING MIN(i.series_number) <> 1 OR MAX(i.series_number) <> COUNT(*) OR MAX(s.last) IS NULL OR MAX(s.last) <> COUNT(*)",

    "SELECT CONCAT('numbers: ', s.series, ' ', s.year, ' has no documents, but the last given is ', s.last) FROM number_series s"
    " WHERE s.last > 0 AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.series = s.series AND i.series_year = s.year AND i.status = "
    "'issued')",

    "SELECT CONCAT('chain: document ', COALESCE(number, id), ' is issued and not in the chain') FROM invoices"
    " WHERE status = 'issued' AND chain_position IS NULL",
};

} // namespace

std::vector<StoredDocument> VerificationStore::documents_after(std::int64_t position, int limit)
{
    std::vector<StoredDocument> documents;
    const auto rows = select<std::int64_t, std::string, std::int64_t, std::string, std::string, std::string, std::string, int, std::int64_t,
        std::int64_t, Text, Text, std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, std::string,
        std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, Number, Number, Number,
        INVOICE_TAX_TYPES>(session_,
        "SELECT i.id, i.uuid, i.member_id, i.kind, i.currency, i.number, i.series, i.series_year, i.series_number, i.chain_position,"
        " i.content_hash, i.chain_hash, i.net_minor, i.vat_minor, i.total_minor, CAST(i.billed_on AS CHAR), CAST(i.issued_on AS CHAR),"
        " CAST(i.due_on AS CHAR), i.company, i.address_name, i.street, i.house_number, i.postal_code, i.city, i.country, i.language,"
        " i.vat_id, i.reason, t.id,"
        " (SELECT CAST(SUM(e.amount_minor * (((e.debit = 'receivable') - (e.credit = 'receivable'))"
        "  + ((e.debit = 'member_credit') - (e.credit = 'member_credit')))) AS INT) FROM ledger_entries e WHERE e.transaction_id = t.id),"
        " r.invoice_id, " INVOICE_TAX_COLUMNS " FROM invoices i LEFT JOIN ledger_transactions t ON t.kind = i.kind AND t.reference = i.uuid"
        " LEFT JOIN receivables r ON r.invoice_id = i.id"
        " WHERE i.chain_position > ? AND i.status = 'issued' ORDER BY i.chain_position LIMIT ?",
        position, limit);
    for (const auto& [id, uuid, member, kind, currency, number, series, year, series_number, at, content_hash, chain_hash, net, vat, total,
             billed_on, issued_on, due_on, company, name, street, house_number, postal_code, city, country, language, vat_id, reason,
             transaction, receivable, settled, treatment, vat_country, note, flag, why, id_used, consultation, oss_id] : rows) {
        const auto money = [&in = currency](std::int64_t minor) { return money_of(minor, in); };
        documents.push_back({.invoice = {.id = id,
                                 .uuid = uuid_of(uuid),
                                 .member = domain::MemberId{member},
                                 .kind = kind_of(kind),
                                 .currency = money(0).currency,
                                 .billed_on = date_of(billed_on),
                                 .issued_on = date_of(issued_on),
                                 .due_on = date_of(due_on),
                                 .recipient = {company, name, street, house_number, postal_code, city, country, language, vat_id},
                                 .reason = reason,
                                 .tax = invoice_tax_of(treatment, vat_country, note, flag, why, id_used, consultation, oss_id)},
            .number = number,
            .series = series,
            .series_year = year,
            .series_number = series_number,
            .position = at,
            .content_hash = content_hash.value_or(""),
            .chain_hash = chain_hash.value_or(""),
            .stored = {money(net), money(vat), money(total)},
            .booked_receivable = receivable.value_or(0),
            .is_booked = transaction.has_value(),
            .has_receivable = settled.has_value()});
    }
    if (!documents.empty()) add_lines(documents);
    return documents;
}

void VerificationStore::add_lines(std::vector<StoredDocument>& documents)
{
    std::map<std::int64_t, StoredDocument*> by_id;
    for (auto& document : documents) by_id[document.invoice.id] = &document;
    const auto rows = select<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string, Text, int, std::int64_t, bool,
        std::int64_t, int, std::int64_t, std::int64_t, Number, std::optional<int>>(session_,
        "SELECT l.invoice_id, l.order_id, l.kind, l.sku, l.text, CAST(l.period_start AS CHAR), CAST(l.period_end AS CHAR), l.quantity,"
        " l.unit_minor, l.includes_vat, l.net_minor, l.vat_rate, l.vat_minor, l.gross_minor, l.credited_invoice_id, l.credited_position"
        " FROM invoices i JOIN invoice_lines l ON l.invoice_id = i.id WHERE i.chain_position BETWEEN ? AND ?"
        " ORDER BY l.invoice_id, l.position",
        documents.front().position, documents.back().position);
    for (const auto& [invoice, order, kind, sku, text, start, end, quantity, unit, includes_vat, net, rate, vat, gross, credited_invoice,
             credited_position] : rows) {
        const auto document = by_id.find(invoice);
        if (document == by_id.end()) continue;
        const auto currency = document->second->invoice.currency;
        domain::InvoiceLine line{.order = domain::OrderId{order},
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
            .includes_vat = includes_vat};
        if (end) line.period_end = date_of(*end);
        if (credited_invoice) line.credits = domain::LineRef{*credited_invoice, credited_position.value_or(0)};
        document->second->invoice.lines.push_back(std::move(line));
    }
}

std::pair<std::int64_t, std::string> VerificationStore::chain_end()
{
    const auto row = select_first<std::int64_t, std::string>(session_, "SELECT position, hash FROM document_chain WHERE id = 1").value();
    return {std::get<0>(row), std::get<1>(row)};
}

std::vector<OrderLine> VerificationStore::lines_after(std::int64_t order, int orders)
{
    std::vector<OrderLine> lines;
    const auto rows = select<std::int64_t, std::int64_t, int, std::string, std::string, Text, Text, Text, std::int64_t, std::int64_t,
        Number, std::optional<int>, bool>(session_,
        "SELECT l.order_id, l.invoice_id, l.position, l.kind, CAST(l.period_start AS CHAR), CAST(l.period_end AS CHAR),"
        " CAST(l.whole_start AS CHAR), CAST(l.whole_end AS CHAR), l.unit_minor * l.quantity, IF(l.includes_vat, l.gross_minor, "
        "l.net_minor),"
        " l.credited_invoice_id, l.credited_position, p.free_while <> '' OR l.unit_minor = 0"
        " FROM (SELECT id, sku FROM orders WHERE id > ? ORDER BY id LIMIT ?) o JOIN products p ON p.sku = o.sku"
        " JOIN invoice_lines l ON l.order_id = o.id ORDER BY l.order_id, l.credited_invoice_id IS NOT NULL, l.period_start, l.invoice_id",
        order, orders);
    lines.reserve(rows.size());
    for (const auto& [of, invoice, position, kind, start, end, whole_start, whole_end, price, amount, credited_invoice, credited_position,
             gaps] : rows) {
        OrderLine line{.order = of,
            .ref = {invoice, position},
            .kind = domain::line_kind_from(kind),
            .days = {date_of(start), date_of(end.value_or(start))},
            .price = price,
            .amount = amount,
            .may_have_gaps = gaps};
        if (whole_start && whole_end) line.whole = {date_of(*whole_start), date_of(*whole_end)};
        if (credited_invoice) line.credits = domain::LineRef{*credited_invoice, credited_position.value_or(0)};
        lines.push_back(line);
    }
    return lines;
}

std::int64_t VerificationStore::order_after(std::int64_t order, int orders)
{
    const auto row =
        select_first<Number>(session_, "SELECT MAX(id) FROM (SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?) o", order, orders);
    return std::get<0>(row.value()).value_or(INT64_MAX);
}

std::optional<std::int64_t> VerificationStore::last_order()
{
    return std::get<0>(select_first<Number>(session_, "SELECT MAX(order_id) FROM invoice_lines").value());
}

std::vector<std::string> VerificationStore::disagreements()
{
    std::vector<std::string> findings;
    for (const char* comparison : comparisons)
        for (const auto& [finding] : select<Text>(session_, comparison)) findings.push_back(finding.value_or(comparison));
    return findings;
}

std::vector<VerificationStore::Tax> VerificationStore::taxes()
{
    std::vector<Tax> taxes;
    const auto rows = select<std::string, int, std::string, std::int64_t>(session_,
        "SELECT vat_country, vat_rate, currency, CAST(SUM(vat_minor) AS INT) FROM tax_totals GROUP BY vat_country, vat_rate, currency");
    for (const auto& [country, rate, currency, vat] : rows) taxes.push_back({country, {rate}, money_of(vat, currency)});
    return taxes;
}

std::vector<AccountBalance> VerificationStore::balances()
{
    std::vector<AccountBalance> balances;
    const auto rows = select<std::string, std::string, std::int64_t>(session_,
        "SELECT account, currency, CAST(SUM(debit_minor) - SUM(credit_minor) AS INT) FROM ledger_totals GROUP BY account, currency");
    for (const auto& [account, currency, minor] : rows) balances.push_back({account, money_of(minor, currency)});
    return balances;
}

} // namespace store
