#pragma once
#include "api/ovh_routes.h"
#include "service/carts.h"
#include "service/checkouts.h"
#include "service/writes.h"

#include <string>

// The routes of carts, in the wire format of OVH's order API.
namespace api {

/// The names under which servers are sold; all offer the same plans.
inline constexpr const char* ovh_products[] = {"dedicated", "baremetalServers", "eco", "vps"};

struct OvhCartServices {
    service::Carts& carts;
    service::Checkouts& checkouts;
    service::Writes& writes;
    std::string base_url{};
};

/// /order/cart, assign, and coupons, of which there are none.
void add_ovh_cart_routes(OvhRoutes& routes, const OvhCartServices& services);

/// Servers and options put into carts, items and their configuration.
void add_ovh_item_routes(OvhRoutes& routes, const OvhCartServices& services);

/// The summary, the dry run, and the purchase.
void add_ovh_checkout_routes(OvhRoutes& routes, const OvhCartServices& services);

} // namespace api
