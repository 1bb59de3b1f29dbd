#include "domain/clean_text.h"

namespace domain {
namespace {

/// How many bytes the character at the begin has, 0 if there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t character_length(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    const auto first = byte(0);
    if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
        return follows(1) && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
        return follows(1) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

} // namespace

std::string clean_text(std::string_view text, std::size_t max)
{
    std::string clean;
    while (!text.empty()) {
        const auto length = character_length(text);
        const auto character = length > 0 ? text.substr(0, length) : std::string_view{"?"};
        if (clean.size() + character.size() > max) break;
        clean += character;
        text.remove_prefix(length > 0 ? length : 1);
    }
    return clean;
}

} // namespace domain
