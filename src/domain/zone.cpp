#include "domain/zone.h"

#include <date/tz.h>

#include <stdexcept>

namespace domain {

std::optional<Zone> Zone::named(const std::string& name)
{
    try {
        return Zone{date::locate_zone(name)};
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

Date Zone::day_of(Instant instant) const
{
    const auto local = zone_->to_local(instant);
    return Day{std::chrono::floor<std::chrono::days>(local.time_since_epoch())};
}

} // namespace domain
