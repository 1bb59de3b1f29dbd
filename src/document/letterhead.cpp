#include "document/letterhead.h"

#include "document/printed.h"
#include "document/wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <unicode/locid.h>
#include <utility>

namespace document {
namespace {

constexpr double window_x = 120, window_y = 60, window_width = 80, window_height = 25.5;
constexpr double grey = 0.35;

const std::string& first_name_line(const domain::BillingAddress& address)
{
    return address.company.empty() ? address.name : address.company;
}

std::string joined(const std::string& left, const std::string& right) { return left + (left.empty() || right.empty() ? "" : " ") + right; }

/// The country's English name in capitals, as the post wants it on the last line of a letter that goes abroad.
std::string country_line(const std::string& country)
{
    icu::UnicodeString name;
    icu::Locale{"", country.c_str()}.getDisplayCountry(icu::Locale::getEnglish(), name);
    std::string text;
    return name.toUpper(icu::Locale::getEnglish()).toUTF8String(text);
}

std::vector<std::string> address_lines(const domain::BillingAddress& address, const std::string& home)
{
    std::vector<std::string> lines{
        address.company, address.name, joined(address.street, address.house_number), joined(address.postal_code, address.city)};
    if (!address.country.empty() && address.country != home) lines.push_back(country_line(address.country));
    std::erase(lines, "");
    return lines;
}

/// On the left the name, on the right, above the window, where the sender is to be found.
void draw_sender(Canvas& canvas, const Issuer& issuer, const std::string& recipients_country, std::string_view language)
{
    const Canvas::Tag section{canvas, "Sect"};
    const auto paragraph = [&](double x, double y, std::string_view text, const Style& style) {
        const Canvas::Tag tag{canvas, "P"};
        canvas.text(x, y, text, style);
    };
    double y = 20;
    for (const auto& line : canvas.wrapped(first_name_line(issuer.address), {Weight::bold, 14}, window_x - left_margin - 5)) {
        paragraph(left_margin, y, line, {Weight::bold, 14});
        y += 6;
    }
    auto lines = address_lines(issuer.address, recipients_country.empty() ? issuer.address.country : recipients_country);
    lines.erase(lines.begin());
    for (const auto& line : {issuer.phone, issuer.email, issuer.web})
        if (!line.empty()) lines.push_back(line);
    if (!issuer.uid.empty()) lines.push_back(printed_vat_number(issuer.uid, language));
    y = 20;
    for (const auto& line : lines) {
        paragraph(window_x, y, line, {.size = 8.5, .grey = grey});
        y += 3.9;
    }
}

/// Smaller where the address has many lines, so that it stays in the window.
void draw_recipient(Canvas& canvas, const domain::BillingAddress& recipient, const std::string& home)
{
    const Canvas::Tag section{canvas, "Sect"};
    const Style style{.size = 10};
    std::vector<std::string> lines;
    for (const auto& line : address_lines(recipient, home))
        for (auto& part : canvas.wrapped(line, style, window_width)) lines.push_back(std::move(part));
    const double step = std::min(4.5, window_height / static_cast<double>(std::max<std::size_t>(lines.size(), 1)));
    const double size = std::min(style.size, step / mm_per_point / 1.15);
    double y = window_y + 0.8 * step;
    for (const auto& line : lines) {
        const Canvas::Tag paragraph{canvas, "P"};
        canvas.text(window_x, y, line, {.size = size});
        y += step;
    }
}

using Fact = std::pair<const char*, std::string>;

std::vector<Fact> facts_of(const InvoiceDocument& document)
{
    const auto& words = wording(document.language);
    const auto issued = printed_date(document.issued_on, document.language);
    const auto& place = document.issuer.address.city;
    std::vector<Fact> facts{{words.place_and_date, place.empty() ? issued : place + ", " + issued}};
    const bool is_to_be_paid = document.kind == domain::InvoiceKind::invoice && !document.card && document.due_minor() > 0;
    if (is_to_be_paid) facts.emplace_back(words.due, printed_date(document.due_on, document.language));
    if (document.corrected) facts.emplace_back(words.corrected, document.corrected->number);
    facts.emplace_back(words.customer_number, document.customer_number);
    facts.emplace_back(words.reference, document.customer_reference);
    facts.emplace_back(words.vat_id, document.customer_vat_id);
    std::erase_if(facts, [](const Fact& fact) { return fact.second.empty(); });
    return facts;
}

/// Returns the height of the next line.
double draw_facts(Canvas& canvas, const std::vector<Fact>& facts)
{
    constexpr double value_x = 58, step = 4.8;
    const Style style{.size = 9};
    double y = window_y + 3.6;
    for (const auto& [label, value] : facts) {
        const Canvas::Tag paragraph{canvas, "P"};
        canvas.text(left_margin, y, label, {.size = 9, .grey = grey});
        for (const auto& line : canvas.wrapped(value, style, window_x - value_x - 6)) {
            canvas.text(value_x, y, line, style);
            y += step;
        }
    }
    return y;
}

} // namespace

std::string title_of(const InvoiceDocument& document)
{
    const auto& words = wording(document.language);
    return fmt::format("{} {}", document.kind == domain::InvoiceKind::invoice ? words.invoice : words.credit_note, document.number);
}

double draw_letterhead(Canvas& canvas, const InvoiceDocument& document)
{
    draw_sender(canvas, document.issuer, document.recipient.country, document.language);
    draw_recipient(canvas, document.recipient, document.issuer.address.country);
    const double y = std::max(95.0, draw_facts(canvas, facts_of(document)) + 6);
    const Canvas::Tag heading{canvas, "H1"};
    canvas.text(left_margin, y, title_of(document), {Weight::bold, 15});
    return y + 9;
}

} // namespace document
