#include "domain/uuid.h"

namespace domain {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

} // namespace

std::optional<Uuid> Uuid::parse(std::string_view text)
{
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        const bool upper = c >= 'A' && c <= 'F';
        if (is_dash_position(i) ? c != '-' : !digit && !upper) return std::nullopt;
        uuid.text_[i] = upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (uuid == Uuid{}) return std::nullopt;
    return uuid;
}

Uuid Uuid::version7(std::uint64_t unix_ms, const std::array<std::uint8_t, 10>& random)
{
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(unix_ms >> (40 - 8 * i));
    for (std::size_t i = 0; i < random.size(); ++i) bytes[6 + i] = random[i];
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70); // version 7
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80); // variant of RFC 9562

    Uuid uuid;
    std::size_t at = 0;
    for (const auto byte : bytes) {
        if (is_dash_position(at)) ++at;
        uuid.text_[at++] = hex_digits[byte >> 4];
        uuid.text_[at++] = hex_digits[byte & 0x0f];
    }
    return uuid;
}

} // namespace domain
