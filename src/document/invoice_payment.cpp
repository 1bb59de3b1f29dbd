#include "document/invoice_payment.h"

#include "document/country_codes.h"
#include "document/qr_text.h"
#include "document/swico.h"
#include "document/unprintable.h"
#include "document/utf8.h"
#include "document/wording.h"
#include "domain/iban.h"
#include "domain/uid.h"

#include <algorithm>

namespace document {
namespace {

/// At most so many characters, cut between words where that takes away little.
std::string beginning(const std::string& text, std::size_t characters)
{
    const auto cut = first_characters(text, characters);
    const auto blank = cut.rfind(' ');
    const bool between_words = cut.size() < text.size() && blank != cut.npos && blank > cut.size() / 2;
    return std::string{between_words ? cut.substr(0, blank) : cut};
}

/// nullopt if it is not complete, or has characters that cannot be mapped.
std::optional<QrAddress> qr_address(const domain::BillingAddress& address)
{
    const auto name = qr_text(address.company.empty() ? address.name : address.company);
    const auto street = qr_text(address.street), house_number = qr_text(address.house_number);
    const auto postal_code = qr_text(without_country(address.postal_code, address.country)), town = qr_text(address.city);
    if (!name || !street || !house_number || !postal_code || !town) return std::nullopt;
    if (name->empty() || postal_code->empty() || town->empty() || address.country.empty()) return std::nullopt;
    return QrAddress{beginning(*name, 70), beginning(*street, 70), *house_number, *postal_code, beginning(*town, 35), address.country};
}

/// From the first to the last day of all lines.
std::optional<domain::Period> days_supplied(const std::vector<DocumentLine>& lines)
{
    std::optional<domain::Period> days;
    for (const auto& line : lines) {
        if (!line.period) continue;
        if (!days) days = line.period;
        days->start = std::min(days->start, line.period->start);
        days->end = std::max(days->end, line.period->end);
    }
    return days;
}

/// The Swiss taxes; none if all rates are 0.
std::vector<SwicoTax> swico_taxes(const std::vector<DocumentTax>& taxes)
{
    std::vector<SwicoTax> swiss;
    for (const auto& tax : taxes)
        if (is_swiss(tax)) swiss.push_back({tax.rate, tax.net_minor});
    const bool taxed = std::ranges::any_of(swiss, [](const SwicoTax& tax) { return tax.rate.basis_points > 0; });
    return taxed ? swiss : std::vector<SwicoTax>{};
}

std::string bill_information(const InvoiceDocument& document, std::size_t room)
{
    const auto days_to_pay = (domain::Day{document.due_on} - domain::Day{document.issued_on}).count();
    SwicoBill bill{.invoice_number = document.number,
        .invoice_date = document.issued_on,
        .customer_reference = qr_text(document.customer_reference).value_or(""),
        .supplied = days_supplied(document.lines),
        .taxes = swico_taxes(document.taxes)};
    if (!document.issuer.uid.empty()) bill.uid_digits = domain::uid_digits(document.issuer.uid);
    if (days_to_pay >= 0) bill.conditions.push_back({0, static_cast<int>(days_to_pay)});
    return write_swico(bill, room);
}

/// The part of the document that a line of the payload comes from.
std::string field_of(int line)
{
    if (line == 3) return "payment_part.iban";
    if (line >= 4 && line <= 10) return "issuer.address";
    if (line == 18) return "due";
    if (line >= 20 && line <= 26) return "recipient";
    if (line == 27 || line == 28) return "payment_part.reference";
    if (line == 29 || line == 31) return "number";
    return "document";
}

domain::ReferenceType reference_type(const PaymentPart& part)
{
    if (domain::check_iban(part.iban) == domain::IbanFault::none && domain::is_qr_iban(part.iban)) return domain::ReferenceType::qrr;
    return part.reference.empty() ? domain::ReferenceType::non : domain::ReferenceType::scor;
}

} // namespace

QrPayload payment_of(const InvoiceDocument& document)
{
    const auto& part = document.payment_part.value();
    const auto& words = wording(document.language);
    const auto creditor = qr_address(document.issuer.address);
    if (!creditor) throw Unprintable{"issuer.address", QrFault::missing};

    QrPayload payment{.iban = part.iban,
        .creditor = *creditor,
        .amount_minor = document.due_minor(),
        .currency = document.currency,
        .debtor = qr_address(document.recipient),
        .reference_type = reference_type(part),
        .reference = part.reference,
        .message = std::string{words.invoice} + ' ' + document.number};
    if (document.due_minor() == 0) payment.message = words.not_for_payment;
    payment.bill_information = bill_information(document, qr_information_limit - code_points(payment.message).value_or(U"").size());

    const auto written = write_qr_payload(payment);
    if (const auto* error = std::get_if<QrError>(&written)) throw Unprintable{field_of(error->line), error->fault};
    return payment;
}

} // namespace document
