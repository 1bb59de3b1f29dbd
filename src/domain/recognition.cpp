#include "domain/recognition.h"

#include "domain/money.h"

#include <algorithm>

namespace domain {

std::int64_t earned_through(const DeferredAmount& amount, Day day)
{
    if (day < amount.booked_on) return 0;
    if (amount.days.start >= amount.days.end) return amount.net;
    const auto supplied = std::clamp(day + std::chrono::days{1}, amount.days.start, amount.days.end) - amount.days.start;
    return half_up(amount.net, supplied.count(), days_in(amount.days));
}

} // namespace domain
