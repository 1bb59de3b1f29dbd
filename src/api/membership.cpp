#include "api/membership.h"

#include "api/answers.h"
#include "api/identity.h"
#include "api/writing.h"
#include "domain/refusal.h"
#include "gateway/random_uuid.h"
#include "http/form.h"

#include <openssl/crypto.h>

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;
using service::SignInOutcome;

JsonText membership_json(const domain::Order& order)
{
    auto json = JsonText::object();
    json.set("status", domain::to_text(order.status))
        .set("since", domain::to_text(order.started_on))
        .set("ends_on", json_of(order.ends_on));
    json.set("price", json_of(order.charge.recurring))
        .set("interval", order.interval ? JsonText{domain::to_text(*order.interval)} : JsonText::null());
    return std::move(json.set("order", order.uuid.text()));
}

[[noreturn]] void refuse_sign_in(SignInOutcome outcome)
{
    const auto refuse = [](const char* code, const char* detail) {
        throw http::Rejected{401, code, detail, {{"WWW-Authenticate", "Basic realm=\"uncloud\""}}};
    };
    switch (outcome) {
    case SignInOutcome::accepted: break;
    case SignInOutcome::credentials_required:
        refuse("credentials_required", "sign in (HTTP Basic), or send username and password in the body");
        break;
    case SignInOutcome::invalid_credentials: refuse("invalid_credentials", "name or password is wrong"); break;
    case SignInOutcome::too_many_failed_logins: refuse("too_many_failed_logins", "too many failed logins; wait some minutes"); break;
    case SignInOutcome::directory_unavailable: break;
    }
    throw domain::Unavailable{"directory_unavailable"};
}

/// The identity that nginx verified, or else that of the credentials in the body, checked against the same directory.
domain::Identity signed_in(const Request& request, http::Form& form, const MembershipServices& services)
{
    const auto username = form.optional_text("username", 64).value_or("");
    auto password = form.optional_text("password", 256).value_or("");
    if (!request.param("REMOTE_USER").empty()) {
        auto identity = identity_of(request, services.accounts);
        if (!username.empty() && username != identity.uid) form.fault("username", "invalid", "is not the account you are signed in with");
        return identity;
    }
    auto result = services.sign_ins.check(username, password, std::string{request.param("REMOTE_ADDR")});
    OPENSSL_cleanse(password.data(), password.size());
    if (result.outcome != SignInOutcome::accepted) refuse_sign_in(result.outcome);
    return std::move(result.identity);
}

void register_card_of(http::Form& form, const MembershipServices& services, const domain::Identity& who)
{
    const auto token = token_for_raw_card(form, services.methods);
    const auto attached = services.methods.attach(who.member, token, gateway::random_uuid().text());
    services.writes.run({}, [&](store::Session& session) {
        services.methods.register_card(session, who.member, attached);
        return service::Answer{};
    });
}

Response join(const Request& request, const MembershipServices& services)
{
    auto body = request.body.empty() ? http::Json::object() : http::parse_object(request.body);
    const bool raw = carries_raw_card(body);
    if (raw && services.raw_cards == RawCards::refuse) refuse_raw_card(services.base_url);

    http::Form form{std::move(body)};
    const auto who = signed_in(request, form, services);
    const auto write = write_request(request, who.member, "/membership");
    if (form.has("cc_number") && !write.dry_run && !services.writes.earlier(write)) register_card_of(form, services, who);
    else if (raw && !form.has("cc_number")) refuse_raw_card(services.base_url);
    for (const char* name : {"cc_number", "cc_month", "cc_year", "cc_cvc"}) form.accept(name);
    form.finish();

    return respond(write, services.writes.run(write, [&](store::Session& session) {
        const auto placed = services.memberships.join(session, who);
        return answer(placed.is_new ? 201 : 200, membership_json(placed.order), "/membership");
    }));
}

} // namespace

void add_membership_routes(http::Router& router, const MembershipServices& services)
{
    router.on("GET", "/membership", [=](const Request& request) {
        const auto who = identity_of(request, services.accounts);
        return Response{.body = membership_json(services.memberships.read(who.member)).dump()};
    });
    router.on("POST", "/membership", [=](const Request& request) { return join(request, services); });
}

} // namespace api
