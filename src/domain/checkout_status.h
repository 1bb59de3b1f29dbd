#pragma once
#include "domain/calendar.h"
#include "domain/charge_attempt.h"
#include "domain/order.h"
#include "domain/vat_treatment.h"

#include <optional>
#include <string_view>
#include <vector>

// How a purchase of servers stands, as its buyer is told.
namespace domain {

/// True while an order waits for its first payment, or for the worker to look at it.
bool waits_for_payment(OrderStatus status);

/// `not_paid`: the buyer has to do something; `checking`: nobody has, the payment is on its way.
enum class CheckoutStatus { cancelled, not_paid, checking, delivering, delivered };

/// "notPaid", as the cart API says it.
std::string_view to_text(CheckoutStatus status);

/// What the status follows from.
struct CheckoutStanding {
    std::vector<OrderStatus> orders{};
    bool waits_for_member{false};           ///< no card is charged before the member asks for it
    bool is_settled{false};                 ///< the first invoice is issued, and nothing is open of it
    std::optional<AttemptState> last_try{}; ///< to charge a card for it
};

CheckoutStatus status_of(const CheckoutStanding& standing);

/// Until when the buyer may withdraw without a reason: consumers in the EU, for 14 days from the purchase, unless they waived it
/// (Directive 2011/83/EU, Art. 9 and 16). Swiss law knows no such right. nullopt: there is none.
std::optional<Instant> retraction_until(CustomerKind kind, std::string_view country, Instant placed_at, bool is_waived);

} // namespace domain
