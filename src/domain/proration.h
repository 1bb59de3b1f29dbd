#pragma once
#include "domain/calendar.h"

#include <cstdint>

namespace domain {

/// What some days of a period cost, in minor units: C(b) − C(a), C(d) = price · d / days of the whole period, half up,
/// where a and b are counted from the period's start. So the parts of a period always add up to `price`, however it is
/// cut, and a credit for days is exactly what those days were charged. `days` must lie within `whole`.
/// @throws std::domain_error if price · days leaves int64.
std::int64_t price_of_days(std::int64_t price, const Period& whole, const Period& days);

} // namespace domain
