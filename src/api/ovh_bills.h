#pragma once
#include "api/ovh_routes.h"
#include "service/bills.h"

#include <string>

namespace api {

/// /me/bill: invoices, as the cart API tells them. `bills` must live as long as the routes.
void add_ovh_bill_routes(OvhRoutes& routes, service::Bills& bills, const std::string& base_url);

} // namespace api
