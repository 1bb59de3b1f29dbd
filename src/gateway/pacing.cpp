#include "gateway/pacing.h"

#include <algorithm>
#include <stdexcept>

namespace gateway {
namespace {

Pacing::Clock::duration interval_of(int per_second)
{
    if (per_second < 1) throw std::invalid_argument{"a rate is at least 1 per second"};
    return std::chrono::duration_cast<Pacing::Clock::duration>(std::chrono::seconds{1}) / per_second;
}

} // namespace

Pacing::Pacing(int per_second, int burst) : interval_{interval_of(per_second)}, tolerance_{interval_ * (burst - 1)}
{
    if (burst < 1) throw std::invalid_argument{"a burst is at least 1"};
}

Pacing::Turn Pacing::take(const std::string& lane, Clock::time_point now, Clock::time_point deadline)
{
    const std::lock_guard lock{mutex_};
    const auto full_at = std::max(full_at_[lane], now);
    const auto at = std::max(now, full_at - tolerance_);
    if (at > deadline) return {.granted = false, .at = at};
    full_at_[lane] = full_at + interval_;
    return {.granted = true, .at = at};
}

void Pacing::hold(const std::string& lane, Clock::time_point until)
{
    const std::lock_guard lock{mutex_};
    full_at_[lane] = std::max(full_at_[lane], until + tolerance_);
}

} // namespace gateway
