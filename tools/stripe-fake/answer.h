#pragma once
#include "api_error.h"
#include "http/message.h"

#include <string>

namespace stripe_fake {

/// How a request ended: in an answer of its own, or in the one kept under its key.
struct Outcome {
    int status{200};
    std::string body{};
    std::string original_request{}; ///< the request that was carried out under the key; empty: it came without one
    bool replayed{false};
};

/// The answer with all headers of Stripe's, among them its advice whether to try again.
http::Response answer_with(const http::Request& request, const std::string& request_id, Outcome outcome);

/// The body of an error, with the address at which Stripe would show the request.
std::string body_of(const ApiError& error, const std::string& request_id, std::int64_t now);

/// To a browser that asks whether a page of another site may ask.
http::Response preflight();

/// Makes nginx cut the connection.
http::Response cut();

} // namespace stripe_fake
