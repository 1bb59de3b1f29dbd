#include "document/invoice_pdf.h"

#include "document/canvas.h"
#include "document/invoice_payment.h"
#include "document/letterhead.h"
#include "document/line_table.h"
#include "document/payment_slip.h"
#include "document/printable.h"
#include "document/totals.h"
#include "document/wording.h"

#include <fmt/format.h>

namespace document {
namespace {

/// Goes on on a new page where one is full. Returns where the last note ends.
double draw_notes(Canvas& canvas, const std::vector<std::string>& notes, double y)
{
    constexpr double step = 4.2, gap = 1.8;
    const Style style{.size = 9};
    for (const auto& note : notes) {
        const Canvas::Tag paragraph{canvas, "P"};
        for (const auto& line : canvas.wrapped(note, style, right_margin - left_margin)) {
            if (y > body_bottom) {
                canvas.add_page();
                y = body_top;
            }
            canvas.text(left_margin, y, line, style);
            y += step;
        }
        y += gap;
    }
    return y - step;
}

/// The number of each page; on those after the first also what they belong to.
void number_pages(Canvas& canvas, const InvoiceDocument& document)
{
    constexpr double y = 12;
    const Canvas::Artifact repeated{canvas};
    const Style style{.size = 8, .grey = 0.35};
    const auto& sender = document.issuer.address.company.empty() ? document.issuer.address.name : document.issuer.address.company;
    for (int page = 1; page <= canvas.pages(); ++page) {
        canvas.turn_to(page);
        if (page > 1) canvas.text(left_margin, y, fmt::format("{} \u00B7 {}", sender, title_of(document)), style);
        const auto number =
            fmt::format(fmt::runtime(wording(document.language).page), fmt::arg("page", page), fmt::arg("pages", canvas.pages()));
        canvas.text(right_margin, y, number, style, Align::right);
    }
}

/// Below what is drawn down to `y`, or on a page of its own.
void draw_slip(Canvas& canvas, const InvoiceDocument& document, double y)
{
    constexpr double distance = 1;
    const auto payment = payment_of(document);
    if (y > page_height - slip_height - distance) canvas.add_page();
    draw_payment_slip(canvas, payment, document.language);
}

} // namespace

std::string invoice_pdf(const InvoiceDocument& issued, const Fonts& fonts)
{
    const auto document = printable(issued, fonts);
    Canvas canvas{fonts};
    canvas.add_page();
    double y = draw_letterhead(canvas, document);
    y = draw_line_table(canvas, document, y, height_of_totals(canvas, document));
    y = draw_totals(canvas, document, y);
    y = draw_notes(canvas, closing_notes(document), y);
    if (document.payment_part) draw_slip(canvas, document, y);
    number_pages(canvas, document);
    return canvas.finish({.title = title_of(document),
        .author = document.issuer.address.company.empty() ? document.issuer.address.name : document.issuer.address.company,
        .language = wording(document.language).language_tag,
        .date = document.issued_on});
}

} // namespace document
