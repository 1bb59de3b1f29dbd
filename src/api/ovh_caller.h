#pragma once
#include "domain/api_credential.h"
#include "domain/member.h"
#include "http/message.h"
#include "service/api_credentials.h"

#include <optional>

namespace api {

/// Who makes a call of the cart API.
struct OvhCaller {
    std::optional<domain::Identity> member{}; ///< none: an open route was called without a signature
    std::optional<domain::ApiKey> key{};      ///< by which the member calls; with member
};

/// Finds out who calls.
class OvhCallers {
public:
    explicit OvhCallers(service::ApiCredentials& credentials) : credentials_{credentials} {}

    /// For an open route: a call that carries a signature is verified all the same, unless it asks for what one signs with
    /// (/auth/time, /auth/credential). @throws OvhError if it carries one that cannot be believed
    OvhCaller anybody(const http::Request& request);

    /// For a route that needs a login. @throws OvhError
    OvhCaller member(const http::Request& request);

private:
    OvhCaller verified(const http::Request& request);

    service::ApiCredentials& credentials_;
};

} // namespace api
