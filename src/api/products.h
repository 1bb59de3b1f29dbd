#pragma once
#include "http/router.h"
#include "service/accounts.h"
#include "service/catalogue.h"
#include "service/health.h"

namespace api {

struct ProductServices {
    service::Accounts& accounts;
    service::Catalogue& catalogue;
    service::Health& health;
};

/// /products, /quotes and /health.
void add_product_routes(http::Router& router, const ProductServices& services);

} // namespace api
