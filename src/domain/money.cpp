#include "domain/money.h"

#include <stdexcept>

namespace domain {
namespace {

void require_same_currency(Money a, Money b)
{
    if (a.currency != b.currency) throw std::domain_error{"amounts of unlike currencies"};
}

} // namespace

std::string_view to_text(Currency currency)
{
    switch (currency) {
    case Currency::chf: return "CHF";
    case Currency::eur: return "EUR";
    }
    throw std::domain_error{"no such currency"};
}

std::optional<Currency> currency_from(std::string_view code)
{
    if (code == "CHF") return Currency::chf;
    if (code == "EUR") return Currency::eur;
    return std::nullopt;
}

Money operator+(Money a, Money b)
{
    require_same_currency(a, b);
    Money sum{0, a.currency};
    if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) throw std::domain_error{"amount too large"};
    return sum;
}

Money operator-(Money a, Money b)
{
    require_same_currency(a, b);
    Money difference{0, a.currency};
    if (__builtin_sub_overflow(a.minor, b.minor, &difference.minor)) throw std::domain_error{"amount too large"};
    return difference;
}

Money operator*(Money a, std::int64_t times)
{
    Money product{0, a.currency};
    if (__builtin_mul_overflow(a.minor, times, &product.minor)) throw std::domain_error{"amount too large"};
    return product;
}

std::int64_t half_up(std::int64_t a, std::int64_t b, std::int64_t denominator)
{
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) throw std::domain_error{"amount too large"};
    const auto quotient = product / denominator;
    const auto remainder = product % denominator;
    const auto distance = remainder < 0 ? -remainder : remainder;
    if (distance < denominator - distance) return quotient;
    return product < 0 ? quotient - 1 : quotient + 1;
}

std::string to_text(Money amount)
{
    const bool negative = amount.minor < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.minor) : static_cast<std::uint64_t>(amount.minor);
    const auto cents = std::to_string(magnitude % 100);
    return (negative ? "-" : "") + std::to_string(magnitude / 100) + (cents.size() == 1 ? ".0" : ".") + cents + " "
        + std::string{to_text(amount.currency)};
}

} // namespace domain
