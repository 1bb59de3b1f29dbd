#pragma once
#include <string>
#include <string_view>

namespace stripe_fake {

/// The prefix and 24 random letters and digits: "pm_1x8…". @throws std::runtime_error without randomness.
std::string fresh_id(std::string_view prefix);

/// Tells whether two texts are equal, but nothing else about them: HMAC-SHA-256 in hexadecimal.
std::string fingerprint(const std::string& secret, std::string_view text);

} // namespace stripe_fake
