#include "api_error.h"

#include <algorithm>
#include <utility>

namespace stripe_fake {

ApiError::ApiError(int status, const std::string& type, const std::string& message) : status_{status}
{
    error_.set("type", type).set("message", message);
}

ApiError&& ApiError::with(const char* member, const http::Json& value) &&
{
    error_.set(member, value);
    return std::move(*this);
}

ApiError&& ApiError::coded(const std::string& code) &&
{
    auto page = code;
    std::ranges::replace(page, '_', '-');
    error_.set("code", code).set("doc_url", "https://stripe.com/docs/error-codes/" + page);
    return std::move(*this);
}

ApiError invalid_request(const std::string& message, const std::string& param)
{
    ApiError error{400, "invalid_request_error", message};
    return param.empty() ? std::move(error) : std::move(error).with("param", param);
}

ApiError no_such(const std::string& noun, const std::string& id, const std::string& param)
{
    return ApiError{param.empty() ? 404 : 400, "invalid_request_error", "No such " + noun + ": '" + id + "'"}
        .coded("resource_missing")
        .with("param", param.empty() ? "id" : param);
}

ApiError unrecognized_url(const std::string& method, const std::string& path)
{
    return ApiError{404, "invalid_request_error",
        "Unrecognized request URL (" + method + ": " + path
            + "). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."};
}

ApiError unknown_error() { return ApiError{500, "api_error", "An unknown error occurred."}; }

} // namespace stripe_fake
