#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/ordering.h"
#include "service/writes.h"

namespace api {

struct OrderServices {
    service::Accounts& accounts;
    service::Ordering& ordering;
    service::Writes& writes;
    const http::Cursors& cursors;
};

/// /orders and what is below it.
void add_order_routes(http::Router& router, const OrderServices& services);

} // namespace api
