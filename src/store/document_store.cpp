#include "store/document_store.h"

#include "store/document_chain.h"
#include "store/issuer_store.h"
#include "store/outbox_store.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace store {
namespace {

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

std::string kind_text(const domain::Invoice& invoice) { return std::string{domain::to_text(invoice.kind)}; }

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

std::optional<std::string> whole_text(domain::Day day, const domain::Period& whole)
{
    return whole.start < whole.end ? std::optional{to_sql(domain::Date{day})} : std::nullopt;
}

/// What was issued before it was written down is Swiss.
domain::InvoiceTax tax_of(const domain::Invoice& invoice) { return invoice.tax.value_or(domain::InvoiceTax{}); }

std::vector<NewTransaction> transactions_of(const std::vector<NewDocument>& documents)
{
    std::vector<NewTransaction> transactions;
    transactions.reserve(documents.size());
    for (const auto& document : documents) {
        const auto& invoice = document.invoice;
        transactions.push_back({.kind = kind_text(invoice),
            .reference = invoice.uuid,
            .member = invoice.member,
            .booked_on = invoice.booked_on,
            .entries = domain::document_entries(invoice.lines, {document.credit_used, invoice.currency},
                {document.credit_gained, invoice.currency}, tax_of(invoice).decision.country)});
    }
    return transactions;
}

} // namespace

void DocumentStore::issue(std::vector<NewDocument>& documents, std::int64_t first_transaction, domain::Instant now)
{
    if (documents.empty()) return;
    const auto transactions = transactions_of(documents);
    insert_invoices(documents);
    insert_lines(documents);
    insert_receivables(documents);
    queue_mails(documents, now);
    insert_ledger(session_, transactions, first_transaction, now);
    check_open(documents);
    number(documents, now);
    LedgerTotals{transactions}.write(session_);
    add_taxes(documents);
}

void DocumentStore::insert_invoices(const std::vector<NewDocument>& documents)
{
    Numbers ids, members, nets, vats, totals;
    Texts uuids, kinds, currencies, billed_on, issued_on, due_on, reasons;
    Texts company, name, street, house_number, postal_code, city, country, language, vat_id;
    std::vector<std::optional<std::string>> treatments;
    Texts vat_countries, notes, flags, vat_reasons, ids_used, consultations, oss_ids;
    for (const auto& document : documents) {
        const auto& invoice = document.invoice;
        const auto sums = domain::totals_of(invoice.lines, invoice.currency);
        ids.push_back(invoice.id);
        uuids.push_back(invoice.uuid.text());
        members.push_back(number_of(invoice.member));
        kinds.push_back(kind_text(invoice));
        currencies.emplace_back(domain::to_text(invoice.currency));
        nets.push_back(sums.net.minor);
        vats.push_back(sums.vat.minor);
        totals.push_back(sums.gross.minor);
        billed_on.push_back(to_sql(invoice.billed_on));
        issued_on.push_back(to_sql(invoice.issued_on));
        due_on.push_back(to_sql(invoice.due_on));
        reasons.push_back(invoice.reason);
        const auto& recipient = invoice.recipient;
        company.push_back(recipient.company);
        name.push_back(recipient.name);
        street.push_back(recipient.street);
        house_number.push_back(recipient.house_number);
        postal_code.push_back(recipient.postal_code);
        city.push_back(recipient.city);
        country.push_back(recipient.country);
        language.push_back(recipient.language);
        vat_id.push_back(recipient.vat_id);
        const auto tax = tax_of(invoice);
        treatments.push_back(invoice.tax ? std::optional{std::string{domain::to_text(tax.decision.treatment)}} : std::nullopt);
        vat_countries.push_back(tax.decision.country);
        notes.emplace_back(invoice.tax ? domain::to_text(tax.decision.note) : "");
        flags.emplace_back(domain::to_text(tax.decision.flag));
        vat_reasons.push_back(tax.decision.reason);
        ids_used.push_back(tax.vat_id);
        consultations.push_back(tax.consultation);
        oss_ids.push_back(tax.oss_id);
    }
    execute_bulk(session_,
        "INSERT INTO invoices (id, uuid, member_id, kind, status, currency, net_minor, vat_minor, total_minor, billed_on, issued_on, "
        "due_on,"
        " reason, company, address_name, street, house_number, postal_code, city, country, language, vat_id, vat_treatment, vat_country,"
        " vat_note, vat_flag, vat_reason, vat_id_used, vat_consultation, oss_id)"
        " VALUES (?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ids, uuids, members, kinds, currencies, nets, vats, totals, billed_on, issued_on, due_on, reasons, company, name, street,
        house_number, postal_code, city, country, language, vat_id, treatments, vat_countries, notes, flags, vat_reasons, ids_used,
        consultations, oss_ids);
}

