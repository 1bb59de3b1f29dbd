#include "api/api_keys.h"

#include "api/access_rules.h"
#include "api/answers.h"
#include "api/identity.h"
#include "api/writing.h"
#include "http/form.h"

namespace api {
namespace {

using http::JsonText;
using http::Request;
using http::Response;

/// What is told of a key at any time.
JsonText key_json(const domain::ApiKey& key, domain::Instant now)
{
    const auto& [credential, application] = key;
    auto ips = JsonText::array();
    for (const auto& block : credential.allowed_ips) ips.push(block.text());
    auto json = JsonText::object();
    json.set("id", credential.id).set("description", application.description).set("application_key", application.key);
    json.set("status", domain::to_text(domain::status_at(credential, now))).set("access_rules", json_of(credential.rules));
    json.set("allowed_ips", ips).set("created_at", domain::to_text(credential.created_at));
    json.set("expires_at", json_of(credential.expires_at)).set("last_used_at", json_of(credential.last_used_at));
    return json;
}

// --- keys ---

service::MakeApiKey command_of(const Request& request, const domain::Identity& who)
{
    http::Form form{http::parse_object(request.body)};
    service::MakeApiKey command{.who = who, .description = form.text("description"), .rules = read_access_rules(form, "access_rules")};
    if (!form.has("access_rules")) command.rules = domain::default_access_rules();
    else if (command.rules.empty()) form.fault("access_rules", "required", "must have at least one rule {method, path}, or be left out");
    form.finish();
    return command;
}

/// What an answer is sealed for: it opens under the key it was kept for, and nowhere else.
std::string context_of(const service::WriteRequest& write, const domain::Identity& who)
{
    return "answer:" + std::to_string(static_cast<std::int64_t>(who.member)) + ':' + (write.key ? write.key->key : "");
}

/// The secrets are kept nowhere in clear, so what is kept for a repetition is sealed.
Response make(const Request& request, const ApiKeyServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto command = command_of(request, who);
    const auto write = write_request(request, who.member, "/api-keys");
    if (write.dry_run) throw http::BadRequest{"an api key cannot be made as a dry run: its secrets would be good for nothing"};
    const auto context = context_of(write, who);
    auto answer = services.writes.run(write, [&](store::Session& session) {
        const auto made = services.keys.make(session, command);
        auto json = key_json(made.key, services.clock.now());
        json.set("application_secret", made.application_secret).set("consumer_key", made.consumer_key);
        return service::Answer{.status = 201, .body = services.box.seal(json.dump(), context)};
    });
    auto body = services.box.open(answer.body, context);
    if (!body)
        throw domain::Refusal{domain::Reason::idempotency_key_reused,
            "a key was made under this Idempotency-Key, and its secrets can no longer be told; make another under a new Idempotency-Key"};
    answer.body = *std::move(body);
    return respond(write, answer);
}

Response list(const Request& request, const ApiKeyServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto scope = "api-keys:" + std::to_string(static_cast<std::int64_t>(who.member));
    const auto now = services.clock.now();
    return http::list_page(
        request, services.cursors, scope, [&](auto after, int limit) { return services.keys.page(who.member, after, limit); },
        [](const auto& key) { return key.credential.id; }, [&](const auto& key) { return key_json(key, now); });
}

Response remove(const Request& request, const ApiKeyServices& services)
{
    const auto who = identity_of(request, services.accounts);
    const auto id = number_segment(request);
    services.writes.run(write_request(request, who.member, "/api-keys/{id}"), [&](store::Session& session) {
        services.keys.remove(session, who.member, id);
        return service::Answer{.status = 204};
    });
    return {.status = 204};
}

// --- decisions ---

/// What the member decides about.
JsonText request_json(const domain::ApiKey& key)
{
    const auto& [credential, application] = key;
    auto ips = JsonText::array();
    for (const auto& block : credential.allowed_ips) ips.push(block.text());
    auto json = JsonText::object();
    json.set("description", application.description).set("application_key", application.key);
    json.set("status", domain::to_text(credential.status)).set("access_rules", json_of(credential.rules)).set("allowed_ips", ips);
    json.set("redirection", credential.redirection.empty() ? JsonText::null() : JsonText{credential.redirection});
    json.set("created_at", domain::to_text(credential.created_at)).set("expires_at", json_of(credential.expires_at));
    return json;
}

/// The token stands in the query, or in the body: neither is ever logged.
std::string token_of(const std::string& given)
{
    if (given.empty()) throw http::BadRequest{"token must be the credentialToken of the address that the program showed"};
    return given;
}

Response look(const Request& request, const ApiKeyServices& services)
{
    identity_of(request, services.accounts);
    return {.body = request_json(services.requests.read(token_of(request.query_value("token")))).dump()};
}

Response accept(const Request& request, const ApiKeyServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    const auto token = form.text("token");
    const auto duration = form.choice("duration", {"P1D", "P30D", "unlimited"});
    form.finish();
    std::optional<std::chrono::days> days;
    if (duration != "unlimited") days = std::chrono::days{duration == "P1D" ? 1 : 30};
    return {.body = request_json(services.requests.accept(token, who.member, days)).dump()};
}

Response refuse(const Request& request, const ApiKeyServices& services)
{
    const auto who = identity_of(request, services.accounts);
    http::Form form{http::parse_object(request.body)};
    const auto token = form.text("token");
    form.finish();
    return {.body = request_json(services.requests.refuse(token, who.member)).dump()};
}

} // namespace

void add_api_key_routes(http::Router& router, const ApiKeyServices& services)
{
    router.on("GET", "/api-keys", [=](const Request& request) { return list(request, services); });
    router.on("POST", "/api-keys", [=](const Request& request) { return make(request, services); });
    router.on("DELETE", "/api-keys/{id}", [=](const Request& request) { return remove(request, services); });
    router.on("GET", "/api-keys/requests", [=](const Request& request) { return look(request, services); });
    router.on("POST", "/api-keys/requests/accept", [=](const Request& request) { return accept(request, services); });
    router.on("POST", "/api-keys/requests/refuse", [=](const Request& request) { return refuse(request, services); });
}

} // namespace api
