#include "amounts.h"

#include "api_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace stripe_fake {
namespace {

struct Minimum {
    std::string_view currency{};
    std::int64_t amount{0};
};

constexpr auto minimums = std::to_array<Minimum>(
    {{"chf", 50}, {"eur", 50}, {"usd", 50}, {"gbp", 30}, {"sek", 300}, {"nok", 300}, {"dkk", 250}, {"cad", 50}, {"aud", 50}});

constexpr std::int64_t largest = 99'999'999;

const Minimum* minimum_in(const std::string& currency)
{
    const auto* found = std::ranges::find(minimums, currency, &Minimum::currency);
    return found == minimums.end() ? nullptr : found;
}

} // namespace

void check_currency(const std::string& currency)
{
    if (minimum_in(currency)) return;
    std::string list;
    for (const auto& each : minimums) list += (list.empty() ? "" : ", ") + std::string{each.currency};
    throw invalid_request("Invalid currency: " + currency + ". Stripe currently supports these currencies: " + list, "currency");
}

void check_amount(std::int64_t amount, const std::string& currency)
{
    if (amount < 1) throw invalid_request("This value must be greater than or equal to 1.", "amount").coded("parameter_invalid_integer");
    if (amount > largest)
        throw invalid_request("Amount must be no more than " + amount_text(largest, currency), "amount").coded("amount_too_large");
    const auto* minimum = minimum_in(currency);
    if (minimum && amount < minimum->amount)
        throw invalid_request("Amount must be at least " + amount_text(minimum->amount, currency), "amount").coded("amount_too_small");
}

std::string amount_text(std::int64_t amount, const std::string& currency)
{
    auto upper = currency;
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return fmt::format("{} {}.{:02}", upper, amount / 100, amount % 100);
}

std::int64_t card_fee(std::int64_t amount) { return (amount * 29 + 500) / 1000 + 30; }

} // namespace stripe_fake
