#pragma once
#include "domain/calendar.h"

#include <string>
#include <string_view>

namespace domain {

/// What the card gateway tells of one of its objects, by webhook or in its list of events. A hint: what counts is the
/// object, asked for anew. Events come late, twice and in any order.
struct GatewayEvent {
    std::string id{};   ///< "evt_…", unique at the gateway
    std::string type{}; ///< "payment_intent.succeeded"; an open list
    std::string object_id{};
    std::string object_kind{}; ///< "payment_intent"
    std::string instance{};    ///< by the object's metadata, the installation that made it; empty: it does not say
    std::string api_version{};
    std::string idempotency_key{}; ///< of the request that caused it; empty: none did
    Instant created{};
    bool livemode{false}; ///< about real money
    std::string body{};   ///< its JSON, byte for byte
};

enum class GatewayEventState { fresh, handled, ignored, failed };

/// "new" for fresh. @throws std::domain_error if the text is no such state.
std::string_view to_text(GatewayEventState state);
GatewayEventState gateway_event_state_from(std::string_view text);

/// What an event must fit to be ours.
struct GatewayIdentity {
    bool livemode{false};
    std::string instance{};
    std::string api_version{};
};

/// What becomes of an event that comes in; it is kept in any case.
struct EventReception {
    GatewayEventState state{GatewayEventState::fresh}; ///< fresh or ignored
    std::string_view reason{};                         ///< if ignored: other_mode, other_installation
    bool other_version{false};                         ///< made for another version of the API than we speak; handled all the same
};

/// Test events never touch real money, nor the reverse; what another installation on the same account made is its own.
EventReception receive(const GatewayEvent& event, const GatewayIdentity& us);

} // namespace domain
