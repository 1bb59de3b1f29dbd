#include "api/ovh_orders.h"

#include "api/ovh_error.h"
#include "api/ovh_json.h"
#include "domain/member_pages.h"

#include <algorithm>

namespace api {
namespace {

using domain::OrderStatus;
using http::JsonText;
using http::Request;
using http::Response;
using service::CheckoutView;

JsonText instant_or_null(const std::optional<domain::Instant>& instant)
{
    return instant ? JsonText{ovh_datetime(*instant)} : JsonText::null();
}

/// Until when an order that is not paid can be.
std::optional<domain::Instant> expiration_of(const CheckoutView& view, std::chrono::days patience)
{
    const bool is_unpaid = view.status == domain::CheckoutStatus::not_paid || view.status == domain::CheckoutStatus::checking;
    if (!is_unpaid || patience == std::chrono::days{0}) return std::nullopt;
    return view.checkout.placed_at + patience;
}

/// Both addresses want a login, and neither has a secret in it.
JsonText order_json(const CheckoutView& view, const OvhOrderServices& services)
{
    const auto& checkout = view.checkout;
    const auto number = view.documents.empty() ? std::string{} : view.documents.front().number;
    auto json = JsonText::object();
    json.set("date", ovh_datetime(checkout.placed_at)).set("expirationDate", instant_or_null(expiration_of(view, services.patience)));
    json.set("orderId", checkout.id).set("password", "");
    json.set("pdfUrl", services.base_url + (number.empty() ? "/invoices" : "/invoices/" + number + ".pdf"));
    json.set("priceWithTax", ovh_price(checkout.gross)).set("priceWithoutTax", ovh_price(checkout.net));
    json.set("retractionDate", instant_or_null(view.retraction_until)).set("tax", ovh_price(checkout.vat));
    return std::move(json.set("url", number.empty() ? services.base_url + "/invoices" : domain::payment_page(services.base_url, number)));
}

Response list(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    const auto from = ovh_instant(request, "date.from");
    const auto to = ovh_instant(request, "date.to");
    auto ids = JsonText::array();
    for (const auto id : services.history.placed(caller.member->member, from, to)) ids.push(id);
    return ovh_ok(ids);
}

const store::CheckoutLine& line_of(const Request& request, const CheckoutView& view)
{
    const auto* line = view.line(ovh_number(request, 1, "orderDetailId"));
    if (!line) throw OvhError::not_found("orderDetailId", request.segments[1]);
    return *line;
}

JsonText detail_json(const CheckoutView& view, const store::CheckoutLine& line)
{
    const auto servers = view.servers_of(line);
    const bool is_cancelled = std::ranges::all_of(servers, [](const auto& server) { return server.status == OrderStatus::cancelled; });
    auto json = JsonText::object();
    json.set("cancelled", is_cancelled).set("description", line.description).set("detailType", line.detail_type);
    json.set("domain", view.domain_of(line)).set("orderDetailId", line.id).set("quantity", std::to_string(line.quantity));
    return std::move(json.set("totalPrice", ovh_price(line.total)).set("unitPrice", ovh_price(line.unit)));
}

JsonText extension_json(const CheckoutView& view, const store::CheckoutLine& line)
{
    auto configurations = JsonText::array();
    auto plan = JsonText::object();
    const auto* item = view.content.find(line.item);
    if (item)
        for (const auto& chosen : item->configurations)
            configurations.push(JsonText::object().set("label", chosen.label).set("value", chosen.value));
    plan.set("code", item ? JsonText{item->plan_code} : JsonText::null());
    plan.set("duration", item ? JsonText{domain::to_text(item->duration)} : JsonText::null());
    plan.set("pricingMode", item ? JsonText{item->pricing_mode} : JsonText::null());
    plan.set("product", JsonText::object().set("name", item ? JsonText{item->plan_code} : JsonText::null()));
    plan.set("quantity", line.quantity);
    auto order = JsonText::object();
    order.set("action", "installation").set("configurations", configurations).set("plan", plan).set("type", "plan");
    return JsonText::object().set("order", order);
}

const char* operation_status(OrderStatus status)
{
    switch (status) {
    case OrderStatus::placed:
    case OrderStatus::awaiting_payment: return "waiting";
    case OrderStatus::provisioning: return "doing";
    case OrderStatus::cancelled: return "cancelled";
    case OrderStatus::active:
    case OrderStatus::suspended:
    case OrderStatus::ended: return "done";
    }
    return "todo";
}

/// One server is set up by one operation, whose number is that of the unit.
JsonText operation_json(const store::PlacedServer& server, const std::string& placeholder)
{
    auto resource = JsonText::object();
    resource.set("displayName", server.name.value_or(placeholder));
    resource.set("name", server.name ? JsonText{*server.name} : JsonText::null()).set("state", domain::to_text(server.status));
    auto json = JsonText::object();
    json.set("id", server.unit).set("quantity", 1).set("resource", resource).set("status", operation_status(server.status));
    return std::move(json.set("type", "installation"));
}

Response operations(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    const auto view = ovh_order_of(request, caller, services.history);
    auto ids = JsonText::array();
    for (const auto& server : view.servers_of(line_of(request, view))) ids.push(server.unit);
    return ovh_ok(ids);
}

Response operation(const Request& request, const OvhCaller& caller, const OvhOrderServices& services)
{
    const auto view = ovh_order_of(request, caller, services.history);
    const auto& line = line_of(request, view);
    const auto unit = ovh_number(request, 2, "operationId");
    for (const auto& server : view.servers_of(line))
        if (server.unit == unit) return ovh_ok(operation_json(server, view.domain_of(line)));
    throw OvhError::not_found("operationId", request.segments[2]);
}

JsonText associated_json(const CheckoutView& view)
{
    const bool has_bill = !view.documents.empty();
    auto json = JsonText::object();
    json.set("id", has_bill ? JsonText{view.documents.front().number} : JsonText::null());
    return std::move(json.set("type", has_bill ? JsonText{"Bill"} : JsonText::null()));
}

} // namespace

CheckoutView ovh_order_of(const Request& request, const OvhCaller& caller, service::CheckoutHistory& history)
{
    auto view = history.view(caller.member->member, ovh_number(request, 0, "orderId"));
    if (!view) throw OvhError::not_found("orderId", request.segments[0]);
    return std::move(*view);
}

std::optional<domain::Instant> ovh_instant(const Request& request, const char* name)
{
    const auto text = ovh_query(request, name);
    if (!text) return std::nullopt;
    if (const auto instant = domain::instant_from(*text)) return instant;
    if (const auto day = domain::date_from(*text)) return domain::Day{*day};
    throw OvhError::bad_request(std::string{name} + " must be an instant as 2026-01-31T12:00:00+01:00 or a day as 2026-01-31");
}

void add_ovh_order_routes(OvhRoutes& routes, const OvhOrderServices& services)
{
    const auto get = [&routes, services](const std::string& pattern, auto json_of) {
        routes.with_login("GET", "/me/order/{orderId}" + pattern, [services, json_of](const Request& request, const OvhCaller& caller) {
            return ovh_ok(json_of(request, ovh_order_of(request, caller, services.history)));
        });
    };
    routes.with_login(
        "GET", "/me/order", [services](const Request& request, const OvhCaller& caller) { return list(request, caller, services); });
    get("", [services](const Request&, const CheckoutView& view) { return order_json(view, services); });
    get("/status", [](const Request&, const CheckoutView& view) { return JsonText{domain::to_text(view.status)}; });
    get("/details", [](const Request&, const CheckoutView& view) {
        auto ids = JsonText::array();
        for (const auto& line : view.lines) ids.push(line.id);
        return ids;
    });
    get("/details/{orderDetailId}",
        [](const Request& request, const CheckoutView& view) { return detail_json(view, line_of(request, view)); });
    get("/details/{orderDetailId}/extension",
        [](const Request& request, const CheckoutView& view) { return extension_json(view, line_of(request, view)); });
    get("/followUp", [services](const Request&, const CheckoutView& view) { return ovh_follow_up(view, services.history.progress(view)); });
    get("/associatedObject", [](const Request&, const CheckoutView& view) { return associated_json(view); });
    routes.with_login("GET", "/me/order/{orderId}/details/{orderDetailId}/operations",
        [services](const Request& request, const OvhCaller& caller) { return operations(request, caller, services); });
    routes.with_login("GET", "/me/order/{orderId}/details/{orderDetailId}/operations/{operationId}",
        [services](const Request& request, const OvhCaller& caller) { return operation(request, caller, services); });
}

} // namespace api
