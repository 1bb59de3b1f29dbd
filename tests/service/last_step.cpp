#include "fake/last_step.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <atomic>
#include <csignal>
#include <unistd.h>

namespace {

std::atomic<int> steps_left{0}; // 0: it lives on

void step()
{
    if (steps_left > 0 && --steps_left == 0) ::kill(::getpid(), SIGKILL);
}

} // namespace

void fake::die_at(int step) { steps_left = step; }

void fake::pass_step() { step(); }

extern "C" ssize_t send(int socket, const void* data, size_t size, int flags)
{
    step();
    const auto sent = ::sendto(socket, data, size, flags, nullptr, 0);
    step();
    return sent;
}
