#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {

struct HttpRequest {
    std::string method{"GET"};
    std::string url{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string_view body{}; ///< not copied by us: must live until the answer is there
    std::chrono::milliseconds connect_timeout{2000};
    std::chrono::milliseconds timeout{10000}; ///< for the whole exchange
    std::size_t max_answer{1024 * 1024};      ///< bytes; a longer one counts as none
};

struct HttpAnswer {
    int status{0};   ///< 0: no complete answer came; what was asked may have been done all the same
    bool sent{true}; ///< false: not a byte of the request left us, so nothing was done
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};

    /// The header's value, found without regard to case, or an empty view.
    std::string_view header(std::string_view name) const;
};

/// One HTTP exchange, on a connection that the calling thread keeps for the next one. Follows no redirect. Never throws
/// for what the network or the server does.
/// @throws std::invalid_argument if a header holds a line break; std::bad_alloc
HttpAnswer exchange(const HttpRequest& request);

} // namespace gateway
