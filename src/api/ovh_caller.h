#pragma once
#include "domain/member.h"
#include "http/message.h"

#include <optional>

namespace api {

/// Who makes a call of the cart API.
struct OvhCaller {
    std::optional<domain::Identity> member{}; ///< none: an open route was called without a signature
};

/// Finds out who calls.
class OvhCallers {
public:
    /// For an open route: a call that carries a signature is verified all the same.
    /// @throws OvhError if it carries one that cannot be believed
    OvhCaller anybody(const http::Request& request);

    /// For a route that needs a login. @throws OvhError
    OvhCaller member(const http::Request& request);
};

} // namespace api
