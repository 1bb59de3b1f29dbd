#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/administration.h"
#include "service/billing_runs.h"
#include "service/corrections.h"
#include "service/invoices.h"
#include "service/refunds.h"
#include "service/writes.h"

namespace api {

struct AdminBillingServices {
    service::Accounts& accounts;
    service::Administration& administration;
    service::BillingRuns& runs;
    service::Corrections& corrections;
    service::Invoices& invoices;
    service::Refunds& refunds;
    service::Writes& writes;
    const http::Cursors& cursors;
    gateway::Clock& clock;
};

/// /admin/billing-runs, /admin/billing-errors, /admin/invoices, /admin/credit-notes, /admin/members/{username}/credits,
/// /admin/members/{username}/payments, /admin/refunds.
void add_admin_billing_routes(http::Router& router, const AdminBillingServices& services);

} // namespace api
