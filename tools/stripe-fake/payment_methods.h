#pragma once
#include "endpoint.h"
#include "object_store.h"

#include <optional>
#include <string>

namespace stripe_fake {

/// The payment method, locked; for an alias such as pm_card_visa a fresh one. `param` as in find_customer().
/// @throws ApiError resource_missing
Object find_payment_method(Call& call, const std::string& id, const std::string& param = {});

/// The card that a request names (payment_method), or brings along (payment_method_data); nullopt if it does neither.
std::optional<Object> given_payment_method(Call& call);

/// Makes one from the parameters below `prefix` ("" or "payment_method_data"), and stores it; the caller finishes the
/// parameters. @throws ApiError for a card that cannot be
Object create_payment_method(Call& call, const std::string& prefix);

/// Reads billing_details[…] below the prefix, as the member of the payment method shows them.
http::Json read_billing_details(Parameters& parameters, const std::string& prefix);

/// Throws unless it could be attached to the customer, leaving the bank's opinion aside.
/// @throws ApiError if it is another's, or dead: once detached it cannot be used again
void require_attachable(const Object& payment_method, const std::string& customer);

/// Throws unless the customer (empty: nobody) can pay with it. @throws ApiError as require_attachable()
void require_usable(const Object& payment_method, const std::string& customer);

/// Ties it to the customer; the bank has agreed. Nothing happens if it is tied to that one already.
void attach(Work& work, Object& payment_method, const std::string& customer);

/// Unties it for good.
void detach(Work& work, Object& payment_method);

/// Remembers that it was paid with: one that is tied to nobody cannot be used again.
void note_use(Work& work, Object& payment_method);

/// Remembers that its cardholder agreed to payments without being there.
void note_set_up(Work& work, Object& payment_method);
bool is_set_up(const Object& payment_method);

/// How its card behaves, see bank.h.
std::string behaviour_of(const Object& payment_method);

} // namespace stripe_fake
