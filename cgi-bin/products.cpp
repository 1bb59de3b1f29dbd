#include "api/products.h"
#include "app/program.h"

/// The catalogue, quotes and the health of this machine.
int main()
{
    return app::run_program("products", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database, *app.clock};
        service::Catalogue catalogue{app.database, *app.clock, app.config.vat.registration};
        service::Health health{app.database};
        api::add_product_routes(router, {accounts, catalogue, health});
        return app::serve(app, router);
    });
}
