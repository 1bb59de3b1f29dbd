#include "gateway/ovh_client.h"

#include "gateway/ovh_signature.h"

#include <algorithm>
#include <charconv>
#include <random>
#include <thread>

namespace gateway {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr const char* user_agent = "uncloud-billing/1.0";
constexpr auto connect_timeout = 5s;
constexpr auto token_margin = 10s; // as OVH's node and php clients

std::int64_t unix_now()
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// What was not sent may be sent again, whatever it was.
bool is_worth_another_try(const OvhReply& reply, bool changes_nothing)
{
    if (reply.outcome() == OvhOutcome::unreachable) return true;
    const auto status = reply.status();
    return changes_nothing && (status == 0 || status == 408 || status == 429 || status >= 500);
}

/// What a complete or missing answer says about whether the call was carried out.
OvhOutcome outcome_of(const HttpAnswer& answer, bool readable)
{
    using enum OvhOutcome;
    if (answer.status == 0) return answer.sent ? unknown : unreachable;
    if (answer.status >= 200 && answer.status < 300) return readable ? answered : unknown;
    const bool says_no = answer.status >= 400 && answer.status < 500 && answer.status != 408;
    return says_no ? refused : unknown;
}

/// Of Retry-After in seconds; its other form, a date, counts as nothing.
std::chrono::seconds asked_pause(const HttpAnswer& answer)
{
    const auto text = answer.header("Retry-After");
    long seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0) return 0s;
    return std::chrono::seconds{std::min(seconds, 3600L)};
}

std::string first_filled(std::initializer_list<std::string> texts)
{
    for (const auto& text : texts)
        if (!text.empty()) return text;
    return "";
}

std::string status_text(int status) { return "HTTP status " + std::to_string(status); }

/// What people read of an answer that is none, or no success.
std::string message_of(const HttpAnswer& answer, JsonNode body, bool readable)
{
    if (answer.status == 0) return answer.fault;
    if (answer.status < 300) return readable ? "" : "the answer is not JSON: is this the address of an OVH API?";
    if (answer.status < 400) return status_text(answer.status) + ", a redirect, which is not followed: is this the address of an OVH API?";
    return first_filled({body.text({"message"}), body.text({"error_description"}), body.text({"error"}), status_text(answer.status)});
}

milliseconds pause_before(int retry, const OvhSettings& settings, std::chrono::seconds asked)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto full = std::min(settings.longest_pause, settings.first_pause * (1 << std::min(retry - 1, 20)));
    const milliseconds ours{std::uniform_int_distribution{full.count() / 2, full.count()}(random)};
    return std::max(ours, std::min<milliseconds>(settings.longest_pause, asked));
}

} // namespace

struct OvhClient::Call {
    std::string method{};
    std::string path{};
    std::string body{};
    OvhAccess access{OvhAccess::own};

    bool changes_nothing() const { return method == "GET"; }
};

std::string ovh_path(const std::string& path, std::initializer_list<std::pair<const char*, std::string_view>> query)
{
    auto text = path;
    char separator = '?';
    for (const auto& [name, value] : query) {
        if (value.empty()) continue;
        text += separator;
        text += std::string{name} + '=' + url_escaped(value);
        separator = '&';
    }
    return text;
}

OvhClient::OvhClient(OvhSettings settings)
    : settings_{[&] {
          while (settings.url.ends_with('/')) settings.url.pop_back();
          return std::move(settings);
      }()}
{
}

OvhReply OvhClient::get(const std::string& path, OvhAccess access) { return run({.method = "GET", .path = path, .access = access}); }

OvhReply OvhClient::post(const std::string& path, const std::string& body, OvhAccess access)
{
    return run({.method = "POST", .path = path, .body = body, .access = access});
}

OvhReply OvhClient::put(const std::string& path, const std::string& body) { return run({.method = "PUT", .path = path, .body = body}); }

OvhReply OvhClient::remove(const std::string& path) { return run({.method = "DELETE", .path = path}); }

OvhReply OvhClient::run(const Call& call)
{
    OvhReply reply;
    int tries = 0;
    while (true) {
        reply = authenticated(call);
        if (++tries >= settings_.tries || !is_worth_another_try(reply, call.changes_nothing())) break;
        std::this_thread::sleep_for(pause_before(tries, settings_, reply.retry_after_));
    }
    if (settings_.observe)
        settings_.observe({.method = call.method,
            .path = call.path.substr(0, call.path.find('?')),
            .status = reply.status(),
            .tries = tries,
            .error_code = reply.error_code(),
            .query_id = reply.query_id(),
            .fault = reply.status() == 0 ? reply.message() : ""});
    return reply;
}

/// With what proves who we are; that is made anew, once, if the answer says that it was out of time.
OvhReply OvhClient::authenticated(const Call& call)
{
    for (bool again = false;; again = true) {
        std::string bearer;
        std::int64_t delta = 0;
        if (auto failure = authorise(call, bearer, delta)) return std::move(*failure);
        auto reply = once(call, bearer, delta);
        const bool clock_was_off = reply.error_code() == "QUERY_TIME_OUT";
        const bool token_ran_out = reply.status() == 401 && !bearer.empty() && settings_.credentials.access_token.empty();
        if (again || (!clock_was_off && !token_ran_out)) return reply;
        const std::lock_guard lock{mutex_};
        if (clock_was_off) time_delta_.reset();
        if (token_ran_out && token_ == bearer) token_.clear();
    }
}

