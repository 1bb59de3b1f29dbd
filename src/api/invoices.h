#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/charging.h"
#include "service/invoices.h"
#include "service/writes.h"

namespace api {

struct InvoiceServices {
    service::Accounts& accounts;
    service::Invoices& invoices;
    service::Charging& charging;
    service::Writes& writes;
    const http::Cursors& cursors;
    std::string base_url{};
};

/// /invoices.
void add_invoice_routes(http::Router& router, const InvoiceServices& services);

} // namespace api
