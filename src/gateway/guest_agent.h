#pragma once
#include "gateway/json_socket.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// `refused`: the agent said no; `unanswered`: it said nothing in time, and may have done it, or still do.
enum class AgentAnswer { done, refused, unanswered };

struct AgentReply {
    AgentAnswer answer{AgentAnswer::unanswered};
    std::optional<std::int64_t> number{}; ///< what it returned, if that is a number
    std::string text{};                   ///< what it returned, if that is a text
    std::string refusal{};                ///< its own words
};

/// A connection to the agent in a guest (QEMU guest agent), through the socket that QEMU holds. It serves one connection at a
/// time, and outlives those who used it before: hence the synchronising.
class GuestAgent {
public:
    /// Connects, and waits until the agent answers us and not somebody before.
    GuestAgent(const std::string& socket, std::chrono::milliseconds limit);

    bool is_ready() const { return ready_; }

    /// True if no guest can be there: nobody holds the socket.
    bool is_absent() const { return socket_.is_nobody(); }

    AgentReply execute(std::string_view command, std::chrono::milliseconds limit);

private:
    bool synchronise(JsonSocket::Deadline deadline);

    JsonSocket socket_;
    bool ready_{false};
};

} // namespace gateway
