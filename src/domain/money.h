#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// ISO 4217; both have two decimal places.
enum class Currency { chf, eur };
inline constexpr int currency_count = 2;

std::string_view to_text(Currency currency);
std::optional<Currency> currency_from(std::string_view code);

/// An amount in minor units (CHF 12.30 is 1230). Negative is a credit to the member.
struct Money {
    std::int64_t minor{0};
    Currency currency{Currency::chf};
    friend bool operator==(const Money&, const Money&) = default;
};

/// Sum and difference. @throws std::domain_error on unlike currencies or int64 overflow.
Money operator+(Money a, Money b);
Money operator-(Money a, Money b);

/// `a` that many times. @throws std::domain_error on int64 overflow.
Money operator*(Money a, std::int64_t times);

/// numerator / denominator rounded to the nearest integer, halves away from zero; denominator > 0.
/// The one rounding rule of the product. @throws std::domain_error if a·b leaves int64 in between.
std::int64_t half_up(std::int64_t a, std::int64_t b, std::int64_t denominator);

/// "13.00 CHF", for people.
std::string to_text(Money amount);

} // namespace domain
