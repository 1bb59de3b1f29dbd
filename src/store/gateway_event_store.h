#pragma once
#include "domain/gateway_event.h"
#include "store/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

/// An event that somebody has taken, for as long as the lease lasts.
struct ClaimedEvent {
    std::int64_t id{0};
    int attempts{0}; ///< this one included
    domain::GatewayEvent event{};
};

/// Rows of `gateway_events`. Times of claims are the database's own clock, one for all machines.
class GatewayEventStore {
public:
    explicit GatewayEventStore(Session& session) : session_{session} {}

    /// Keeps the event, fresh or ignored for a reason. Returns false if it is known already: then nothing changes.
    bool add(const domain::GatewayEvent& event, domain::GatewayEventState state, std::string_view reason);

    /// Leases the due events that waited longest; rows that others are just taking are passed over. Who lets the lease run
    /// out loses the event to the next.
    std::vector<ClaimedEvent> claim(std::chrono::seconds lease, int limit);

    /// Ends a claimed event as handled, ignored or failed. Returns false if it was lost to somebody else.
    bool finish(const ClaimedEvent& claimed, domain::GatewayEventState state, const std::string& error = "");

    /// Gives a claimed event back, for another try after the pause. Returns false if it was lost to somebody else.
    bool again(const ClaimedEvent& claimed, std::chrono::milliseconds pause, const std::string& error);

    /// Gives a failed event a new start. Returns false if there is no such failed event.
    bool retry(const std::string& event_id);

    /// When the newest event was made at the gateway; where a look through its list has to begin. nullopt: there is none.
    std::optional<domain::Instant> newest();

    /// Forgets events that are done with; the failed stay.
    void remove_finished(std::chrono::hours older_than);

private:
    Session& session_;
};

} // namespace store
