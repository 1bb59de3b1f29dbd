#include "answer.h"

namespace stripe_fake {
namespace {

constexpr const char* default_version = "2026-10-28.endive";

/// What the official libraries obey before they look at the status. Empty: Stripe says nothing.
std::string advice(const Outcome& outcome)
{
    if (outcome.status < 400) return {};
    if (outcome.status == 409 || outcome.body.find("\"lock_timeout\"") != std::string::npos) return "true";
    if (outcome.status == 429) return {};
    if (outcome.status >= 500) return outcome.replayed ? "false" : "true"; // a kept 500 stays one
    return "false";
}

} // namespace

http::Response answer_with(const http::Request& request, const std::string& request_id, Outcome outcome)
{
    const auto should_retry = advice(outcome);
    auto response = http::Response{.status = outcome.status, .body = std::move(outcome.body)}
                        .with("Request-Id", request_id)
                        .with("Access-Control-Allow-Origin", "*")
                        .with("Access-Control-Expose-Headers", "Request-Id, Idempotent-Replayed, Original-Request, Stripe-Should-Retry");
    const auto add = [&](const char* name, std::string value) { response.headers.emplace_back(name, std::move(value)); };
    const auto version = request.param("HTTP_STRIPE_VERSION");
    add("Stripe-Version", version.empty() ? default_version : std::string{version});
    if (const auto key = request.param("HTTP_IDEMPOTENCY_KEY"); !key.empty()) add("Idempotency-Key", std::string{key});
    if (!outcome.original_request.empty()) add("Original-Request", outcome.original_request);
    if (outcome.replayed) add("Idempotent-Replayed", "true");
    if (!should_retry.empty()) add("Stripe-Should-Retry", should_retry);
    if (outcome.status == 401) add("WWW-Authenticate", "Basic realm=\"Stripe\"");
    return response;
}

std::string body_of(const ApiError& error, const std::string& request_id, std::int64_t now)
{
    auto told = http::Json::object();
    json_object_update(told.get(), error.error().get());
    if (error.status() != 401)
        told.set("request_log_url", "https://dashboard.stripe.com/test/logs/" + request_id + "?t=" + std::to_string(now));
    return http::Json::object().set("error", told).dump();
}

http::Response preflight()
{
    return http::Response{.status = 204}
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE, OPTIONS")
        .with("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Stripe-Version")
        .with("Access-Control-Max-Age", "300");
}

http::Response cut() { return http::Response{.status = 200}.with("X-Accel-Redirect", "/internal/cut"); }

} // namespace stripe_fake
