#pragma once
#include "bank.h"
#include "object_store.h"
#include "work.h"

namespace stripe_fake {

/// One attempt to take money from a card.
struct ChargeAttempt {
    const Decline* decline{nullptr}; ///< nullptr: the bank agreed
    bool authenticated{false};       ///< the cardholder passed a challenge
    bool captured{true};             ///< false: the money is reserved only
    bool pending{false};             ///< the bank has not said its last word
};

/// Writes down the charge that an intent's attempt becomes; what is captured is booked.
Object record_charge(Work& work, const Object& intent, const Object& payment_method, const ChargeAttempt& attempt);

/// Takes so much of what was reserved, or of what was pending, and books it. The caller saves the charge.
void capture(Work& work, Object& charge, std::int64_t amount);

/// The charge, locked; its payment intent, if any, is to be locked before. @throws std::runtime_error if there is none
Object charge_of(Work& work, const std::string& id);

} // namespace stripe_fake
