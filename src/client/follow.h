#pragma once
#include "client/console.h"
#include "client/failure.h"
#include "client/order_api.h"

#include <chrono>
#include <functional>
#include <optional>

namespace client {

/// How long an order is waited for: delivery takes minutes to days.
struct FollowTerms {
    std::chrono::milliseconds first_wait{10'000};
    std::chrono::milliseconds longest_wait{600'000};        ///< each wait is half as long again as the one before
    std::optional<std::chrono::milliseconds> patience{};    ///< of all waits together; nullopt: without end
    std::function<void(std::chrono::milliseconds)> sleep{}; ///< of tests; empty: really
};

/// Tells what happens to the order until it is delivered, cancelled, needs somebody, or patience ends. Trouble on the way to the
/// server is waited out. @throws Failure if the server refuses.
Exit follow_order(OrderApi& api, const Console& console, std::int64_t order, const FollowTerms& terms);

/// Prints the order: totals, status, lines, servers, history. The exit that its status means.
Exit show_order(OrderApi& api, const Console& console, std::int64_t order);

/// The newest orders, at most `limit`, placed since the instant (RFC 3339; empty: ever).
void list_orders(OrderApi& api, const Console& console, const std::string& since, int limit);

/// Names of what was delivered for the plan, by the order's own lines: another order's server is never taken for this one's.
/// An empty plan: of all lines that have one.
std::vector<std::string> delivered_servers(const std::vector<OrderDetail>& details, const std::string& plan_code);

} // namespace client
