#include "domain/invoice.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

/// Appends "name value\n" with the value escaped, so that no value can look like another item.
void put(std::string& text, std::string_view name, std::string_view value)
{
    text += name;
    text += ' ';
    for (const char c : value) {
        if (c == '\\' || c == '\n') text += '\\';
        text += c == '\n' ? 'n' : c;
    }
    text += '\n';
}

void put(std::string& text, std::string_view name, std::int64_t value) { put(text, name, std::to_string(value)); }

void put(std::string& text, const Recipient& recipient)
{
    put(text, "company", recipient.company);
    put(text, "name", recipient.name);
    put(text, "street", recipient.street);
    put(text, "house_number", recipient.house_number);
    put(text, "postal_code", recipient.postal_code);
    put(text, "city", recipient.city);
    put(text, "country", recipient.country);
    put(text, "language", recipient.language);
    put(text, "vat_id", recipient.vat_id);
}

void put(std::string& text, const InvoiceTax& tax)
{
    const auto& decision = tax.decision;
    put(text, "vat_treatment", to_text(decision.treatment));
    put(text, "vat_country", decision.country);
    put(text, "vat_note", to_text(decision.note));
    put(text, "vat_flag", to_text(decision.flag));
    put(text, "vat_reason", decision.reason);
    put(text, "vat_id_used", tax.vat_id);
    put(text, "vat_consultation", tax.consultation);
    put(text, "oss_id", tax.oss_id);
}

void put(std::string& text, const InvoiceLine& line)
{
    put(text, "line", to_text(line.kind));
    put(text, "order", static_cast<std::int64_t>(line.order));
    put(text, "sku", line.sku);
    put(text, "text", line.text);
    put(text, "from", to_text(line.period_start));
    put(text, "to", line.period_end ? to_text(*line.period_end) : "");
    put(text, "quantity", line.quantity);
    put(text, "unit", line.unit.minor);
    put(text, "net", line.net.minor);
    put(text, "rate", line.rate.basis_points);
    put(text, "vat", line.vat.minor);
    put(text, "gross", line.gross.minor);
    if (line.credits) put(text, "credits", std::to_string(line.credits->document) + '/' + std::to_string(line.credits->line));
}

} // namespace

std::string_view to_text(InvoiceKind kind)
{
    switch (kind) {
    case InvoiceKind::invoice: return "invoice";
    case InvoiceKind::credit_note: return "credit_note";
    }
    throw std::domain_error{"no such kind of document"};
}

std::string_view series_of(InvoiceKind kind) { return to_text(kind); }

std::string number_text(InvoiceKind kind, int year, std::int64_t number)
{
    auto digits = std::to_string(number);
    if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
    return (kind == InvoiceKind::credit_note ? "CN-" : "") + std::to_string(year) + '-' + digits;
}

Totals totals_of(const std::vector<InvoiceLine>& lines, Currency currency)
{
    Totals totals{{0, currency}, {0, currency}, {0, currency}};
    for (const auto& line : lines) {
        totals.net = totals.net + line.net;
        totals.vat = totals.vat + line.vat;
        totals.gross = totals.gross + line.gross;
    }
    return totals;
}

std::string canonical_text(const Invoice& invoice)
{
    std::string text;
    text.reserve(300 + 200 * invoice.lines.size());
    const auto totals = totals_of(invoice.lines, invoice.currency);
    put(text, "document", to_text(invoice.kind));
    put(text, "uuid", invoice.uuid.text());
    put(text, "member", static_cast<std::int64_t>(invoice.member));
    put(text, "currency", to_text(invoice.currency));
    put(text, "billed_on", to_text(invoice.billed_on));
    put(text, "issued_on", to_text(invoice.issued_on));
    put(text, "due_on", to_text(invoice.due_on));
    put(text, invoice.recipient);
    put(text, "reason", invoice.reason);
    if (invoice.tax) put(text, *invoice.tax);
    for (const auto& line : invoice.lines) put(text, line);
    put(text, "net", totals.net.minor);
    put(text, "vat", totals.vat.minor);
    put(text, "total", totals.gross.minor);
    return text;
}

Day earned_until(const InvoiceLine& line, Day booked_on)
{
    return std::max(line.period_end ? Day{*line.period_end} : Day{}, booked_on + std::chrono::days{1});
}

} // namespace domain
