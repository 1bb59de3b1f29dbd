#pragma once
#include "gateway/clock.h"
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/administration.h"
#include "service/writes.h"

namespace api {

struct AdminServices {
    service::Accounts& accounts;
    service::Administration& administration;
    service::Writes& writes;
    const http::Cursors& cursors;
    gateway::SettableClock* test_clock; ///< nullptr in production
};

/// /admin and what is below it, for operators.
void add_admin_routes(http::Router& router, const AdminServices& services);

} // namespace api
