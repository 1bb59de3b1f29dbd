#include "api/ovh_json.h"
#include "api/ovh_plan_json.h"

namespace api {
namespace {

using http::JsonText;

/// How one pays by it: "Monthly fees", "Fees for 12 months in advance, 12 months commitment".
std::string description_of(const domain::PlanPricing& pricing)
{
    const auto months = domain::months_in(pricing.duration).value();
    const auto fees = months == 1 ? std::string{"Monthly fees"} : "Fees for " + std::to_string(months) + " months in advance";
    return pricing.commitment_months == 0 ? fees : fees + ", " + std::to_string(pricing.commitment_months) + " months commitment";
}

struct Phase {
    const char* capacity;
    const char* type;
    std::string description;
    std::string duration;
    int interval;
    bool is_repeated;
    domain::Money price;
};

JsonText price_json(const domain::PlanPricing& pricing, const Phase& phase)
{
    auto json = JsonText::object();
    json.set("capacities", JsonText::array().push(phase.capacity)).set("description", phase.description);
    json.set("duration", phase.duration).set("interval", phase.interval);
    json.set("maximumQuantity", pricing.max_quantity).set("maximumRepeat", phase.is_repeated ? JsonText::null() : JsonText{1});
    json.set("minimumQuantity", 1).set("minimumRepeat", 1);
    json.set("price", ovh_price(phase.price)).set("priceInUcents", ovh_ucents(phase.price));
    return std::move(json.set("pricingMode", pricing.mode).set("pricingType", phase.type));
}

} // namespace

JsonText ovh_offer_prices(const domain::Plan& plan)
{
    auto prices = JsonText::array();
    for (const auto& pricing : plan.pricings) {
        prices.push(price_json(pricing,
            {"renew", "rental", description_of(pricing), domain::to_text(pricing.duration), domain::months_in(pricing.duration).value(),
                true, pricing.recurring}));
        if (pricing.setup.minor > 0)
            prices.push(price_json(pricing, {"installation", "purchase", "Setup fees", "P0D", 0, false, pricing.setup}));
    }
    return prices;
}

} // namespace api
