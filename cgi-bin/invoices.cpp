#include "api/invoices.h"
#include "app/program.h"

/// The member's documents and account.
int main()
{
    return app::run_program("invoices", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database};
        service::Billing billing{app.database, *app.clock, app.billing_rules()};
        service::Invoices invoices{app.database, *app.clock, billing};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_invoice_routes(router, {accounts, invoices, cursors});
        return app::serve(app, router);
    });
}
