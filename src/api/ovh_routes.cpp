#include "api/ovh_routes.h"

namespace api {

void OvhRoutes::open(const std::string& method, const std::string& pattern, OvhHandler handler)
{
    all_.push_back({method, pattern, true});
    on(method, pattern, [&callers = callers_, handler = std::move(handler)](const http::Request& request) {
        return handler(request, callers.anybody(request));
    });
}

void OvhRoutes::with_login(const std::string& method, const std::string& pattern, OvhHandler handler)
{
    all_.push_back({method, pattern, false});
    on(method, pattern, [&callers = callers_, handler = std::move(handler)](const http::Request& request) {
        return handler(request, callers.member(request));
    });
}

void OvhRoutes::on(const std::string& method, const std::string& pattern, const http::Handler& handler)
{
    for (const auto* base : {"/1.0", "/v1"}) router_.on(method, base + pattern, handler);
}

} // namespace api
