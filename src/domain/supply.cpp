#include "domain/supply.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace domain {
namespace {

constexpr int searches_before_it_is_held = 4;

} // namespace

std::string_view to_text(SupplyStep step)
{
    switch (step) {
    case SupplyStep::fresh: return "new";
    case SupplyStep::cart: return "cart";
    case SupplyStep::filled: return "filled";
    case SupplyStep::checkout_sent: return "checkout_sent";
    case SupplyStep::ordered: return "ordered";
    case SupplyStep::delivered: return "delivered";
    case SupplyStep::cancelled: return "cancelled";
    }
    throw std::domain_error{"no such step of a supply"};
}

SupplyStep supply_step_from(std::string_view text)
{
    using enum SupplyStep;
    for (const auto step : {fresh, cart, filled, checkout_sent, ordered, delivered, cancelled})
        if (to_text(step) == text) return step;
    throw std::domain_error{"no such step of a supply"};
}

bool may_become(SupplyStep from, SupplyStep to)
{
    using enum SupplyStep;
    switch (from) {
    case fresh: return to == cart || to == checkout_sent || to == cancelled; // a cart of ours may turn out to be bought already
    case cart: return to == fresh || to == filled || to == checkout_sent || to == cancelled;
    case filled: return to == fresh || to == cart || to == checkout_sent || to == cancelled;
    case checkout_sent: return to == ordered || to == cancelled; // never back: see above
    case ordered: return to == delivered || to == cancelled;
    case delivered:
    case cancelled: return false;
    }
    return false;
}

bool is_over(SupplyStep step) { return step == SupplyStep::delivered || step == SupplyStep::cancelled; }

bool is_unbought(SupplyStep step) { return step == SupplyStep::fresh || step == SupplyStep::cart || step == SupplyStep::filled; }

StatusCourse course_of(std::string_view status)
{
    if (status == "delivered") return StatusCourse::delivered;
    if (status == "cancelled") return StatusCourse::cancelled;
    if (status == "notPaid" || status == "documentsRequested") return StatusCourse::person;
    return StatusCourse::wait; // cancelling, checking, delivering, unknown
}

std::string remedy_for(std::string_view status, std::int64_t supplier_order)
{
    const auto number = std::to_string(supplier_order);
    if (status == "notPaid") return "order " + number + " of the supplier is not paid: pay it there; it then goes on by itself";
    if (status == "documentsRequested")
        return "the supplier asks for documents before it delivers order " + number + ": send them; it then goes on by itself";
    return "";
}

std::chrono::milliseconds supply_pause(int attempts, std::chrono::milliseconds first, std::chrono::milliseconds longest)
{
    auto pause = first;
    for (int i = 1; i < attempts && pause < longest; ++i) pause *= 2;
    return std::min(pause, longest);
}

CheckoutCourse course_after_checkout(const CartFound& cart)
{
    if (!cart.is_there) return CheckoutCourse::search; // it may have been cleared away after it was bought
    if (!cart.is_frozen) return CheckoutCourse::send_again;
    return cart.order ? CheckoutCourse::take_order : CheckoutCourse::search;
}

SearchCourse course_after_search(std::size_t matching, std::size_t unresolved, int looks)
{
    if (matching == 1 && unresolved == 1) return SearchCourse::take_it;
    return looks < searches_before_it_is_held ? SearchCourse::look_again : SearchCourse::hold;
}

bool is_not_ready_yet(std::string_view message)
{
    constexpr std::array<std::string_view, 2> not_yet{"running tasks", "subscription is not active yet"};
    return std::ranges::any_of(not_yet, [&](auto words) { return message.find(words) != std::string_view::npos; });
}

bool is_too_dear(Money price, Money cost, int tolerance_permille)
{
    if (price.currency != cost.currency) return true;
    return price.minor > cost.minor + half_up(cost.minor, tolerance_permille, 1000);
}

} // namespace domain
