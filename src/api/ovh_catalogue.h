#pragma once
#include "api/ovh_routes.h"
#include "service/plans.h"

namespace api {

/// /order/catalog: what is sold, by subsidiary, and /dedicated/server/datacenter/availabilities. `plans` must live as long as the routes.
void add_ovh_catalogue_routes(OvhRoutes& routes, service::Plans& plans);

} // namespace api
