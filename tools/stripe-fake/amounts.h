#pragma once
#include <cstdint>
#include <string>

namespace stripe_fake {

/// @throws ApiError unless the account takes the currency ("chf")
void check_currency(const std::string& currency);

/// @throws ApiError amount_too_small, amount_too_large (more than 8 digits), parameter_invalid_integer
void check_amount(std::int64_t amount, const std::string& currency);

/// "CHF 5.00"
std::string amount_text(std::int64_t amount, const std::string& currency);

/// What the gateway keeps of a card payment: 2.9 % and 30 minor units.
std::int64_t card_fee(std::int64_t amount);

/// What it takes for a dispute.
constexpr std::int64_t dispute_fee = 2000;

} // namespace stripe_fake
