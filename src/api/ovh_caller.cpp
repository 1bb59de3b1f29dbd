#include "api/ovh_caller.h"

#include "api/ovh_error.h"

namespace api {
namespace {

constexpr const char* application_header = "HTTP_X_OVH_APPLICATION";
constexpr const char* consumer_header = "HTTP_X_OVH_CONSUMER";
constexpr const char* timestamp_header = "HTTP_X_OVH_TIMESTAMP";
constexpr const char* signature_header = "HTTP_X_OVH_SIGNATURE";

/// "/1.0/order/cart" → "/order/cart".
std::string_view below_version(std::string_view path)
{
    const auto slash = path.find('/', 1);
    return slash == std::string_view::npos ? std::string_view{"/"} : path.substr(slash);
}

OvhError error_of(const service::CallVerdict& verdict)
{
    using enum service::CallFault;
    const auto error = [&](int status, const char* code) { return OvhError{status, code, "", verdict.explanation}; };
    switch (verdict.fault) {
    case unknown_application: return error(403, "INVALID_KEY");
    case out_of_time: return error(400, "QUERY_TIME_OUT");
    case unknown_credential: return error(403, "NOT_CREDENTIAL");
    case not_validated: return error(403, "INVALID_CREDENTIAL");
    case address_not_allowed: return error(403, "FORBIDDEN");
    case wrong_signature: return error(400, "INVALID_SIGNATURE");
    case not_granted: return error(403, "NOT_GRANTED_CALL");
    case none: break;
    }
    throw std::logic_error{"a call without a fault is no error"};
}

/// The header, once. @throws OvhError
std::string_view header(const http::Request& request, const char* name, const char* spelling, int status, const char* code)
{
    if (request.count(name) > 1) throw OvhError{400, "BAD_REQUEST", "", std::string{spelling} + " is there twice; send it once"};
    const auto value = request.param(name);
    if (!value.empty()) return value;
    throw OvhError{status, code, "",
        std::string{spelling} + " is missing: a signed call has X-Ovh-Application, X-Ovh-Consumer, X-Ovh-Timestamp and X-Ovh-Signature"};
}

bool is_signed(const http::Request& request) { return request.count(consumer_header) > 0 || request.count(signature_header) > 0; }

} // namespace

OvhCaller OvhCallers::anybody(const http::Request& request)
{
    const auto path = below_version(request.path);
    if (!is_signed(request) || path == "/auth/time" || path == "/auth/credential") return {};
    return verified(request);
}

OvhCaller OvhCallers::member(const http::Request& request)
{
    if (!is_signed(request))
        throw OvhError{403, "NOT_CREDENTIAL", "",
            "You must login first: sign the call with X-Ovh-Application, X-Ovh-Consumer, X-Ovh-Timestamp and X-Ovh-Signature; "
            "the keys for it come from POST /api-keys, or from POST /auth/credential and the page it names"};
    return verified(request);
}

OvhCaller OvhCallers::verified(const http::Request& request)
{
    const auto verdict =
        credentials_.verify({.application_key = header(request, application_header, "X-Ovh-Application", 403, "INVALID_KEY"),
            .consumer_key = header(request, consumer_header, "X-Ovh-Consumer", 403, "NOT_CREDENTIAL"),
            .timestamp = header(request, timestamp_header, "X-Ovh-Timestamp", 400, "QUERY_TIME_OUT"),
            .signature = header(request, signature_header, "X-Ovh-Signature", 400, "INVALID_SIGNATURE"),
            .method = request.method,
            .target = request.param("REQUEST_URI"),
            .path = below_version(request.path),
            .body = request.body,
            .address = request.param("REMOTE_ADDR")});
    if (verdict.fault != service::CallFault::none) throw error_of(verdict);
    return {.member = verdict.identity, .key = verdict.key};
}

} // namespace api
