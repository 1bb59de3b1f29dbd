#include "gateway/stripe_event.h"

#include "gateway/stripe_transport.h"

namespace gateway {

std::optional<domain::GatewayEvent> event_of(JsonNode event)
{
    if (event.text({"object"}) != "event" || !is_stripe_id(event.text({"id"}), "evt_")) return std::nullopt;
    const auto object = event.at({"data", "object"});
    return domain::GatewayEvent{.id = event.text({"id"}),
        .type = event.text({"type"}),
        .object_id = object.text({"id"}),
        .object_kind = object.text({"object"}),
        .instance = object.text({"metadata", "instance"}),
        .api_version = event.text({"api_version"}),
        .idempotency_key = event.text({"request", "idempotency_key"}),
        .created = event.instant({"created"}),
        .livemode = event.flag({"livemode"}),
        .body = event.dump()};
}

std::optional<domain::GatewayEvent> event_of(const std::string& body)
{
    const JsonDocument document{body};
    auto event = event_of(document.root());
    if (event) event->body = body; // as it came, byte for byte
    return event;
}

} // namespace gateway
