#include "api/ovh_cart_json.h"
#include "api/ovh_carts.h"
#include "api/ovh_json.h"

#include <algorithm>

namespace api {
namespace {

using domain::CartContent;
using http::JsonText;
using http::Request;
using http::Response;

constexpr std::size_t max_code = 64;
constexpr std::int64_t max_quantity = 1'000'000; // what a plan allows is less

std::int64_t item_id(const Request& request) { return ovh_number(request, 1, "itemId"); }

domain::CartWish read_wish(http::Form& form)
{
    domain::CartWish wish;
    wish.duration = form.text("duration", max_code);
    wish.plan_code = form.text("planCode", max_code);
    wish.pricing_mode = form.text("pricingMode", max_code);
    wish.quantity = form.integer("quantity", 1, max_quantity);
    form.accept("catalogName"); // sent by terraform; all catalogues are one
    return wish;
}

Response told(const service::Carts::ItemIn& changed)
{
    const auto& [content, item] = changed;
    return ovh_ok(ovh_item(content, service::item_of(content, item)));
}

Response add_server(const Request& request, const OvhCartServices& services, const OvhCaller& caller, const std::string& product)
{
    auto form = ovh_form(request);
    const auto wish = read_wish(form);
    ovh_finish(form);
    return told(services.carts.add_server(ovh_cart_id(request), caller.member, product, wish));
}

Response add_option(const Request& request, const OvhCartServices& services, const OvhCaller& caller, const std::string& product)
{
    auto form = ovh_form(request);
    const auto server = form.integer("itemId", 1, INT64_MAX);
    const auto wish = read_wish(form);
    ovh_finish(form);
    return told(services.carts.add_option(ovh_cart_id(request), caller.member, product, server, wish));
}

Response list(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto items = JsonText::array();
    for (const auto& item : services.carts.read(ovh_cart_id(request), caller.member).items) items.push(item.id);
    return ovh_ok(items);
}

Response read(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    return told({services.carts.read(ovh_cart_id(request), caller.member), item_id(request)});
}

Response change(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto form = ovh_form(request);
    service::ItemChanges changes;
    changes.duration = form.optional_text("duration", max_code);
    if (form.has("quantity")) changes.quantity = form.integer("quantity", 1, max_quantity);
    ovh_finish(form);
    return told(services.carts.change_item(ovh_cart_id(request), caller.member, item_id(request), changes));
}

JsonText texts_or_null(const std::optional<std::vector<std::string>>& texts)
{
    if (!texts) return JsonText::null();
    auto json = JsonText::array();
    for (const auto& text : *texts) json.push(text);
    return json;
}

Response requirements(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto all = JsonText::array();
    for (const auto& label : services.carts.labels_of(ovh_cart_id(request), caller.member, item_id(request))) {
        auto json = JsonText::object();
        json.set("allowedValues", texts_or_null(label.allowed)).set("fields", JsonText::null()).set("label", label.name);
        all.push(json.set("required", label.required).set("type", label.type));
    }
    return ovh_ok(all);
}

JsonText configuration_json(const domain::CartConfiguration& configuration)
{
    return JsonText::object().set("id", configuration.id).set("label", configuration.label).set("value", configuration.value);
}

Response configurations(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    const auto label = ovh_query(request, "label");
    const auto content = services.carts.read(ovh_cart_id(request), caller.member);
    auto ids = JsonText::array();
    for (const auto& configuration : service::item_of(content, item_id(request)).configurations)
        if (!label || configuration.label == *label) ids.push(configuration.id);
    return ovh_ok(ids);
}

Response configuration(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    const auto id = ovh_number(request, 2, "configurationId");
    const auto content = services.carts.read(ovh_cart_id(request), caller.member);
    for (const auto& each : service::item_of(content, item_id(request)).configurations)
        if (each.id == id) return ovh_ok(configuration_json(each));
    throw service::no_such_object("configurationId", std::to_string(id));
}

Response configure(const Request& request, const OvhCartServices& services, const OvhCaller& caller)
{
    auto form = ovh_form(request);
    const auto label = form.text("label", max_code);
    const auto value = form.text("value", domain::CartLimits::value);
    ovh_finish(form);
    return ovh_ok(configuration_json(services.carts.configure(ovh_cart_id(request), caller.member, item_id(request), label, value)));
}

using Endpoint = Response (*)(const Request&, const OvhCartServices&, const OvhCaller&);

OvhHandler calling(Endpoint endpoint, const OvhCartServices& services)
{
    return [=](const Request& request, const OvhCaller& caller) { return endpoint(request, services, caller); };
}

} // namespace

void add_ovh_item_routes(OvhRoutes& routes, const OvhCartServices& services)
{
    const std::string cart = "/order/cart/{cartId}";
    const std::string item = cart + "/item/{itemId}";
    for (const std::string product : ovh_products) {
        routes.open("POST", cart + '/' + product,
            [=](const Request& request, const OvhCaller& caller) { return add_server(request, services, caller, product); });
        routes.open("POST", cart + '/' + product + "/options",
            [=](const Request& request, const OvhCaller& caller) { return add_option(request, services, caller, product); });
    }
    routes.open("GET", cart + "/item", calling(list, services));
    routes.open("GET", item, calling(read, services));
    routes.open("PUT", item, calling(change, services));
    routes.open("DELETE", item, [=](const Request& request, const OvhCaller& caller) {
        services.carts.remove_item(ovh_cart_id(request), caller.member, item_id(request));
        return ovh_void();
    });
    routes.open("GET", item + "/requiredConfiguration", calling(requirements, services));
    routes.open("GET", item + "/configuration", calling(configurations, services));
    routes.open("POST", item + "/configuration", calling(configure, services));
    routes.open("GET", item + "/configuration/{configurationId}", calling(configuration, services));
    routes.open("DELETE", item + "/configuration/{configurationId}", [=](const Request& request, const OvhCaller& caller) {
        services.carts.remove_configuration(
            ovh_cart_id(request), caller.member, item_id(request), ovh_number(request, 2, "configurationId"));
        return ovh_void();
    });
}

} // namespace api
