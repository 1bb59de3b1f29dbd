#pragma once
#include "gateway/clock.h"
#include "http/router.h"
#include "store/database.h"

#include <functional>
#include <string>

namespace stripe_fake {

/// The page of the cardholder's bank: /redirect/authenticate/{id}, where next_action leads. GET shows it, with two
/// buttons; POST outcome=succeeded|failed plays the cardholder, and leads back to the return_url with Stripe's parameters.
class ChallengePage {
public:
    ChallengePage(store::Database& database, const gateway::Clock& clock, std::string secret, std::function<void()> told);

    /// The page must outlive the router.
    void add_routes(http::Router& router) const;

private:
    http::Response show(const http::Request& request) const;
    http::Response answer(const http::Request& request) const;

    store::Database& database_;
    const gateway::Clock& clock_;
    std::string secret_;
    std::function<void()> told_;
};

} // namespace stripe_fake
