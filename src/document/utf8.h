#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace document {

/// The code points of a UTF-8 text; nullopt if it is not well-formed (RFC 3629).
std::optional<std::u32string> code_points(std::string_view text);

/// The longest beginning of a UTF-8 text of at most that many code points.
std::string_view first_characters(std::string_view text, std::size_t count);

} // namespace document
