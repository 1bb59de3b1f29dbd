#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/invoice_printer.h"
#include "service/invoices.h"
#include "service/member_payments.h"
#include "service/writes.h"

namespace api {

struct InvoiceServices {
    service::Accounts& accounts;
    service::Invoices& invoices;
    service::InvoicePrinter& printer;
    service::MemberPayments& payments;
    service::Writes& writes;
    const http::Cursors& cursors;
    std::string base_url{};
};

/// /invoices.
void add_invoice_routes(http::Router& router, const InvoiceServices& services);

} // namespace api
