#include "domain/hex.h"

namespace domain {

std::string to_hex(std::span<const std::uint8_t> bytes)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const auto byte : bytes) (text += digits[byte >> 4]) += digits[byte & 0x0f];
    return text;
}

} // namespace domain
