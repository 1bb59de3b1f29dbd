#pragma once
#include "client/amount.h"

#include <string>
#include <vector>

namespace client {

/// One of the prices of a plan (OVH's GenericProductPricing).
struct Pricing {
    std::string duration{}; ///< ISO 8601: "P1M"
    std::string mode{};     ///< the pricingMode: "default"
    std::string description{};
    Amount price{};
    std::vector<std::string> capacities{}; ///< "renew", "installation", …

    bool is_setup() const;
    bool is_recurring() const;
};

/// What a cart can hold: a plan, or an option of one.
struct Offer {
    std::string plan_code{};
    std::string product_name{};
    std::vector<Pricing> prices{};
    std::string family{}; ///< of an option
    bool mandatory{false};
    bool exclusive{false};
};

Offer offer_in(gateway::JsonNode offer);

/// How a plan is paid: what "add" asks for besides the plan.
struct Term {
    std::string duration{};
    std::string mode{};
    friend bool operator==(const Term&, const Term&) = default;
};

/// What a plan costs under a term: once at the beginning, and for each duration. Without tax.
struct TermPrice {
    Term term{};
    Amount setup{};
    Amount recurring{};
    std::string description{};
};

/// The terms under which the plan can be ordered, in the server's order.
std::vector<TermPrice> terms_of(const Offer& offer);

/// The term that fits what was asked; empty texts fit all. Of several the one without commitment ("default") of a month, else
/// the only one left. @throws Failure (usage) that lists the terms if none fits, or more than one.
TermPrice choose_term(const Offer& offer, const Term& wanted);

/// For an option: the term that its parent has, or the nearest one. @throws Failure (refused) if the option has no price.
TermPrice option_term(const Offer& option, const Term& parent);

} // namespace client
