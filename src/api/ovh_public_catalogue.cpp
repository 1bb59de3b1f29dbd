#include "api/ovh_json.h"
#include "api/ovh_plan_json.h"

#include <set>

namespace api {
namespace {

using http::JsonText;

JsonText configurations_json(const std::vector<domain::PlanLabel>& labels)
{
    auto configurations = JsonText::array();
    for (const auto& label : labels) {
        auto values = JsonText::array();
        for (const auto& value : label.allowed.value_or(std::vector<std::string>{})) values.push(value);
        auto json = JsonText::object();
        json.set("isCustom", !label.allowed).set("isMandatory", label.required).set("name", label.name);
        configurations.push(json.set("values", label.allowed ? values : JsonText::null()));
    }
    return configurations;
}

JsonText addon_families_json(const std::vector<domain::PlanOptionFamily>& families)
{
    auto json = JsonText::array();
    for (const auto& family : families) {
        auto addons = JsonText::array();
        auto chosen = JsonText::null();
        for (const auto& option : family.options) {
            addons.push(option.code);
            if (option.is_default) chosen = JsonText{option.code};
        }
        auto item = JsonText::object();
        item.set("addons", addons).set("default", chosen).set("exclusive", family.exclusive).set("mandatory", family.mandatory);
        json.push(item.set("name", family.name));
    }
    return json;
}

/// What one is bound to; at its end it begins anew, as orders are billed until they are cancelled.
JsonText engagement_json(const domain::PlanPricing& pricing)
{
    if (pricing.commitment_months == 0) return JsonText::null();
    auto json = JsonText::object();
    json.set("defaultEndAction", "REACTIVATE_ENGAGEMENT").set("duration", 'P' + std::to_string(pricing.commitment_months) + 'M');
    return std::move(json.set("type", *domain::months_in(pricing.duration) < pricing.commitment_months ? "periodic" : "upfront"));
}

JsonText pricing_json(const domain::PlanPricing& pricing, domain::VatRate rate, bool installs)
{
    const auto price = installs ? pricing.setup : pricing.recurring;
    const domain::Money tax{domain::vat_of(price.minor, rate, false), price.currency};
    auto json = JsonText::object();
    json.set("capacities", JsonText::array().push(installs ? "installation" : "renew")).set("commitment", pricing.commitment_months);
    json.set("description", installs ? "Setup fees" : "Fees for " + domain::to_text(pricing.duration));
    json.set("engagementConfiguration", installs ? JsonText::null() : engagement_json(pricing));
    json.set("interval", installs ? 0 : *domain::months_in(pricing.duration)).set("intervalUnit", installs ? "none" : "month");
    json.set("mode", pricing.mode).set("mustBeCompleted", pricing.commitment_months > 0).set("phase", installs ? 0 : 1);
    json.set("price", ovh_ucents(price)).set("promotions", JsonText::array());
    json.set("quantity", JsonText::object().set("max", pricing.max_quantity).set("min", 1));
    json.set("repeat", JsonText::object().set("max", installs ? JsonText{1} : JsonText::null()).set("min", 1));
    return std::move(json.set("strategy", "tiered").set("tax", ovh_ucents(tax)).set("type", installs ? "purchase" : "rental"));
}

JsonText plan_json(const domain::Plan& plan, domain::VatRate rate)
{
    auto pricings = JsonText::array();
    for (const auto& pricing : plan.pricings) {
        if (pricing.setup.minor > 0) pricings.push(pricing_json(pricing, rate, true));
        pricings.push(pricing_json(pricing, rate, false));
    }
    auto json = JsonText::object();
    json.set("addonFamilies", addon_families_json(plan.families)).set("blobs", JsonText::null());
    json.set("configurations", configurations_json(plan.labels)).set("consumptionConfiguration", JsonText::null());
    json.set("family", plan.family).set("invoiceName", plan.name).set("planCode", plan.code).set("pricingType", "rental");
    return std::move(json.set("pricings", pricings).set("product", plan.code));
}

JsonText product_json(const domain::Plan& plan)
{
    auto json = JsonText::object();
    json.set("blobs", JsonText::null()).set("configurations", JsonText::null());
    return std::move(json.set("description", plan.name).set("name", plan.code));
}

} // namespace

JsonText ovh_public_catalogue(const service::PlanListing& listing, std::string_view subsidiary)
{
    const auto rate = listing.consumer_rate(subsidiary);
    auto plans = JsonText::array(), addons = JsonText::array(), products = JsonText::array(), families = JsonText::array();
    std::set<std::string> names;
    for (const auto& server : listing.servers) {
        plans.push(plan_json(server, rate));
        products.push(product_json(server));
        if (names.insert(server.family).second) families.push(JsonText::object().set("name", server.family));
    }
    for (const auto& option : listing.options) {
        addons.push(plan_json(option, rate));
        products.push(product_json(option));
    }
    auto locale = JsonText::object();
    locale.set("currencyCode", domain::to_text(listing.currency)).set("subsidiary", subsidiary);
    locale.set("taxRate", JsonText::ready(domain::percent_text(rate)));
    auto json = JsonText::object();
    json.set("addons", addons).set("catalogId", listing.number()).set("locale", locale).set("planFamilies", families);
    return std::move(json.set("plans", plans).set("products", products));
}

} // namespace api
