#include "api/orders.h"
#include "app/program.h"

/// Orders of all products.
int main()
{
    return app::run_program("orders", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::Ordering ordering{app.database, *app.clock, app.snapshot_rules(), app.config.vat.registration};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_order_routes(router, {accounts, ordering, writes, cursors});
        return app::serve(app, router);
    });
}
