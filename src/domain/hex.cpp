#include "domain/hex.h"

#include <charconv>

namespace domain {

std::string to_hex(std::span<const std::uint8_t> bytes)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes) (text += digits[byte >> 4]) += digits[byte & 0x0f];
    return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits)
{
    if (digits.size() % 2 != 0) return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(digits.size() / 2);
    for (std::size_t at = 0; at < digits.size(); at += 2) {
        std::uint8_t byte = 0;
        const auto* first = digits.data() + at;
        const auto [end, error] = std::from_chars(first, first + 2, byte, 16);
        if (error != std::errc{} || end != first + 2) return std::nullopt;
        bytes.push_back(byte);
    }
    return bytes;
}

} // namespace domain
