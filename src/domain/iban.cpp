#include "domain/iban.h"

#include "domain/check_digits.h"
#include "domain/code_text.h"

#include <stdexcept>

namespace domain {
namespace {

constexpr std::size_t length = 21;

/// The institution: five digits after the country and the check digits.
std::string_view institution(std::string_view iban) { return iban.substr(4, 5); }

bool names_other_country(std::string_view iban)
{
    const auto country = iban.substr(0, 2);
    return country.size() == 2 && is_upper(country[0]) && is_upper(country[1]) && country != "CH" && country != "LI";
}

bool has_form(std::string_view iban)
{
    if (iban.size() != length || (!iban.starts_with("CH") && !iban.starts_with("LI"))) return false;
    return all_digits(iban.substr(2, 2)) && all_digits(institution(iban)) && all_digits_or_upper(iban.substr(9));
}

} // namespace

std::string_view to_text(IbanFault fault)
{
    switch (fault) {
    case IbanFault::none: return "";
    case IbanFault::country: return "E_IBAN_COUNTRY";
    case IbanFault::format: return "E_IBAN_FORMAT";
    case IbanFault::check: return "E_IBAN_CHECK";
    }
    throw std::domain_error{"no such fault of an IBAN"};
}

IbanFault check_iban(std::string_view iban)
{
    if (names_other_country(iban)) return IbanFault::country;
    if (!has_form(iban)) return IbanFault::format;
    const auto with_zeros = std::string{iban.substr(4)} + std::string{iban.substr(0, 2)} + "00";
    const int given = (iban[2] - '0') * 10 + (iban[3] - '0');
    return given == check_digits_97(with_zeros) ? IbanFault::none : IbanFault::check;
}

bool is_iban(std::string_view text)
{
    if (text.size() < 8 || text.size() > 34 || !is_upper(text[0]) || !is_upper(text[1])) return false;
    if (!all_digits(text.substr(2, 2)) || !all_digits_or_upper(text.substr(4))) return false;
    const int given = (text[2] - '0') * 10 + (text[3] - '0');
    return given == check_digits_97(std::string{text.substr(4)} + std::string{text.substr(0, 2)} + "00");
}

bool is_qr_iban(std::string_view iban) { return institution(iban) >= "30000" && institution(iban) <= "31999"; }

bool is_payable_iban(std::string_view text)
{
    if (!is_iban(text)) return false;
    const bool is_ours = text.starts_with("CH") || text.starts_with("LI");
    return !is_ours || (check_iban(text) == IbanFault::none && !is_qr_iban(text));
}

std::string printed_iban(std::string_view iban) { return grouped(iban, 4, 4); }

} // namespace domain
