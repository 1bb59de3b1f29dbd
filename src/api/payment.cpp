#include "api/payment.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/writing.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

Response list(const Request& request, const PaymentServices& services)
{
    const auto who = identity_of(request, services.accounts);
    auto items = JsonText::array();
    for (const auto& method : services.methods.list(who.member)) items.push(json_of(method));
    return {.body = JsonText::object().set("items", items).set("next", JsonText::null()).dump()};
}

service::Answer registered(const service::RegisteredMethod& method)
{
    return answer(method.is_new ? 201 : 200, json_of(method.method), "/payment-methods/" + method.method.uuid.text());
}

Response apply_for_invoice(const service::WriteRequest& write, const PaymentServices& services, const domain::Identity& who)
{
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return registered(services.methods.apply_for_invoice(session, who.member));
    }));
}

Response register_card(
    const service::WriteRequest& write, const PaymentServices& services, const domain::Identity& who, const std::string& token)
{
    refuse_dry_run_of_card(write);
    if (const auto earlier = services.writes.earlier(write)) return respond(write, *earlier);
    const auto attached = services.methods.attach(who.member, token, attempt_of(write));
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return registered(services.methods.register_card(session, who.member, attached));
    }));
}

Response add(const Request& request, const PaymentServices& services)
{
    const auto who = identity_of(request, services.accounts);
    auto body = http::parse_object(request.body);
    const bool raw = carries_raw_card(body);
    if (raw && services.raw_cards == RawCards::refuse) refuse_raw_card(services.base_url);

    http::Form form{std::move(body)};
    const auto write = write_request(request, who.member, "/payment-methods");
    if (form.has("cc_number")) {
        form.optional_choice("type", {"card"});
        if (const auto earlier = services.writes.earlier(write)) return respond(write, *earlier);
        return register_card(write, services, who, token_for_raw_card(form, services.methods));
    }
    if (raw) refuse_raw_card(services.base_url); // a number in a field that is none for numbers
    const auto type = form.choice("type", {"card", "invoice"});
    const auto token = type == "card" ? form.text("token") : "";
    form.finish();
    return type == "card" ? register_card(write, services, who, token) : apply_for_invoice(write, services, who);
}

Response make_default(const Request& request, const PaymentServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    const auto write = write_request(request, who.member, "/payment-methods/{id}/default");
    return respond(write, services.writes.run(write, [&](store::Session& session) {
        return answer(200, json_of(services.methods.make_default(session, who.member, uuid)));
    }));
}

Response remove(const Request& request, const PaymentServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto uuid = uuid_segment(request);
    const auto write = write_request(request, who.member, "/payment-methods/{id}");
    services.writes.run(write, [&](store::Session& session) {
        services.methods.remove(session, who.member, uuid);
        return service::Answer{.status = 204};
    });
    return {.status = 204};
}

} // namespace

void add_payment_routes(http::Router& router, const PaymentServices& services)
{
    router.on("GET", "/payment-methods", [=](const Request& request) { return list(request, services); });
    router.on("POST", "/payment-methods", [=](const Request& request) { return add(request, services); });
    router.on("DELETE", "/payment-methods/{id}", [=](const Request& request) { return remove(request, services); });
    router.on("PUT", "/payment-methods/{id}/default", [=](const Request& request) { return make_default(request, services); });
}

} // namespace api
