#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fake {

/// Takes connections on a free port of loopback, each in a thread of its own, until it is destroyed.
class LoopbackServer {
public:
    /// Called with the socket, which is closed afterwards, and the connection's number, from 1.
    using Serve = std::function<void(int socket, int connection)>;

    explicit LoopbackServer(Serve serve) : serve_{std::move(serve)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* name = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, name, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, name, &size) != 0)
            throw std::runtime_error{"no port on loopback"};
        port_ = ntohs(address.sin_port);
        acceptor_ = std::jthread{[this] { accept_connections(); }};
    }

    ~LoopbackServer()
    {
        stopping_ = true;
        acceptor_.join();
        ::close(listener_);
        connections_.clear(); // joins them
    }

    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    int port() const { return port_; }
    bool is_stopping() const { return stopping_; }

    /// Waits for more from the peer and appends it; false if it left, or we stop.
    bool receive(int socket, std::string& text) const
    {
        while (!stopping_) {
            pollfd waiting{socket, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            char bytes[65536];
            const auto got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
            return got > 0;
        }
        return false;
    }

private:
    void accept_connections()
    {
        for (int connection = 1; !stopping_;) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            connections_.emplace_back([this, socket, connection] {
                serve_(socket, connection);
                ::close(socket);
            });
            ++connection;
        }
    }

    Serve serve_;
    int listener_;
    int port_{0};
    std::atomic<bool> stopping_{false};
    std::vector<std::jthread> connections_{};
    std::jthread acceptor_{};
};

} // namespace fake
