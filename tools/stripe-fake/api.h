#pragma once
#include "gateway/clock.h"
#include "http/router.h"
#include "store/database.h"

#include <string>

namespace stripe_fake {

/// The API as a whole: keys, idempotency, errors in Stripe's shape, and the families of endpoints.
class Api {
public:
    /// Makes the tables if they are missing, and the secret under which card numbers become fingerprints.
    Api(store::Database& database, gateway::Clock& clock);

    /// A router of all endpoints. The Api must outlive it.
    http::Router router();

private:
    store::Database& database_;
    gateway::Clock& clock_;
    std::string secret_;
};

} // namespace stripe_fake
