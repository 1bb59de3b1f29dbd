#include "gateway/wireguard.h"

#include <cerrno>
#include <sys/file.h>
#include <thread>

namespace gateway {
namespace {

constexpr auto patience = std::chrono::seconds{20}; // longer than one revision takes at worst, less than a job's lease

bool take(const Descriptor& lock)
{
    for (const auto until = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < until;) {
        if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return true;
        if (errno != EWOULDBLOCK && errno != EINTR) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return false;
}

} // namespace

WireguardAnswer Wireguard::revise(const Decide& decide)
{
    const auto lock = lock_file();
    if (!lock.is_open()) return errno == EACCES || errno == EPERM ? WireguardAnswer::denied : WireguardAnswer::unavailable;
    if (!take(lock)) return WireguardAnswer::busy;

    const auto before = list();
    if (before.answer != WireguardAnswer::done) return before.answer;
    const auto wanted = decide(before.peers);
    if (wanted.empty()) return WireguardAnswer::done;
    if (const auto answer = change(wanted, lock); answer != WireguardAnswer::done) return answer;

    const auto after = list();
    if (after.answer != WireguardAnswer::done) return WireguardAnswer::unknown; // it was changed, and nobody has looked
    return decide(after.peers).empty() ? WireguardAnswer::done : WireguardAnswer::differs;
}

} // namespace gateway
