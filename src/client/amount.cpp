#include "client/amount.h"

#include "client/failure.h"

#include <charconv>

namespace client {
namespace {

constexpr std::int64_t unit = 100'000'000;
constexpr std::size_t decimals = 8;

std::optional<std::int64_t> digits(std::string_view text)
{
    std::int64_t value = 0;
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
    return value;
}

[[noreturn]] void fail(const std::string& message) { throw Failure{Exit::refused, message}; }

} // namespace

std::optional<std::int64_t> ucents_from(std::string_view decimal)
{
    const bool negative = decimal.starts_with('-');
    if (negative) decimal.remove_prefix(1);
    const auto point = decimal.find('.');
    std::string fraction{point == std::string_view::npos ? std::string_view{"0"} : decimal.substr(point + 1)};
    if (fraction.size() > decimals) return std::nullopt;
    const auto whole = digits(decimal.substr(0, point));
    const auto part = digits(fraction.append(decimals - fraction.size(), '0'));
    std::int64_t value = 0;
    if (!whole || !part || (point != std::string_view::npos && decimal.size() == point + 1)) return std::nullopt;
    if (__builtin_mul_overflow(*whole, unit, &value) || __builtin_add_overflow(value, *part, &value)) return std::nullopt;
    return negative ? -value : value;
}

Amount amount_in(gateway::JsonNode price)
{
    const auto currency = price.text({"currencyCode"});
    auto ucents = price.number({"priceInUcents"});
    if (!ucents) ucents = ucents_from(price.decimal({"value"}));
    if (!ucents || currency.empty()) fail("the server told a price that cannot be read: " + price.dump());
    return {*ucents, currency};
}

Amount operator+(const Amount& a, const Amount& b)
{
    if (!a.currency.empty() && !b.currency.empty() && a.currency != b.currency)
        fail("amounts in " + a.currency + " and " + b.currency + " cannot be added");
    Amount sum{0, a.currency.empty() ? b.currency : a.currency};
    if (__builtin_add_overflow(a.ucents, b.ucents, &sum.ucents)) fail("a sum of prices is too large");
    return sum;
}

Amount operator*(const Amount& a, std::int64_t times)
{
    Amount product{0, a.currency};
    if (__builtin_mul_overflow(a.ucents, times, &product.ucents)) fail("a price is too large");
    return product;
}

std::string to_text(const Amount& amount)
{
    const auto magnitude = amount.ucents < 0 ? 0 - static_cast<std::uint64_t>(amount.ucents) : static_cast<std::uint64_t>(amount.ucents);
    auto fraction = std::to_string(magnitude % unit);
    fraction.insert(0, decimals - fraction.size(), '0');
    while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
    return (amount.ucents < 0 ? "-" : "") + std::to_string(magnitude / unit) + '.' + fraction + ' ' + amount.currency;
}

} // namespace client
