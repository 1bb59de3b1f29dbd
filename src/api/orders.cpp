#include "api/orders.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/parameters.h"
#include "api/writing.h"
#include "http/form.h"

namespace api {
namespace {

using http::Request;
using http::Response;
using service::CancelWhen;

std::string path_of(const domain::Order& order) { return "/orders/" + order.uuid.text(); }

/// Reads the body; `uuid` comes from the path, from the body, or not at all.
service::PlaceOrder command_of(const Request& request, const domain::Identity& who, std::optional<domain::Uuid> uuid, bool uuid_required)
{
    http::Form form{http::parse_object(request.body)};
    if (!uuid) {
        const auto text = uuid_required ? form.text("uuid") : form.optional_text("uuid").value_or("");
        uuid = domain::Uuid::parse(text);
        if (!text.empty() && !uuid) form.fault("uuid", "invalid", "must be a UUID");
    } else if (const auto text = form.optional_text("uuid"); text && domain::Uuid::parse(*text) != uuid) {
        form.fault("uuid", "invalid", "must be the uuid of the path, or be left out");
    }
    service::PlaceOrder command{.who = who, .uuid = uuid, .sku = form.text("product", 64)};
    command.parameters = read_parameters(form, command.sku);
    form.finish();
    return command;
}

Response place(const Request& request, const OrderServices& services, const domain::Identity& who, const service::PlaceOrder& command)
{
    const auto write = write_request(request, who.member, "/orders");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto placed = services.ordering.place(session, command);
        return answer(placed.is_new ? 201 : 200, json_of(placed.order), path_of(placed.order));
    }));
}

Response list(const Request& request, const OrderServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = "orders:" + std::to_string(static_cast<std::int64_t>(who.member));
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.ordering.page(who.member, after, limit); },
        [](const auto& order) { return order.id; }, [](const auto& order) { return json_of(order); });
}

Response read(const Request& request, const OrderServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto [order, events, steps] = services.ordering.read(who.member, uuid_segment(request));
    auto history = http::JsonText::array();
    for (const auto& event : events) {
        auto entry = http::JsonText::object();
        entry.set("at", domain::to_text(event.at)).set("actor", event.actor);
        entry.set("from", event.from_status ? http::JsonText{*event.from_status} : http::JsonText::null());
        history.push(entry.set("to", event.to_status).set("reason", event.reason));
    }
    return Response{.body = json_of(order).set("events", history).set("steps", json_of(steps)).dump()}.with(
        "ETag", '"' + std::to_string(order.version) + '"');
}

Response cancel(const Request& request, const OrderServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    http::Form form{request.body.empty() ? http::Json::object() : http::parse_object(request.body)};
    const auto when = form.optional_choice("when", {"now", "end_of_term"}).value_or("end_of_term");
    const bool with_snapshots = form.optional_choice("snapshots", {"delete"}).has_value();
    form.finish();
    const auto write = write_request(request, who.member, "/orders/{uuid}/cancel");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto at = when == "now" ? CancelWhen::now : CancelWhen::end_of_term;
        return answer(200, json_of(services.ordering.cancel(session, who, uuid, at, with_snapshots)));
    }));
}

Response change(const Request& request, const OrderServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    http::Form form{http::parse_object(request.body)};
    const auto changes = read_changes(form);
    form.finish();
    const auto write = write_request(request, who.member, "/orders/{uuid}/change");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return answer(200, json_of(services.ordering.change(session, who, uuid, changes)));
    }));
}

} // namespace

void add_order_routes(http::Router& router, const OrderServices& services)
{
    router.on("GET", "/orders", [=](const Request& request) { return list(request, services); });
    router.on("POST", "/orders", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        return place(request, services, who, command_of(request, who, std::nullopt, false));
    });
    router.on("PUT", "/orders", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        return place(request, services, who, command_of(request, who, std::nullopt, true));
    });
    router.on("GET", "/orders/{uuid}", [=](const Request& request) { return read(request, services); });
    router.on("PUT", "/orders/{uuid}", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        return place(request, services, who, command_of(request, who, uuid_segment(request), false));
    });
    router.on("POST", "/orders/{uuid}/cancel", [=](const Request& request) { return cancel(request, services); });
    router.on("POST", "/orders/{uuid}/change", [=](const Request& request) { return change(request, services); });
}

} // namespace api
