#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// The bytes in lower-case hexadecimal digits.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// Back, from digits of either case; nullopt: they are none, or an odd number of them.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view digits);

} // namespace domain
