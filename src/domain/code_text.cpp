#include "domain/code_text.h"

#include <algorithm>

namespace domain {
namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

} // namespace

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

bool all_digits_or_upper(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return is_digit(c) || is_upper(c); });
}

std::string compact_upper(std::string_view text, std::string_view noise)
{
    std::string kept;
    for (const char c : text) {
        if (white_space.find(c) != std::string_view::npos || noise.find(c) != std::string_view::npos) continue;
        kept += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return kept;
}

std::string grouped(std::string_view text, std::size_t first, std::size_t size, char separator)
{
    std::string result{text.substr(0, first)};
    for (auto at = first; at < text.size(); at += size) {
        result += separator;
        result += text.substr(at, size);
    }
    return result;
}

} // namespace domain
