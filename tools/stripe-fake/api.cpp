#include "api.h"

#include "api/auth.h"
#include "api_error.h"
#include "expand.h"
#include "ids.h"
#include "logging/log.h"
#include "object_store.h"

#include <algorithm>
#include <chrono>

namespace stripe_fake {

/// How a request ended: in an answer of its own, or in the one kept under its key.
struct Api::Execution {
    KeptAnswer answer{};
    bool replayed{false};
    bool keyed{false};
};

namespace {

constexpr std::size_t max_path = 255; // of the column; ids are far shorter
constexpr const char* default_version = "2026-10-28.endive";

/// The one object of this kind holds the secret; two programs starting at once agree on the first one's.
std::string shared_secret(store::Session& session)
{
    const std::string id{"fingerprint_secret"};
    ObjectStore objects{session};
    store::unless_duplicate([&] {
        Object object{.id = id, .kind = "secret"};
        object.hidden.set("secret", fresh_id("") + fresh_id(""));
        objects.add(object);
    });
    return objects.find("secret", id)->hidden_text("secret");
}

/// Of the body and the query. @throws ApiError if the body is no form
Parameters parameters_of(const http::Request& request)
{
    if (request.method != "POST") return Parameters{request.query};
    if (!request.body.empty() && request.param("CONTENT_TYPE").starts_with("application/json"))
        throw invalid_request("Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any"
                              " questions, we can help at https://support.stripe.com/.");
    return Parameters{request.query.empty() ? request.body : request.query + '&' + request.body};
}

/// The API key: a bearer token, the name of HTTP Basic, or, as browsers send it, a parameter.
std::string api_key(const http::Request& request, Parameters& parameters)
{
    const auto header = request.param("HTTP_AUTHORIZATION");
    if (header.starts_with("Bearer ")) return std::string{header.substr(7)};
    if (!header.empty()) return api::credentials_of(header).uid;
    return parameters.text("key").value_or("");
}

/// @throws ApiError 401 unless the key is a test key
Caller caller_of(const std::string& key)
{
    const auto is = [&](std::string_view prefix) { return key.size() > prefix.size() && key.starts_with(prefix); };
    if (is("sk_test_") || is("rk_test_")) return Caller::server;
    if (is("pk_test_")) return Caller::browser;
    if (key.empty())
        throw ApiError{401, "invalid_request_error",
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth"
            " (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."};
    throw ApiError{401, "invalid_request_error", "Invalid API Key provided: " + key.substr(0, 7) + "****"};
}

/// @throws ApiError 403
void require_permission(Caller caller, const Endpoint& endpoint)
{
    if (caller == Caller::browser && endpoint.least == Caller::server)
        throw ApiError{
            403, "invalid_request_error", "This API call cannot be made with a publishable API key. Please use a secret API key."}
            .coded("secret_key_required");
}

/// @throws ApiError if the key is none that could be kept
std::string idempotency_key(const http::Request& request)
{
    const auto key = request.method == "POST" ? request.param("HTTP_IDEMPOTENCY_KEY") : std::string_view{};
    if (std::ranges::any_of(key, [](char c) { return c < ' ' || c > '~'; }))
        throw invalid_request("Idempotency keys can have printable ASCII characters only.");
    return std::string{key};
}

/// What every request may carry, and what browsers add.
void accept_common(Parameters& parameters, Caller caller)
{
    for (const char* name : {"expand", "key"}) parameters.accept(name);
    if (caller == Caller::server) return;
    for (const char* name : {"_stripe_account", "_stripe_version", "client_attribution_metadata", "guid", "muid", "sid", "pasted_fields",
             "payment_user_agent", "referrer", "time_on_page"})
        parameters.accept(name);
}

std::string body_of(const ApiError& error) { return http::Json::object().set("error", error.error()).dump(); }

/// What the handler returns, or the refusal that is its result; other errors pass, and undo what was done.
KeptAnswer carry_out(const Endpoint& endpoint, Call& call, const std::string& request_id)
{
    try {
        auto answer = endpoint.handler(call);
        expand(call, answer, call.parameters.list("expand"));
        return {200, answer.dump(), request_id};
    } catch (const ApiError& error) {
        if (!error.is_outcome()) throw;
        return {error.status(), body_of(error), request_id};
    }
}

http::Response told(const http::Request& request, const std::string& request_id, int status, std::string body)
{
    auto response = http::Response{.status = status, .body = std::move(body)}
                        .with("Request-Id", request_id)
                        .with("Access-Control-Allow-Origin", "*")
                        .with("Access-Control-Expose-Headers", "Request-Id, Idempotent-Replayed, Original-Request");
    const auto version = request.param("HTTP_STRIPE_VERSION");
    response.headers.emplace_back("Stripe-Version", version.empty() ? default_version : std::string{version});
    if (const auto key = request.param("HTTP_IDEMPOTENCY_KEY"); !key.empty()) response.headers.emplace_back("Idempotency-Key", key);
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Stripe\"");
    return response;
}

http::Response preflight()
{
    return http::Response{.status = 204}
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS")
        .with("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Stripe-Version")
        .with("Access-Control-Max-Age", "300");
}

} // namespace

