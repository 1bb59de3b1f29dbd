#pragma once
#include "api/ovh_routes.h"
#include "service/carts.h"
#include "service/plans.h"

namespace api {

/// GET /order/cart/{cartId}/dedicated and …/options: what can be put into the cart, in its currency. Both services must live as long as
/// the routes.
void add_ovh_offer_routes(OvhRoutes& routes, service::Carts& carts, service::Plans& plans);

} // namespace api
