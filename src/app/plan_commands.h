#pragma once
#include <cstdint>
#include <ostream>
#include <string>

namespace app {

struct PlanPriceArguments {
    std::string code{};
    std::string currency{"CHF"};
    std::string mode{"default"};
    std::string duration{"P1M"}; ///< months or years
    int commitment{0};           ///< months
    std::string from{};          ///< YYYY-MM-DD; empty: today
    std::int64_t setup{0};       ///< minor units, without tax
    std::int64_t recurring{0};
};

/// The plans of servers and options with their prices of today.
void list_plans(std::ostream& out, const std::string& currency);

/// Adds a price that begins today or later. What is in carts or was bought keeps its own.
/// @throws std::invalid_argument for arguments that make no sense; domain::Refusal unknown_product, price_exists, price_in_the_past
void set_plan_price(std::ostream& out, const PlanPriceArguments& arguments);

/// From now on the plan is in offers and catalogues, or in none. @throws domain::Refusal unknown_product
void sell_plan(std::ostream& out, const std::string& code, bool sold);

} // namespace app
