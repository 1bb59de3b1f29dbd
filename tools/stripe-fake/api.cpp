#include "api.h"

#include "api/auth.h"
#include "api_error.h"
#include "endpoint.h"
#include "idempotency.h"
#include "ids.h"
#include "logging/log.h"
#include "object_store.h"

#include <chrono>

namespace stripe_fake {
namespace {

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

/// The API key: a bearer token, or the name of HTTP Basic.
std::string api_key(const http::Request& request)
{
    const auto header = request.param("HTTP_AUTHORIZATION");
    if (header.starts_with("Bearer ")) return std::string{header.substr(7)};
    return api::credentials_of(header).uid;
}

/// @throws ApiError 401 unless the key is a test key
Caller caller_of(const std::string& key)
{
    if (key.starts_with("sk_test_") && key.size() > 8) return Caller::server;
    if (key.starts_with("rk_test_") && key.size() > 8) return Caller::server;
    if (key.starts_with("pk_test_") && key.size() > 8) return Caller::browser;
    if (key.empty())
        throw ApiError{401, "invalid_request_error",
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth"
            " (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."};
    throw ApiError{401, "invalid_request_error", "Invalid API Key provided: " + key.substr(0, 7) + "****"};
}

http::Response told(const http::Request& request, const std::string& request_id, int status, std::string body)
{
    auto response = http::Response{.status = status, .body = std::move(body)}.with("Request-Id", request_id);
    const auto version = request.param("HTTP_STRIPE_VERSION");
    response.headers.emplace_back("Stripe-Version", version.empty() ? default_version : std::string{version});
    if (const auto key = request.param("HTTP_IDEMPOTENCY_KEY"); !key.empty()) response.headers.emplace_back("Idempotency-Key", key);
    return response;
}

std::string body_of(const ApiError& error)
{
    auto document = http::Json::object();
    return document.set("error", error.error()).dump();
}

struct Outcome { int status{200}; std::string body{}; };

/// What the handler returns, or the refusal that is its result; other errors pass, and undo what was done.
Outcome carry_out(const Endpoint& endpoint, Call& call)
{
    try {
        return {200, endpoint.handler(call).dump()};
    } catch (const ApiError& error) {
        if (!error.is_outcome()) throw;
        return {error.status(), body_of(error)};
    }
}

} // namespace

Api::Api(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock}
{
    database_.read([](store::Session& session) {
        ObjectStore::create_table(session);
        IdempotencyKeys::create_table(session);
    });
    secret_ = database_.transact(shared_secret);
}

http::Router Api::router()
{
    const auto answer = [this](const http::Request& request, const Endpoint* endpoint) {
        const auto request_id = fresh_id("req_");
        try {
            const auto caller = caller_of(api_key(request));
            if (!endpoint) throw unrecognized_url(request.method, request.path);
            if (caller == Caller::browser && endpoint->least == Caller::server)
                throw ApiError{403, "invalid_request_error", "This API call cannot be made with a publishable API key. Please use a secret API key."}
                    .coded("secret_key_required");

            const auto now = clock_.now();
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
            Parameters parameters{request.method == "POST" ? request.body : request.query};
            for (const char* name : {"expand", "key"}) parameters.accept(name);
            const KeyedRequest keyed{.key = std::string{request.param("HTTP_IDEMPOTENCY_KEY")}, .path = request.path,
                .fingerprint = fingerprint(secret_, parameters.canonical()), .request_id = request_id, .now = seconds};
            const bool takes_key = request.method == "POST" && !keyed.key.empty();

            std::optional<KeptAnswer> kept;
            const auto outcome = database_.transact([&](store::Session& session) -> Outcome {
                IdempotencyKeys keys{session};
                if (takes_key && (kept = keys.take(keyed))) return {};
                Parameters fresh{request.method == "POST" ? request.body : request.query}; // the work may be repeated
                for (const char* name : {"expand", "key"}) fresh.accept(name);
                Call call{session, fresh, request.segments, caller, seconds, clock_.day_of(now), secret_};
                auto result = carry_out(*endpoint, call);
                if (takes_key) keys.keep(keyed, result.status, result.body);
                return result;
            });
            if (!kept) return told(request, request_id, outcome.status, outcome.body);
            return told(request, request_id, kept->status, kept->body)
                .with("Idempotent-Replayed", "true")
                .with("Original-Request", kept->request_id);
        } catch (const ApiError& error) {
            return told(request, request_id, error.status(), body_of(error));
        } catch (const std::exception& error) {
            logging::event("error", "internal_error", {{"request_id", request_id}, {"what", error.what()}});
            const auto unknown = unknown_error();
            return told(request, request_id, unknown.status(), body_of(unknown));
        }
    };
    http::Router router{[answer](const http::Request& request) { return answer(request, nullptr); }};
    for (const auto endpoints : {customer_endpoints(), payment_method_endpoints(), setup_intent_endpoints()})
        for (const auto& endpoint : endpoints)
            router.on(endpoint.method, endpoint.pattern, [answer, &endpoint](const http::Request& request) { return answer(request, &endpoint); });
    return router;
}

} // namespace stripe_fake
