#pragma once
#include "endpoint.h"
#include "object_store.h"

namespace stripe_fake {

/// The customer, locked. `param` names the parameter that held the id; empty: the path did.
/// @throws ApiError resource_missing, also if it was deleted
Object find_customer(Call& call, const std::string& id, const std::string& param = {});

/// Makes the customer forget a payment method that it charges by default.
void forget_default(Work& work, const std::string& customer, const std::string& payment_method);

} // namespace stripe_fake
