#include "domain/order.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(OrderStatus status)
{
    switch (status) {
    case OrderStatus::placed: return "placed";
    case OrderStatus::awaiting_payment: return "awaiting_payment";
    case OrderStatus::provisioning: return "provisioning";
    case OrderStatus::active: return "active";
    case OrderStatus::suspended: return "suspended";
    case OrderStatus::cancelled: return "cancelled";
    case OrderStatus::ended: return "ended";
    }
    throw std::domain_error{"no such order status"};
}

OrderStatus order_status_from(std::string_view text)
{
    using enum OrderStatus;
    for (const auto status : {placed, awaiting_payment, provisioning, active, suspended, cancelled, ended})
        if (to_text(status) == text) return status;
    throw std::domain_error{"no such order status"};
}

bool may_become(OrderStatus from, OrderStatus to)
{
    using enum OrderStatus;
    switch (from) {
    case placed: return to == awaiting_payment || to == provisioning || to == cancelled;
    case awaiting_payment: return to == provisioning || to == cancelled;
    case provisioning: return to == active || to == cancelled;
    case active: return to == suspended || to == cancelled || to == ended;
    case suspended: return to == active || to == cancelled || to == ended;
    case cancelled: return false;
    case ended: return false;
    }
    return false;
}

bool is_running(OrderStatus status) { return status != OrderStatus::cancelled && status != OrderStatus::ended; }

Date term_end(const Order& order, Date day)
{
    if (!order.interval || day < order.started_on) return order.started_on;
    int k = 1;
    while (boundary(order.started_on, *order.interval, k) <= day) ++k;
    return boundary(order.started_on, *order.interval, k);
}

ChangeFault check_change(const Parameters& before, const Parameters& after)
{
    if (before == after) return ChangeFault::nothing_to_change;
    if (after.os_disk_gb < before.os_disk_gb) return ChangeFault::disk_would_shrink;
    return ChangeFault::none;
}

} // namespace domain
