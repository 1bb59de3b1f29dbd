#pragma once
#include "client/failure.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace client {

/// What a status of an order means for whoever waits for it.
struct OrderStatus {
    std::string_view name{};
    Exit exit{Exit::pending}; ///< done, refused (never delivered), pending (goes on by itself), needs_human
    std::string_view meaning{};
    std::string_view next_step{}; ///< what the member can do, of ORDER; empty: nothing

    bool is_final() const { return exit == Exit::done || exit == Exit::refused; }
};

/// All that OVH's schema names (billing.order.OrderStatusEnum).
std::span<const OrderStatus> order_statuses();

/// By name. One that the schema does not name reads as "unknown": the order lives all the same.
const OrderStatus& order_status_from(std::string_view name);

/// What the member can do about the order; empty: nothing.
std::string next_step_of(const OrderStatus& status, std::int64_t order);

} // namespace client
