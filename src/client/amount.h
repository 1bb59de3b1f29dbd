#pragma once
#include "gateway/json_document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace client {

/// A price as the OVH API tells it, in micro-cents: 6.99 EUR is 699,000,000. The currency is any that OVH bills in.
struct Amount {
    std::int64_t ucents{0};
    std::string currency{};
    friend bool operator==(const Amount&, const Amount&) = default;
};

/// Of "6.99": at most eight decimals, no exponent, no thousands' separator. nullopt if it is none or too large.
std::optional<std::int64_t> ucents_from(std::string_view decimal);

/// Of an order.Price: its priceInUcents or, where there is none, its value as it was written.
/// @throws Failure if it holds neither, or no currency.
Amount amount_in(gateway::JsonNode price);

/// @throws Failure on unlike currencies or overflow. A sum of nothing takes the currency of what is added.
Amount operator+(const Amount& a, const Amount& b);
Amount operator*(const Amount& a, std::int64_t times);

/// "6.99 EUR"; more than two decimals only where they are not zero.
std::string to_text(const Amount& amount);

} // namespace client
