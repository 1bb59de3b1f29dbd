#pragma once
#include "domain/calendar.h"

#include <cctz/time_zone.h>

#include <optional>
#include <string>

namespace domain {

/// A time zone of the tz database: the only thing in which civil days are counted.
class Zone {
public:
    /// nullopt if the IANA name is unknown.
    static std::optional<Zone> named(const std::string& name);

    /// The civil day that the instant has there, with the offset of that very instant, also past the last transition
    /// that the database lists (the rule at its end goes on).
    Date day_of(Instant instant) const;

private:
    explicit Zone(const cctz::time_zone& zone) : zone_{zone} {}

    cctz::time_zone zone_;
};

} // namespace domain
