#include "gateway/json_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_line = 8 << 20;
constexpr auto full_pause = std::chrono::milliseconds{20};

/// False at the deadline.
bool await(const Descriptor& descriptor, short events, Clock::time_point deadline)
{
    pollfd watched{descriptor.get(), events, 0};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        const int ready = ::poll(&watched, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000)));
        if (ready > 0) return true;
        if (left <= 0 || (ready < 0 && errno != EINTR)) return false;
    }
}

} // namespace

JsonSocket::JsonSocket(const std::string& path, Deadline deadline)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        failure_ = ENAMETOOLONG;
        return;
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    descriptor_ = Descriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!descriptor_.is_open()) {
        failure_ = errno;
        return;
    }
    // EAGAIN: so many wait already that the queue is full, and there is nothing to poll for.
    while (::connect(descriptor_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        failure_ = errno;
        if (failure_ != EAGAIN && failure_ != EINTR) return;
        if (Clock::now() >= deadline) return;
        std::this_thread::sleep_for(full_pause);
    }
    failure_ = 0;
}

bool JsonSocket::is_nobody() const { return failure_ == ENOENT || failure_ == ECONNREFUSED; }

bool JsonSocket::send(std::string_view line, Deadline deadline)
{
    std::string rest{line};
    rest += '\n';
    while (!rest.empty()) {
        const auto count = ::send(descriptor_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count > 0) rest.erase(0, static_cast<std::size_t>(count));
        else if (errno == EAGAIN && await(descriptor_, POLLOUT, deadline)) continue;
        else if (errno != EINTR) return false;
    }
    return true;
}

std::optional<JsonDocument> JsonSocket::receive(Deadline deadline)
{
    const auto line = next_line(deadline);
    if (!line) return std::nullopt;
    return JsonDocument{*line};
}

std::optional<std::string> JsonSocket::next_line(Deadline deadline)
{
    std::array<char, 16384> buffer;
    for (;;) {
        if (const auto end = received_.find('\n'); end != std::string::npos) {
            auto line = received_.substr(0, end);
            received_.erase(0, end + 1);
            return line;
        }
        if (received_.size() > max_line || !await(descriptor_, POLLIN, deadline)) return std::nullopt;
        const auto count = ::recv(descriptor_.get(), buffer.data(), buffer.size(), 0);
        if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
        else if (count == 0 || (errno != EAGAIN && errno != EINTR)) return std::nullopt;
    }
}

} // namespace gateway
