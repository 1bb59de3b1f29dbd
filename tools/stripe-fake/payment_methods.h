#pragma once
#include "api_error.h"
#include "endpoint.h"
#include "object_store.h"

#include <optional>

namespace stripe_fake {

/// The payment method, locked; for an alias such as pm_card_visa a fresh one. `param` as in find_customer().
/// @throws ApiError resource_missing
Object find_payment_method(Call& call, const std::string& id, const std::string& param = {});

/// Makes one from the parameters below `prefix` ("" or "payment_method_data"), and stores it; the caller finishes the
/// parameters. @throws ApiError for a card that cannot be
Object create_payment_method(Call& call, const std::string& prefix);

/// Throws unless it could be attached to the customer, leaving the bank's opinion aside.
/// @throws ApiError if it is another's, or dead: once detached it cannot be used again
void require_attachable(const Object& payment_method, const std::string& customer);

/// Ties it to the customer; the bank has agreed. Nothing happens if it is tied to that one already.
void attach(Call& call, Object& payment_method, const std::string& customer);

/// Unties it for good.
void detach(Call& call, Object& payment_method);

/// The bank's refusal to let the card be kept, or nullopt.
std::optional<ApiError> refusal_to_keep(const Object& payment_method);

/// True if the bank wants to see the cardholder before the card is set up; its refusal after that, or nullopt.
bool is_challenged(const Object& payment_method);
std::optional<ApiError> refusal_after_challenge(const Object& payment_method);

/// The refusal if the cardholder does not pass the challenge.
std::optional<ApiError> authentication_failure();

} // namespace stripe_fake
