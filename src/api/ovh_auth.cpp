#include "api/ovh_auth.h"

#include "api/access_rules.h"
#include "api/ovh_error.h"
#include "api/ovh_json.h"

#include <algorithm>

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

/// All that one member may have in a list; OVH's lists have no pages.
constexpr int all = 10'000;

JsonText datetime_or_null(const std::optional<domain::Instant>& instant)
{
    return instant ? JsonText{ovh_datetime(*instant)} : JsonText::null();
}

JsonText blocks_json(const std::vector<domain::IpBlock>& blocks)
{
    if (blocks.empty()) return JsonText::null();
    auto list = JsonText::array();
    for (const auto& block : blocks) list.push(block.text());
    return list;
}

JsonText credential_json(const domain::ApiCredential& credential, domain::Instant now)
{
    auto json = JsonText::object();
    json.set("allowedIPs", blocks_json(credential.allowed_ips)).set("applicationId", credential.application);
    json.set("creation", ovh_datetime(credential.created_at)).set("credentialId", credential.id);
    json.set("expiration", datetime_or_null(credential.expires_at)).set("lastUse", datetime_or_null(credential.last_used_at));
    json.set("ovhSupport", false).set("rules", json_of(credential.rules));
    return std::move(json.set("status", domain::to_text(domain::status_at(credential, now))));
}

JsonText application_json(const domain::ApiApplication& application)
{
    return JsonText::object()
        .set("applicationId", application.id)
        .set("applicationKey", application.key)
        .set("description", application.description)
        .set("name", application.description)
        .set("status", "active");
}

// --- /auth ---

std::vector<domain::IpBlock> read_blocks(http::Form& form)
{
    std::vector<domain::IpBlock> blocks;
    for (const auto& text : form.texts("allowedIPs", 100)) {
        const auto block = domain::IpBlock::parse(text);
        if (block) blocks.push_back(*block);
        else form.fault("allowedIPs", "invalid", "\"" + text + "\" must be an IP address or a block such as 192.0.2.0/24 or 2001:db8::/32");
    }
    return blocks;
}

/// Where a browser can be sent: no other scheme, nothing that would break out of the address.
bool is_web_address(const std::string& url)
{
    const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
    const bool visible =
        std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\'; });
    return scheme != 0 && visible && url.size() > scheme && url[scheme] != '/' && url[scheme] != '?' && url[scheme] != '#';
}

service::AskForCredential command_of(const Request& request)
{
    auto form = ovh_form(request);
    service::AskForCredential command{.application_key = std::string{request.param("HTTP_X_OVH_APPLICATION")},
        .rules = read_access_rules(form, "accessRules"),
        .allowed_ips = read_blocks(form),
        .redirection = form.optional_text("redirection", 2000).value_or("")};
    if (!form.has("accessRules"))
        form.fault("accessRules", "required",
            "must be a list such as [{\"method\":\"GET\",\"path\":\"/me\"},{\"method\":\"POST\",\"path\":\"/order/*\"}]");
    else if (command.rules.empty()) form.fault("accessRules", "required", "must have at least one rule {method, path}");
    if (!command.redirection.empty() && !is_web_address(command.redirection))
        form.fault("redirection", "invalid", "must be an address that begins with https:// or http://");
    form.finish();
    return command;
}

Response ask_for_credential(const Request& request, const OvhAuthServices& services)
{
    const OvhError unknown{
        403, "INVALID_KEY", "", "Invalid application key: send X-Ovh-Application, the application_key that POST /api-keys answered"};
    if (request.count("HTTP_X_OVH_APPLICATION") != 1) throw unknown;
    const auto made = services.requests.ask(command_of(request));
    if (!made) throw unknown;
    return ovh_ok(JsonText::object()
                      .set("consumerKey", made->consumer_key)
                      .set("state", "pendingValidation")
                      .set("validationUrl", services.base_url + "/pages/authorize?credentialToken=" + made->token));
}

Response details(const OvhCaller& caller)
{
    return ovh_ok(JsonText::object()
                      .set("account", caller.member->uid)
                      .set("allowedRoutes", json_of(caller.key->credential.rules))
                      .set("description", caller.key->application.description)
                      .set("identities", JsonText::array())
                      .set("method", "account")
                      .set("roles", JsonText::array())
                      .set("user", JsonText::null()));
}

void add_auth_routes(OvhRoutes& routes, const OvhAuthServices& services)
{
    routes.open("GET", "/auth/time", [=](const Request&, const OvhCaller&) { return ovh_ok(services.credentials.time()); });
    routes.open(
        "POST", "/auth/credential", [=](const Request& request, const OvhCaller&) { return ask_for_credential(request, services); });
    routes.with_login("GET", "/auth/currentCredential", [=](const Request&, const OvhCaller& caller) {
        return ovh_ok(credential_json(caller.key->credential, services.credentials.now()));
    });
    routes.with_login("GET", "/auth/details", [](const Request&, const OvhCaller& caller) { return details(caller); });
    routes.with_login("POST", "/auth/logout", [=](const Request&, const OvhCaller& caller) {
        services.credentials.end(caller.key->credential.id);
        return ovh_void();
    });
}

