#pragma once
#include "domain/calendar.h"
#include "domain/money.h"
#include "store/database.h"

#include <optional>
#include <string>

namespace store {

/// A card payment that its holder contests.
struct DisputeRecord {
    std::string gateway_id{};
    std::int64_t payment{0};
    domain::Money amount{};
    std::string reason{};
    std::string state{};         ///< in the gateway's words
    std::string outcome{"open"}; ///< open, won or lost
    bool withdrawn{false};       ///< the money was taken back
    std::int64_t fees{0};        ///< that are booked, minor units of the currency of the settlement
};

/// Rows of `disputes`.
class DisputeStore {
public:
    explicit DisputeStore(Session& session) : session_{session} {}

    /// The dispute, kept from others until the transaction ends.
    std::optional<DisputeRecord> lock(const std::string& gateway_id);

    /// Whether a dispute has taken this payment's money back, for now or for good. An inquiry has not.
    bool holds(std::int64_t payment);

    /// Adds it. @throws Conflict if somebody else just did
    void add(const DisputeRecord& dispute, domain::Instant now);

    void change(const DisputeRecord& dispute, domain::Instant now);

private:
    Session& session_;
};

} // namespace store
