#include "domain/checkout_status.h"

#include "domain/vat_id.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

CheckoutStatus before_payment(const CheckoutStanding& standing)
{
    using enum CheckoutStatus;
    if (standing.is_settled) return checking; // the worker goes on with it
    if (standing.last_try && is_under_way(*standing.last_try)) return checking;
    if (standing.waits_for_member || standing.last_try) return not_paid;
    return checking; // the charge is about to be planned
}

} // namespace

bool waits_for_payment(OrderStatus status) { return status == OrderStatus::placed || status == OrderStatus::awaiting_payment; }

std::string_view to_text(CheckoutStatus status)
{
    switch (status) {
    case CheckoutStatus::cancelled: return "cancelled";
    case CheckoutStatus::not_paid: return "notPaid";
    case CheckoutStatus::checking: return "checking";
    case CheckoutStatus::delivering: return "delivering";
    case CheckoutStatus::delivered: return "delivered";
    }
    throw std::domain_error{"no such status of a checkout"};
}

CheckoutStatus status_of(const CheckoutStanding& standing)
{
    const auto& orders = standing.orders;
    if (std::ranges::all_of(orders, [](auto status) { return status == OrderStatus::cancelled; })) return CheckoutStatus::cancelled;
    if (std::ranges::any_of(orders, waits_for_payment)) return before_payment(standing);
    if (std::ranges::find(orders, OrderStatus::provisioning) != orders.end()) return CheckoutStatus::delivering;
    return CheckoutStatus::delivered;
}

std::optional<Instant> retraction_until(CustomerKind kind, std::string_view country, Instant placed_at, bool is_waived)
{
    constexpr std::chrono::days period{14};
    if (is_waived || kind != CustomerKind::consumer || !is_member_state(vat_country(country))) return std::nullopt;
    return placed_at + period;
}

} // namespace domain
