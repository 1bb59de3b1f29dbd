#pragma once
#include "api_error.h"
#include "charges.h"
#include "object_store.h"
#include "work.h"

#include <string>

namespace stripe_fake {

/// Charges the card as the bank sees fit; intent, charge and events follow. @returns the refusal, or nullopt
std::optional<ApiError> charge_card(Work& work, Object& intent, Object& payment_method, bool authenticated);

/// The intent wants another card, and remembers why. @returns the refusal with what Stripe tells of it, but the intent
ApiError refuse(Work& work, Object& intent, const Object& payment_method, ApiError refusal);

/// Makes the failed charge that goes with a refusal, and refuses.
ApiError decline(Work& work, Object& intent, const Object& payment_method, const Decline& decline);

/// The money of the charge is there, or so much of it: the intent has succeeded.
void complete(Work& work, Object& intent, const Object& charge);

/// A late outcome: what was `processing` succeeds.
void settle_payment(Work& work, const std::string& intent);

} // namespace stripe_fake
