#pragma once
#include "client/journal.h"
#include "client/order_api.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace client {

/// What became of a checkout that got no answer. Nothing set: it was taken, but by which order cannot be told.
struct CheckoutFate {
    std::optional<std::int64_t> order{};
    bool is_open{false}; ///< it was not taken: the cart can be ordered
    bool is_gone{false}; ///< the cart is not there any more, so it cannot be asked
};

/// Reads the cart, several times while it is open since the checkout may still be on its way. A cart that was ordered tells its
/// order on our own servers; elsewhere it is the one order since then with the same total, plan and configuration.
/// @throws Failure (temporary) if the server cannot be asked.
CheckoutFate look_up_checkout(OrderApi& api, const PurchaseState& state, const std::function<void(std::chrono::milliseconds)>& pause);

/// The command that goes on with the purchase.
std::string resume_command(const PurchaseState& state);

} // namespace client
