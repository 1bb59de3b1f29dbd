#include "client/shell_word.h"

#include "client/table.h"

namespace client {

std::string shell_word(std::string_view text)
{
    constexpr std::string_view plain = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_./:=,@%+";
    const auto word = printable(text);
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string quoted{"'"};
    for (const char c : word) quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return quoted + '\'';
}

} // namespace client
