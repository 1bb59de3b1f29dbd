#pragma once
#include "domain/gateway_event.h"
#include "gateway/json_document.h"

#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// The event in a webhook's body; nullopt if it is none, or one of Stripe's thin events, which we do not subscribe to.
std::optional<domain::GatewayEvent> event_of(const std::string& body);

/// The event in a list.
std::optional<domain::GatewayEvent> event_of(JsonNode event);

} // namespace gateway
