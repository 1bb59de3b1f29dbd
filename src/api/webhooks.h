#pragma once
#include "http/router.h"
#include "service/gateway_events.h"

namespace api {

/// /webhooks/stripe: the body is believed for its signature alone.
void add_webhook_routes(http::Router& router, service::GatewayEvents& events);

} // namespace api
