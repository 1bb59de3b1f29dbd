#pragma once
#include "gateway/json_socket.h"

#include <chrono>
#include <string>
#include <string_view>

namespace gateway {

/// What QEMU said to a command. `unanswered`: nothing in time; it may have done it, or still do.
enum class MonitorAnswer { done, refused, unanswered };

struct MonitorReply {
    MonitorAnswer answer{MonitorAnswer::unanswered};
    JsonDocument document{}; ///< of `done`: its member "return"
    std::string refusal{};   ///< of `refused`: QEMU's own words
};

/// A connection to a running machine's QEMU (QMP, QEMU's machine protocol). It serves one connection at a time, so ours are short.
class QemuMonitor {
public:
    /// Connects and says hello; see the questions below.
    explicit QemuMonitor(const std::string& socket);

    /// Nobody listens: the machine is off.
    bool is_absent() const { return socket_.is_nobody(); }

    /// Somebody listens and said hello.
    bool is_ready() const { return ready_; }

    /// `arguments` is a JSON object. Ours are made of checked names and numbers, so they need no escaping.
    MonitorReply execute(std::string_view command, std::string_view arguments, std::chrono::milliseconds limit);

private:
    JsonSocket socket_;
    bool ready_{false};
};

} // namespace gateway
