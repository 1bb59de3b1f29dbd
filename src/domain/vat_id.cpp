#include "domain/vat_id.h"

#include "domain/check_digits.h"
#include "domain/code_text.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace domain {
namespace {

/// One form of a state's numbers. # digit, & digit but 0, @ letter, ? digit or letter, ! the same but I and O, * any of
/// digit, letter, + and *; other characters stand for themselves.
struct Form {
    std::string_view state{};
    std::string_view pattern{};
};

constexpr std::array forms{
    Form{"AT", "U########"},
    Form{"BE", "0#########"},
    Form{"BE", "1#########"},
    Form{"BG", "#########"},
    Form{"BG", "##########"},
    Form{"CY", "########@"},
    Form{"CZ", "########"},
    Form{"CZ", "#########"},
    Form{"CZ", "##########"},
    Form{"DE", "&########"},
    Form{"DK", "########"},
    Form{"EE", "#########"},
    Form{"EL", "#########"},
    Form{"ES", "?#######?"},
    Form{"FI", "########"},
    Form{"FR", "!!#########"},
    Form{"HR", "###########"},
    Form{"HU", "########"},
    Form{"IE", "#######@"},
    Form{"IE", "#######@@"},
    Form{"IE", "#*#####@"},
    Form{"IT", "###########"},
    Form{"LT", "#########"},
    Form{"LT", "############"},
    Form{"LU", "########"},
    Form{"LV", "###########"},
    Form{"MT", "########"},
    Form{"NL", "************"},
    Form{"PL", "##########"},
    Form{"PT", "#########"},
    Form{"RO", "##"},
    Form{"RO", "###"},
    Form{"RO", "####"},
    Form{"RO", "#####"},
    Form{"RO", "######"},
    Form{"RO", "#######"},
    Form{"RO", "########"},
    Form{"RO", "#########"},
    Form{"RO", "##########"},
    Form{"SE", "############"},
    Form{"SI", "########"},
    Form{"SK", "##########"},
};

bool fits(char c, char sign)
{
    switch (sign) {
    case '#': return is_digit(c);
    case '&': return is_digit(c) && c != '0';
    case '@': return is_upper(c);
    case '?': return is_digit(c) || is_upper(c);
    case '!': return is_digit(c) || (is_upper(c) && c != 'I' && c != 'O');
    case '*': return is_digit(c) || is_upper(c) || c == '+' || c == '*';
    default: return c == sign;
    }
}

bool has_form(std::string_view state, std::string_view number)
{
    return std::ranges::any_of(
        forms, [&](const Form& form) { return form.state == state && std::ranges::equal(number, form.pattern, fits); });
}

int number_of(std::string_view digits, int modulus)
{
    int rest = 0;
    for (const char c : digits) rest = (rest * 10 + (c - '0')) % modulus;
    return rest;
}

/// ISO 7064 MOD 11,10.
bool is_german(std::string_view number)
{
    int product = 10;
    for (const char c : number.substr(0, 8)) {
        const int sum = (c - '0' + product) % 10;
        product = 2 * (sum == 0 ? 10 : sum) % 11;
    }
    return (11 - product) % 10 == number[8] - '0';
}

bool is_austrian(std::string_view number)
{
    int sum = 0;
    for (std::size_t i = 1; i <= 7; ++i) {
        const int digit = number[i] - '0';
        sum += i % 2 == 1 ? digit : digit * 2 / 10 + digit * 2 % 10;
    }
    return (10 - (sum + 4) % 10) % 10 == number[8] - '0';
}

/// The two characters before the SIREN are its key; those with letters count by an alphabet without I and O.
bool has_french_key(std::string_view key, std::string_view siren)
{
    if (all_digits(key)) return number_of(key, 100) == (12 + 3 * number_of(siren, 97)) % 97;
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    const auto first = static_cast<int>(alphabet.find(key[0]));
    const auto second = static_cast<int>(alphabet.find(key[1]));
    const int sum = is_digit(key[0]) ? first * 24 + second - 10 : first * 34 + second - 100;
    return (number_of(siren, 11) + 1 + sum / 11) % 11 == sum % 11;
}

bool is_french(std::string_view number)
{
    const auto siren = number.substr(2);
    const bool monegasque = siren.starts_with("000"); // given out by Monaco, outside the French register
    return has_french_key(number.substr(0, 2), siren) && (monegasque || passes_luhn(siren));
}

/// Digits 8 to 10 are the tax office of the province.
bool is_italian(std::string_view number)
{
    const int office = number_of(number.substr(7, 3), 1000);
    const bool known = (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
    return known && !number.starts_with("0000000") && passes_luhn(number);
}

bool has_check_digits(std::string_view state, std::string_view number)
{
    if (state == "DE") return is_german(number);
    if (state == "AT") return is_austrian(number);
    if (state == "FR") return is_french(number);
    if (state == "IT") return is_italian(number);
    return true;
}

} // namespace

std::string_view to_text(VatIdFault fault)
{
    switch (fault) {
    case VatIdFault::none: return "";
    case VatIdFault::country: return "E_VAT_COUNTRY";
    case VatIdFault::format: return "E_VAT_FORMAT";
    case VatIdFault::check: return "E_VAT_CHECK";
    }
    throw std::domain_error{"no such fault of a VAT id"};
}

bool is_member_state(std::string_view prefix) { return std::ranges::find(forms, prefix, &Form::state) != forms.end(); }

std::string normalised_vat_id(std::string_view typed) { return compact_upper(typed, ".-"); }

VatIdFault check_vat_id(std::string_view typed)
{
    const auto id = normalised_vat_id(typed);
    if (id.size() < 2 || !is_upper(id[0]) || !is_upper(id[1])) return VatIdFault::format;
    const auto state = std::string_view{id}.substr(0, 2);
    const auto number = std::string_view{id}.substr(2);
    if (!is_member_state(state)) return VatIdFault::country;
    if (!has_form(state, number)) return VatIdFault::format;
    return has_check_digits(state, number) ? VatIdFault::none : VatIdFault::check;
}

} // namespace domain
