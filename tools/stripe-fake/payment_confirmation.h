#pragma once
#include "endpoint.h"
#include "intents.h"
#include "object_store.h"

namespace stripe_fake {

/// How an intent is to be confirmed.
struct Confirmation {
    Presentation presentation{};
    bool off_session{false};
    bool refuses_challenge{false}; ///< error_on_requires_action
    bool wants_challenge{false};   ///< payment_method_options[card][request_three_d_secure]
};

/// True if a parameter is given that makes sense at a confirmation only; its name.
std::string confirmation_only(const Parameters& parameters);

/// @throws ApiError
Confirmation read_confirmation(Call& call);

/// Confirms it with this payment method. @throws ApiError 402 if the bank refuses; 400 if it cannot be
void confirm_payment(Call& call, Object& intent, Object& payment_method, const Confirmation& confirmation);

/// The cardholder has answered the bank's challenge: the intent, which waits for that, goes on or wants another card.
void finish_payment(Work& work, Object& intent, bool passed);

} // namespace stripe_fake
