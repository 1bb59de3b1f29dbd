#include "client/checkout_lookup.h"

#include "client/failure.h"
#include "domain/calendar.h"

#include <algorithm>

namespace client {
namespace {

using namespace std::chrono_literals;

constexpr int looks = 4;          // at an open cart, 2 s, 4 s and 8 s apart
constexpr auto clock_margin = 1h; // our clock and the server's, when orders are looked for by date

/// Where the orders that the checkout can have made begin.
std::string search_begin(const PurchaseState& state)
{
    const auto sent = domain::instant_from(state.checkout_sent_at);
    return sent ? domain::to_text(*sent - clock_margin) : "";
}

/// Every label and value that was asked for stands on some line; an installation that tells none is believed.
bool has_configuration(const std::vector<OrderDetail>& details, const PurchaseWish& wish)
{
    std::vector<ItemConfiguration> told;
    for (const auto& detail : details) told.insert(told.end(), detail.configuration.begin(), detail.configuration.end());
    return told.empty() || std::ranges::all_of(wish.configuration, [&](const auto& wanted) {
        return std::ranges::any_of(told, [&](const auto& each) { return each.label == wanted.first && each.value == wanted.second; });
    });
}

bool is_like(OrderApi& api, const PurchaseState& state, std::int64_t id)
{
    if (!state.shown_total || api.order(id).with_tax != *state.shown_total) return false;
    const auto details = api.order_details(id);
    const bool has_plan = std::ranges::any_of(details, [&](const auto& each) { return each.plan_code == state.wish.plan_code; });
    return has_plan && has_configuration(details, state.wish);
}

std::optional<std::int64_t> order_like(OrderApi& api, const PurchaseState& state)
{
    std::optional<std::int64_t> found;
    for (const auto id : api.orders(search_begin(state))) {
        if (!is_like(api, state, id)) continue;
        if (found) return std::nullopt; // two: somebody has to tell them apart
        found = id;
    }
    return found;
}

/// nullopt: it is not there any more.
std::optional<Cart> read_cart(OrderApi& api, const PurchaseState& state)
{
    try {
        return api.cart(state.cart);
    } catch (const Failure& failure) {
        if (failure.status == 404 || failure.status == 460) return std::nullopt;
        if (failure.exit() != Exit::temporary) throw;
        throw Failure{Exit::temporary, std::string{"the checkout was sent, and the server cannot be asked about it: "} + failure.what(),
            resume_command(state)};
    }
}

} // namespace

std::string resume_command(const PurchaseState& state) { return "ovh-order order dedicated --resume " + state.id; }

CheckoutFate look_up_checkout(OrderApi& api, const PurchaseState& state, const std::function<void(std::chrono::milliseconds)>& pause)
{
    for (int look = 0; look < looks; ++look) {
        if (look > 0) pause(std::chrono::seconds{1 << look});
        const auto cart = read_cart(api, state);
        if (!cart) return {.order = order_like(api, state), .is_gone = true};
        if (cart->order_id) return {.order = cart->order_id};
        if (cart->read_only) return {.order = order_like(api, state)};
    }
    return {.is_open = true};
}

} // namespace client
