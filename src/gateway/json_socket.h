#pragma once
#include "gateway/child_process.h"
#include "gateway/json_document.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// JSON over a Unix socket, one value a line, as QEMU and its guest agent speak it. Nothing waits beyond its deadline.
class JsonSocket {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Connects to what listens under the path; see failure().
    JsonSocket(const std::string& path, Deadline deadline);

    /// 0, or the errno why there is no connection.
    int failure() const { return failure_; }

    /// True if nobody listens: no such socket, or one whose process is gone.
    bool is_nobody() const;

    /// False if the line could not be given away whole.
    bool send(std::string_view line, Deadline deadline);

    /// The next line; nullopt if it does not come in time or the connection is gone. The document is empty if the line is no JSON.
    std::optional<JsonDocument> receive(Deadline deadline);

private:
    std::optional<std::string> next_line(Deadline deadline);

    Descriptor descriptor_{};
    int failure_{0};
    std::string received_{};
};

} // namespace gateway
