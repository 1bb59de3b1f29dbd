#include "domain/proration.h"

#include "domain/money.h"

namespace domain {

std::int64_t price_of_days(std::int64_t price, const Period& whole, const Period& days)
{
    if (days == whole) return price;
    const auto length = days_in(whole);
    const auto until = [&](Day day) { return half_up(price, (day - whole.start).count(), length); };
    return until(days.end) - until(days.start);
}

} // namespace domain
