#include "document/totals.h"

#include "document/invoice_notes.h"
#include "document/letterhead.h"
#include "document/line_table.h"
#include "document/printed.h"
#include "document/wording.h"

#include <fmt/format.h>

namespace document {
namespace {

constexpr double step = 5;
constexpr double label_x = 100, label_width = 62; ///< of what the sums are
constexpr Style normal{.size = 9.5}, bold{Weight::bold, 10.5};

struct Sum {
    std::string label{};
    std::int64_t minor{0};
    bool is_main{false}; ///< a total, in bold under a line
};

std::string tax_label(const InvoiceDocument& document, const DocumentTax& tax)
{
    const auto note = is_swiss(tax) ? domain::VatNote::ch_vat : domain::VatNote::eu_oss;
    const auto words = invoice_note(note, document.language, {tax.rate, tax.country, document.oss_id});
    return fmt::format(fmt::runtime(wording(document.language).tax_on), fmt::arg("tax", words),
        fmt::arg("net", printed_amount(printed_sign(document) * tax.net_minor)));
}

std::vector<Sum> sums_of(const InvoiceDocument& document)
{
    const auto& words = wording(document.language);
    const auto sign = printed_sign(document);
    const auto in_currency = [&](const char* label) { return fmt::format("{} {}", label, to_text(document.currency)); };
    std::vector<Sum> sums;
    std::int64_t tax_minor = 0;
    for (const auto& tax : document.taxes) {
        sums.push_back({tax_label(document, tax), sign * tax.tax_minor});
        tax_minor += tax.tax_minor;
    }
    if (!sums.empty()) sums.insert(sums.begin(), {words.net, sign * (document.total_minor - tax_minor)});
    sums.push_back({in_currency(words.total), sign * document.total_minor, true});
    if (document.applied_minor != 0) sums.push_back({words.credit_applied, -document.applied_minor});
    if (document.paid_minor != 0) sums.push_back({words.paid, -document.paid_minor});
    if (document.due_minor() != document.total_minor) sums.push_back({in_currency(words.amount_due), sign * document.due_minor(), true});
    return sums;
}

const Style& style_of(const Sum& sum) { return sum.is_main ? bold : normal; }

std::vector<std::string> label_of(const Canvas& canvas, const Sum& sum) { return canvas.wrapped(sum.label, style_of(sum), label_width); }

/// The amount beside the last line of its label. Returns the next base line.
double draw_sum(Canvas& canvas, const Sum& sum, double y)
{
    const Canvas::Tag row{canvas, "TR"};
    {
        const Canvas::Tag label{canvas, "TH", "/A<</O/Table/Scope/Row>>"};
        for (const auto& line : label_of(canvas, sum)) {
            canvas.text(label_x, y, line, style_of(sum));
            y += step;
        }
    }
    const Canvas::Tag amount{canvas, "TD"};
    canvas.text(right_margin, y - step, printed_amount(sum.minor), style_of(sum), Align::right);
    return y;
}

std::string card_note(const InvoiceDocument& document)
{
    const auto& words = wording(document.language);
    const auto& charge = *document.card;
    const auto minor = charge.done ? document.paid_minor : document.due_minor();
    return fmt::format(fmt::runtime(charge.done ? words.card_was_charged : words.card_will_be_charged),
        fmt::arg("amount", fmt::format("{} {}", to_text(document.currency), printed_amount(minor))), fmt::arg("card", charge.card),
        fmt::arg("date", printed_date(charge.on, document.language)));
}

/// How the invoice is or was paid.
std::string payment_note(const InvoiceDocument& document)
{
    const auto& words = wording(document.language);
    if (document.card) return card_note(document);
    if (document.due_minor() <= 0) return words.settled;
    return fmt::format(fmt::runtime(words.pay_by), fmt::arg("date", printed_date(document.due_on, document.language)));
}

} // namespace

double height_of_totals(const Canvas& canvas, const InvoiceDocument& document)
{
    double height = 5;
    for (const auto& sum : sums_of(document)) height += step * static_cast<double>(label_of(canvas, sum).size()) + (sum.is_main ? 1.5 : 0);
    return height;
}

double draw_totals(Canvas& canvas, const InvoiceDocument& document, double y)
{
    const Canvas::Tag table{canvas, "Table"};
    y += 1.5;
    const auto sums = sums_of(document);
    for (const auto& sum : sums) {
        if (sum.is_main && sums.size() > 1) canvas.line(label_x, y - 3.3, right_margin, y - 3.3, 0.6);
        if (sum.is_main) y += 1.2;
        y = draw_sum(canvas, sum, y) + (sum.is_main ? 0.3 : 0);
    }
    return y + 3;
}

std::vector<std::string> closing_notes(const InvoiceDocument& document)
{
    const auto& words = wording(document.language);
    std::vector<std::string> notes;
    if (document.corrected)
        notes.push_back(fmt::format(fmt::runtime(words.corrects), fmt::arg("number", document.corrected->number),
            fmt::arg("date", printed_date(document.corrected->issued_on, document.language))));
    notes.insert(notes.end(), document.notes.begin(), document.notes.end());
    if (document.vat_note == domain::VatNote::eu_reverse_charge || document.vat_note == domain::VatNote::abroad)
        for (auto& note : invoice_notes(document.vat_note, document.language, {})) notes.push_back(std::move(note));
    if (document.kind == domain::InvoiceKind::invoice) notes.push_back(payment_note(document));
    return notes;
}

} // namespace document
