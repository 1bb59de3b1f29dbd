#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/bank_imports.h"
#include "service/bank_payouts.h"
#include "service/bank_work.h"
#include "service/writes.h"

namespace api {

/// Bytes of a bank file that comes by HTTP; larger ones are imported on the command line.
constexpr std::size_t largest_bank_file = 4 << 20;

struct AdminBankServices {
    service::Accounts& accounts;
    service::BankImports& imports;
    service::BankWork& work;
    service::BankPayouts& payouts;
    service::Writes& writes;
    const http::Cursors& cursors;
};

/// /admin/bank-files, /admin/bank-bookings, /admin/bank-payouts.
void add_admin_bank_routes(http::Router& router, const AdminBankServices& services);

} // namespace api
