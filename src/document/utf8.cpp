#include "document/utf8.h"

#include <unicode/utf8.h>

namespace document {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion" // within ICU's macro
std::optional<std::u32string> code_points(std::string_view text)
{
    std::u32string characters;
    characters.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        UChar32 character = 0;
        U8_NEXT(text.data(), i, text.size(), character);
        if (character < 0) return std::nullopt;
        characters += static_cast<char32_t>(character);
    }
    return characters;
}
#pragma GCC diagnostic pop

std::string_view first_characters(std::string_view text, std::size_t count)
{
    std::size_t end = 0;
    for (; end < text.size() && count > 0; --count) do
            ++end;
        while (end < text.size() && U8_IS_TRAIL(static_cast<unsigned char>(text[end])));
    return text.substr(0, end);
}

} // namespace document
