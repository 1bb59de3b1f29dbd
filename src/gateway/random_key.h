#pragma once
#include <cstddef>
#include <string>

namespace gateway {

/// So many random letters and digits, from OpenSSL's generator; 32 of them have 190 bits. @throws std::runtime_error without
/// randomness
std::string random_key(std::size_t length);

} // namespace gateway
