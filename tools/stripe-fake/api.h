#pragma once
#include "answer.h"
#include "caller.h"
#include "endpoint.h"
#include "gateway/clock.h"
#include "http/router.h"
#include "store/database.h"

#include <functional>
#include <string>

namespace stripe_fake {

/// The API as a whole: keys, idempotency, faults, errors in Stripe's shape, and the families of endpoints.
class Api {
public:
    /// `told` is called whenever a request may have left something to deliver. The tables must be there.
    Api(store::Database& database, const gateway::Clock& clock, std::string secret, std::function<void()> told);

    /// Adds all endpoints. The Api must outlive the router.
    void add_routes(http::Router& router) const;

    /// For what no route takes.
    http::Response unknown(const http::Request& request) const;

private:
    http::Response answer(const http::Request& request, const Endpoint& endpoint) const;
    http::Response refused(const http::Request& request, const std::string& request_id, const ApiError& error) const;
    Outcome execute(
        const http::Request& request, const Endpoint& endpoint, const std::string& request_id, const RequestFaults& faults) const;

    store::Database& database_;
    const gateway::Clock& clock_;
    std::string secret_;
    std::function<void()> told_;
};

} // namespace stripe_fake
