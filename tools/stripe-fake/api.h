#pragma once
#include "endpoint.h"
#include "gateway/clock.h"
#include "http/router.h"
#include "idempotency.h"
#include "store/database.h"

#include <string>

namespace stripe_fake {

/// The API as a whole: keys, idempotency, errors in Stripe's shape, and the families of endpoints.
class Api {
public:
    /// Makes the tables if they are missing, and the secret under which card numbers become fingerprints.
    Api(store::Database& database, const gateway::Clock& clock);

    /// A router of all endpoints. The Api must outlive it.
    http::Router router() const;

private:
    struct Execution;

    http::Response answer(const http::Request& request, const Endpoint* endpoint) const;
    Execution execute(const http::Request& request, const Endpoint& endpoint, const std::string& request_id) const;

    store::Database& database_;
    const gateway::Clock& clock_;
    std::string secret_;
};

} // namespace stripe_fake
