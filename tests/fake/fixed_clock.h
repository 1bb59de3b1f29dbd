#pragma once
#include "gateway/clock.h"

#include <atomic>

namespace fake {

/// A clock that stands until it is set; its civil days are those of UTC.
class FixedClock final : public gateway::SettableClock {
public:
    explicit FixedClock(domain::Instant now) : now_{now} {}

    domain::Instant now() const override { return now_; }
    domain::Date day_of(domain::Instant instant) const override { return std::chrono::floor<std::chrono::days>(instant); }
    void set(domain::Instant instant) override { now_ = instant; }

private:
    std::atomic<domain::Instant> now_;
};

} // namespace fake
