#pragma once
#include <string_view>

namespace domain {

/// The remainder by 97 of the number that the text makes with A=10 … Z=35 (ISO 7064 MOD 97-10, as ISO 13616 and ISO
/// 11649 use it). The text must be of 0-9 and A-Z.
int mod_97(std::string_view digits_or_upper);

/// The two check digits of ISO 7064 MOD 97-10 for a text that already ends in "00": 02 to 98. 00, 01 and 99 would give
/// a right remainder as well, but nobody may issue them.
int check_digits_97(std::string_view with_zeros);

/// The check digit of the Swiss payment slip, "modulo 10, recursive" (IG QR-bill, annex B), of digits.
char check_digit_mod_10_recursive(std::string_view digits);

/// True if the digits, the last one being the check digit, pass the Luhn check (ISO/IEC 7812-1).
bool passes_luhn(std::string_view digits);

} // namespace domain
