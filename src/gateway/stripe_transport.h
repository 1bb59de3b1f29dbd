#pragma once
#include "gateway/card_payments.h"
#include "gateway/http_client.h"
#include "gateway/json_document.h"
#include "gateway/pacing.h"
#include "gateway/stripe_form.h"

#include <chrono>
#include <string>

namespace gateway {

/// The version of Stripe's API that all our calls and our webhook speak.
inline constexpr const char* stripe_api_version = "2026-10-28.endive";

struct StripeSettings {
    std::string url{"https://api.stripe.com"};
    std::string secret_key{};
    std::string instance{}; ///< goes into the metadata of all that is made, to tell two installations on one account apart
    std::chrono::milliseconds timeout{10'000}; ///< for a call with all its repetitions and the waiting for its turn
    int calls_per_second{25};                  ///< of a process, for each of Stripe's endpoints

    /// True if it is for real money.
    bool livemode() const { return secret_key.find("_live_") != std::string::npos; }
};

/// What came of a call to Stripe: the last answer, and what it means together with those before it.
class StripeReply {
public:
    /// Of a call that was not made: later.
    StripeReply() = default;
    explicit StripeReply(HttpAnswer answer);

    CallOutcome outcome() const { return outcome_; }
    int status() const { return answer_.status; }
    JsonNode body() const { return document_.root(); }
    std::string text(JsonNode::Path path) const { return body().text(path); }

    std::string request_id() const { return std::string{answer_.header("Request-Id")}; }
    bool replayed() const;

    /// The card was asked about and refused. A 402 of another type is a mistake of ours.
    bool is_decline() const;

    /// By the rule of Stripe's own libraries, and after 429.
    bool should_be_repeated() const;

    /// How long Stripe asks to wait; 0 if it does not.
    std::chrono::milliseconds asked_pause() const;

    /// An earlier try of the same call may have been carried out. Does this answer say nothing about that, it is unknown.
    void follows_unclear_try();

    void set_retry_after(std::chrono::milliseconds pause) { retry_after_ = pause; }

    /// An answer without its value: outcome, error and the rest.
    template <class Value> GatewayAnswer<Value> answer() const
    {
        return {.outcome = outcome_,
            .error = error(),
            .request_id = request_id(),
            .replayed = replayed(),
            .retry_after = outcome_ == CallOutcome::later ? retry_after_ : std::chrono::milliseconds{0}};
    }

private:
    GatewayError error() const;

    HttpAnswer answer_{.sent = false};
    JsonDocument document_{};
    CallOutcome outcome_{CallOutcome::later};
    std::chrono::milliseconds retry_after_{0};
};

/// The way to Stripe's API, one for a process: all threads share its pace. Each call has a deadline; within it a call is
/// repeated by the rule of Stripe's own libraries, and after 429. Each is logged with Stripe's request id and our
/// idempotency key, never with what was sent or answered.
class StripeTransport {
public:
    using Clock = std::chrono::steady_clock;

    explicit StripeTransport(StripeSettings settings);

    const StripeSettings& settings() const { return settings_; }

    /// When a call that begins now has to be over.
    Clock::time_point deadline() const { return Clock::now() + settings_.timeout; }

    // `purpose` names the call in the log, and its endpoint to the pacing. `path` begins with "/v1/". A key has 1 to 255
    // characters: @throws std::invalid_argument.
    StripeReply post(const std::string& purpose, const std::string& path, const StripeForm& body, const std::string& idempotency_key);
    StripeReply get(const std::string& purpose, const std::string& path, const StripeForm& query = {});
    StripeReply get(const std::string& purpose, const std::string& path, const StripeForm& query, Clock::time_point deadline);
    StripeReply remove(const std::string& purpose, const std::string& path);

private:
    StripeReply call(const std::string& purpose, HttpRequest request, const std::string& idempotency_key, Clock::time_point deadline);
    StripeReply ask_repeatedly(const std::string& purpose, HttpRequest request, Clock::time_point deadline, int& tries);

    StripeSettings settings_;
    Pacing pacing_;
};

/// True for an id that Stripe could have given, with this prefix ("pi_"): only such go into a path.
bool is_stripe_id(std::string_view id, std::string_view prefix);

/// A key for exactly these values: printable whatever they are, and telling nothing about them.
std::string stripe_key(const std::string& purpose, std::initializer_list<std::string_view> values);

} // namespace gateway
