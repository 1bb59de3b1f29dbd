#pragma once
#include "domain/calendar.h"

#include <memory>
#include <string>

namespace gateway {

/// What time it is, and which civil day that is where the provider bills.
class Clock {
public:
    virtual ~Clock() = default;

    virtual domain::Instant now() const = 0;

    /// The civil day of the instant in the billing zone, with that date's own offset.
    virtual domain::Date day_of(domain::Instant instant) const = 0;

    domain::Date today() const { return day_of(now()); }
};

/// A clock whose reading a sandbox may move. All programs of a stack see the move at once.
class SettableClock : public Clock {
public:
    /// From now on `now()` counts on from this instant.
    virtual void set(domain::Instant instant) = 0;
};

/// The system's clock. @throws std::runtime_error if the zone is not in tzdata.
std::unique_ptr<Clock> make_system_clock(const std::string& zone);

/// The system's clock plus an offset that lives in a file shared by the programs of a sandbox.
/// @throws std::runtime_error if the zone or the file cannot be used.
std::unique_ptr<SettableClock> make_sandbox_clock(const std::string& zone, const std::string& offset_file);

} // namespace gateway
