#include "gateway/stripe_transport.h"

#include "domain/hex.h"
#include "logging/log.h"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <stdexcept>
#include <thread>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = StripeTransport::Clock;

constexpr const char* user_agent = "uncloud-billing/1.0";
constexpr auto connect_timeout = 2s;
constexpr int max_retries = 2;
constexpr int burst = 5;
constexpr std::size_t max_answer = 8 * 1024 * 1024; // a page of events

/// 0.5 s, doubled each time, at most 5 s, less up to half of it so that clients do not come back together; never under
/// 0.5 s, nor sooner than the answer asks.
milliseconds delay_before(int retry, const StripeReply& reply)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    const int full = std::min(5000, 500 << (retry - 1));
    const milliseconds ours{std::max(500, std::uniform_int_distribution{full / 2, full}(random))};
    return std::max(ours, reply.asked_pause());
}

milliseconds time_until(Clock::time_point end) { return std::chrono::ceil<milliseconds>(end - Clock::now()); }

/// What one answer says about whether the call was carried out.
CallOutcome outcome_of(const HttpAnswer& answer, JsonNode body)
{
    using enum CallOutcome;
    const auto type = body.text({"error", "type"});
    const bool told_by_stripe = type == "invalid_request_error" || type == "idempotency_error";
    if (answer.status == 0) return answer.sent ? unknown : later;
    if (answer.status >= 200 && answer.status < 300) return body.is_object() ? done : unknown;
    if (answer.status == 402 && type == "card_error") return done;
    if (answer.status == 429) return later;
    if (answer.status == 409 || answer.status >= 500) return unknown;
    if (answer.status == 401 || answer.status == 403) return refused;
    if (!told_by_stripe) return unknown; // somebody on the way said it
    return answer.status == 404 || body.text({"error", "code"}) == "resource_missing" ? missing : refused;
}

/// What a member can bring about is no error of ours.
const char* level_of(const StripeReply& reply)
{
    if (reply.outcome() == CallOutcome::done) return "info";
    const bool our_mistake = reply.status() == 401 || reply.status() == 403 || reply.text({"error", "type"}) == "idempotency_error";
    return our_mistake ? "error" : "warning";
}

const char* name_of(CallOutcome outcome)
{
    switch (outcome) {
    case CallOutcome::done: return "done";
    case CallOutcome::refused: return "refused";
    case CallOutcome::missing: return "missing";
    case CallOutcome::later: return "later";
    case CallOutcome::unknown: return "unknown";
    }
    return "";
}

/// Stripe's request id is what its support asks for; the key names our attempt. Neither message nor parameters: they may
/// repeat what was sent.
void log_call(const std::string& purpose, const std::string& key, const StripeReply& reply, int tries)
{
    logging::event(level_of(reply), "stripe_call",
        {{"purpose", purpose}, {"outcome", name_of(reply.outcome())}, {"status", std::to_string(reply.status())},
            {"stripe_request_id", reply.request_id()}, {"idempotency_key", key}, {"replayed", reply.replayed() ? "true" : "false"},
            {"tries", std::to_string(tries)}, {"type", reply.text({"error", "type"})}, {"code", reply.text({"error", "code"})},
            {"decline_code", reply.text({"error", "decline_code"})}, {"param", reply.text({"error", "param"})}});
}

} // namespace

StripeReply::StripeReply(HttpAnswer answer)
    : answer_{std::move(answer)}, document_{answer_.body}, outcome_{outcome_of(answer_, document_.root())}
{
}

bool StripeReply::replayed() const
{
    const auto original = answer_.header("Original-Request");
    return answer_.header("Idempotent-Replayed") == "true" || (!original.empty() && original != answer_.header("Request-Id"));
}

bool StripeReply::is_decline() const { return status() == 402 && text({"error", "type"}) == "card_error"; }

bool StripeReply::should_be_repeated() const
{
    const auto told = answer_.header("Stripe-Should-Retry"); // outranks the status
    if (told == "true") return true;
    if (told == "false") return false;
    return status() == 0 || status() == 409 || status() == 429 || status() >= 500;
}

