#include "document/embedded_font.h"

#include <fmt/format.h>
#include <iterator>

namespace document {
namespace {

/// Six capital letters that tell subsets of a font apart.
std::string subset_tag(const std::set<std::uint16_t>& glyphs)
{
    std::uint64_t hash = 14695981039346656037u; // FNV-1a
    for (const auto glyph : glyphs) hash = (hash ^ glyph) * 1099511628211u;
    std::string tag;
    for (int i = 0; i < 6; ++i, hash /= 26) tag += static_cast<char>('A' + hash % 26);
    return tag;
}

std::string utf16(char32_t character)
{
    const auto c = static_cast<unsigned>(character);
    if (c < 0x10000) return fmt::format("{:04X}", c);
    return fmt::format("{:04X}{:04X}", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
}

std::string to_unicode(const Face& face, const std::set<std::uint16_t>& glyphs)
{
    std::string map = "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
                      "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
                      "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
                      "1 begincodespacerange<0000><FFFF>endcodespacerange\n";
    std::string block;
    int in_block = 0;
    const auto flush = [&] {
        if (in_block > 0) fmt::format_to(std::back_inserter(map), "{} beginbfchar\n{}endbfchar\n", in_block, block);
        block.clear();
        in_block = 0;
    };
    for (const auto glyph : glyphs) {
        if (face.character_of(glyph) == 0) continue;
        fmt::format_to(std::back_inserter(block), "<{:04X}><{}>\n", glyph, utf16(face.character_of(glyph)));
        if (++in_block == 100) flush(); // a block holds no more
    }
    flush();
    return map + "endcmap CMapName currentdict/CMap defineresource pop end end\n";
}

std::string widths(const Face& face, const std::set<std::uint16_t>& glyphs)
{
    std::string list;
    int previous = -2;
    for (const auto glyph : glyphs) {
        const bool follows = glyph == previous + 1;
        fmt::format_to(std::back_inserter(list), "{}{}", follows ? " " : (list.empty() ? "" : "]"),
            follows ? std::to_string(face.width_of(glyph)) : fmt::format("{}[{}", glyph, face.width_of(glyph)));
        previous = glyph;
    }
    return list.empty() ? list : list + "]";
}

int put_descriptor(PdfObjects& objects, const Face& face, const std::string& name, int program)
{
    const auto& font = face.descriptor();
    constexpr int symbolic = 4; // its codes are no characters of the standard Latin set
    const int stem = font.name.ends_with("Bold") ? 140 : 80;
    return objects.put(fmt::format("<</Type/FontDescriptor/FontName/{}/Flags {}/FontBBox[{} {} {} {}]/ItalicAngle 0/Ascent {}/Descent {}"
                                   "/CapHeight {}/StemV {}/FontFile2 {} 0 R>>",
        name, symbolic, font.box[0], font.box[1], font.box[2], font.box[3], font.ascent, font.descent, font.cap_height, stem, program));
}

} // namespace

int embed(PdfObjects& objects, const Face& face, const std::set<std::uint16_t>& glyphs)
{
    const auto name = subset_tag(glyphs) + '+' + face.descriptor().name;
    const auto program = face.subset(glyphs);
    const int file = objects.put_stream(fmt::format("/Length1 {}", program.size()), program);
    const int descriptor = put_descriptor(objects, face, name, file);
    const int descendant = objects.put(fmt::format("<</Type/Font/Subtype/CIDFontType2/BaseFont/{}/CIDToGIDMap/Identity"
                                                   "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                                                   "/FontDescriptor {} 0 R/W[{}]>>",
        name, descriptor, widths(face, glyphs)));
    const int characters = objects.put_stream("", to_unicode(face, glyphs));
    return objects.put(fmt::format("<</Type/Font/Subtype/Type0/BaseFont/{}/Encoding/Identity-H/DescendantFonts[{} 0 R]/ToUnicode {} 0 R>>",
        name, descendant, characters));
}

} // namespace document
