#include "api/admin.h"
#include "app/program.h"

/// What operators do over HTTP.
int main()
{
    return app::run_program("admin", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database};
        service::Writes writes{app.database};
        service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_admin_routes(router, {accounts, administration, writes, cursors, app.test_clock()});
        return app::serve(app, router);
    });
}
