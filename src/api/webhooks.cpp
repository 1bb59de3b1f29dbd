#include "api/webhooks.h"

#include "domain/refusal.h"
#include "http/json_text.h"
#include "http/problem.h"

#include <cstdlib>

namespace api {
namespace {

using http::Request;
using http::Response;

/// 2xx says that the event is kept, whether it came before or not; for everything else the gateway sends it again.
Response take(const Request& request, service::GatewayEvents& events)
{
    switch (events.receive(request.body, request.param("HTTP_STRIPE_SIGNATURE"))) {
    case service::ReceivedEvent::stored:
    case service::ReceivedEvent::known: return {.body = http::JsonText::object().set("received", true).dump()};
    case service::ReceivedEvent::bad_signature:
        return http::problem(request, 400, "bad_signature",
            "the Stripe-Signature header does not fit the body, byte for byte, or its time is off by more than is allowed");
    case service::ReceivedEvent::not_an_event: throw http::BadRequest{"the body is signed well, but it is no event in JSON"};
    case service::ReceivedEvent::not_configured: throw domain::Unavailable{"webhook_not_configured"};
    }
    std::abort();
}

} // namespace

void add_webhook_routes(http::Router& router, service::GatewayEvents& events)
{
    router.on("POST", "/webhooks/stripe", [&](const Request& request) { return take(request, events); });
}

} // namespace api
