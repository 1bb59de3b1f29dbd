#pragma once
#include <string>
#include <string_view>

// Codes that people copy by hand: account numbers, payment references, tax ids. ASCII only, whatever the locale.
namespace domain {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// True if there is at least one character and all are digits.
bool all_digits(std::string_view text);

/// True if there is at least one character and all are of 0-9 and A-Z.
bool all_digits_or_upper(std::string_view text);

/// The text in upper case, without white space and without the characters of `noise`.
std::string compact_upper(std::string_view text, std::string_view noise = {});

/// The text in groups with `separator` between them: the first of `first` characters, the others of `size`.
std::string grouped(std::string_view text, std::size_t first, std::size_t size, char separator = ' ');

} // namespace domain
