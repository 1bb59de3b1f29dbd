#include "client/failure.h"

namespace client {
namespace {

Exit exit_of(const gateway::OvhReply& reply)
{
    const auto& code = reply.error_code();
    if (reply.outcome() != gateway::OvhOutcome::refused || reply.status() == 429) return Exit::temporary;
    for (const char* of_keys :
        {"INVALID_SIGNATURE", "QUERY_TIME_OUT", "INVALID_CREDENTIAL", "NOT_CREDENTIAL", "NOT_GRANTED_CALL", "INVALID_KEY"})
        if (code == of_keys) return Exit::not_logged_in;
    switch (reply.status()) {
    case 401: return Exit::not_logged_in;
    case 404: return Exit::not_found;
    case 409: return Exit::conflict;
    default: return Exit::refused;
    }
}

std::string remedy_of(const gateway::OvhReply& reply)
{
    const auto& code = reply.error_code();
    if (code == "INVALID_CREDENTIAL")
        return "the consumer key was not validated yet, has expired or was revoked: open the address that `ovh-order login` showed, "
               "or run `ovh-order login` again";
    if (code == "NOT_CREDENTIAL") return "the consumer key is not one of this application and endpoint: run `ovh-order login`";
    if (code == "NOT_GRANTED_CALL")
        return "the consumer key does not cover this call: run `ovh-order login`, which asks for all that orders need";
    if (code == "INVALID_KEY") return "check application_key, and that the endpoint is the one it was made at";
    if (code == "INVALID_SIGNATURE")
        return "check application_secret and consumer_key; behind a proxy also that the endpoint is the address that the server knows "
               "itself by";
    if (code == "QUERY_TIME_OUT") return "somebody on the way holds requests back for minutes";
    if (reply.status() == 401) return "run `ovh-order login`";
    if (reply.status() == 460) return "create a new one: `ovh-order cart new`";
    return "";
}

} // namespace

Failure failure_of(const gateway::OvhReply& reply, const std::string& doing)
{
    Failure failure{exit_of(reply), "cannot " + doing + ": " + reply.message(), remedy_of(reply)};
    failure.status = reply.status();
    failure.error_code = reply.error_code();
    failure.query_id = reply.query_id();
    return failure;
}

} // namespace client
