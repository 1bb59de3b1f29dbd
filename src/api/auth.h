#pragma once
#include "http/router.h"
#include "service/sign_ins.h"

namespace api {

/// The one route that nginx asks for every request (auth_request): 204 with the verified identity in X-Auth-User,
/// X-Auth-Member and X-Auth-Groups, or 401 or 503 with X-Auth-Reason.
void add_auth_routes(http::Router& router, service::SignIns& sign_ins);

/// Name and password of an Authorization header (RFC 7617); both empty if it holds none.
struct Credentials {
    std::string uid{}, password{};
};
Credentials credentials_of(std::string_view authorization);

} // namespace api
