#include "domain/check_digits.h"

#include "domain/code_text.h"

#include <array>

namespace domain {

int mod_97(std::string_view digits_or_upper)
{
    int rest = 0;
    for (const char c : digits_or_upper) {
        const bool digit = is_digit(c);
        rest = digit ? rest * 10 + (c - '0') : rest * 100 + (c - 'A' + 10);
        rest %= 97;
    }
    return rest;
}

int check_digits_97(std::string_view with_zeros) { return 98 - mod_97(with_zeros); }

char check_digit_mod_10_recursive(std::string_view digits)
{
    constexpr std::array table{0, 9, 4, 6, 8, 2, 7, 1, 3, 5};
    int carry = 0;
    for (const char c : digits) carry = table[static_cast<std::size_t>((carry + c - '0') % 10)];
    return static_cast<char>('0' + (10 - carry) % 10);
}

bool passes_luhn(std::string_view digits)
{
    int sum = 0;
    bool doubled = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, doubled = !doubled) {
        const int weighted = (*at - '0') * (doubled ? 2 : 1);
        sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
}

} // namespace domain
