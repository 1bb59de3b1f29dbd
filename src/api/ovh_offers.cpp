#include "api/ovh_offers.h"

#include "api/ovh_carts.h"
#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "api/ovh_plan_json.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

/// The plans of the currency of the cart that the request names. @throws domain::Refusal as Carts::read
std::shared_ptr<const service::PlanListing> listing_for(
    const Request& request, const OvhCaller& caller, service::Carts& carts, service::Plans& plans)
{
    const auto uuid = domain::Uuid::parse(request.segments[0]);
    if (!uuid) throw OvhError::not_found("cartId", request.segments[0]);
    return plans.offered(carts.read(*uuid, caller.member).cart.currency);
}

JsonText& set_offer(JsonText& json, const domain::Plan& plan)
{
    json.set("planCode", plan.code).set("prices", ovh_offer_prices(plan)).set("productName", plan.name);
    return json.set("productType", "delivery");
}

/// A code that is not sold, or a family without servers, gives an empty list, as it does at OVH.
Response servers(const Request& request, const service::PlanListing& listing)
{
    const auto family = ovh_query(request, "family");
    const auto code = ovh_query(request, "planCode");
    auto offers = JsonText::array();
    for (const auto& server : listing.servers) {
        if ((family && server.family != *family) || (code && server.code != *code)) continue;
        auto offer = JsonText::object();
        offers.push(set_offer(offer, server));
    }
    return ovh_ok(offers);
}

JsonText option_json(const domain::PlanOptionFamily& family, const domain::Plan& option)
{
    auto offer = JsonText::object();
    offer.set("exclusive", family.exclusive).set("family", family.name).set("mandatory", family.mandatory);
    return set_offer(offer, option);
}

Response options(const Request& request, const service::PlanListing& listing)
{
    const auto code = ovh_query(request, "planCode");
    if (!code) throw OvhError::bad_request("planCode is missing: add ?planCode= with that of the server; GET …/dedicated lists them");
    const auto* server = listing.server(*code);
    if (!server) throw OvhError::bad_request("Plan code not found: " + *code + " is not sold; GET …/dedicated lists the servers");
    const auto wanted = ovh_query(request, "family");
    auto offers = JsonText::array();
    for (const auto& family : server->families) {
        if (wanted && family.name != *wanted) continue;
        for (const auto& option : family.options)
            if (const auto* plan = listing.option(option.code)) offers.push(option_json(family, *plan)); // else not in this currency
    }
    return ovh_ok(offers);
}

} // namespace

void add_ovh_offer_routes(OvhRoutes& routes, service::Carts& carts, service::Plans& plans)
{
    const auto on = [&](const std::string& pattern, auto answer) {
        routes.open("GET", "/order/cart/{cartId}/" + pattern, [&carts, &plans, answer](const Request& request, const OvhCaller& caller) {
            return answer(request, *listing_for(request, caller, carts, plans));
        });
    };
    for (const std::string product : ovh_products) {
        on(product, servers);
        on(product + "/options", options);
    }
}

} // namespace api
