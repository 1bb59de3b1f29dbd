#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace domain {

/// The bytes in lower-case hexadecimal digits.
std::string to_hex(std::span<const std::uint8_t> bytes);

} // namespace domain
