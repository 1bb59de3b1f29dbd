#pragma once
#include "domain/calendar.h"

#include <cstdint>

namespace domain {

/// What is booked as deferred and earned day by day. `days` empty: earned at once.
struct DeferredAmount {
    std::int64_t net{0}; ///< minor units; negative for a credit
    Period days{};
    Day booked_on{};
};

/// How much of it is earned at the end of `day`: nothing before it was booked, then in proportion to the days supplied,
/// half up, so that the days add up to the whole. What lies before the booking is earned on that day.
std::int64_t earned_through(const DeferredAmount& amount, Day day);

} // namespace domain
