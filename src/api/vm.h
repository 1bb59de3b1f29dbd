#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/machines.h"
#include "service/ordering.h"
#include "service/snapshots.h"
#include "service/writes.h"

namespace api {

struct VmServices {
    service::Accounts& accounts;
    service::Machines& machines;
    service::Snapshots& snapshots;
    service::Ordering& ordering;
    service::Writes& writes;
    const http::Cursors& cursors;
};

/// /vm and /snapshots.
void add_vm_routes(http::Router& router, const VmServices& services);

} // namespace api
