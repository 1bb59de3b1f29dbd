#pragma once
#include "endpoint.h"
#include "http/message.h"

#include <string>

namespace stripe_fake {

/// Who sends the request: any test key is taken, as a bearer token, as the name of HTTP Basic, or, as browsers send it,
/// as the parameter "key". @throws ApiError 401 for every other key, and for none
Caller caller_of(const http::Request& request, Parameters& parameters);

/// @throws ApiError 403 if a publishable key will not do
void require_permission(Caller caller, const Endpoint& endpoint);

/// Marks what every request may carry, and what browsers add.
void accept_common(Parameters& parameters, Caller caller);

/// The address under which the caller reached us, without a slash at its end.
std::string base_url_of(const http::Request& request);

} // namespace stripe_fake
