#pragma once
#include "client/console.h"
#include "client/order_api.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace client {

void print_cart(const Cart& cart, const Console& console);

/// The cart with its items, what they are configured with and what they still need.
void show_cart(OrderApi& api, const Console& console, const std::string& cart);

/// The carts assigned to the caller.
void list_carts(OrderApi& api, const Console& console);

/// Deletes the caller's carts that were never ordered; only those with the description if it is not empty. Carts of purchases
/// that are under way (`kept`) stay. Without `yes` somebody is asked. @throws Failure (usage) if nobody can be.
void clean_carts(OrderApi& api, const Console& console, const std::string& description, const std::vector<std::string>& kept, bool yes);

struct AddWish {
    std::string plan_code{};
    std::string product{}; ///< empty: found out
    Term term{};
    std::int64_t quantity{1};
    std::vector<std::string> options{};
    bool cheapest{false};
    std::optional<std::int64_t> parent{}; ///< then the plan is an option of this item
};

/// Puts a plan with its options, or an option alone, into the cart. What the plan cannot be ordered with is refused before
/// anything is sent. @throws Failure
void add_to_cart(OrderApi& api, const Console& console, const std::string& cart, const AddWish& wish);

/// Sets labels of an item; without any shows what it knows and has.
void configure_item(OrderApi& api, const Console& console, const std::string& cart, std::int64_t item,
    const std::map<std::string, std::string>& configuration);

/// What the cart would cost: validated as at checkout when it can be, else as the server sums it up.
void preview_cart(OrderApi& api, const Console& console, const std::string& cart);

} // namespace client
