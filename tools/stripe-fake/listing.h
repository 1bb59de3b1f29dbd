#pragma once
#include "endpoint.h"
#include "object_store.h"

#include <string>

namespace stripe_fake {

/// Reads limit, starting_after and ending_before. @throws ApiError
ListPart read_list_part(Parameters& parameters);

/// Reads the parameters that all lists share, those named in `by` (customer, payment_intent, charge) and created[…].
/// @throws ApiError
Filter read_filter(Parameters& parameters, std::initializer_list<std::string_view> by);

/// A list as Stripe answers it. Finishes the parameters. @throws ApiError
http::Json answer_list(Call& call, const std::string& kind, const std::string& url, const Filter& filter);

} // namespace stripe_fake
