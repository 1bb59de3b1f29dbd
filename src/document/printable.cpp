#include "document/printable.h"

#include "document/qr_text.h"
#include "document/unprintable.h"
#include "document/utf8.h"

#include <algorithm>

namespace document {
namespace {

/// A character that marks the one before it, which fonts do not place well: the composed character is printed instead.
bool is_combining(char32_t c) { return c >= 0x300 && c <= 0x36F; }

bool can_print(std::string_view text, const Fonts& fonts)
{
    const auto characters = code_points(text);
    return characters && std::ranges::all_of(*characters, [&](char32_t c) {
        return in_qr_set(c) || (!is_combining(c) && fonts[Weight::regular].has(c) && fonts[Weight::bold].has(c));
    });
}

void make_printable(std::string& text, const std::string& field, const Fonts& fonts)
{
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (can_print(text, fonts)) return;
    auto mapped = qr_text(text);
    if (!mapped) throw Unprintable{field, std::nullopt};
    text = std::move(*mapped);
}

void make_printable(domain::BillingAddress& address, const std::string& field, const Fonts& fonts)
{
    make_printable(address.company, field + ".company", fonts);
    make_printable(address.name, field + ".name", fonts);
    make_printable(address.street, field + ".street", fonts);
    make_printable(address.house_number, field + ".house_number", fonts);
    make_printable(address.postal_code, field + ".postal_code", fonts);
    make_printable(address.city, field + ".city", fonts);
}

} // namespace

InvoiceDocument printable(InvoiceDocument document, const Fonts& fonts)
{
    const auto make = [&](std::string& text, const std::string& field) { make_printable(text, field, fonts); };
    make(document.number, "number");
    make_printable(document.issuer.address, "issuer.address", fonts);
    make(document.issuer.email, "issuer.email");
    make(document.issuer.web, "issuer.web");
    make(document.issuer.phone, "issuer.phone");
    make_printable(document.recipient, "recipient", fonts);
    make(document.customer_number, "customer_number");
    make(document.customer_reference, "customer_reference");
    make(document.customer_vat_id, "customer_vat_id");
    for (std::size_t i = 0; i < document.lines.size(); ++i) make(document.lines[i].text, "lines[" + std::to_string(i) + "].text");
    for (std::size_t i = 0; i < document.notes.size(); ++i) make(document.notes[i], "notes[" + std::to_string(i) + "]");
    if (document.card) make(document.card->card, "card.card");
    return document;
}

} // namespace document
