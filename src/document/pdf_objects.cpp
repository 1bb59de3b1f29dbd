#include "document/pdf_objects.h"

#include "document/utf8.h"

#include <fmt/format.h>
#include <iterator>
#include <libdeflate.h>
#include <openssl/sha.h>
#include <stdexcept>

namespace document {
namespace {

constexpr int compression_level = 6; // of 12; higher ones save less than one in a hundred bytes

void append_big_endian(std::string& to, std::size_t value, int bytes)
{
    while (bytes-- > 0) to += static_cast<char>(value >> (8 * bytes));
}

/// 16 bytes of the hash of all that came before, in hexadecimal digits: an id that is the same for the same file.
std::string identity(std::string_view file)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(file.data()), file.size(), hash);
    std::string digits;
    for (int i = 0; i < 16; ++i) fmt::format_to(std::back_inserter(digits), "{:02x}", hash[i]);
    return digits;
}

} // namespace

void PdfObjects::Release::operator()(libdeflate_compressor* compressor) const noexcept { libdeflate_free_compressor(compressor); }

PdfObjects::PdfObjects() : compressor_{libdeflate_alloc_compressor(compression_level)}
{
    if (!compressor_) throw std::bad_alloc{};
    file_.reserve(64 * 1024);
    file_ = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"; // bytes above 127 tell that the file is not text
}

int PdfObjects::reserve()
{
    places_.emplace_back();
    return static_cast<int>(places_.size()) - 1;
}

void PdfObjects::put(int number, std::string body) { bodies_.emplace_back(number, std::move(body)); }

int PdfObjects::put(std::string body)
{
    const int number = reserve();
    put(number, std::move(body));
    return number;
}

void PdfObjects::put_stream(int number, std::string_view entries, std::string_view data)
{
    write_stream(number, fmt::format("{}/Filter/FlateDecode", entries), deflated(data));
}

int PdfObjects::put_stream(std::string_view entries, std::string_view data)
{
    const int number = reserve();
    put_stream(number, entries, data);
    return number;
}

int PdfObjects::put_plain_stream(std::string_view entries, std::string_view data)
{
    const int number = reserve();
    write_stream(number, entries, data);
    return number;
}

void PdfObjects::write_stream(int number, std::string_view entries, std::string_view data)
{
    places_.at(static_cast<std::size_t>(number)).offset = file_.size();
    fmt::format_to(std::back_inserter(file_), "{} 0 obj\n<<{}/Length {}>>stream\n", number, entries, data.size());
    file_ += data;
    file_ += "\nendstream\nendobj\n";
}

std::string PdfObjects::deflated(std::string_view data) const
{
    std::string result(libdeflate_zlib_compress_bound(compressor_.get(), data.size()), '\0');
    result.resize(libdeflate_zlib_compress(compressor_.get(), data.data(), data.size(), result.data(), result.size()));
    return result;
}

int PdfObjects::put_object_stream()
{
    std::string index, bodies;
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
        const auto& [number, body] = bodies_[i];
        fmt::format_to(std::back_inserter(index), "{} {} ", number, bodies.size());
        bodies += body;
        bodies += '\n';
        places_.at(static_cast<std::size_t>(number)).in_stream = static_cast<int>(i);
    }
    return put_stream(fmt::format("/Type/ObjStm/N {}/First {}", bodies_.size(), index.size()), index + bodies);
}

/// Rows of 1 + 4 + 2 bytes (7.5.8): free, at an offset, or in an object stream.
std::string PdfObjects::cross_references(int object_stream) const
{
    std::string rows{'\0', '\0', '\0', '\0', '\0', '\xFF', '\xFF'};
    for (std::size_t number = 1; number < places_.size(); ++number) {
        const auto& place = places_[number];
        const bool inside = place.in_stream >= 0;
        append_big_endian(rows, inside ? 2 : 1, 1);
        append_big_endian(rows, inside ? static_cast<std::size_t>(object_stream) : place.offset, 4);
        append_big_endian(rows, inside ? static_cast<std::size_t>(place.in_stream) : 0, 2);
    }
    return rows;
}

std::string PdfObjects::finish(int catalog, int information)
{
    const int object_stream = put_object_stream();
    const int references = reserve();
    const auto start = file_.size();
    places_.back().offset = start;
    const auto id = identity(file_);
    put_stream(references,
        fmt::format("/Type/XRef/Size {}/W[1 4 2]/Root {} 0 R/Info {} 0 R/ID[<{}><{}>]", places_.size(), catalog, information, id, id),
        cross_references(object_stream));
    fmt::format_to(std::back_inserter(file_), "startxref\n{}\n%%EOF\n", start);
    return std::move(file_);
}

std::string pdf_text(std::string_view utf8)
{
    std::string digits = "<FEFF";
    for (const auto c : code_points(utf8).value_or(U"")) {
        if (c < 0x10000) fmt::format_to(std::back_inserter(digits), "{:04X}", static_cast<unsigned>(c));
        else
            fmt::format_to(std::back_inserter(digits), "{:04X}{:04X}", 0xD800 + (static_cast<unsigned>(c - 0x10000) >> 10),
                0xDC00 + (static_cast<unsigned>(c) & 0x3FF));
    }
    return digits + '>';
}

} // namespace document
