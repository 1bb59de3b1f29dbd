#pragma once
#include "http/message.h"

#include <stdexcept>
#include <string>

namespace api {

/// A refusal in the words of the cart API: the status, its error code, its class and the message with cause and remedy.
class OvhError : public std::runtime_error {
public:
    OvhError(int status, std::string code, std::string class_, const std::string& message)
        : std::runtime_error{message}, status_{status}, code_{std::move(code)}, error_class_{std::move(class_)}
    {
    }

    /// 400 for what the client sent.
    static OvhError bad_request(const std::string& message) { return {400, "BAD_REQUEST", "Client::BadRequest", message}; }

    /// 404 in the API's words: "The requested object (cartId = …) does not exist".
    static OvhError not_found(const std::string& what, const std::string& given);

    int status() const noexcept { return status_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& class_() const noexcept { return error_class_; }

private:
    int status_;
    std::string code_;
    std::string error_class_;
};

/// The one place where what went wrong becomes an answer of the cart API: {message, class, errorCode, httpCode, queryId}. To be
/// called inside a catch block. Statuses of refusals are those of the other families, but 422 is 400 here.
http::Response ovh_failure(const http::Request& request);

/// What is answered where no route is.
http::Response ovh_unknown_route(const http::Request& request);

} // namespace api
