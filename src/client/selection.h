#pragma once
#include "client/console.h"
#include "client/journal.h"
#include "client/offer.h"
#include "client/order_api.h"

#include <optional>
#include <string>
#include <vector>

namespace client {

/// A plan with the options that it can have, as a cart offers them.
struct Selection {
    std::string product{}; ///< the cart's name under which the plan is offered
    Offer offer{};
    std::vector<Offer> options{};
};

/// Looks for the plan under the product, or under all that sell servers if it is empty.
/// @throws Failure (not_found) that says what to do if it is not offered.
Selection find_plan(OrderApi& api, const std::string& cart, const std::string& product, const std::string& plan_code);

/// The families of options, in the server's order.
std::vector<std::string> families_of(const std::vector<Offer>& options);

/// The option of the family with the lowest recurring price under the term, setup counted second.
const Offer& cheapest_of(const std::vector<Offer>& options, const std::string& family, const Term& term);

/// Completes what was asked to what the plan can be ordered with, before anything is sent: the term, an option for each
/// mandatory family (`cheapest`, or asked for), none twice in an exclusive one.
/// @throws Failure (usage) that names family, options and a command that would do.
PurchaseWish complete_wish(PurchaseWish wish, const Selection& selection, bool cheapest, const Console& console);

/// The command that orders the plan with the cheapest options and whatever labels have to be set.
std::string order_command(const Selection& selection, const Term& term, const std::vector<Requirement>& requirements);

} // namespace client
