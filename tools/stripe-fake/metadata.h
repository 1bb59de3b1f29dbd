#pragma once
#include "object_store.h"
#include "parameters.h"

namespace stripe_fake {

/// Carries metadata[…] into the object: given keys are set, empty ones removed, "metadata=" removes all.
/// @throws ApiError if there are more than 50 keys, or one is longer than 40 or its value longer than 500 characters.
void update_metadata(Parameters& parameters, Object& object);

} // namespace stripe_fake
