#pragma once
#include "domain/member.h"
#include "http/message.h"
#include "service/accounts.h"

namespace api {

/// Who asks, from the parameters that nginx sets after auth_request; a header of the client never gets this far.
/// A request made by hand as CGI may name REMOTE_USER alone: the member is looked up then.
/// @throws http::Rejected 401 if the request carries no verified identity
domain::Identity identity_of(const http::Request& request, service::Accounts& accounts);

/// As identity_of, for operators only. @throws domain::Refusal forbidden
domain::Identity operator_of(const http::Request& request, service::Accounts& accounts);

} // namespace api
