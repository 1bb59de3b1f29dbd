#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fake {

struct HttpCall {
    std::string method{};
    std::string target{}; ///< path and query
    std::string head{};   ///< request line and headers
    std::string body{};

    std::string header(const std::string& name) const
    {
        const auto at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos) return "";
        const auto begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

/// What the server does with a call.
struct Reaction {
    enum class Mode {
        answer,
        close,        ///< the connection ends without a byte
        cut,          ///< it ends in the middle of the body
        hang,         ///< nothing comes, ever
        trickle,      ///< the answer comes, a byte every 100 ms
        keep_no_more, ///< answers as if the connection stayed open, and closes it
    };
    int status{200};
    std::string body{};
    std::string headers{}; ///< lines ending with CRLF
    Mode mode{Mode::answer};
};

/// A small HTTP server on loopback that does to its callers what a far one can do. The reactions are up to the test.
class HttpServer {
public:
    using React = std::function<Reaction(const HttpCall&)>;

    explicit HttpServer(React react) : react_{std::move(react)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* name = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, name, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, name, &size) != 0)
            throw std::runtime_error{"no port on loopback"};
        port_ = ntohs(address.sin_port);
        acceptor_ = std::jthread{[this] { accept_calls(); }};
    }

    ~HttpServer()
    {
        stopping_ = true;
        acceptor_.join();
        ::close(listener_);
        connections_.clear(); // joins them
    }

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    std::vector<HttpCall> calls() const
    {
        const std::lock_guard lock{mutex_};
        return calls_;
    }

private:
    void accept_calls()
    {
        while (!stopping_) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket >= 0) connections_.emplace_back([this, socket] { serve(socket); });
        }
    }

    void serve(int socket)
    {
        HttpCall call;
        if (receive(socket, call)) {
            {
                const std::lock_guard lock{mutex_};
                calls_.push_back(call);
            }
            send(socket, react_(call));
        }
        ::close(socket);
    }

    /// Reads until the announced body is there; false if the caller leaves before.
    bool receive(int socket, HttpCall& call)
    {
        std::string text;
        std::size_t end = std::string::npos, length = 0;
        while (!stopping_ && (end == std::string::npos || text.size() < end + 4 + length)) {
            pollfd waiting{socket, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            char buffer[65536];
            const auto got = ::recv(socket, buffer, sizeof buffer, 0);
            if (got <= 0) return false;
            text.append(buffer, static_cast<std::size_t>(got));
            if (end == std::string::npos && (end = text.find("\r\n\r\n")) != std::string::npos) {
                call.head = text.substr(0, end) + "\r\n";
                const auto announced = call.header("Content-Length");
                length = announced.empty() ? 0 : std::stoul(announced);
            }
        }
        if (end == std::string::npos) return false;
        call.method = call.head.substr(0, call.head.find(' '));
        const auto target = call.method.size() + 1;
        call.target = call.head.substr(target, call.head.find(' ', target) - target);
        call.body = text.substr(end + 4, length);
        return true;
    }

    void send(int socket, const Reaction& reaction)
    {
        using Mode = Reaction::Mode;
        if (reaction.mode == Mode::close) return;
        if (reaction.mode == Mode::hang) return linger(std::chrono::hours{1});
        auto text = "HTTP/1.1 " + std::to_string(reaction.status) + " X\r\nContent-Length: " + std::to_string(reaction.body.size()) + "\r\n"
            + (reaction.mode == Mode::keep_no_more ? "" : "Connection: close\r\n") + reaction.headers + "\r\n" + reaction.body;
        if (reaction.mode == Mode::cut) text.resize(text.size() - reaction.body.size() / 2);
        const std::size_t step = reaction.mode == Mode::trickle ? 1 : text.size();
        for (std::size_t at = 0; at < text.size() && !stopping_; at += step) {
            if (::send(socket, text.data() + at, std::min(step, text.size() - at), MSG_NOSIGNAL) < 0) return;
            if (step == 1) linger(std::chrono::milliseconds{100});
        }
    }

    void linger(std::chrono::milliseconds duration) const
    {
        const auto until = std::chrono::steady_clock::now() + duration;
        while (!stopping_ && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }

    React react_;
    int listener_;
    int port_{0};
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::vector<HttpCall> calls_;
    std::vector<std::jthread> connections_;
    std::jthread acceptor_;
};

} // namespace fake
