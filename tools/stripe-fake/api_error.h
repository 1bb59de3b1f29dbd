#pragma once
#include "http/json.h"

#include <exception>
#include <string>

namespace stripe_fake {

/// An answer of Stripe's that is no success.
class ApiError : public std::exception {
public:
    ApiError(int status, const std::string& type, const std::string& message);

    /// Adds a member of the error object: param, decline_code, setup_intent …
    ApiError&& with(const char* member, const http::Json& value) &&;

    /// Adds the code, and with it the page that explains it.
    ApiError&& coded(const std::string& code) &&;

    int status() const noexcept { return status_; }
    const http::Json& error() const noexcept { return error_; }

    /// The work was begun and its refusal is its result: kept under an idempotency key, with what it changed.
    bool is_outcome() const noexcept { return status_ == 402 || status_ >= 500; }

    const char* what() const noexcept override { return "an error of the test gateway's API"; }

private:
    int status_;
    http::Json error_{http::Json::object()};
};

/// 400: the request as such cannot be carried out. `param` in brackets; empty if it is about none.
ApiError invalid_request(const std::string& message, const std::string& param = {});

/// The object is unknown: 404 if its id stood in the path (`param` is empty), else 400.
ApiError no_such(const std::string& noun, const std::string& id, const std::string& param = {});

/// 404: there is no such method and path.
ApiError unrecognized_url(const std::string& method, const std::string& path);

/// 500, for whatever nobody foresaw.
ApiError unknown_error();

} // namespace stripe_fake
