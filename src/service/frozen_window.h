#pragma once
#include "gateway/guest.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace service {

/// The time in which a guest is held still: from before it is asked to freeze until it is thawed, which happens at the end of the
/// limit at the latest, by a thread of its own, whatever else hangs meanwhile (oVirt vdsm 160 looked at the clock only after a call that
/// took eight hours). A window that is left otherwise is closed by its destructor.
class FrozenWindow {
public:
    FrozenWindow(gateway::Guest& guest, const domain::Uuid& machine, std::chrono::milliseconds limit);
    ~FrozenWindow();
    FrozenWindow(const FrozenWindow&) = delete;
    FrozenWindow& operator=(const FrozenWindow&) = delete;

    gateway::FreezeAnswer freeze();

    /// What is left of the limit; zero if the window is closed.
    std::chrono::milliseconds left();

    /// Thaws the guest, unless it was, and tells what it said.
    gateway::Thaw close();

    /// True if the guest had to be thawed because the limit was over.
    bool was_cut_off();

private:
    void watch();

    gateway::Guest& guest_;
    const domain::Uuid machine_;
    const std::chrono::steady_clock::time_point end_;
    std::mutex mutex_{}; ///< also: one user of the agent at a time
    std::condition_variable closed_{};
    bool is_closed_{false}, was_cut_off_{false};
    gateway::Thaw thaw_{};
    std::jthread watch_; ///< last: it uses the others
};

} // namespace service
