#include "api/ovh_caller.h"

#include "api/ovh_error.h"

namespace api {

OvhCaller OvhCallers::anybody(const http::Request&) { return {}; }

OvhCaller OvhCallers::member(const http::Request&) { throw OvhError{403, "NOT_CREDENTIAL", "Client::Forbidden", "You must login first"}; }

} // namespace api
