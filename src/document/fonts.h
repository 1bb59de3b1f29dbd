#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct hb_face_t;
struct hb_font_t;

namespace document {

/// Widths are in thousandths of the font size.
struct Glyph {
    std::uint16_t id{0};
    int advance{0};      ///< with kerning
    std::size_t byte{0}; ///< where its character begins in the text
};

/// A text as it is set on one line.
struct Run {
    std::vector<Glyph> glyphs{};
    int width{0};
};

/// A TrueType font. Never changes, so that threads may share it.
class Face {
public:
    /// @throws std::runtime_error if the file is no font.
    explicit Face(const std::filesystem::path& file);

    /// Glyph 0 stands for a character that the font lacks.
    Run shape(std::string_view text) const;

    bool has(char32_t character) const;

    /// The advance without kerning.
    int width_of(std::uint16_t glyph) const { return widths_.at(glyph); }

    /// The character that the glyph stands for; 0 if none.
    char32_t character_of(std::uint16_t glyph) const { return characters_.at(glyph); }

    /// What a font descriptor says of a font (ISO 32000-1, 9.8).
    struct Descriptor {
        std::string name{}; ///< PostScript
        int ascent{0}, descent{0}, cap_height{0};
        std::array<int, 4> box{};
    };
    const Descriptor& descriptor() const { return descriptor_; }

    /// A font file with these glyphs alone, under their ids.
    std::string subset(const std::set<std::uint16_t>& glyphs) const;

private:
    struct Release {
        void operator()(hb_face_t* face) const noexcept;
        void operator()(hb_font_t* font) const noexcept;
    };

    void read_descriptor();

    std::unique_ptr<hb_face_t, Release> face_;
    std::unique_ptr<hb_face_t, Release> subsetting_; ///< the same, prepared for many subsets
    std::unique_ptr<hb_font_t, Release> font_;
    int units_per_em_{1000};
    std::vector<int> widths_;
    std::vector<char32_t> characters_;
    Descriptor descriptor_;
};

enum class Weight { regular, bold };

/// Where Debian's package fonts-liberation puts them.
inline constexpr const char* default_font_folder = "/usr/share/fonts/truetype/liberation";

/// Liberation Sans, one of the fonts that a QR-bill may be set in. Load it once; threads may share it.
class Fonts {
public:
    /// @throws std::runtime_error if the folder lacks LiberationSans-Regular.ttf or LiberationSans-Bold.ttf.
    explicit Fonts(const std::filesystem::path& folder = default_font_folder);

    const Face& operator[](Weight weight) const { return weight == Weight::bold ? bold_ : regular_; }

private:
    Face regular_, bold_;
};

} // namespace document
