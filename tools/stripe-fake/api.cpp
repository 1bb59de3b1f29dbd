#include "api.h"

#include "expand.h"
#include "idempotency.h"
#include "ids.h"
#include "logging/log.h"
#include "unix_time.h"

#include <algorithm>
#include <thread>

namespace stripe_fake {
namespace {

constexpr std::size_t max_path = 255; // of the column; ids are far shorter

/// Of the body and the query. @throws ApiError if the body is no form
Parameters parameters_of(const http::Request& request)
{
    if (request.method != "POST") return Parameters{request.query};
    if (!request.body.empty() && request.param("CONTENT_TYPE").starts_with("application/json"))
        throw invalid_request("Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any"
                              " questions, we can help at https://support.stripe.com/.");
    return Parameters{request.query.empty() ? request.body : request.query + '&' + request.body};
}

/// @throws ApiError if the key is none that could be kept
std::string idempotency_key(const http::Request& request)
{
    const auto key = request.method == "POST" ? request.param("HTTP_IDEMPOTENCY_KEY") : std::string_view{};
    if (std::ranges::any_of(key, [](char c) { return c < ' ' || c > '~'; }))
        throw invalid_request("Idempotency keys can have printable ASCII characters only.");
    return std::string{key};
}

/// What the handler returns, or the refusal that is its result; other errors pass, and undo what was done.
Outcome carry_out(const Endpoint& endpoint, Call& call)
{
    try {
        auto answer = endpoint.handler(call);
        expand(call, answer, call.parameters.list("expand"));
        return {.status = 200, .body = answer.dump()};
    } catch (const ApiError& error) {
        if (!error.is_outcome()) throw;
        return {.status = error.status(), .body = body_of(error, call.request_id, call.now())};
    }
}

/// @throws ApiError 429 if that is the request's fault
void refuse_on_request(const RequestFaults& faults)
{
    if (faults.refusal == FaultKind::rate_limit)
        throw ApiError{429, "invalid_request_error",
            "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits."}
            .coded("rate_limit");
    if (faults.refusal == FaultKind::lock_timeout)
        throw ApiError{429, "invalid_request_error",
            "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you"
            " see this error intermittently, retry the request."}
            .coded("lock_timeout");
}

} // namespace

Api::Api(store::Database& database, const gateway::Clock& clock, std::string secret, std::function<void()> told)
    : database_{database}, clock_{clock}, secret_{std::move(secret)}, told_{std::move(told)}
{
}

void Api::add_routes(http::Router& router) const
{
    for (const auto endpoints : {balance_transaction_endpoints(), charge_endpoints(), customer_endpoints(), dispute_endpoints(),
             event_endpoints(), fault_endpoints(), fraud_warning_endpoints(), payment_intent_endpoints(), payment_method_endpoints(),
             refund_endpoints(), setup_intent_endpoints(), webhook_endpoint_endpoints()})
        for (const auto& endpoint : endpoints)
            router.on(
                endpoint.method, endpoint.pattern, [this, &endpoint](const http::Request& request) { return answer(request, endpoint); });
}

http::Response Api::unknown(const http::Request& request) const
{
    if (request.method == "OPTIONS") return preflight();
    const auto request_id = fresh_id("req_");
    try {
        auto parameters = parameters_of(request);
        caller_of(request, parameters);
        throw unrecognized_url(request.method, request.path);
    } catch (const ApiError& error) {
        return refused(request, request_id, error);
    }
}

http::Response Api::answer(const http::Request& request, const Endpoint& endpoint) const
{
    const auto request_id = fresh_id("req_");
    try {
        RequestFaults faults;
        if (!request.path.starts_with("/v1/test_helpers/"))
            faults = database_.read([&](store::Session& session) { return FaultStore{session}.take(request.method, request.path); });
        if (faults.refusal == FaultKind::drop_before) return cut();
        refuse_on_request(faults);
        auto outcome = execute(request, endpoint, request_id, faults);
        if (request.method != "GET") told_();
        if (faults.ending == FaultKind::drop_after) return cut();
        return answer_with(request, request_id, std::move(outcome));
    } catch (const ApiError& error) {
        return refused(request, request_id, error);
    } catch (const std::exception& error) {
        logging::event("error", "internal_error", {{"request_id", request.id}, {"stripe_request_id", request_id}, {"what", error.what()}});
        return refused(request, request_id, unknown_error());
    }
}

http::Response Api::refused(const http::Request& request, const std::string& request_id, const ApiError& error) const
{
    const auto now = unix_ms(clock_.now()) / 1000;
    return answer_with(request, request_id, {.status = error.status(), .body = body_of(error, request_id, now)});
}

Outcome Api::execute(
    const http::Request& request, const Endpoint& endpoint, const std::string& request_id, const RequestFaults& faults) const
{
    auto given = parameters_of(request);
    const auto caller = caller_of(request, given);
    require_permission(caller, endpoint);
    if (request.path.size() > max_path) throw unrecognized_url(request.method, request.path);
    accept_common(given, caller);

    const auto now = clock_.now();
    const KeyedRequest keyed{.key = idempotency_key(request),
        .path = request.path,
        .fingerprint = fingerprint(secret_, given.canonical()),
        .request_id = request_id,
        .now = unix_ms(now) / 1000};
    const bool takes_key = !keyed.key.empty();
    auto delay = faults.delay;

    return database_.transact([&](store::Session& session) -> Outcome {
        IdempotencyKeys keys{session};
        if (takes_key)
            if (auto kept = keys.take(keyed)) return {kept->status, std::move(kept->body), kept->request_id, true};
        std::this_thread::sleep_for(std::exchange(delay, {})); // with the key in hand; the work may be repeated, this is not

        auto parameters = given;
        Call call{{session, unix_ms(now), clock_.day_of(now), secret_, request_id, keyed.key, faults}, parameters, request.segments, caller,
            base_url_of(request)};
        auto outcome = carry_out(endpoint, call);
        if (faults.ending == FaultKind::error_after_commit)
            outcome = {.status = 500, .body = body_of(unknown_error(), request_id, call.now())};
        if (takes_key) keys.keep(keyed, outcome.status, outcome.body);
        if (takes_key) outcome.original_request = request_id;
        return outcome;
    });
}

} // namespace stripe_fake
