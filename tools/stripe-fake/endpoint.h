#pragma once
#include "http/json.h"
#include "parameters.h"
#include "work.h"

#include <span>
#include <string>
#include <vector>

namespace stripe_fake {

/// Whose key a request came with: a server's secret one, or the publishable one of a page.
enum class Caller { server, browser };

/// One request, carried out in one transaction.
struct Call : Work {
    Parameters& parameters;
    const std::vector<std::string>& segments; ///< what the pattern's {…} stood for
    Caller caller{Caller::server};
    std::string base_url{}; ///< under which the caller reached us: "http://127.0.0.1:8090"
};

/// Does what is asked and returns the body of the 200. @throws ApiError for everything else
using Handler = http::Json(Call&);

struct Endpoint {
    const char* method{};
    const char* pattern{};
    Handler* handler{};
    Caller least{Caller::server}; ///< `browser`: a publishable key will do, too
};

// A resource family lists its endpoints in a file of its own; api.cpp has the list of families.
std::span<const Endpoint> balance_transaction_endpoints();
std::span<const Endpoint> charge_endpoints();
std::span<const Endpoint> customer_endpoints();
std::span<const Endpoint> dispute_endpoints();
std::span<const Endpoint> event_endpoints();
std::span<const Endpoint> fault_endpoints();
std::span<const Endpoint> fraud_warning_endpoints();
std::span<const Endpoint> payment_intent_endpoints();
std::span<const Endpoint> payment_method_endpoints();
std::span<const Endpoint> refund_endpoints();
std::span<const Endpoint> setup_intent_endpoints();
std::span<const Endpoint> webhook_endpoint_endpoints();

} // namespace stripe_fake
