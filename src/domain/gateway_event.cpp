#include "domain/gateway_event.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(GatewayEventState state)
{
    switch (state) {
    case GatewayEventState::fresh: return "new";
    case GatewayEventState::handled: return "handled";
    case GatewayEventState::ignored: return "ignored";
    case GatewayEventState::failed: return "failed";
    }
    throw std::domain_error{"no such state of a gateway event"};
}

GatewayEventState gateway_event_state_from(std::string_view text)
{
    using enum GatewayEventState;
    for (const auto state : {fresh, handled, ignored, failed})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such state of a gateway event"};
}

EventReception receive(const GatewayEvent& event, const GatewayIdentity& us)
{
    EventReception reception{.other_version = event.api_version != us.api_version};
    if (event.livemode != us.livemode) reception.reason = "other_mode";
    else if (!event.instance.empty() && event.instance != us.instance) reception.reason = "other_installation";
    if (!reception.reason.empty()) reception.state = GatewayEventState::ignored;
    return reception;
}

} // namespace domain
