#pragma once
#include "domain/calendar.h"

#include <chrono>
#include <cstdint>

namespace stripe_fake {

inline std::int64_t unix_ms(domain::Instant instant)
{
    return std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count();
}

/// Of the machine's clock, which no test moves.
inline std::int64_t machine_ms()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

} // namespace stripe_fake
