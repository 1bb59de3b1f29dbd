#include "api/admin.h"
#include "api/admin_bank.h"
#include "api/admin_billing.h"
#include "api/admin_mail.h"
#include "app/program.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"

/// What operators do over HTTP.
int main()
{
    return app::run_program("admin", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        service::Billing billing{app.database, *app.clock, app.billing_rules()};
        service::Books books{app.database, *app.clock};
        service::BillingRuns runs{app.database, *app.clock, billing, books, app.test_clock() != nullptr};
        service::Corrections corrections{*app.clock, app.billing_rules()};
        service::Invoices invoices{app.database, *app.clock, billing};
        gateway::StripeTransport stripe{app.config.stripe};
        const auto gateway = gateway::make_stripe_payments(stripe);
        service::Refunds refunds{app.database, *gateway, *app.clock};
        api::add_admin_billing_routes(
            router, {accounts, administration, runs, corrections, invoices, refunds, writes, cursors, *app.clock});
        service::BankImports bank_imports{app.database, *app.clock, refunds, app.bank_rules()};
        service::BankWork bank_work{app.database, *app.clock};
        service::BankPayouts bank_payouts{app.database, *app.clock, app.config.issuer.address.company};
        api::add_admin_bank_routes(router, {accounts, bank_imports, bank_work, bank_payouts, writes, cursors});
        service::Outbox outbox{app.database, *app.clock};
        api::add_admin_mail_routes(router, {accounts, outbox, writes, cursors});
        api::add_admin_routes(router, {accounts, administration, writes, cursors, app.test_clock()});
        return app::serve(app, router, api::largest_bank_file);
    });
}
