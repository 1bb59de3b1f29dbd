#pragma once
#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace service {

/// Counts failed logins per account and per address within a sliding window, in this process. Past a limit further
/// tries are refused unasked; each refused try prolongs nothing, so the owner of an attacked account gets in again one
/// window after the attack. Bounded in memory. Safe for many threads.
class FailedLogins {
public:
    FailedLogins(int per_account, int per_address, std::chrono::seconds window)
        : per_account_{per_account}, per_address_{per_address}, window_{window}
    {
    }

    bool too_many(const std::string& uid, const std::string& address);
    void note(const std::string& uid, const std::string& address);

    /// A success clears the account's count; the address keeps its own.
    void forget(const std::string& uid);

private:
    using Clock = std::chrono::steady_clock;
    struct Count {
        int failures{0};
        Clock::time_point since{};
    };
    using Counts = std::unordered_map<std::string, Count>;

    int current(const Counts& counts, const std::string& key) const;
    void add(Counts& counts, const std::string& key);

    int per_account_;
    int per_address_;
    std::chrono::seconds window_;
    std::mutex mutex_;
    Counts accounts_;
    Counts addresses_;
};

} // namespace service
