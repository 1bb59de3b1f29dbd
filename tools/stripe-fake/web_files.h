#pragma once
#include "http/router.h"

namespace stripe_fake {

/// What browsers load: /v3/ (also /v3/stripe.js), the stand-in for Stripe.js, and the parts of its frames.
void add_web_routes(http::Router& router);

} // namespace stripe_fake
