#pragma once
#include "endpoint.h"

#include <string>
#include <vector>

namespace stripe_fake {

/// Puts objects for the ids that expand[] names: "customer", "data.customer", "payment_method.customer" …
/// A browser is shown no customer this way. @throws ApiError if a path leads to nothing that can be expanded
void expand(Call& call, http::Json& answer, const std::vector<std::string>& paths);

} // namespace stripe_fake
