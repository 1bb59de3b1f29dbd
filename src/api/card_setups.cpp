#include "api/card_setups.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/writing.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

Response begin(const Request& request, const CardSetupServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{request.body.empty() ? http::Json::object() : http::parse_object(request.body)};
    form.finish();
    const auto write = write_request(request, who.member, "/payment-methods/card/setup");
    refuse_dry_run_of_card(write);
    const auto setup = services.setups.begin(who.member, attempt_of(write));
    auto json = JsonText::object();
    json.set("id", setup.id).set("client_secret", setup.client_secret).set("publishable_key", services.publishable_key);
    json.set("script_url", services.script_url).set("merchant", services.merchant);
    json.set("registration_url", services.base_url + "/pages/card");
    return {.status = 201, .body = json.dump()};
}

Response consent(const Request& request, const CardSetupServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    const auto& versions = domain::card_consent_versions;
    const domain::CardConsent given{.version = form.choice("version", {versions.begin(), versions.end()}),
        .language = form.choice("language", {"de", "fr", "it", "en"}),
        .address = std::string{request.param("REMOTE_ADDR")}};
    form.finish();
    refuse_dry_run_of_card(write_request(request, who.member, "/payment-methods/card/setup/{id}/consent"));
    const auto kept = services.setups.consent(who.member, request.segments[0], given);
    auto json = JsonText::object();
    json.set("version", kept.version).set("language", kept.language).set("given_at", domain::to_text(kept.given_at));
    return {.body = json.dump()};
}

std::string status_of(service::SetupStanding standing)
{
    switch (standing) {
    case service::SetupStanding::open: return "open";
    case service::SetupStanding::requires_action: return "requires_action";
    case service::SetupStanding::processing: return "processing";
    case service::SetupStanding::succeeded: return "succeeded";
    case service::SetupStanding::failed: return "failed";
    }
    return "processing";
}

/// What the browser says counts for nothing but the id, and that only if the registration is the member's own.
Response finish(const Request& request, const CardSetupServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{request.body.empty() ? http::Json::object() : http::parse_object(request.body)};
    form.finish();
    refuse_dry_run_of_card(write_request(request, who.member, "/payment-methods/card/setup/{id}/finish"));
    const auto result = services.setups.finish(who.member, request.segments[0]);
    auto json = JsonText::object();
    json.set("status", status_of(result.standing));
    json.set("payment_method", result.card ? json_of(*result.card) : JsonText::null());
    json.set("decline_code", result.told_code.empty() ? JsonText::null() : JsonText{result.told_code});
    return {.body = json.dump()};
}

} // namespace

void add_card_setup_routes(http::Router& router, const CardSetupServices& services)
{
    router.on("POST", "/payment-methods/card/setup", [=](const Request& request) { return begin(request, services); });
    router.on("PUT", "/payment-methods/card/setup/{id}/consent", [=](const Request& request) { return consent(request, services); });
    router.on("POST", "/payment-methods/card/setup/{id}/finish", [=](const Request& request) { return finish(request, services); });
}

} // namespace api
