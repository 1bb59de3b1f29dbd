#include "api/ovh_error.h"

#include "http/json_text.h"
#include "http/problem.h"

namespace api {
namespace {

struct Named {
    int status;
    const char* words; ///< of httpCode
    const char* class_;
    const char* code; ///< errorCode, unless the refusal has one of its own
};

Named named(int status)
{
    switch (status) {
    case 400: return {400, "Bad Request", "Client::BadRequest", "BAD_REQUEST"};
    case 401: return {401, "Unauthorized", "Client::Unauthorized", "UNAUTHORIZED"};
    case 402: return {402, "Payment Required", "Client::PaymentRequired", "PAYMENT_REQUIRED"};
    case 403: return {403, "Forbidden", "Client::Forbidden", "FORBIDDEN"};
    case 404: return {404, "Not Found", "Client::NotFound", "NOT_FOUND"};
    case 409: return {409, "Conflict", "Client::Conflict", "CONFLICT"};
    case 413: return {413, "Payload Too Large", "Client::PayloadTooLarge", "PAYLOAD_TOO_LARGE"};
    case 429: return {429, "Too Many Requests", "Client::TooManyRequests", "TOO_MANY_REQUESTS"};
    case 460: return {460, "Resource Expired", "Client::ResourceExpired", "RESOURCE_EXPIRED"};
    case 503: return {503, "Service Unavailable", "Server::ServiceUnavailable", "SERVICE_UNAVAILABLE"};
    default: return {500, "Internal Server Error", "Server::InternalServerError", "INTERNAL_SERVER_ERROR"};
    }
}

http::Response body_of(
    const http::Request& request, int status, const std::string& code, const std::string& class_, const std::string& message)
{
    auto body = http::JsonText::object();
    body.set("message", message).set("class", class_.empty() ? named(status).class_ : class_).set("errorCode", code);
    body.set("httpCode", std::to_string(status) + ' ' + named(status).words).set("queryId", request.id);
    return {.status = status, .body = body.dump()};
}

/// "#/quantity" → "quantity".
std::string field_of(const std::string& pointer) { return pointer.starts_with("#/") ? pointer.substr(2) : pointer; }

std::string message_of(const std::vector<http::Fault>& faults)
{
    std::string message;
    for (const auto& fault : faults) message += (message.empty() ? "" : "\n") + field_of(fault.pointer) + ": " + fault.detail;
    return message;
}

/// What the other families make of the exception in flight, told in this one's words.
http::Response translated(const http::Request& request, const std::string& message)
{
    const auto problem = http::problem_of_current_exception(request);
    const int status = problem.status == 422 || problem.status == 405 || problem.status == 415 ? 400 : problem.status;
    auto response = body_of(request, status, named(status).code, "", message);
    if (status == 429 || status == 503) return std::move(response).with("Retry-After", "2");
    return response;
}

} // namespace

OvhError OvhError::not_found(const std::string& what, const std::string& given)
{
    return {404, "NOT_FOUND", "Client::NotFound", "The requested object (" + what + " = " + given + ") does not exist"};
}

http::Response ovh_failure(const http::Request& request)
{
    try {
        throw;
    } catch (const OvhError& error) {
        return body_of(request, error.status(), error.code(), error.class_(), error.what());
    } catch (const http::InvalidFields& invalid) {
        return body_of(request, 400, "BAD_REQUEST", "", message_of(invalid.faults()));
    } catch (const domain::Refusal& refusal) {
        return translated(request, refusal.what());
    } catch (const http::BadRequest& error) {
        return translated(request, error.what());
    } catch (const http::Rejected& rejected) {
        return translated(request, rejected.what());
    } catch (const domain::Unavailable&) {
        return translated(request, "a part of the service is not reachable now; try again shortly");
    } catch (const std::exception&) {
        return translated(request, "Internal server error; tell us the queryId " + request.id);
    }
}

http::Response ovh_unknown_route(const http::Request& request)
{
    return body_of(request, 404, "NOT_FOUND", "",
        "Got an invalid (or empty) URL: there is no " + request.method + ' ' + request.path + "; the routes are listed in /docs/cart");
}

} // namespace api
