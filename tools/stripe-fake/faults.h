#pragma once
#include "store/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_fake {

/// What can go wrong on request. Real Stripe has no switch for it, only the faults.
enum class FaultKind {
    drop_before,        ///< the connection is cut without an answer; nothing was done
    drop_after,         ///< the connection is cut without an answer; it was done, and is kept under the idempotency key
    error_after_commit, ///< 500; it was done. Under the idempotency key the 500 is kept, as Stripe does
    delay,              ///< the work takes `delay_ms`; another request with the same idempotency key gets 409 meanwhile
    rate_limit,         ///< 429 rate_limit; nothing was done
    lock_timeout,       ///< 429 lock_timeout; nothing was done
    duplicate_webhook,  ///< the request's events are delivered twice
    reorder_webhooks,   ///< the request's events are delivered `delay_ms` late and the last one first, so that others overtake them
    processing,         ///< a payment that would succeed is `processing` first, for five seconds of the test clock
};

std::string_view to_text(FaultKind kind);
std::optional<FaultKind> fault_kind_from(std::string_view text);

/// "The next `times` requests that match will suffer this."
struct Fault {
    std::string id{};
    std::string method{"*"}; ///< "POST", or "*" for any
    std::string path{"*"};   ///< a pattern as for a shell's file names: "/v1/payment_intents", "/v1/payment_intents/*/confirm", "*"
    FaultKind kind{};
    std::int64_t times{1};
    std::int64_t delay_ms{0};
};

/// What goes wrong with one request.
struct RequestFaults {
    std::optional<FaultKind> refusal{}; ///< drop_before, rate_limit or lock_timeout
    std::optional<FaultKind> ending{};  ///< drop_after or error_after_commit
    std::chrono::milliseconds delay{0};
    bool duplicate_webhooks{false};
    std::optional<std::chrono::milliseconds> hold_webhooks{};
    bool processing{false};
};

/// Rows of `stripe_fake_faults`.
class FaultStore {
public:
    static void create_table(store::Session& session);

    explicit FaultStore(store::Session& session) : session_{session} {}

    void add(const Fault& fault);

    /// Those that have times left, oldest first.
    std::vector<Fault> all();

    /// False if there is none of this id.
    bool remove(const std::string& id);
    void remove_all();

    /// Uses up one time of each fault that the request suffers: of those that exclude each other the oldest.
    RequestFaults take(const std::string& method, const std::string& path);

private:
    bool use_up(const Fault& fault);

    store::Session& session_;
};

} // namespace stripe_fake
