#pragma once
#include "fake/loopback_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
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

    explicit HttpServer(React react) : react_{std::move(react)} {}

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

    std::vector<HttpCall> calls() const
    {
        const std::lock_guard lock{mutex_};
        return calls_;
    }

private:
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
    }

    /// Reads until the announced body is there; false if the caller leaves before.
    bool receive(int socket, HttpCall& call)
    {
        std::string text;
        std::size_t end = std::string::npos, length = 0;
        while (end == std::string::npos || text.size() < end + 4 + length) {
            if (!server_.receive(socket, text)) return false;
            if (end == std::string::npos && (end = text.find("\r\n\r\n")) != std::string::npos) {
                call.head = text.substr(0, end) + "\r\n";
                const auto announced = call.header("Content-Length");
                length = announced.empty() ? 0 : std::stoul(announced);
            }
        }
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
        for (std::size_t at = 0; at < text.size() && !server_.is_stopping(); at += step) {
            if (::send(socket, text.data() + at, std::min(step, text.size() - at), MSG_NOSIGNAL) < 0) return;
            if (step == 1) linger(std::chrono::milliseconds{100});
        }
    }

    void linger(std::chrono::milliseconds duration) const
    {
        const auto until = std::chrono::steady_clock::now() + duration;
        while (!server_.is_stopping() && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }

    React react_;
    mutable std::mutex mutex_;
    std::vector<HttpCall> calls_;
    LoopbackServer server_{[this](int socket, int) { serve(socket); }}; ///< ends first
};

} // namespace fake
