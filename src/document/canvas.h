#pragma once
#include "document/fonts.h"
#include "document/structure.h"
#include "domain/calendar.h"

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Pages to draw on. Lengths are millimetres from the upper left corner of the page, sizes of fonts and lines points
// (1/72 inch).
namespace document {

inline constexpr double mm_per_point = 25.4 / 72;
inline constexpr double page_width = 210, page_height = 297; ///< A4

struct Style {
    Weight weight{Weight::regular};
    double size{10};
    double grey{0}; ///< 0 is black
};

enum class Align { left, right };

/// What a reader shows about a document, besides its pages.
struct Metadata {
    std::string title{};
    std::string author{};
    std::string language{}; ///< BCP 47
    domain::Date date{};
};

class Canvas {
public:
    explicit Canvas(const Fonts& fonts);

    void add_page();
    int pages() const { return static_cast<int>(pages_.size()); }

    /// What is drawn next goes onto that page, counted from 1.
    void turn_to(int page);

    /// One line of text, from or up to `x`, on the base line `y`. It belongs to the element that is open.
    void text(double x, double y, std::string_view text, const Style& style, Align align = Align::left);

    /// The text in lines no wider than `width`: broken at blanks; a word that is too long for a
    /// line behind a slash or hyphen, else anywhere.
    std::vector<std::string> wrapped(std::string_view text, const Style& style, double width) const;

    /// A straight line; decoration, no part of the document's structure.
    void line(double x1, double y1, double x2, double y2, double points, double grey = 0);

    /// A filled path in operators of PDF (ISO 32000-1, 8.5), in units of `unit` mm with y upwards from (x, y).
    /// `operators` must end with those that paint it.
    void drawing(double x, double y, double unit, double turned_degrees, std::string_view operators);

    /// While it lives, what is drawn belongs to a new element inside the one that was open.
    class Tag {
    public:
        Tag(Canvas& canvas, std::string_view type, std::string_view attributes = "");
        ~Tag();
        Tag(const Tag&) = delete;
        Tag& operator=(const Tag&) = delete;

    private:
        Canvas& canvas_;
        Structure::Element before_;
    };

    /// While it lives, what is drawn is not read aloud: decoration, and what is repeated on each page.
    class Artifact {
    public:
        explicit Artifact(Canvas& canvas);
        ~Artifact();
        Artifact(const Artifact&) = delete;
        Artifact& operator=(const Artifact&) = delete;

    private:
        Canvas& canvas_;
        Structure::Element before_;
    };

    /// The PDF file. Call it once, last.
    std::string finish(const Metadata& metadata);

private:
    static constexpr Structure::Element nothing = -1, artifact = -2;

    std::string& content() { return pages_[page_]; }
    void open_mark();
    void close_mark();
    int put_pages(PdfObjects& objects, std::vector<int>& page_objects);

    const Fonts& fonts_;
    std::vector<std::string> pages_; ///< the content of each
    std::size_t page_{0};
    std::array<std::set<std::uint16_t>, 2> glyphs_; ///< used, by weight
    Structure structure_;
    Structure::Element current_{Structure::document};
    Structure::Element marked_{nothing}; ///< the element whose mark is open in the content
};

} // namespace document
