#include "document/fonts.h"

#include <harfbuzz/hb-ot.h>
#include <harfbuzz/hb-subset.h>
#include <harfbuzz/hb.h>
#include <stdexcept>

namespace document {
namespace {

template <class T, void (*destroy)(T*)> struct Destroy {
    void operator()(T* value) const noexcept { destroy(value); }
};
using Blob = std::unique_ptr<hb_blob_t, Destroy<hb_blob_t, hb_blob_destroy>>;
using Buffer = std::unique_ptr<hb_buffer_t, Destroy<hb_buffer_t, hb_buffer_destroy>>;
using Set = std::unique_ptr<hb_set_t, Destroy<hb_set_t, hb_set_destroy>>;
using Subset = std::unique_ptr<hb_subset_input_t, Destroy<hb_subset_input_t, hb_subset_input_destroy>>;
using OwnedFace = std::unique_ptr<hb_face_t, Destroy<hb_face_t, hb_face_destroy>>;

// Without ligatures, so that each glyph is a character of the text that is searched and copied.
constexpr std::array<hb_feature_t, 2> features{{
    {HB_TAG('l', 'i', 'g', 'a'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END},
    {HB_TAG('c', 'l', 'i', 'g'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END},
}};

// Tables that a PDF reader has no use for: it gets glyph ids and positions.
constexpr std::array dropped_tables{"GSUB", "GPOS", "GDEF", "kern", "name", "OS/2", "post", "cmap", "gasp", "FFTM"};

int thousandths(int units, int units_per_em)
{
    const int doubled = units * 2000 / units_per_em;
    return (doubled + (doubled < 0 ? -1 : 1)) / 2;
}

int signed_16(const char* at)
{
    return static_cast<std::int16_t>(static_cast<unsigned char>(at[0]) << 8 | static_cast<unsigned char>(at[1]));
}

std::string bytes_of(hb_blob_t* blob)
{
    unsigned size = 0;
    const char* data = hb_blob_get_data(blob, &size);
    return {data, size};
}

} // namespace

void Face::Release::operator()(hb_face_t* face) const noexcept { hb_face_destroy(face); }
void Face::Release::operator()(hb_font_t* font) const noexcept { hb_font_destroy(font); }

Face::Face(const std::filesystem::path& file)
{
    const Blob blob{hb_blob_create_from_file_or_fail(file.c_str())};
    if (!blob) throw std::runtime_error{"cannot read the font " + file.string() + "; Debian's package fonts-liberation has it"};
    face_.reset(hb_face_create(blob.get(), 0));
    const auto glyphs = hb_face_get_glyph_count(face_.get());
    if (glyphs == 0 || glyphs > 0xFFFF) throw std::runtime_error{file.string() + " is no TrueType font"};
    hb_face_make_immutable(face_.get());
    subsetting_.reset(hb_subset_preprocess(face_.get()));
    hb_face_make_immutable(subsetting_.get());
    font_.reset(hb_font_create(face_.get()));
    hb_font_make_immutable(font_.get());
    units_per_em_ = static_cast<int>(hb_face_get_upem(face_.get()));

    for (unsigned glyph = 0; glyph < glyphs; ++glyph)
        widths_.push_back(thousandths(hb_font_get_glyph_h_advance(font_.get(), glyph), units_per_em_));
    characters_.resize(glyphs);
    const Set all{hb_set_create()};
    hb_face_collect_unicodes(face_.get(), all.get());
    for (hb_codepoint_t character = HB_SET_VALUE_INVALID, glyph = 0; hb_set_next(all.get(), &character);)
        if (hb_font_get_nominal_glyph(font_.get(), character, &glyph) && characters_[glyph] == 0) characters_[glyph] = character;
    read_descriptor();
}

void Face::read_descriptor()
{
    char name[64]{};
    unsigned size = sizeof name;
    hb_ot_name_get_utf8(face_.get(), HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &size, name);
    descriptor_.name = name;
    hb_font_extents_t extents{};
    hb_font_get_h_extents(font_.get(), &extents);
    descriptor_.ascent = thousandths(extents.ascender, units_per_em_);
    descriptor_.descent = thousandths(extents.descender, units_per_em_);
    hb_position_t cap_height = 0;
    hb_ot_metrics_get_position_with_fallback(font_.get(), HB_OT_METRICS_TAG_CAP_HEIGHT, &cap_height);
    descriptor_.cap_height = thousandths(cap_height, units_per_em_);
    const Blob blob{hb_face_reference_table(face_.get(), HB_TAG('h', 'e', 'a', 'd'))};
    const auto head = bytes_of(blob.get());
    if (head.size() < 44) throw std::runtime_error{descriptor_.name + " is no TrueType font"};
    for (std::size_t i = 0; i < 4; ++i) descriptor_.box.at(i) = thousandths(signed_16(&head[36 + 2 * i]), units_per_em_);
}

Run Face::shape(std::string_view text) const
{
    const Buffer buffer{hb_buffer_create()};
    hb_buffer_add_utf8(buffer.get(), text.data(), static_cast<int>(text.size()), 0, static_cast<int>(text.size()));
    hb_buffer_set_direction(buffer.get(), HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.get(), HB_SCRIPT_LATIN);
    hb_buffer_set_language(buffer.get(), HB_LANGUAGE_INVALID);
    hb_shape(font_.get(), buffer.get(), features.data(), features.size());

    unsigned count = 0;
    const auto* glyphs = hb_buffer_get_glyph_infos(buffer.get(), &count);
    const auto* positions = hb_buffer_get_glyph_positions(buffer.get(), &count);
    Run run;
    run.glyphs.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        const int advance = thousandths(positions[i].x_advance, units_per_em_);
        run.glyphs.push_back({static_cast<std::uint16_t>(glyphs[i].codepoint), advance, glyphs[i].cluster});
        run.width += advance;
    }
    return run;
}

bool Face::has(char32_t character) const
{
    hb_codepoint_t glyph = 0;
    return hb_font_get_nominal_glyph(font_.get(), character, &glyph);
}

std::string Face::subset(const std::set<std::uint16_t>& glyphs) const
{
    const Subset wanted{hb_subset_input_create_or_fail()};
    if (!wanted) throw std::bad_alloc{};
    for (const auto glyph : glyphs) hb_set_add(hb_subset_input_glyph_set(wanted.get()), glyph);
    auto* dropped = hb_subset_input_set(wanted.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (const char* table : dropped_tables) hb_set_add(dropped, hb_tag_from_string(table, 4));
    hb_set_clear(hb_subset_input_set(wanted.get(), HB_SUBSET_SETS_LAYOUT_FEATURE_TAG));
    hb_subset_input_set_flags(wanted.get(), HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_RETAIN_GIDS);
    const OwnedFace face{hb_subset_or_fail(subsetting_.get(), wanted.get())};
    if (!face) throw std::runtime_error{"cannot take glyphs out of " + descriptor_.name};
    const Blob blob{hb_face_reference_blob(face.get())};
    return bytes_of(blob.get());
}

Fonts::Fonts(const std::filesystem::path& folder)
    : regular_{folder / "LiberationSans-Regular.ttf"}, bold_{folder / "LiberationSans-Bold.ttf"}
{
}

} // namespace document