void DocumentStore::insert_lines(const std::vector<NewDocument>& documents)
{
    Numbers invoices, positions, orders, nets, rates, vats, grosses, turns, quantities, units, includes_vat;
    Texts kinds, skus, texts, starts, earned_from, earned_until;
    std::vector<std::optional<std::string>> ends, whole_starts, whole_ends;
    std::vector<std::optional<std::int64_t>> credited_invoices, credited_positions;
    for (const auto& document : documents) {
        const auto& invoice = document.invoice;
        std::int64_t position = 0;
        for (const auto& line : invoice.lines) {
            invoices.push_back(invoice.id);
            positions.push_back(++position);
            orders.push_back(static_cast<std::int64_t>(line.order));
            kinds.emplace_back(domain::to_text(line.kind));
            skus.push_back(line.sku);
            texts.push_back(line.text);
            starts.push_back(to_sql(line.period_start));
            ends.push_back(to_sql(line.period_end));
            nets.push_back(line.net.minor);
            rates.push_back(line.rate.basis_points);
            vats.push_back(line.vat.minor);
            grosses.push_back(line.gross.minor);
            turns.push_back(line.turn);
            whole_starts.push_back(whole_text(line.whole.start, line.whole));
            whole_ends.push_back(whole_text(line.whole.end, line.whole));
            quantities.push_back(line.quantity);
            units.push_back(line.unit.minor);
            includes_vat.push_back(line.includes_vat ? 1 : 0);
            credited_invoices.push_back(line.credits ? std::optional{line.credits->document} : std::nullopt);
            credited_positions.push_back(line.credits ? std::optional<std::int64_t>{line.credits->line} : std::nullopt);
            earned_from.push_back(to_sql(invoice.booked_on));
            earned_until.push_back(to_sql(domain::Date{domain::earned_until(line, invoice.booked_on)}));
        }
    }
    execute_bulk(session_,
        "INSERT INTO invoice_lines (invoice_id, position, order_id, kind, sku, text, period_start, period_end, net_minor, vat_rate,"
        " vat_minor, gross_minor, turn, whole_start, whole_end, quantity, unit_minor, includes_vat, credited_invoice_id,"
        " credited_position, earned_from, earned_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        invoices, positions, orders, kinds, skus, texts, starts, ends, nets, rates, vats, grosses, turns, whole_starts, whole_ends,
        quantities, units, includes_vat, credited_invoices, credited_positions, earned_from, earned_until);
}

