#pragma once
#include "http/paging.h"
#include "http/router.h"
#include "service/accounts.h"
#include "service/outbox.h"
#include "service/writes.h"

namespace api {

struct AdminMailServices {
    service::Accounts& accounts;
    service::Outbox& outbox;
    service::Writes& writes;
    const http::Cursors& cursors;
};

/// A mail as operators see it.
http::JsonText json_of(const store::MailRecord& mail);

/// /admin/mail, for operators.
void add_admin_mail_routes(http::Router& router, const AdminMailServices& services);

} // namespace api
