#pragma once
#include "work.h"

#include <string>

namespace stripe_fake {

/// One movement of the account's balance.
struct Booking {
    std::string type{};               ///< "charge", "refund", "refund_failure", "adjustment"
    std::string reporting_category{}; ///< "charge", "refund", "refund_failure", "dispute", "dispute_reversal"
    std::string source{};             ///< id of what caused it
    std::int64_t amount{0};           ///< negative: taken from the balance
    std::int64_t fee{0};
    std::string currency{};
    std::string description{};
};

/// Writes it down. @returns the balance transaction's id
std::string book(Work& work, const Booking& booking);

} // namespace stripe_fake
