#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct libdeflate_compressor;

namespace document {

/// The objects of a PDF file (ISO 32000-1, 7.5), numbered from 1. Streams are deflated; all other objects go into one
/// deflated object stream. The same objects always give the same bytes.
class PdfObjects {
public:
    PdfObjects();

    /// A number for an object that is to be put later.
    int reserve();

    void put(int number, std::string body);
    int put(std::string body);

    /// `entries` are those of the stream's dictionary besides its length and filter.
    void put_stream(int number, std::string_view entries, std::string_view data);
    int put_stream(std::string_view entries, std::string_view data);

    /// The stream as it is, for data that others search a file for.
    int put_plain_stream(std::string_view entries, std::string_view data);

    /// The whole file. Call it once, last.
    std::string finish(int catalog, int information);

private:
    struct Release {
        void operator()(libdeflate_compressor* compressor) const noexcept;
    };

    /// Where an object is: at an offset of the file, or at a place in the object stream.
    struct Place {
        std::size_t offset{0};
        int in_stream{-1};
    };

    std::string deflated(std::string_view data) const;
    void write_stream(int number, std::string_view entries, std::string_view data);
    int put_object_stream();
    std::string cross_references(int object_stream) const;

    std::unique_ptr<libdeflate_compressor, Release> compressor_;
    std::string file_;
    std::vector<Place> places_{{}}; ///< by number; 0 is no object
    std::vector<std::pair<int, std::string>> bodies_;
};

/// A text string object: UTF-16 in hexadecimal digits.
std::string pdf_text(std::string_view utf8);

} // namespace document
