#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace domain {

/// A text of somebody else's as we keep it: valid UTF-8 without control characters ("?" stands for what is neither), cut between
/// two characters to at most `max` bytes.
std::string clean_text(std::string_view text, std::size_t max);

} // namespace domain
