#pragma once
#include "api/ovh_caller.h"
#include "http/router.h"

#include <functional>
#include <string>
#include <vector>

namespace api {

/// A route as the API's own schema tells it.
struct OvhRoute {
    std::string method{};
    std::string pattern{}; ///< without the base: "/order/cart/{cartId}"
    bool open{false};      ///< needs no signature
};

using OvhHandler = std::function<http::Response(const http::Request&, const OvhCaller&)>;

/// The routes of the cart API. Patterns are told as OVH tells them, "/order/cart/{cartId}": each stands below /1.0 and /v1.
class OvhRoutes {
public:
    /// Both must live as long as the routes.
    OvhRoutes(http::Router& router, OvhCallers& callers) : router_{router}, callers_{callers} {}

    /// Anybody may call; who signs is known to the handler.
    void open(const std::string& method, const std::string& pattern, OvhHandler handler);

    /// Only a signed call gets through, so the handler always knows the member.
    void with_login(const std::string& method, const std::string& pattern, OvhHandler handler);

    const std::vector<OvhRoute>& all() const { return all_; }

private:
    void on(const std::string& method, const std::string& pattern, const http::Handler& handler);

    http::Router& router_;
    OvhCallers& callers_;
    std::vector<OvhRoute> all_{};
};

/// The schema of the routes that stand so far, as OVH serves its own and its node clients read it: the list of families at "/", and
/// each at "/order.json", "/me.json" and so on.
void add_ovh_schema(OvhRoutes& routes, const std::string& base_url);

} // namespace api
