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
    std::chrono::milliseconds timeout{10000};     ///< for the whole exchange
    std::size_t max_answer{std::size_t{1} << 20}; ///< bytes; a longer one counts as none
    bool check_certificate{true};                 ///< false: whoever answers under TLS is believed
    std::string ca_file{};                        ///< PEM file of who may vouch for certificates; empty: the system's
    bool own_connection{false};                   ///< a new one: curl repeats by itself what got no answer on a kept one
};

struct HttpAnswer {
    int status{0};       ///< 0: no complete answer came; what was asked may have been done all the same
    bool sent{true};     ///< false: not a byte of the request left us, so nothing was done
    std::string fault{}; ///< why no answer came, for people; empty if one did
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};

    /// The header's value, found without regard to case, or an empty view.
    std::string_view header(std::string_view name) const;
};

/// One HTTP exchange, on a connection that the calling thread keeps for the next one. Follows no redirect. Never throws
/// for what the network or the server does.
/// @throws std::invalid_argument if a header holds a line break; std::bad_alloc
HttpAnswer exchange(const HttpRequest& request);

/// As a value in a query or a form: all but letters, digits and "-._~" is percent-encoded. @throws std::bad_alloc
std::string url_escaped(std::string_view text);

} // namespace gateway
