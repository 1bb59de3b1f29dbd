#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace gateway {

/// Keeps the calls of all threads of a process under a rate, each lane for itself: a token bucket of `burst` tokens, filled
/// at the rate, told as the time of the next free token (GCRA). Callers are served in the order in which they ask.
class Pacing {
public:
    using Clock = std::chrono::steady_clock;

    /// @throws std::invalid_argument unless both are at least 1.
    Pacing(int per_second, int burst);

    struct Turn {
        bool granted{false};
        Clock::time_point at{}; ///< when the caller may go; if not granted: when it could have gone, no token was taken
    };

    /// Takes the lane's next token if it is there until `deadline`.
    Turn take(const std::string& lane, Clock::time_point now, Clock::time_point deadline);

    /// The other side asked for less: nobody goes on this lane before `until`.
    void hold(const std::string& lane, Clock::time_point until);

private:
    const Clock::duration interval_;
    const Clock::duration tolerance_;
    std::mutex mutex_;
    std::map<std::string, Clock::time_point> full_at_; ///< when the lane's bucket would be full again
};

} // namespace gateway