// --- /me/api ---

/// Of another member is as of nobody: 404 in the API's words.
template <class Work> auto or_not_found(const char* what, std::int64_t id, const Work& work)
{
    try {
        return work();
    } catch (const domain::Refusal& refusal) {
        if (refusal.reason() == domain::Reason::not_found) throw OvhError::not_found(what, std::to_string(id));
        throw;
    }
}

domain::ApiKey key_named(const Request& request, const OvhCaller& caller, const OvhAuthServices& services)
{
    const auto id = ovh_number(request, 0, "credentialId");
    return or_not_found("credentialId", id, [&] { return services.keys.read(caller.member->member, id); });
}

domain::ApiApplication application_named(const Request& request, const OvhCaller& caller, const OvhAuthServices& services)
{
    const auto id = ovh_number(request, 0, "applicationId");
    return or_not_found("applicationId", id, [&] { return services.keys.application(caller.member->member, id); });
}

Response list_credentials(const Request& request, const OvhCaller& caller, const OvhAuthServices& services)
{
    const auto status = ovh_query(request, "status");
    const auto application = ovh_query(request, "applicationId");
    const auto now = services.credentials.now();
    auto ids = JsonText::array();
    for (const auto& [credential, of] : services.keys.page(caller.member->member, std::nullopt, all)) {
        if (status && *status != domain::to_text(domain::status_at(credential, now))) continue;
        if (application && *application != std::to_string(of.id)) continue;
        ids.push(credential.id);
    }
    return ovh_ok(ids);
}

/// Clients send the whole credential back; only from where it may be used can be changed.
Response change_credential(const Request& request, const OvhCaller& caller, const OvhAuthServices& services)
{
    const auto id = key_named(request, caller, services).credential.id;
    auto form = ovh_form(request);
    const auto blocks = read_blocks(form);
    for (const auto* name : {"applicationId", "creation", "credentialId", "expiration", "lastUse", "ovhSupport", "rules", "status"})
        form.accept(name);
    form.finish();
    or_not_found("credentialId", id, [&] { services.keys.limit_to(caller.member->member, id, blocks); });
    return ovh_void();
}

void add_credential_routes(OvhRoutes& routes, const OvhAuthServices& services)
{
    routes.with_login("GET", "/me/api/credential",
        [=](const Request& request, const OvhCaller& caller) { return list_credentials(request, caller, services); });
    routes.with_login("GET", "/me/api/credential/{credentialId}", [=](const Request& request, const OvhCaller& caller) {
        return ovh_ok(credential_json(key_named(request, caller, services).credential, services.credentials.now()));
    });
    routes.with_login("GET", "/me/api/credential/{credentialId}/application", [=](const Request& request, const OvhCaller& caller) {
        return ovh_ok(application_json(key_named(request, caller, services).application));
    });
    routes.with_login("PUT", "/me/api/credential/{credentialId}",
        [=](const Request& request, const OvhCaller& caller) { return change_credential(request, caller, services); });
    routes.with_login("DELETE", "/me/api/credential/{credentialId}", [=](const Request& request, const OvhCaller& caller) {
        const auto id = key_named(request, caller, services).credential.id;
        or_not_found("credentialId", id, [&] { services.keys.remove(caller.member->member, id); });
        return ovh_void();
    });
}

void add_application_routes(OvhRoutes& routes, const OvhAuthServices& services)
{
    routes.with_login("GET", "/me/api/application", [=](const Request&, const OvhCaller& caller) {
        auto ids = JsonText::array();
        for (const auto& application : services.keys.applications(caller.member->member)) ids.push(application.id);
        return ovh_ok(ids);
    });
    routes.with_login("GET", "/me/api/application/{applicationId}", [=](const Request& request, const OvhCaller& caller) {
        return ovh_ok(application_json(application_named(request, caller, services)));
    });
    routes.with_login("DELETE", "/me/api/application/{applicationId}", [=](const Request& request, const OvhCaller& caller) {
        const auto id = application_named(request, caller, services).id;
        or_not_found("applicationId", id, [&] { services.keys.remove_application(caller.member->member, id); });
        return ovh_void();
    });
}

} // namespace

void add_ovh_auth_routes(OvhRoutes& routes, const OvhAuthServices& services)
{
    add_auth_routes(routes, services);
    add_credential_routes(routes, services);
    add_application_routes(routes, services);
}

} // namespace api
