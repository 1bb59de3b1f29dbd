#include "client/offer.h"

#include "client/failure.h"

#include <algorithm>

namespace client {
namespace {

bool fits(const Term& term, const Term& wanted)
{
    return (wanted.duration.empty() || wanted.duration == term.duration) && (wanted.mode.empty() || wanted.mode == term.mode);
}

bool has(const std::vector<std::string>& words, const char* word) { return std::ranges::find(words, word) != words.end(); }

Pricing pricing_in(gateway::JsonNode node)
{
    Pricing pricing{.duration = node.text({"duration"}),
        .mode = node.text({"pricingMode"}),
        .description = node.text({"description"}),
        .price = amount_in(node.at({"price"}))};
    for (const auto& capacity : node.items({"capacities"})) pricing.capacities.push_back(capacity.text({}));
    return pricing;
}

std::string list_of(const std::vector<TermPrice>& terms)
{
    std::string text;
    for (const auto& each : terms)
        text += "\n  --duration " + each.term.duration + " --pricing-mode " + each.term.mode + "   " + to_text(each.recurring)
            + (each.setup.ucents ? ", setup " + to_text(each.setup) : "");
    return text;
}

} // namespace

bool Pricing::is_setup() const { return has(capacities, "installation") && !is_recurring(); }

bool Pricing::is_recurring() const { return has(capacities, "renew") || capacities.empty(); }

Offer offer_in(gateway::JsonNode node)
{
    Offer offer{.plan_code = node.text({"planCode"}),
        .product_name = node.text({"productName"}),
        .family = node.text({"family"}),
        .mandatory = node.flag({"mandatory"}),
        .exclusive = node.flag({"exclusive"})};
    for (const auto& price : node.items({"prices"})) offer.prices.push_back(pricing_in(price));
    return offer;
}

std::vector<TermPrice> terms_of(const Offer& offer)
{
    std::vector<TermPrice> terms;
    for (const auto& pricing : offer.prices) {
        const Term term{pricing.duration, pricing.mode};
        const bool known = std::ranges::any_of(terms, [&](const auto& each) { return each.term == term; });
        if (pricing.is_recurring() && !known)
            terms.push_back(
                {.term = term, .setup = {0, pricing.price.currency}, .recurring = pricing.price, .description = pricing.description});
    }
    // The setup stands under its mode with a duration of its own, P0D or the plan's.
    for (auto& each : terms)
        for (const auto& pricing : offer.prices)
            if (pricing.is_setup() && pricing.mode == each.term.mode) {
                each.setup = pricing.price;
                if (pricing.duration == each.term.duration) break;
            }
    return terms;
}

TermPrice choose_term(const Offer& offer, const Term& wanted)
{
    const auto all = terms_of(offer);
    std::vector<TermPrice> fitting;
    std::ranges::copy_if(all, std::back_inserter(fitting), [&](const auto& each) { return fits(each.term, wanted); });
    if (fitting.empty()) throw Failure{Exit::usage, "plan " + offer.plan_code + " is not sold so", "it is sold with" + list_of(all)};
    if (fitting.size() == 1) return fitting.front();
    for (const auto& each : fitting)
        if (each.term == Term{"P1M", "default"}) return each;
    throw Failure{Exit::usage, "plan " + offer.plan_code + " is sold in several ways", "choose one:" + list_of(fitting)};
}

TermPrice option_term(const Offer& option, const Term& parent)
{
    const auto all = terms_of(option);
    for (const Term& wanted : {parent, Term{parent.duration, "default"}, Term{parent.duration, ""}, Term{"", parent.mode}, Term{}})
        for (const auto& each : all)
            if (fits(each.term, wanted)) return each;
    throw Failure{Exit::refused, "option " + option.plan_code + " has no price"};
}

} // namespace client
