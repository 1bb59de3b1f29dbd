#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace document {

/// Whether a QR-bill may hold the character (IG QR-bill 2.3: printable ASCII, U+00A0–017F, U+0218–021B, €).
bool in_qr_set(char32_t character);

/// The text in characters that a QR-bill may hold: composed (NFC), typographic signs by their plain forms (’ becomes ',
/// – becomes -), letters of other scripts transliterated. nullopt if a character has no such form, or the text is not
/// UTF-8.
std::optional<std::string> qr_text(std::string_view text);

} // namespace document
