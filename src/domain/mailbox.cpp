#include "domain/mailbox.h"

#include <algorithm>

namespace domain {
namespace {

constexpr bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

constexpr bool is_atom_character(char c)
{
    return is_letter_or_digit(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
}

/// Atoms with single dots between them.
template <class IsCharacter> bool is_dotted(std::string_view text, IsCharacter is_character)
{
    return !text.empty() && text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos
        && std::ranges::all_of(text, [&](char c) { return c == '.' || is_character(c); });
}

} // namespace

bool is_mail_address(std::string_view address)
{
    const auto at = address.find('@');
    if (address.size() > 254 || at == std::string_view::npos || at > 64) return false;
    return is_dotted(address.substr(0, at), is_atom_character)
        && is_dotted(address.substr(at + 1), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

std::string_view host_of(std::string_view address)
{
    const auto at = address.find('@');
    return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

} // namespace domain