Api::Api(store::Database& database, const gateway::Clock& clock) : database_{database}, clock_{clock}
{
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    database_.read([&](store::Session& session) {
        ObjectStore::create_table(session);
        IdempotencyKeys::create_table(session);
        IdempotencyKeys::remove_expired(session, now);
    });
    secret_ = database_.transact(shared_secret);
}

http::Router Api::router() const
{
    http::Router router{[this](const http::Request& request) { return answer(request, nullptr); }};
    for (const auto endpoints : {customer_endpoints(), payment_method_endpoints(), setup_intent_endpoints()})
        for (const auto& endpoint : endpoints)
            router.on(
                endpoint.method, endpoint.pattern, [this, &endpoint](const http::Request& request) { return answer(request, &endpoint); });
    return router;
}

http::Response Api::answer(const http::Request& request, const Endpoint* endpoint) const
{
    if (request.method == "OPTIONS") return preflight();
    const auto request_id = fresh_id("req_");
    try {
        if (!endpoint) {
            auto parameters = parameters_of(request);
            caller_of(api_key(request, parameters));
            throw unrecognized_url(request.method, request.path);
        }
        auto [outcome, replayed, keyed] = execute(request, *endpoint, request_id);
        auto response = told(request, request_id, outcome.status, std::move(outcome.body));
        if (keyed) response.headers.emplace_back("Original-Request", outcome.request_id);
        if (replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
        return response;
    } catch (const ApiError& error) {
        return told(request, request_id, error.status(), body_of(error));
    } catch (const std::exception& error) {
        logging::event("error", "internal_error", {{"request_id", request.id}, {"stripe_request_id", request_id}, {"what", error.what()}});
        return told(request, request_id, 500, body_of(unknown_error()));
    }
}

Api::Execution Api::execute(const http::Request& request, const Endpoint& endpoint, const std::string& request_id) const
{
    auto given = parameters_of(request);
    const auto caller = caller_of(api_key(request, given));
    require_permission(caller, endpoint);
    if (request.path.size() > max_path) throw unrecognized_url(request.method, request.path);
    accept_common(given, caller);

    const auto now = clock_.now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const KeyedRequest keyed{.key = idempotency_key(request),
        .path = request.path,
        .fingerprint = fingerprint(secret_, given.canonical()),
        .request_id = request_id,
        .now = seconds};
    const bool takes_key = !keyed.key.empty();

    return database_.transact([&](store::Session& session) -> Execution {
        IdempotencyKeys keys{session};
        if (takes_key)
            if (auto kept = keys.take(keyed)) return {*std::move(kept), true, true};
        auto parameters = given; // the work may be repeated
        Call call{session, parameters, request.segments, caller, seconds, clock_.day_of(now), secret_};
        auto answer = carry_out(endpoint, call, request_id);
        if (takes_key) keys.keep(keyed, answer.status, answer.body);
        return {std::move(answer), false, takes_key};
    });
}

} // namespace stripe_fake