/// Finds out what the call needs beyond the settings. A reply if that fails: then nothing of the call was sent.
std::optional<OvhReply> OvhClient::authorise(const Call& call, std::string& bearer, std::int64_t& delta)
{
    const auto& credentials = settings_.credentials;
    if (call.access == OvhAccess::open || !credentials.any()) return std::nullopt;
    if (!credentials.access_token.empty()) {
        bearer = credentials.access_token;
        return std::nullopt;
    }
    return credentials.has_oauth2() ? fetch_token(bearer) : read_time(delta);
}

std::optional<OvhReply> OvhClient::read_time(std::int64_t& delta)
{
    const std::lock_guard lock{mutex_};
    if (!time_delta_) {
        auto reply = once({.method = "GET", .path = "/auth/time", .access = OvhAccess::open}, "", 0);
        const auto server = reply.body().number({});
        if (!reply.ok() || !server) {
            if (reply.outcome() != OvhOutcome::refused) reply.outcome_ = OvhOutcome::unreachable; // the call itself was not sent
            reply.message_ = "the server's time is not to be had: " + first_filled({reply.message_, "the answer is no number"});
            return reply;
        }
        time_delta_ = *server - unix_now();
    }
    delta = *time_delta_;
    return std::nullopt;
}

std::optional<OvhReply> OvhClient::fetch_token(std::string& bearer)
{
    const std::lock_guard lock{mutex_};
    if (token_.empty() || std::chrono::steady_clock::now() >= token_until_) {
        const auto& credentials = settings_.credentials;
        const auto form = "grant_type=client_credentials&client_id=" + url_escaped(credentials.client_id)
            + "&client_secret=" + url_escaped(credentials.client_secret) + "&scope=all";
        const auto asked_at = std::chrono::steady_clock::now();
        auto reply = reply_to(exchange({.method = "POST",
                                  .url = credentials.token_url,
                                  .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"},
                                      {"User-Agent", user_agent}},
                                  .body = form,
                                  .connect_timeout = connect_timeout,
                                  .timeout = settings_.timeout,
                                  .max_answer = 65'536,
                                  .ca_file = settings_.ca_file}),
            "");
        const auto token = reply.body().text({"access_token"});
        if (!reply.ok() || token.empty()) {
            if (reply.outcome() != OvhOutcome::refused) reply.outcome_ = OvhOutcome::unreachable; // the call itself was not sent
            reply.message_ = "no OAuth2 token: " + first_filled({reply.message_, "the answer holds none"});
            return reply;
        }
        token_ = token;
        token_until_ = asked_at + std::chrono::seconds{std::clamp<std::int64_t>(reply.body().number({"expires_in"}).value_or(0), 0, 86'400)}
            - token_margin;
    }
    bearer = token_;
    return std::nullopt;
}

OvhReply OvhClient::once(const Call& call, const std::string& bearer, std::int64_t delta)
{
    const auto& credentials = settings_.credentials;
    HttpRequest request{.method = call.method,
        .url = url_of(call.path),
        .headers = {{"Accept", "application/json"}, {"User-Agent", user_agent}},
        .body = call.body,
        .connect_timeout = connect_timeout,
        .timeout = settings_.timeout,
        .max_answer = settings_.max_answer,
        .ca_file = settings_.ca_file,
        .own_connection = !call.changes_nothing()};
    if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (!bearer.empty()) {
        request.headers.emplace_back("Authorization", "Bearer " + bearer);
    } else if (!credentials.application_key.empty()) {
        request.headers.emplace_back("X-Ovh-Application", credentials.application_key);
        if (call.access == OvhAccess::own && credentials.can_sign()) {
            const auto timestamp = unix_now() + delta;
            request.headers.emplace_back("X-Ovh-Consumer", credentials.consumer_key);
            request.headers.emplace_back("X-Ovh-Timestamp", std::to_string(timestamp));
            request.headers.emplace_back("X-Ovh-Signature",
                ovh_signature({.application_secret = credentials.application_secret,
                    .consumer_key = credentials.consumer_key,
                    .method = call.method,
                    .url = request.url,
                    .body = call.body,
                    .timestamp = timestamp}));
        }
    }
    return reply_to(exchange(request), bearer);
}

OvhReply OvhClient::reply_to(const HttpAnswer& answer, const std::string& bearer) const
{
    OvhReply reply;
    const bool is_empty = answer.body.find_first_not_of(" \t\r\n") == std::string::npos;
    reply.document_ = JsonDocument::of_any(is_empty ? "null" : std::string_view{answer.body});
    const auto body = reply.body();
    const bool readable = !reply.document_.empty();
    reply.outcome_ = outcome_of(answer, readable);
    reply.status_ = answer.status;
    reply.retry_after_ = asked_pause(answer);
    reply.query_id_ = first_filled({std::string{answer.header("X-OVH-QUERYID")}, body.text({"queryId"})});
    if (reply.ok()) return reply;
    reply.error_code_ = without_secrets(body.text({"errorCode"}), bearer);
    reply.error_class_ = without_secrets(body.text({"class"}), bearer);
    reply.message_ = without_secrets(message_of(answer, body, readable), bearer);
    return reply;
}

std::string OvhClient::url_of(const std::string& path) const
{
    auto base = settings_.url;
    if ((path.starts_with("/v1/") || path.starts_with("/v2/")) && base.ends_with("/1.0")) base.resize(base.size() - 4);
    return base + path;
}

/// A server, or whoever stands in its place, may repeat what it was sent.
std::string OvhClient::without_secrets(std::string text, const std::string& bearer) const
{
    const auto& credentials = settings_.credentials;
    for (const auto* secret : {&credentials.application_secret, &credentials.consumer_key, &credentials.client_secret, &bearer}) {
        if (secret->empty()) continue;
        for (std::size_t at = 0; (at = text.find(*secret, at)) != std::string::npos;) text.replace(at, secret->size(), "***");
    }
    return text;
}

} // namespace gateway
