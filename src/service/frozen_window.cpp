#include "service/frozen_window.h"

#include <algorithm>

namespace service {

FrozenWindow::FrozenWindow(gateway::Guest& guest, const domain::Uuid& machine, std::chrono::milliseconds limit)
    : guest_{guest}, machine_{machine}, end_{std::chrono::steady_clock::now() + limit}, watch_{[this] { watch(); }}
{
}

FrozenWindow::~FrozenWindow()
{
    const std::lock_guard lock{mutex_};
    if (!is_closed_) guest_.thaw(machine_);
    is_closed_ = true;
    closed_.notify_all();
}

void FrozenWindow::watch()
{
    std::unique_lock lock{mutex_};
    if (closed_.wait_until(lock, end_, [&] { return is_closed_; })) return;
    was_cut_off_ = true;
    thaw_ = guest_.thaw(machine_);
    is_closed_ = true;
}

gateway::FreezeAnswer FrozenWindow::freeze()
{
    const std::lock_guard lock{mutex_};
    if (is_closed_) return gateway::FreezeAnswer::not_possible; // it was never asked
    return guest_.freeze(machine_).answer;
}

std::chrono::milliseconds FrozenWindow::left()
{
    const std::lock_guard lock{mutex_};
    if (is_closed_) return {};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds{0});
}

/// A thaw that nobody answered is sent once more.
gateway::Thaw FrozenWindow::close()
{
    const std::lock_guard lock{mutex_};
    if (!is_closed_ || !thaw_.answered) thaw_ = guest_.thaw(machine_);
    is_closed_ = true;
    closed_.notify_all();
    return thaw_;
}

bool FrozenWindow::was_cut_off()
{
    const std::lock_guard lock{mutex_};
    return was_cut_off_;
}

} // namespace service
