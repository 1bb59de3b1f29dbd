#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// A PDF file as others see it: Poppler draws it and reads its text, ZXing its code, qpdf its structure.
namespace pages {

/// A word and where it stands, in millimetres from the upper left corner of its page.
struct Word {
    std::string text{};
    double left{0}, top{0}, right{0}, bottom{0};
};

/// A page drawn in grey, 300 dots an inch.
class Picture {
public:
    /// Reads a PGM file. @throws std::runtime_error if it is none.
    explicit Picture(const std::filesystem::path& file);

    /// Whether there is ink at that place, in millimetres from the upper left corner.
    bool is_dark(double x, double y) const;

    /// The first and the last ink in a row or column between two places; a line that is all white gives {to, from}.
    struct Extent {
        double first{0}, last{0};
    };
    Extent ink_across(double y, double from_x, double to_x) const;
    Extent ink_down(double x, double from_y, double to_y) const;

private:
    int width_{0}, height_{0};
    std::string grey_{};
};

class File {
public:
    explicit File(const std::string& pdf);
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    int count() const;

    /// The text in reading order, lines laid out as on the page; of all pages or one.
    std::string text(int page = 0) const;

    std::vector<Word> words(int page) const;

    Picture picture(int page) const;

    /// The bytes in the QR code on that page; empty if none is found.
    std::string code(int page) const;

    /// What qpdf finds wrong with the file; empty: nothing.
    std::string faults() const;

private:
    std::filesystem::path draw(int page) const;

    std::filesystem::path folder_, path_;
};

} // namespace pages
