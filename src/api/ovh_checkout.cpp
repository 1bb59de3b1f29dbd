#include "api/ovh_cart_json.h"
#include "api/ovh_carts.h"
#include "api/ovh_json.h"
#include "api/writing.h"

namespace api {
namespace {

using http::Request;
using http::Response;

Response summary(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    return ovh_ok(ovh_order(services.checkouts.summary(ovh_cart_id(request), caller.member), services.base_url, false));
}

Response rehearse(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    return ovh_ok(ovh_order(services.checkouts.rehearse(ovh_cart_id(request), caller.member.value()), services.base_url, true));
}

Response place(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    const auto& who = caller.member.value();
    auto form = ovh_form(request);
    service::PlaceCheckout command;
    command.pays_at_once = form.optional_boolean("autoPayWithPreferredPaymentMethod").value_or(false);
    command.waives_retraction = form.optional_boolean("waiveRetractationPeriod").value_or(false);
    ovh_finish(form);
    const auto uuid = ovh_cart_id(request);
    const auto write = write_request(request, who.member, "/order/cart/{cartId}/checkout");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return answer(200, ovh_order(services.checkouts.place(session, uuid, who, command), services.base_url, true));
    }));
}

} // namespace

void add_ovh_checkout_routes(OvhRoutes& routes, const OvhCartServices& services)
{
    const std::string cart = "/order/cart/{cartId}";
    routes.open(
        "GET", cart + "/summary", [=](const Request& request, const OvhCaller& caller) { return summary(request, services, caller); });
    routes.with_login(
        "GET", cart + "/checkout", [=](const Request& request, const OvhCaller& caller) { return rehearse(request, services, caller); });
    routes.with_login(
        "POST", cart + "/checkout", [=](const Request& request, const OvhCaller& caller) { return place(request, services, caller); });
}

} // namespace api
