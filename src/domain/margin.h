#pragma once
#include "domain/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Our price of what a supplier sells: its cost in our currency, and our margin on it. Integers throughout.
namespace domain {

/// A decimal number with up to six places, such as an exchange rate: "1.0825" is 1082500.
struct Millionths {
    std::int64_t value{0};
    friend auto operator<=>(const Millionths&, const Millionths&) = default;
};

/// nullopt unless the text is digits, perhaps with a point and at most six places, and below a million.
std::optional<Millionths> millionths_from(std::string_view text);

/// "1.0825": as millionths_from() reads it, without needless zeros.
std::string to_text(Millionths number);

/// True if the text fits the pattern, in which `*` stands for anything.
bool fits_pattern(std::string_view text, std::string_view pattern);

/// What is added to the cost of the plans whose code fits `plans`.
struct MarginRule {
    std::string plans{"*"};
    Millionths percent{};       ///< of the cost
    std::int64_t fixed_minor{}; ///< per period, in the currency of the price
    std::int64_t step_minor{1}; ///< prices are multiples of it
};

/// The first rule that fits the plan; one without a margin if none does.
MarginRule margin_rule_for(const std::vector<MarginRule>& rules, std::string_view plan);

/// An amount in another currency, of which `rate` is paid for one of the amount's.
/// @throws std::domain_error on int64 overflow.
Money converted(Money amount, Currency to, Millionths rate);

/// The price of what costs `cost`, in the same currency: never below the cost. What costs nothing costs nothing.
/// @throws std::domain_error on int64 overflow.
Money price_with_margin(Money cost, const MarginRule& rule, bool is_recurring);

} // namespace domain
