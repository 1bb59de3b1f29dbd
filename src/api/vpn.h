#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/vpns.h"
#include "service/writes.h"

namespace api {

struct VpnServices {
    service::Accounts& accounts;
    service::Vpns& vpns;
    service::Writes& writes;
    const http::Cursors& cursors;
};

/// /vpn. No private key is ever asked for, or accepted.
void add_vpn_routes(http::Router& router, const VpnServices& services);

} // namespace api
