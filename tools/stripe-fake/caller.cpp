#include "caller.h"

#include "api/auth.h"
#include "api_error.h"

namespace stripe_fake {
namespace {

std::string api_key(const http::Request& request, Parameters& parameters)
{
    const auto header = request.param("HTTP_AUTHORIZATION");
    if (header.starts_with("Bearer ")) return std::string{header.substr(7)};
    if (!header.empty()) return api::credentials_of(header).uid;
    return parameters.text("key").value_or("");
}

} // namespace

Caller caller_of(const http::Request& request, Parameters& parameters)
{
    const auto key = api_key(request, parameters);
    const auto is = [&](std::string_view prefix) { return key.size() > prefix.size() && key.starts_with(prefix); };
    if (is("sk_test_") || is("rk_test_")) return Caller::server;
    if (is("pk_test_")) return Caller::browser;
    if (key.empty())
        throw ApiError{401, "invalid_request_error",
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth"
            " (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."};
    throw ApiError{401, "invalid_request_error", "Invalid API Key provided: " + key.substr(0, 7) + "****"};
}

void require_permission(Caller caller, const Endpoint& endpoint)
{
    if (caller == Caller::browser && endpoint.least == Caller::server)
        throw ApiError{
            403, "invalid_request_error", "This API call cannot be made with a publishable API key. Please use a secret API key."}
            .coded("secret_key_required");
}

void accept_common(Parameters& parameters, Caller caller)
{
    for (const char* name : {"expand", "key"}) parameters.accept(name);
    if (caller == Caller::server) return;
    for (const char* name : {"_stripe_account", "_stripe_version", "client_attribution_metadata", "guid", "muid", "sid", "pasted_fields",
             "payment_user_agent", "referrer", "time_on_page"})
        parameters.accept(name);
}

std::string base_url_of(const http::Request& request)
{
    return (request.param("HTTPS") == "on" ? "https://" : "http://") + std::string{request.param("HTTP_HOST")};
}

} // namespace stripe_fake
