#pragma once
#include <array>
#include <cstring>
#include <filesystem>
#include <functional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fake {

/// Listens under a path, one connection at a time, as QEMU's sockets do: what it says to a new connection, and to each line that
/// comes, is up to the test. An empty answer is silence.
class ScriptedSocket {
public:
    using Answer = std::function<std::string(const std::string& line)>;

    ScriptedSocket(const std::filesystem::path& path, std::string greeting, Answer answer)
        : greeting_{std::move(greeting)}, answer_{std::move(answer)}
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(listening_, 1);
        thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
    }
    ~ScriptedSocket()
    {
        thread_.request_stop();
        thread_.join();
        ::close(listening_);
    }
    ScriptedSocket(const ScriptedSocket&) = delete;
    ScriptedSocket& operator=(const ScriptedSocket&) = delete;

private:
    static bool has_news(int descriptor)
    {
        pollfd watched{descriptor, POLLIN, 0};
        return ::poll(&watched, 1, 20) > 0;
    }

    static void say(int connection, const std::string& text) { ::send(connection, text.data(), text.size(), MSG_NOSIGNAL); }

    void serve(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            if (!has_news(listening_)) continue;
            const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
            say(connection, greeting_);
            converse(connection, stop);
            ::close(connection);
        }
    }

    void converse(int connection, const std::stop_token& stop)
    {
        std::array<char, 4096> buffer;
        std::string received;
        while (!stop.stop_requested()) {
            if (!has_news(connection)) continue;
            const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
            if (count <= 0) return;
            received.append(buffer.data(), static_cast<std::size_t>(count));
            for (auto end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
                say(connection, answer_(received.substr(0, end)));
                received.erase(0, end + 1);
            }
        }
    }

    std::string greeting_;
    Answer answer_;
    int listening_{-1};
    std::jthread thread_{};
};

} // namespace fake
