#pragma once
#include "domain/calendar.h"
#include "faults.h"
#include "store/database.h"

#include <cstdint>
#include <string>

namespace stripe_fake {

/// What is done in one transaction, for a request or for what a bank reports later: with it goes all that leaves a trace.
struct Work {
    store::Session& session;
    std::int64_t now_ms{0}; ///< Unix time of the test clock
    domain::Date today{};
    const std::string& secret;     ///< for fingerprints
    std::string request_id{};      ///< empty: no request
    std::string idempotency_key{}; ///< empty: none
    RequestFaults faults{};
    int events_told{0};

    std::int64_t now() const { return now_ms / 1000; } ///< Unix seconds
};

} // namespace stripe_fake
