#include "document/line_table.h"

#include "document/letterhead.h"
#include "document/printed.h"
#include "document/wording.h"

#include <fmt/format.h>

namespace document {
namespace {

constexpr double quantity_x = 121, unit_x = 149, rate_x = 164; ///< where these columns end
constexpr double text_width = 84;
constexpr double step = 4.3, small_step = 4.0, padding = 2.4;
constexpr std::size_t most_lines_of_text = 30; ///< what is longer goes on in a row of its own, so that rows fit any page
constexpr Style normal{.size = 9.5}, small{.size = 8, .grey = 0.35}, head{Weight::bold, 8.5}, carried{.size = 8.5};

/// A row as it is printed.
struct Row {
    std::vector<std::string> text{};
    std::string period{}, quantity{}, unit{}, rate{}, amount{};
    std::int64_t amount_minor{0};
};

double height_of(const Row& row) { return step * static_cast<double>(row.text.size()) + (row.period.empty() ? 0 : small_step) + padding; }

Row row_of(const InvoiceDocument& document, const DocumentLine& line)
{
    Row row{.quantity = std::to_string(line.quantity),
        .rate = domain::percent_text(line.rate),
        .amount_minor = printed_sign(document) * line.amount_minor};
    if (line.period) row.period = printed_period(*line.period, document.language);
    if (line.unit_minor) row.unit = printed_amount(*line.unit_minor);
    row.amount = printed_amount(row.amount_minor);
    return row;
}

std::vector<Row> rows_of(const Canvas& canvas, const InvoiceDocument& document)
{
    std::vector<Row> rows;
    for (const auto& line : document.lines) {
        rows.push_back(row_of(document, line));
        for (auto& text : canvas.wrapped(line.text, normal, text_width)) {
            if (rows.back().text.size() == most_lines_of_text) rows.emplace_back();
            rows.back().text.push_back(std::move(text));
        }
    }
    return rows;
}

void draw_cell(Canvas& canvas, const char* type, double x, double y, std::string_view text, const Style& style, Align align)
{
    const Canvas::Tag cell{canvas, type, std::string_view{type} == "TH" ? "/A<</O/Table/Scope/Column>>" : ""};
    canvas.text(x, y, text, style, align);
}

/// Returns the base line of the first row.
double draw_head(Canvas& canvas, const InvoiceDocument& document, double y)
{
    const auto& words = wording(document.language);
    const Canvas::Tag row{canvas, "TR"};
    draw_cell(canvas, "TH", left_margin, y, words.description, head, Align::left);
    draw_cell(canvas, "TH", quantity_x, y, words.quantity, head, Align::right);
    draw_cell(canvas, "TH", unit_x, y, words.unit_price, head, Align::right);
    draw_cell(canvas, "TH", rate_x, y, words.vat_rate, head, Align::right);
    draw_cell(canvas, "TH", right_margin, y, fmt::format("{} {}", words.amount, to_text(document.currency)), head, Align::right);
    {
        const Canvas::Artifact repeated{canvas};
        canvas.text(right_margin, y + 3.4, document.prices_include_vat ? words.including_vat : words.excluding_vat, small, Align::right);
    }
    canvas.line(left_margin, y + 5, right_margin, y + 5, 0.6);
    return y + 10;
}

void draw_row(Canvas& canvas, const Row& row, double y)
{
    const Canvas::Tag tag{canvas, "TR"};
    {
        const Canvas::Tag cell{canvas, "TD"};
        double line_y = y;
        for (const auto& line : row.text) {
            canvas.text(left_margin, line_y, line, normal);
            line_y += step;
        }
        canvas.text(left_margin, line_y - (step - small_step) / 2, row.period, small);
    }
    draw_cell(canvas, "TD", quantity_x, y, row.quantity, normal, Align::right);
    draw_cell(canvas, "TD", unit_x, y, row.unit, normal, Align::right);
    draw_cell(canvas, "TD", rate_x, y, row.rate, normal, Align::right);
    draw_cell(canvas, "TD", right_margin, y, row.amount, normal, Align::right);
    const double end = y + height_of(row) - step + 0.2;
    canvas.line(left_margin, end, right_margin, end, 0.4, 0.7);
}

void draw_carried(Canvas& canvas, const InvoiceDocument& document, std::int64_t sum_minor, double y)
{
    canvas.text(left_margin, y, wording(document.language).carried_forward, carried);
    canvas.text(right_margin, y, printed_amount(sum_minor), carried, Align::right);
}

/// Ends the page with the sum so far, begins the next one with head and sum. Returns the base line of the next row.
double break_page(Canvas& canvas, const InvoiceDocument& document, std::int64_t sum_minor, double y)
{
    const Canvas::Artifact repeated{canvas};
    draw_carried(canvas, document, sum_minor, y);
    canvas.add_page();
    y = draw_head(canvas, document, body_top);
    draw_carried(canvas, document, sum_minor, y);
    return y + step + padding;
}

} // namespace

double draw_line_table(Canvas& canvas, const InvoiceDocument& document, double y, double room_below)
{
    constexpr double room_for_carried = step + padding;
    const Canvas::Tag table{canvas, "Table"};
    const auto rows = rows_of(canvas, document);
    y = draw_head(canvas, document, y);
    std::int64_t sum_minor = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double below = i + 1 == rows.size() ? room_below : room_for_carried;
        if (y - step + height_of(rows[i]) + below > body_bottom) y = break_page(canvas, document, sum_minor, y);
        draw_row(canvas, rows[i], y);
        y += height_of(rows[i]);
        sum_minor += rows[i].amount_minor;
    }
    return y;
}

} // namespace document
