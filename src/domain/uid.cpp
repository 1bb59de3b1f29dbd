#include "domain/uid.h"

#include "domain/code_text.h"

#include <array>
#include <stdexcept>

namespace domain {
namespace {

constexpr std::string_view prefix = "CHE";
constexpr std::size_t digit_count = 9;
constexpr std::array suffixes{"", "MWST", "TVA", "IVA", "HR", "RC"};

std::string compact(std::string_view typed) { return compact_upper(typed, ".-"); }

bool has_form(std::string_view compacted)
{
    if (!compacted.starts_with(prefix) || compacted.size() < prefix.size() + digit_count) return false;
    const auto suffix = compacted.substr(prefix.size() + digit_count);
    bool known = false;
    for (const auto* each : suffixes) known = known || suffix == each;
    return known && all_digits(compacted.substr(prefix.size(), digit_count));
}

/// 10 for numbers that are never issued.
int check_digit(std::string_view digits)
{
    constexpr std::array weights{5, 4, 3, 2, 7, 6, 5, 4};
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (digits[i] - '0');
    return (11 - sum % 11) % 11;
}

} // namespace

std::string_view to_text(UidFault fault)
{
    switch (fault) {
    case UidFault::none: return "";
    case UidFault::format: return "E_UID_FORMAT";
    case UidFault::check: return "E_UID_CHECK";
    }
    throw std::domain_error{"no such fault of a UID"};
}

UidFault check_uid(std::string_view typed)
{
    if (!has_form(compact(typed))) return UidFault::format;
    const auto digits = uid_digits(typed);
    return check_digit(digits) == digits.back() - '0' ? UidFault::none : UidFault::check;
}

std::string normalised_uid(std::string_view typed) { return "CHE-" + grouped(uid_digits(typed), 3, 3, '.'); }

std::string uid_digits(std::string_view typed) { return compact(typed).substr(prefix.size(), digit_count); }

} // namespace domain
