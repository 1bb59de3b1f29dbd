#include "api/ovh_carts.h"

#include "api/ovh_cart_json.h"
#include "api/ovh_json.h"

namespace api {
namespace {

using domain::Reason;
using domain::Refusal;
using http::JsonText;
using http::Request;
using http::Response;

std::optional<domain::Instant> read_expiry(http::Form& form)
{
    const auto text = form.optional_text("expire");
    if (!text) return std::nullopt;
    const auto instant = domain::instant_from(*text);
    if (!instant) form.fault("expire", "invalid", "must be a datetime with its offset, such as 2026-10-18T13:44:30+00:00");
    return instant;
}

/// "" empties it.
std::optional<std::string> read_description(http::Form& form)
{
    if (form.is_empty_text("description")) return "";
    return form.optional_text("description", domain::CartLimits::description);
}

Response list(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto carts = JsonText::array();
    for (const auto& uuid : services.carts.list(caller.member.value().member, ovh_query(request, "description"))) carts.push(uuid.text());
    return ovh_ok(carts);
}

Response create(const Request& request, const OvhCartServices& services)
{
    auto form = ovh_form(request);
    service::NewCart wish;
    wish.subsidiary = form.text("ovhSubsidiary", 64);
    wish.description = read_description(form).value_or("");
    wish.expires_at = read_expiry(form);
    ovh_finish(form);
    return ovh_ok(ovh_cart(services.carts.create(wish)));
}

Response change(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto form = ovh_form(request);
    service::CartChanges changes;
    changes.description = read_description(form);
    changes.expires_at = read_expiry(form);
    ovh_finish(form);
    return ovh_ok(ovh_cart(services.carts.change(ovh_cart_id(request), caller.member, changes)));
}

/// There are no coupons; a cart must be there to have none.
void look_at(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    services.carts.read(ovh_cart_id(request), caller.member);
}

Response add_coupon(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto form = ovh_form(request);
    const auto coupon = form.text("coupon");
    ovh_finish(form);
    look_at(request, services, caller);
    throw Refusal{Reason::unknown_coupon, "coupon " + coupon + " is unknown; we give no coupons at present, so go on without"};
}

Response remove_coupon(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    look_at(request, services, caller);
    auto coupon = ovh_query(request, "coupon");
    if (!coupon) { // OVH's php client puts it into the body
        auto form = ovh_form(request);
        coupon = form.text("coupon");
        ovh_finish(form);
    }
    throw service::no_such_object("coupon", *coupon);
}

} // namespace

void add_ovh_cart_routes(OvhRoutes& routes, const OvhCartServices& services)
{
    const std::string cart = "/order/cart/{cartId}";
    routes.with_login(
        "GET", "/order/cart", [=](const Request& request, const OvhCaller& caller) { return list(request, services, caller); });
    routes.open("POST", "/order/cart", [=](const Request& request, const OvhCaller&) { return create(request, services); });
    routes.open("GET", cart, [=](const Request& request, const OvhCaller& caller) {
        return ovh_ok(ovh_cart(services.carts.read(ovh_cart_id(request), caller.member)));
    });
    routes.open("PUT", cart, [=](const Request& request, const OvhCaller& caller) { return change(request, services, caller); });
    routes.with_login("DELETE", cart, [=](const Request& request, const OvhCaller& caller) {
        services.carts.remove(ovh_cart_id(request), caller.member.value());
        return ovh_void();
    });
    routes.with_login("POST", cart + "/assign", [=](const Request& request, const OvhCaller& caller) {
        auto form = ovh_form(request);
        ovh_finish(form);
        services.carts.assign(ovh_cart_id(request), caller.member.value());
        return ovh_void();
    });
    routes.open("GET", cart + "/coupon", [=](const Request& request, const OvhCaller& caller) {
        look_at(request, services, caller);
        return ovh_ok(JsonText::array());
    });
    routes.open(
        "POST", cart + "/coupon", [=](const Request& request, const OvhCaller& caller) { return add_coupon(request, services, caller); });
    routes.open("DELETE", cart + "/coupon",
        [=](const Request& request, const OvhCaller& caller) { return remove_coupon(request, services, caller); });
}

} // namespace api
