#include "api/invoices.h"
#include "app/program.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"

/// The member's documents and account.
int main()
{
    return app::run_program("invoices", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database, *app.clock};
        service::Billing billing{app.database, *app.clock, app.billing_rules()};
        gateway::StripeTransport stripe{app.config.stripe};
        const auto gateway = gateway::make_stripe_payments(stripe);
        service::Charging charging{app.database, *gateway, *app.clock};
        service::MemberPayments payments{app.database, *gateway, charging};
        service::InvoicePrinter printer{app.database};
        service::Writes writes{app.database};
        service::Invoices invoices{app.database, *app.clock, billing};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_invoice_routes(router, {accounts, invoices, printer, payments, writes, cursors, app.config.base_url});
        return app::serve(app, router);
    });
}
