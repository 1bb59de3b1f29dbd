#pragma once
#include "http/message.h"

#include <functional>
#include <string>
#include <vector>

namespace http {

using Handler = std::function<Response(const Request&)>;

/// Answers what went wrong; called inside a catch block, so that it sees the exception in flight.
using Failure = std::function<Response(const Request&)>;

/// What one route is, for the description that must match it.
struct Route {
    std::string method{};
    std::string pattern{}; ///< "/orders/{uuid}/cancel"
};

/// The routes of one executable. Answers 404 and 405, HEAD as GET, and the checks that hold for every request itself.
class Router {
public:
    Router();

    /// For a protocol that is not this one: the routes get every request as it came, without those checks, `otherwise`
    /// answers what no route takes, and `failure` what went wrong.
    explicit Router(Handler otherwise);
    Router(Handler otherwise, Failure failure) : otherwise_{std::move(otherwise)}, failure_{std::move(failure)} {}

    /// Everything below `prefix`, which ends with a slash, is answered by another router, which must live as long as this one.
    /// Its routes are of another protocol and not told by routes().
    void hand_over(std::string prefix, const Router& to) { others_.emplace_back(std::move(prefix), &to); }

    /// `pattern` is a path whose {…} segments match any one segment; they arrive in Request::segments.
    void on(std::string method, std::string pattern, Handler handler);

    /// The same for a body that is no JSON; `media_types` must be such as no form of a browser can send.
    void on(std::string method, std::string pattern, std::vector<std::string> media_types, Handler handler);

    /// Never throws: what goes wrong becomes a problem document, or what the protocol's own Failure makes of it.
    Response answer(Request request) const;

    /// To be called inside a catch block: the answer to what went wrong before the request could be given to answer().
    Response failure(const Request& request) const;

    std::vector<Route> routes() const;

private:
    struct Entry {
        Route route{};
        std::vector<std::string> parts{};
        std::vector<std::string> media_types{};
        Handler handler{};
    };

    Response dispatch(Request& request) const;
    const Router& responsible_for(const Request& request) const;

    std::vector<Entry> entries_{};
    std::vector<std::pair<std::string, const Router*>> others_{};
    Handler otherwise_{};
    Failure failure_;
};

} // namespace http
