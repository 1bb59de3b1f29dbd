#pragma once
#include "api/ovh_routes.h"
#include "service/api_credentials.h"
#include "service/api_keys.h"
#include "service/api_requests.h"

#include <string>

namespace api {

struct OvhAuthServices {
    service::ApiCredentials& credentials;
    service::ApiRequests& requests;
    service::ApiKeys& keys;
    std::string base_url{}; ///< where members open the page on which they decide
};

/// /auth/… and /me/api/…: the time, asking for credentials, and what a member has of them.
void add_ovh_auth_routes(OvhRoutes& routes, const OvhAuthServices& services);

} // namespace api
