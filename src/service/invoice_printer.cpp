#include "service/invoice_printer.h"

#include "document/invoice_pdf.h"
#include "domain/iban.h"
#include "domain/refusal.h"
#include "domain/settlement.h"
#include "store/charge_store.h"
#include "store/invoice_store.h"
#include "store/issuer_store.h"

#include <algorithm>
#include <map>

namespace service {
namespace {

using document::InvoiceDocument;

document::DocumentLine line_of(const domain::InvoiceLine& line)
{
    const auto amount = line.includes_vat ? line.gross : line.net;
    document::DocumentLine shown{.text = line.text, .quantity = line.quantity, .amount_minor = amount.minor, .rate = line.rate};
    if (line.period_end) shown.period = domain::Period{line.period_start, *line.period_end};
    if (line.unit.minor * line.quantity == amount.minor) shown.unit_minor = line.unit.minor;
    return shown;
}

std::vector<document::DocumentTax> taxes_of(const std::vector<store::InvoiceLineRecord>& lines, const std::string& country)
{
    std::map<int, document::DocumentTax> by_rate;
    for (const auto& [line, order, credited] : lines) {
        if (line.vat.minor == 0 && line.rate.basis_points == 0) continue;
        auto& tax = by_rate[line.rate.basis_points];
        tax.rate = line.rate;
        tax.country = country;
        tax.net_minor += line.net.minor;
        tax.tax_minor += line.vat.minor;
    }
    std::vector<document::DocumentTax> taxes;
    for (const auto& [rate, tax] : by_rate) taxes.push_back(tax);
    return taxes;
}

std::optional<document::PaymentPart> payment_part_of(const store::InvoiceRecord& invoice, const domain::Issuer& issuer)
{
    const auto& iban = issuer.iban(invoice.total.currency);
    const auto bill = domain::bill_number_from(invoice.number);
    if (iban.empty() || !bill) return std::nullopt;
    return document::PaymentPart{iban,
        domain::is_qr_iban(iban) ? domain::bill_qr_reference(issuer.reference_prefix, *bill) : domain::bill_creditor_reference(*bill)};
}

/// Whoever pays by card needs no payment part while the card is charged, nor after.
std::optional<document::CardCharge> card_of(store::Session& session, const store::InvoiceRecord& invoice)
{
    const auto attempt = store::ChargeStore{session}.latest_of(invoice.id);
    if (!attempt || (attempt->state != domain::AttemptState::succeeded && !domain::is_under_way(attempt->state))) return std::nullopt;
    const bool done = attempt->state == domain::AttemptState::succeeded;
    return document::CardCharge{store::ChargeStore{session}.card_name(attempt->method), attempt->planned_on, done};
}

InvoiceDocument document_of(store::Session& session, const store::InvoiceRecord& invoice, const domain::Issuer& issuer)
{
    const auto lines = store::InvoiceStore{session}.lines_of(invoice);
    const bool is_credit_note = invoice.kind == domain::to_text(domain::InvoiceKind::credit_note);
    const auto& to = invoice.recipient;
    const auto tax = invoice.tax.value_or(domain::InvoiceTax{});
    InvoiceDocument shown{.kind = is_credit_note ? domain::InvoiceKind::credit_note : domain::InvoiceKind::invoice,
        .language = to.language,
        .currency = invoice.total.currency,
        .number = invoice.number,
        .issued_on = invoice.issued_on,
        .due_on = invoice.due_on,
        .issuer = {issuer.address, issuer.uid, issuer.email, issuer.web, issuer.phone},
        .recipient = {to.company, to.name, to.street, to.house_number, to.postal_code, to.city, to.country},
        .customer_vat_id = tax.vat_id.empty() ? to.vat_id : tax.vat_id,
        .taxes = taxes_of(lines, tax.decision.country),
        .vat_note = tax.decision.note,
        .oss_id = tax.oss_id,
        .total_minor = invoice.total.minor,
        .applied_minor = invoice.applied.minor,
        .paid_minor = invoice.paid.minor};
    for (const auto& line : lines) shown.lines.push_back(line_of(line.line));
    shown.prices_include_vat = lines.empty() || lines.front().line.includes_vat;
    if (!invoice.reason.empty()) shown.notes.push_back(invoice.reason);
    if (is_credit_note) {
        const auto credits = std::ranges::find_if(lines, [](const auto& line) { return !line.credited_number.empty(); });
        if (credits != lines.end()) {
            const auto corrected = store::InvoiceStore{session}.by_number(credits->credited_number);
            if (corrected) shown.corrected = InvoiceDocument::Corrected{corrected->number, corrected->issued_on};
        }
        return shown;
    }
    shown.card = card_of(session, invoice);
    if (!shown.card && invoice.open.minor > 0) shown.payment_part = payment_part_of(invoice, issuer);
    return shown;
}

} // namespace

const document::Fonts& InvoicePrinter::fonts()
{
    static const document::Fonts loaded; // once a program: they never change
    return loaded;
}

std::string InvoicePrinter::print(domain::MemberId member, const std::string& number)
{
    return print([&](store::Session& session) { return store::InvoiceStore{session}.by_number(member, number); }, number);
}

std::string InvoicePrinter::print(const std::string& number)
{
    return print([&](store::Session& session) { return store::InvoiceStore{session}.by_number(number); }, number);
}

std::string InvoicePrinter::print(
    const std::function<std::optional<store::InvoiceRecord>(store::Session&)>& find, const std::string& number)
{
    const auto shown = database_.read([&](store::Session& session) {
        const auto invoice = find(session);
        if (!invoice) throw domain::Refusal{domain::Reason::not_found, "there is no document " + number};
        const auto issuer = store::IssuerStore{session}.of_document(invoice->id);
        return document_of(session, *invoice, issuer.value_or(domain::Issuer{}));
    });
    return document::invoice_pdf(shown, fonts());
}

} // namespace service