void DocumentStore::insert_receivables(const std::vector<NewDocument>& documents)
{
    Numbers invoices, members, totals, open, applied;
    Texts currencies, due_on;
    std::vector<std::optional<std::string>> attend_on;
    for (const auto& document : documents) {
        const auto& invoice = document.invoice;
        const auto total = domain::totals_of(invoice.lines, invoice.currency).gross.minor;
        invoices.push_back(invoice.id);
        members.push_back(number_of(invoice.member));
        currencies.emplace_back(domain::to_text(invoice.currency));
        due_on.push_back(to_sql(invoice.due_on));
        totals.push_back(total);
        open.push_back(document.open);
        applied.push_back(std::max<std::int64_t>(total, 0) - document.open);
        attend_on.push_back(document.open > 0 ? std::optional{to_sql(invoice.issued_on)} : std::nullopt);
    }
    execute_bulk(session_,
        "INSERT INTO receivables (invoice_id, member_id, currency, due_on, total_minor, open_minor, applied_minor, attend_on)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        invoices, members, currencies, due_on, totals, open, applied, attend_on);
}

void DocumentStore::queue_mails(const std::vector<NewDocument>& documents, domain::Instant now)
{
    Numbers invoices;
    Texts kinds;
    for (const auto& document : documents) {
        const bool is_credit_note = document.invoice.kind == domain::InvoiceKind::credit_note;
        invoices.push_back(document.invoice.id);
        kinds.emplace_back(domain::to_text(is_credit_note ? domain::MailKind::credit_note : domain::MailKind::issued));
    }
    OutboxStore{session_}.queue(invoices, kinds, now);
}

/// Nothing is booked on a day whose revenue is recognised already: the row is kept from moving on until we commit.
void DocumentStore::check_open(const std::vector<NewDocument>& documents)
{
    const auto row = select_first<std::string>(session_, "SELECT CAST(through AS CHAR) FROM recognition WHERE id = 1 LOCK IN SHARE MODE");
    const auto through = date_of(std::get<0>(row.value()));
    for (const auto& document : documents)
        if (document.invoice.booked_on <= through) throw Conflict{"the books have moved on"};
}

void DocumentStore::number(std::vector<NewDocument>& documents, domain::Instant now)
{
    Numbers ids, years, series_numbers, positions;
    Texts numbers, series, content_hashes, chain_hashes;
    for (const auto& document : documents) content_hashes.push_back(content_hash(document.invoice));
    const auto issuer = IssuerStore{session_}.current_id();
    DocumentChain chain{session_}; // from here on others wait
    for (std::size_t i = 0; i < documents.size(); ++i) {
        auto& document = documents[i];
        const auto link = chain.append(document.invoice, content_hashes[i]);
        document.number = link.number;
        ids.push_back(document.invoice.id);
        numbers.push_back(link.number);
        series.emplace_back(domain::series_of(document.invoice.kind));
        years.push_back(int{document.invoice.billed_on.year()});
        series_numbers.push_back(link.series_number);
        positions.push_back(link.position);
        chain_hashes.push_back(link.chain_hash);
    }
    chain.save();
    execute_bulk(session_,
        "UPDATE invoices SET number = ?, series = ?, series_year = ?, series_number = ?, chain_position = ?, content_hash = ?,"
        " chain_hash = ?, issued_at = ?, issuer_id = ?, status = 'issued' WHERE id = ?",
        numbers, series, years, series_numbers, positions, content_hashes, chain_hashes, Texts(ids.size(), to_sql(now)),
        std::vector<std::optional<std::int64_t>>(ids.size(), issuer), ids);
}

void DocumentStore::add_taxes(const std::vector<NewDocument>& documents)
{
    using Key = std::tuple<domain::Date, domain::Currency, domain::VatTreatment, std::string, int>;
    std::map<Key, std::pair<std::int64_t, std::int64_t>> sums; // net, tax
    for (const auto& document : documents) {
        const auto decision = tax_of(document.invoice).decision;
        for (const auto& line : document.invoice.lines) {
            auto& [net, vat] =
                sums[{document.invoice.booked_on, document.invoice.currency, decision.treatment, decision.country, line.rate.basis_points}];
            net += line.net.minor;
            vat += line.vat.minor;
        }
    }
    Texts days, currencies, treatments, countries;
    Numbers rates, nets, vats;
    for (const auto& [key, sum] : sums) {
        days.push_back(to_sql(std::get<0>(key)));
        currencies.emplace_back(domain::to_text(std::get<1>(key)));
        treatments.emplace_back(domain::to_text(std::get<2>(key)));
        countries.push_back(std::get<3>(key));
        rates.push_back(std::get<4>(key));
        nets.push_back(sum.first);
        vats.push_back(sum.second);
    }
    execute_bulk(session_,
        "INSERT INTO tax_totals (booked_on, currency, vat_treatment, vat_country, vat_rate, net_minor, vat_minor)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE net_minor = net_minor + VALUES(net_minor), vat_minor = vat_minor + VALUES(vat_minor)",
        days, currencies, treatments, countries, rates, nets, vats);
}

void DocumentStore::apply(const std::vector<AppliedCredit>& credits)
{
    Numbers invoices, amounts;
    for (const auto& [invoice, amount] : credits) {
        invoices.push_back(invoice);
        amounts.push_back(amount);
    }
    const auto found = execute_bulk(session_,
        "UPDATE receivables SET attend_on = IF(open_minor = ?, NULL, attend_on), applied_minor = applied_minor + ?,"
        " open_minor = open_minor - ? WHERE invoice_id = ? AND open_minor >= ?",
        amounts, amounts, amounts, invoices, amounts);
    if (found != credits.size()) throw Conflict{"a document was settled meanwhile"};
}

void DocumentStore::change_credit(const std::vector<CreditChange>& changes)
{
    Numbers members, befores, afters;
    Texts currencies;
    for (const auto& change : changes) {
        members.push_back(number_of(change.member));
        currencies.emplace_back(domain::to_text(change.currency));
        befores.push_back(change.before);
        afters.push_back(change.after);
    }
    execute_bulk(session_,
        "INSERT INTO credit_balances (member_id, currency, credit_minor) VALUES (?, ?, 0)"
        " ON DUPLICATE KEY UPDATE credit_minor = credit_minor",
        members, currencies);
    const auto found =
        execute_bulk(session_, "UPDATE credit_balances SET credit_minor = ? WHERE member_id = ? AND currency = ? AND credit_minor = ?",
            afters, members, currencies, befores);
    if (found != changes.size()) throw Conflict{"a member's credit was changed meanwhile"};
}

void DocumentStore::book(std::span<const NewTransaction> transactions, std::int64_t first_id, domain::Instant now)
{
    insert_ledger(session_, transactions, first_id, now);
    LedgerTotals{transactions}.write(session_);
}

domain::Date DocumentStore::first_open_day()
{
    const auto row = select_first<std::string>(session_,
        "SELECT CAST(GREATEST(through, COALESCE((SELECT MAX(closed_through) FROM closed_books), through)) AS CHAR) FROM recognition"
        " WHERE id = 1");
    return domain::Day{date_of(std::get<0>(row.value()))} + std::chrono::days{1};
}

} // namespace store
