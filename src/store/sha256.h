#pragma once
#include <string>
#include <string_view>

namespace store {

/// SHA-256 (FIPS 180-4) as 64 hexadecimal digits.
std::string sha256_of(std::string_view text);

} // namespace store
