#pragma once
#include "http/message.h"

#include <functional>
#include <string>
#include <vector>

namespace http {

using Handler = std::function<Response(const Request&)>;

/// What one route is, for the description that must match it.
struct Route {
    std::string method{};
    std::string pattern{}; ///< "/orders/{uuid}/cancel"
};

/// The routes of one executable. Answers 404 and 405, HEAD as GET, and the checks that hold for every request itself.
class Router {
public:
    Router() = default;

    /// For a protocol that is not this one: the routes get every request as it came, without those checks, and
    /// `otherwise` answers what no route takes.
    explicit Router(Handler otherwise) : otherwise_{std::move(otherwise)} {}

    /// `pattern` is a path whose {…} segments match any one segment; they arrive in Request::segments.
    void on(std::string method, std::string pattern, Handler handler);

    /// The same for a body that is no JSON; `media_types` must be such as no form of a browser can send.
    void on(std::string method, std::string pattern, std::vector<std::string> media_types, Handler handler);

    /// Never throws: what goes wrong becomes a problem document.
    Response answer(Request request) const;

    std::vector<Route> routes() const;

private:
    struct Entry {
        Route route{};
        std::vector<std::string> parts{};
        std::vector<std::string> media_types{};
        Handler handler{};
    };

    Response dispatch(Request& request) const;

    std::vector<Entry> entries_;
    Handler otherwise_{};
};

} // namespace http
