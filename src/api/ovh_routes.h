#pragma once
#include "api/ovh_caller.h"
#include "http/router.h"

#include <functional>
#include <string>

namespace api {

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

private:
    void on(const std::string& method, const std::string& pattern, const http::Handler& handler);

    http::Router& router_;
    OvhCallers& callers_;
};

} // namespace api
