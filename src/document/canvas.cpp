#include "document/canvas.h"

#include "document/embedded_font.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <numbers>

namespace document {
namespace {

constexpr double points(double mm) { return mm / mm_per_point; }

/// A number with at most three decimals and a blank behind it.
void append(std::string& to, double value)
{
    std::array<char, 32> digits{};
    auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 3).ptr;
    while (end[-1] == '0') --end;
    if (end[-1] == '.') --end;
    to.append(digits.data(), end);
    to += ' ';
}

void append(std::string& to, std::initializer_list<double> values, std::string_view operation)
{
    for (const double value : values) append(to, value);
    to += operation;
    to += '\n';
}

/// The glyphs in hexadecimal digits, with the kerning between them.
void append_glyphs(std::string& to, const Face& face, const Run& run)
{
    to += "[<";
    for (const auto& glyph : run.glyphs) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        for (int shift = 12; shift >= 0; shift -= 4) to += digits[(glyph.id >> shift) & 0xFu];
        const int closer = face.width_of(glyph.id) - glyph.advance;
        if (closer != 0) fmt::format_to(std::back_inserter(to), ">{}<", closer);
    }
    to += ">]TJ ET\n";
}

std::string xml_text(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '&') escaped += "&amp;";
        else if (c == '<') escaped += "&lt;";
        else if (c == '>') escaped += "&gt;";
        else escaped += c;
    }
    return escaped;
}

std::string xmp(const Metadata& metadata)
{
    return fmt::format(
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">"
        "<dc:format>application/pdf</dc:format>"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>"
        "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>"
        "<dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>"
        "<xmp:CreateDate>{}</xmp:CreateDate>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
        xml_text(metadata.title), xml_text(metadata.author), metadata.language, domain::to_text(metadata.date));
}

std::string information(const Metadata& metadata)
{
    auto day = domain::to_text(metadata.date);
    std::erase(day, '-');
    return fmt::format("<</Title{}/Author{}/CreationDate(D:{})>>", pdf_text(metadata.title), pdf_text(metadata.author), day);
}

} // namespace

Canvas::Canvas(const Fonts& fonts) : fonts_{fonts} {}

void Canvas::add_page()
{
    close_mark();
    pages_.emplace_back();
    pages_.back().reserve(16 * 1024);
    page_ = pages_.size() - 1;
}

void Canvas::turn_to(int page)
{
    close_mark();
    page_ = static_cast<std::size_t>(page) - 1;
}

void Canvas::text(double x, double y, std::string_view text, const Style& style, Align align)
{
    if (text.empty()) return;
    open_mark();
    const auto& face = fonts_[style.weight];
    const auto run = face.shape(text);
    for (const auto& glyph : run.glyphs) glyphs_.at(static_cast<std::size_t>(style.weight)).insert(glyph.id);

    auto& to = content();
    if (style.grey > 0) append(to, {style.grey}, "g");
    fmt::format_to(std::back_inserter(to), "BT/{} ", style.weight == Weight::bold ? 'B' : 'R');
    append(to, style.size);
    to += "Tf ";
    append(to, points(x) - (align == Align::right ? run.width * style.size / 1000 : 0));
    append(to, points(page_height - y));
    to += "Td";
    append_glyphs(to, face, run);
    if (style.grey > 0) to += "0 g\n";
}

std::vector<std::string> Canvas::wrapped(std::string_view text, const Style& style, double width) const
{
    const auto room = static_cast<int>(points(width) / style.size * 1000);
    const auto glyphs = fonts_[style.weight].shape(text).glyphs;
    std::vector<std::string> lines;
    for (std::size_t first = 0; first < glyphs.size();) {
        // Where the line may end, as the index of the glyph that the next one begins with: at a blank, else in a word.
        std::size_t at_blank = first, in_word = first, next = first;
        for (int filled = 0; next < glyphs.size(); ++next) {
            filled += glyphs[next].advance;
            const char c = text[glyphs[next].byte];
            if (c == ' ') at_blank = next + 1;
            else if (filled > room && next > first) break;
            if (c == '/' || c == '-') in_word = next + 1;
        }
        if (next < glyphs.size()) next = at_blank > first ? at_blank : in_word > first ? in_word : next;
        const auto begin = glyphs[first].byte, end = next < glyphs.size() ? glyphs[next].byte : text.size();
        auto line = text.substr(begin, end - begin);
        while (line.ends_with(' ')) line.remove_suffix(1);
        lines.emplace_back(line);
        first = next;
    }
    return lines;
}

