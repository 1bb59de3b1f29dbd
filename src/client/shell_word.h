#pragma once
#include <string>
#include <string_view>

namespace client {

/// As one word of a POSIX shell, quoted if it needs to be: what servers say goes into commands that people copy.
std::string shell_word(std::string_view text);

} // namespace client
