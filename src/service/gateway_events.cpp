#include "service/gateway_events.h"

#include "gateway/stripe_event.h"
#include "logging/log.h"
#include "store/gateway_event_store.h"

namespace service {
namespace {

/// What an operator has to look at: the gateway and we are not set up alike.
void alarm(const domain::GatewayEvent& event, const domain::EventReception& reception, const domain::GatewayIdentity& us)
{
    if (reception.reason == "other_mode")
        logging::event("error", "gateway_event_of_other_mode",
            {{"event_id", event.id}, {"type", event.type}, {"livemode", event.livemode ? "true" : "false"}});
    if (reception.other_version)
        logging::event("error", "gateway_event_of_other_version",
            {{"event_id", event.id}, {"type", event.type}, {"api_version", event.api_version}, {"wanted", us.api_version}});
}

} // namespace

ReceivedEvent GatewayEvents::receive(const std::string& body, std::string_view signature)
{
    const auto secrets = trust_.secrets();
    if (secrets.empty()) return ReceivedEvent::not_configured;
    if (const auto fault = fault_of(signature, body, secrets); fault != gateway::SignatureFault::none) {
        logging::event("warning", "webhook_refused", {{"fault", gateway::to_text(fault)}, {"bytes", std::to_string(body.size())}});
        return ReceivedEvent::bad_signature;
    }
    const auto event = gateway::event_of(body);
    if (!event) {
        logging::event("error", "webhook_not_understood", {{"bytes", std::to_string(body.size())}});
        return ReceivedEvent::not_an_event;
    }
    return keep(*event) ? ReceivedEvent::stored : ReceivedEvent::known;
}

bool GatewayEvents::keep(const domain::GatewayEvent& event)
{
    const auto reception = domain::receive(event, us_);
    const bool is_new = database_.transact(
        [&](store::Session& session) { return store::GatewayEventStore{session}.add(event, reception.state, reception.reason); });
    logging::event("info", "gateway_event",
        {{"event_id", event.id}, {"type", event.type}, {"object_id", event.object_id}, {"known", is_new ? "false" : "true"},
            {"ignored", reception.reason}});
    if (is_new) alarm(event, reception, us_);
    return is_new;
}

gateway::SignatureFault GatewayEvents::fault_of(
    std::string_view signature, const std::string& body, const std::vector<std::string>& secrets) const
{
    auto fault = gateway::SignatureFault::out_of_time;
    for (const auto* clock : trust_.clocks) {
        const auto now = std::chrono::floor<std::chrono::seconds>(clock->now());
        fault = gateway::check_webhook_signature(signature, body, secrets, now, trust_.tolerance);
        if (fault != gateway::SignatureFault::out_of_time) break;
    }
    return fault;
}

} // namespace service