void Canvas::line(double x1, double y1, double x2, double y2, double width, double grey)
{
    const Artifact decoration{*this};
    open_mark();
    append(content(), {grey}, "G");
    append(content(), {width}, "w");
    append(content(), {points(x1), points(page_height - y1)}, "m");
    append(content(), {points(x2), points(page_height - y2)}, "l S");
}

void Canvas::drawing(double x, double y, double unit, double turned_degrees, std::string_view operators)
{
    open_mark();
    const double angle = turned_degrees * std::numbers::pi / 180;
    const double cosine = points(unit) * std::cos(angle), sine = points(unit) * std::sin(angle);
    content() += "q ";
    append(content(), {cosine, sine, -sine, cosine, points(x), points(page_height - y)}, "cm");
    content() += operators;
    content() += "\nQ\n";
}

void Canvas::open_mark()
{
    if (marked_ == current_) return;
    close_mark();
    if (current_ == artifact) content() += "/Artifact BMC\n";
    else
        fmt::format_to(
            std::back_inserter(content()), "/{}<</MCID {}>>BDC\n", structure_.type_of(current_), structure_.mark(current_, page_));
    marked_ = current_;
}

void Canvas::close_mark()
{
    if (marked_ != nothing) content() += "EMC\n";
    marked_ = nothing;
}

Canvas::Tag::Tag(Canvas& canvas, std::string_view type, std::string_view attributes) : canvas_{canvas}, before_{canvas.current_}
{
    if (before_ != artifact) canvas_.current_ = canvas_.structure_.add(before_, type, attributes);
}

Canvas::Tag::~Tag() { canvas_.current_ = before_; }

Canvas::Artifact::Artifact(Canvas& canvas) : canvas_{canvas}, before_{canvas.current_} { canvas_.current_ = artifact; }

Canvas::Artifact::~Artifact() { canvas_.current_ = before_; }

int Canvas::put_pages(PdfObjects& objects, std::vector<int>& page_objects)
{
    std::string fonts;
    for (const auto weight : {Weight::regular, Weight::bold}) {
        const auto& glyphs = glyphs_.at(static_cast<std::size_t>(weight));
        if (glyphs.empty()) continue;
        fmt::format_to(std::back_inserter(fonts), "/{} {} 0 R", weight == Weight::bold ? 'B' : 'R', embed(objects, fonts_[weight], glyphs));
    }
    const int parent = objects.reserve();
    std::string kids;
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        const int stream = objects.put_stream("", pages_[i]);
        page_objects.push_back(
            objects.put(fmt::format("<</Type/Page/Parent {} 0 R/Contents {} 0 R/StructParents {}/Tabs/S>>", parent, stream, i)));
        fmt::format_to(std::back_inserter(kids), "{} 0 R ", page_objects.back());
    }
    objects.put(parent,
        fmt::format("<</Type/Pages/Kids[{}]/Count {}/MediaBox[0 0 {:.3f} {:.3f}]/Resources<</Font<<{}>>>>>>", kids, pages_.size(),
            points(page_width), points(page_height), fonts));
    return parent;
}

std::string Canvas::finish(const Metadata& metadata)
{
    close_mark();
    PdfObjects objects;
    std::vector<int> page_objects;
    const int pages = put_pages(objects, page_objects);
    const int structure = structure_.put(objects, page_objects);
    const int description = objects.put_plain_stream("/Type/Metadata/Subtype/XML", xmp(metadata));
    const int catalog = objects.put(fmt::format("<</Type/Catalog/Pages {} 0 R/Lang({})/MarkInfo<</Marked true>>/StructTreeRoot {} 0 R"
                                                "/Metadata {} 0 R/ViewerPreferences<</DisplayDocTitle true>>>>",
        pages, metadata.language, structure, description));
    return objects.finish(catalog, objects.put(information(metadata)));
}

} // namespace document
