#include "document/payment_slip.h"

#include "document/printed.h"
#include "document/qr_code.h"
#include "document/wording.h"
#include "domain/iban.h"

#include <array>
#include <fmt/format.h>

namespace document {
namespace {

constexpr double top = page_height - slip_height; ///< of the slip on its page
constexpr double margin = 5;
constexpr double payment_part = 62; ///< where it begins; left of it is the receipt
constexpr double ascent = 0.905;    ///< of Liberation Sans, as a part of its size

/// How much an address shows of itself.
struct AddressForm {
    bool country{false};
    bool street{true};
};

/// A heading and what stands under it; no values: a field for the payer to fill in.
struct Block {
    std::string heading{};
    std::vector<std::string> values{};
};

/// A field that is left blank, by its corner marks.
struct Field {
    double width{0}, height{0};
};

/// Sizes in points. `gap` is the room between blocks in lines.
struct Setting {
    double heading{0}, value{0}, step{0}, gap{1};
};

/// A place for blocks.
struct Section {
    double x{0}, y{0}, width{0}, height{0};
    Field blank{};
};

constexpr Section receipt{margin, top + 12, 52, 56, {52, 20}};
constexpr Section information{payment_part + 56, top + 5, 87, 85, {65, 25}};

std::vector<std::string> lines_of(const QrAddress& address, AddressForm form)
{
    std::vector<std::string> lines{address.name};
    const auto street = address.street + (address.street.empty() || address.house_number.empty() ? "" : " ") + address.house_number;
    if (form.street && !street.empty()) lines.push_back(street);
    lines.push_back((form.country ? address.country + " - " : "") + address.postal_code + ' ' + address.town);
    return lines;
}

/// Which streets are left out where there is no room for them: the debtor's first.
enum class Streets { all, creditors, none };

std::vector<Block> blocks_of(const QrPayload& payment, const Wording& words, bool with_information, Streets streets)
{
    const bool countries = payment.debtor && payment.debtor->country != payment.creditor.country;
    Block account{words.account, {domain::printed_iban(payment.iban)}};
    const auto creditor = lines_of(payment.creditor, {countries, streets != Streets::none});
    account.values.insert(account.values.end(), creditor.begin(), creditor.end());

    std::vector<Block> blocks{account};
    if (!payment.reference.empty())
        blocks.push_back({words.payment_reference, {domain::printed_reference(payment.reference_type, payment.reference)}});
    if (with_information && !(payment.message.empty() && payment.bill_information.empty()))
        blocks.push_back({words.additional, {payment.message, payment.bill_information}});
    if (payment.debtor) blocks.push_back({words.payable_by, lines_of(*payment.debtor, {countries, streets == Streets::all})});
    else blocks.push_back({words.payable_by_blank, {}});
    return blocks;
}

/// The values in lines that fit the width, at most so many of each.
std::vector<Block> broken(const Canvas& canvas, std::vector<Block> blocks, double size, double width, std::size_t most_lines)
{
    for (auto& block : blocks) {
        std::vector<std::string> lines;
        for (const auto& value : block.values) {
            auto parts = canvas.wrapped(value, {.size = size}, width);
            if (parts.size() > most_lines) parts.resize(most_lines);
            lines.insert(lines.end(), parts.begin(), parts.end());
        }
        block.values = std::move(lines);
    }
    return blocks;
}

double height_of(const std::vector<Block>& blocks, const Setting& setting, const Field& blank)
{
    const double step = setting.step * mm_per_point;
    double height = setting.gap * step * static_cast<double>(blocks.size() - 1);
    for (const auto& block : blocks)
        height += step * static_cast<double>(1 + block.values.size()) + (block.values.empty() ? blank.height : 0);
    return height;
}

void draw_corners(Canvas& canvas, double x, double y, const Field& field)
{
    constexpr double arm = 3, points = 0.75;
    for (const double corner_x : {x, x + field.width})
        for (const double corner_y : {y, y + field.height}) {
            canvas.line(corner_x, corner_y, corner_x + (corner_x == x ? arm : -arm), corner_y, points);
            canvas.line(corner_x, corner_y, corner_x, corner_y + (corner_y == y ? arm : -arm), points);
        }
}

/// A line of text whose top is at `y`.
void draw_text(Canvas& canvas, double x, double y, std::string_view text, const Style& style, Align align = Align::left)
{
    const Canvas::Tag paragraph{canvas, "P"};
    canvas.text(x, y + ascent * style.size * mm_per_point, text, style, align);
}

void draw_blocks(Canvas& canvas, const std::vector<Block>& blocks, const Setting& setting, const Section& section)
{
    const double step = setting.step * mm_per_point;
    double y = section.y;
    for (const auto& block : blocks) {
        draw_text(canvas, section.x, y, block.heading, {Weight::bold, setting.heading});
        y += step;
        for (const auto& value : block.values) {
            draw_text(canvas, section.x, y, value, {.size = setting.value});
            y += step;
        }
        if (block.values.empty()) {
            draw_corners(canvas, section.x, y, section.blank);
            y += section.blank.height;
        }
        y += setting.gap * step;
    }
}

/// What is given up where there is no room: lines closer together, smaller letters, streets, at last the ends of the
/// longest values. The code says all of it.
struct Compromise {
    Streets streets{Streets::all};
    std::size_t most_lines{100};
};

/// Draws the blocks with the first of the settings and the least compromise that fits. The last one always does: values
/// of two lines take 81 of the information's 85 mm at most, 52 of the receipt's 56.
void draw_section(Canvas& canvas, const QrPayload& payment, const Wording& words, bool with_information,
    std::initializer_list<Setting> settings, const Section& section)
{
    constexpr std::array compromises{Compromise{}, Compromise{Streets::creditors}, Compromise{Streets::none}, Compromise{Streets::none, 2}};
    for (const auto& [streets, most_lines] : compromises)
        for (const auto& setting : settings) {
            const auto blocks =
                broken(canvas, blocks_of(payment, words, with_information, streets), setting.value, section.width, most_lines);
            if (height_of(blocks, setting, section.blank) <= section.height) return draw_blocks(canvas, blocks, setting, section);
        }
}

/// Currency and amount beside each other, each under its heading.
void draw_amount(Canvas& canvas, const QrPayload& payment, const Wording& words, double x, double amount_x, const Setting& setting)
{
    constexpr double y = top + 68;
    const double values_y = y + setting.step * mm_per_point;
    draw_text(canvas, x, y, words.currency, {Weight::bold, setting.heading});
    draw_text(canvas, x, values_y, to_text(payment.currency), {.size = setting.value});
    draw_text(canvas, amount_x, y, words.slip_amount, {Weight::bold, setting.heading});
    if (payment.amount_minor) draw_text(canvas, amount_x, values_y, printed_amount(*payment.amount_minor), {.size = setting.value});
}

void draw_title(Canvas& canvas, double x, const char* title)
{
    const Canvas::Tag heading{canvas, "H2"};
    canvas.text(x, top + margin + ascent * 11 * mm_per_point, title, {Weight::bold, 11});
}

void draw_receipt(Canvas& canvas, const QrPayload& payment, const Wording& words)
{
    const Canvas::Tag part{canvas, "Sect"};
    draw_title(canvas, margin, words.receipt);
    draw_section(canvas, payment, words, false, {{6, 8, 9, 1}, {6, 8, 9, 0.5}}, receipt);
    draw_amount(canvas, payment, words, margin, 17, {6, 8, 9});
    if (!payment.amount_minor) draw_corners(canvas, 27, top + 68, {30, 10});
    draw_text(canvas, 57, top + 82, words.acceptance_point, {Weight::bold, 6}, Align::right);
}

void draw_code(Canvas& canvas, const QrPayload& payment, const Wording& words)
{
    constexpr double left = payment_part + margin, bottom = page_height - (top + 17 + qr_side);
    const auto described = fmt::format("/Alt{}/A<</O/Layout/Placement/Block/BBox[{:.3f} {:.3f} {:.3f} {:.3f}]>>", pdf_text(words.qr_code),
        left / mm_per_point, bottom / mm_per_point, (left + qr_side) / mm_per_point, (bottom + qr_side) / mm_per_point);
    const Canvas::Tag figure{canvas, "Figure", described};
    canvas.drawing(left, top + 17 + qr_side, 1, 0, qr_drawing(std::get<std::string>(write_qr_payload(payment))));
}

void draw_payment_part(Canvas& canvas, const QrPayload& payment, const Wording& words)
{
    const Canvas::Tag part{canvas, "Sect"};
    draw_title(canvas, payment_part + margin, words.payment_part);
    draw_code(canvas, payment, words);
    draw_amount(canvas, payment, words, payment_part + margin, 82, {8, 10, 11});
    if (!payment.amount_minor) draw_corners(canvas, 78, top + 68 + 11 * mm_per_point + 1, {40, 15});
    draw_section(canvas, payment, words, true, {{8, 10, 11, 1}, {8, 10, 11, 0.5}, {7, 9, 10, 0.5}, {6, 8, 9, 0.5}}, information);
}

/// Where to cut: a line with scissors on it, above the slip and between its parts.
void draw_separation(Canvas& canvas)
{
    // In millimetres around the pivot, the blades to the right: two rings for the fingers, two blades that cross.
    constexpr std::string_view scissors = "0.3 w -2.1 0.85 m -2.1 1.21 -2.39 1.5 -2.75 1.5 c -3.11 1.5 -3.4 1.21 -3.4 0.85 c"
                                          " -3.4 0.49 -3.11 0.2 -2.75 0.2 c -2.39 0.2 -2.1 0.49 -2.1 0.85 c s"
                                          " -2.1 -0.85 m -2.1 -1.21 -2.39 -1.5 -2.75 -1.5 c -3.11 -1.5 -3.4 -1.21 -3.4 -0.85 c"
                                          " -3.4 -0.49 -3.11 -0.2 -2.75 -0.2 c -2.39 -0.2 -2.1 -0.49 -2.1 -0.85 c s"
                                          " -2.2 0.65 m 0 -0.25 l 2.9 -1.05 l 2.5 -0.6 l -1.95 0.95 l f"
                                          " -2.2 -0.65 m 0 0.25 l 2.9 1.05 l 2.5 0.6 l -1.95 -0.95 l f";
    constexpr double points = 0.5;
    canvas.line(0, top, page_width, top, points);
    canvas.line(payment_part, top, payment_part, page_height, points);
    const Canvas::Artifact decoration{canvas};
    canvas.drawing(10, top, 1, 0, scissors);
    canvas.drawing(payment_part, top + 6, 1, -90, scissors);
}

} // namespace

void draw_payment_slip(Canvas& canvas, const QrPayload& payment, std::string_view language)
{
    const auto& words = wording(language);
    draw_separation(canvas);
    draw_receipt(canvas, payment, words);
    draw_payment_part(canvas, payment, words);
}

} // namespace document
