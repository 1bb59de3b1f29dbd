#pragma once
#include "http/router.h"
#include "service/accounts.h"
#include "service/writes.h"

namespace api {

struct AccountServices {
    service::Accounts& accounts;
    service::Writes& writes;
};

/// /account.
void add_account_routes(http::Router& router, const AccountServices& services);

} // namespace api
