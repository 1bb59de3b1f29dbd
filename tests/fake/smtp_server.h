#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace fake {

/// A mail as the server received it.
struct ReceivedMail {
    std::string from{}, to{};
    std::string bytes{}; ///< with the dots at the beginning of lines taken off again
    int connection{0};   ///< counted from 1
};

/// What the server does when it is asked something.
struct SmtpReaction {
    std::string reply{}; ///< without CRLF; empty: the usual one
    enum class Then { go_on, close, hang };
    Then then{Then::go_on}; ///< close: after the reply, or without one if it is empty
};

/// A small mail server on loopback that does to its clients what a far one can do. `react` is asked before each reply with the command
/// ("greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", and "." for a whole mail) and its line.
class SmtpServer {
public:
    using React = std::function<SmtpReaction(const std::string& command, const std::string& line)>;

    explicit SmtpServer(
        React react = [](const std::string&, const std::string&) { return SmtpReaction{}; }, std::string extensions = "")
        : react_{std::move(react)}, extensions_{std::move(extensions)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* name = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, name, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, name, &size) != 0)
            throw std::runtime_error{"no port on loopback"};
        port_ = ntohs(address.sin_port);
        acceptor_ = std::jthread{[this] { accept_clients(); }};
    }

    ~SmtpServer()
    {
        stopping_ = true;
        acceptor_.join();
        ::close(listener_);
        clients_.clear(); // joins them
    }

    SmtpServer(const SmtpServer&) = delete;
    SmtpServer& operator=(const SmtpServer&) = delete;

    int port() const { return port_; }

    std::vector<ReceivedMail> mails() const
    {
        const std::lock_guard lock{mutex_};
        return mails_;
    }
    std::vector<std::string> lines() const
    {
        const std::lock_guard lock{mutex_};
        return lines_;
    }

private:
    void accept_clients()
    {
        for (int connection = 1; !stopping_;) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            clients_.emplace_back([this, socket, connection] {
                serve(socket, connection);
                ::close(socket);
            });
            ++connection;
        }
    }

    /// One line without CRLF; false if the client leaves or we stop.
    bool receive(int socket, std::string& buffer, std::string& line) const
    {
        std::size_t end = 0;
        while ((end = buffer.find("\r\n")) == std::string::npos) {
            if (stopping_) return false;
            pollfd waiting{socket, POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            char bytes[65536];
            const auto got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got <= 0) return false;
            buffer.append(bytes, static_cast<std::size_t>(got));
        }
        line = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        return true;
    }

    /// Returns false if the conversation ends here.
    bool answer(int socket, const std::string& command, const std::string& line, const std::string& usual) const
    {
        const auto reaction = react_(command, line);
        if (reaction.then == SmtpReaction::Then::hang) {
            while (!stopping_) std::this_thread::sleep_for(std::chrono::milliseconds{10});
            return false;
        }
        if (reaction.then == SmtpReaction::Then::close && reaction.reply.empty()) return false;
        const auto reply = (reaction.reply.empty() ? usual : reaction.reply) + "\r\n";
        ::send(socket, reply.data(), reply.size(), MSG_NOSIGNAL);
        refused_ = !reaction.reply.empty();
        return reaction.then == SmtpReaction::Then::go_on;
    }

    void serve(int socket, int connection)
    {
        std::string buffer, line;
        ReceivedMail mail{.connection = connection};
        if (!answer(socket, "greeting", "", "220 fake.example ESMTP")) return;
        while (receive(socket, buffer, line)) {
            {
                const std::lock_guard lock{mutex_};
                lines_.push_back(line);
            }
            const auto command = line.substr(0, line.find(' '));
            const auto address = line.substr(line.find('<') + 1, line.find('>') - line.find('<') - 1);
            if (command == "EHLO"
                && !answer(socket, command, line, "250" + std::string(extensions_.empty() ? " " : "-") + "fake.example" + extensions_))
                return;
            if (command == "AUTH" && !answer(socket, command, line, "235 welcome")) return;
            if (command == "RSET" && !answer(socket, command, line, "250 ok")) return;
            if (command == "MAIL") {
                mail = {.from = address, .connection = connection};
                if (!answer(socket, command, line, "250 ok")) return;
            }
            if (command == "RCPT") {
                mail.to = address;
                if (!answer(socket, command, line, "250 ok")) return;
            }
            if (command == "DATA") {
                if (!answer(socket, command, line, "354 go on")) return;
                if (refused_) continue;
                for (mail.bytes.clear(); receive(socket, buffer, line) && line != ".";)
                    mail.bytes += (line.starts_with('.') ? line.substr(1) : line) + "\r\n";
                if (line != ".") return;
                {
                    const std::lock_guard lock{mutex_};
                    mails_.push_back(mail);
                }
                if (!answer(socket, ".", "", "250 taken")) return;
            }
            if (command == "QUIT") return;
        }
    }

    React react_;
    std::string extensions_;
    int listener_;
    int port_{0};
    std::atomic<bool> stopping_{false};
    static thread_local inline bool refused_{false}; ///< the last answer was the test's
    mutable std::mutex mutex_;
    std::vector<ReceivedMail> mails_;
    std::vector<std::string> lines_;
    std::vector<std::jthread> clients_;
    std::jthread acceptor_;
};

} // namespace fake
