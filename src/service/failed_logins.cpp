#include "service/failed_logins.h"

#include <algorithm>

namespace service {
namespace {

constexpr std::size_t max_counts = 100'000; // what an attacker with many names can make us hold

/// The directory compares names without case, so do we.
std::string folded(std::string uid)
{
    std::ranges::transform(uid, uid.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return uid;
}

} // namespace

bool FailedLogins::too_many(const std::string& uid, const std::string& address)
{
    const std::lock_guard lock{mutex_};
    return current(accounts_, folded(uid)) >= per_account_ || current(addresses_, address) >= per_address_;
}

void FailedLogins::note(const std::string& uid, const std::string& address)
{
    const std::lock_guard lock{mutex_};
    add(accounts_, folded(uid));
    add(addresses_, address);
}

void FailedLogins::forget(const std::string& uid)
{
    const std::lock_guard lock{mutex_};
    accounts_.erase(folded(uid));
}

int FailedLogins::current(const Counts& counts, const std::string& key) const
{
    const auto found = counts.find(key);
    if (found == counts.end() || Clock::now() - found->second.since > window_) return 0;
    return found->second.failures;
}

void FailedLogins::add(Counts& counts, const std::string& key)
{
    const auto now = Clock::now();
    if (counts.size() >= max_counts) std::erase_if(counts, [&](const auto& entry) { return now - entry.second.since > window_; });
    if (counts.size() >= max_counts) counts.clear();
    auto& count = counts[key];
    if (now - count.since > window_) count = {0, now};
    ++count.failures;
}

} // namespace service