milliseconds StripeReply::asked_pause() const
{
    const auto text = answer_.header("Retry-After");
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool usable =
        error == std::errc{} && end == text.data() + text.size() && seconds > 0 && seconds <= 3600; // else a date, or a joke
    return usable ? std::chrono::seconds{seconds} : 0s;
}

void StripeReply::follows_unclear_try()
{
    const bool silent_about_it = outcome_ == CallOutcome::later || status() == 401 || status() == 403;
    if (silent_about_it) outcome_ = CallOutcome::unknown;
}

GatewayError StripeReply::error() const
{
    const auto error = body().at({"error"});
    return {.status = status(), .type = error.text({"type"}), .code = error.text({"code"}), .param = error.text({"param"})};
}

StripeTransport::StripeTransport(StripeSettings settings) : settings_{std::move(settings)}, pacing_{settings_.calls_per_second, burst}
{
    while (settings_.url.ends_with('/')) settings_.url.pop_back();
}

StripeReply StripeTransport::post(const std::string& purpose, const std::string& path, const StripeForm& body, const std::string& key)
{
    if (key.empty() || key.size() > 255) throw std::invalid_argument{"an idempotency key has 1 to 255 characters"};
    return call(purpose,
        {.method = "POST",
            .url = settings_.url + path,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Idempotency-Key", key}},
            .body = body.text()},
        key, deadline());
}

StripeReply StripeTransport::get(const std::string& purpose, const std::string& path, const StripeForm& query)
{
    return get(purpose, path, query, deadline());
}

StripeReply StripeTransport::get(
    const std::string& purpose, const std::string& path, const StripeForm& query, Clock::time_point call_deadline)
{
    const auto target = query.text().empty() ? path : path + '?' + std::string{query.text()};
    return call(purpose, {.url = settings_.url + target}, "", call_deadline);
}

StripeReply StripeTransport::remove(const std::string& purpose, const std::string& path)
{
    return call(purpose, {.method = "DELETE", .url = settings_.url + path}, "", deadline());
}

StripeReply StripeTransport::call(
    const std::string& purpose, HttpRequest request, const std::string& idempotency_key, Clock::time_point end)
{
    request.headers.emplace_back("Authorization", "Bearer " + settings_.secret_key);
    request.headers.emplace_back("Stripe-Version", stripe_api_version);
    request.headers.emplace_back("User-Agent", user_agent);
    request.connect_timeout = connect_timeout;
    request.max_answer = max_answer;
    int tries = 0;
    auto reply = ask_repeatedly(purpose, std::move(request), end, tries);
    log_call(purpose, idempotency_key, reply, tries);
    return reply;
}

StripeReply StripeTransport::ask_repeatedly(const std::string& purpose, HttpRequest request, Clock::time_point end, int& tries)
{
    StripeReply reply;
    bool may_have_run = false; // one of the tries so far
    while (true) {
        const auto turn = pacing_.take(purpose, Clock::now(), end);
        if (!turn.granted) {
            reply.set_retry_after(time_until(turn.at));
            return reply;
        }
        std::this_thread::sleep_until(turn.at);
        request.timeout = std::max(1ms, time_until(end));
        reply = StripeReply{exchange(request)};
        if (may_have_run) reply.follows_unclear_try();
        may_have_run = reply.outcome() == CallOutcome::unknown;

        const auto pause = delay_before(++tries, reply);
        reply.set_retry_after(pause);
        if (tries > max_retries || !reply.should_be_repeated() || pause >= time_until(end)) return reply;
        if (reply.status() == 429) pacing_.hold(purpose, Clock::now() + pause); // for all threads
        else std::this_thread::sleep_for(pause);
    }
}

bool is_stripe_id(std::string_view id, std::string_view prefix)
{
    constexpr std::string_view characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    return id.starts_with(prefix) && id.size() > prefix.size() && id.size() <= 255
        && id.find_first_not_of(characters) == std::string_view::npos;
}

std::string stripe_key(const std::string& purpose, std::initializer_list<std::string_view> values)
{
    std::string text;
    for (const auto value : values) text += std::to_string(value.size()) + ':' + std::string{value};
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    return purpose + '-' + domain::to_hex(std::span{digest}.first(16));
}

} // namespace gateway
