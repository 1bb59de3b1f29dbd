#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/invoices.h"

namespace api {

struct InvoiceServices {
    service::Accounts& accounts;
    service::Invoices& invoices;
    const http::Cursors& cursors;
};

/// /invoices.
void add_invoice_routes(http::Router& router, const InvoiceServices& services);

} // namespace api
