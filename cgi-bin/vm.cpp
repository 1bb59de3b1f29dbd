#include "api/vm.h"
#include "app/program.h"

/// Virtual machines and their snapshots. Storage is never asked here.
int main()
{
    return app::run_program("vm", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::Ordering ordering{app.database, *app.clock, app.snapshot_rules(), app.config.vat.registration};
        service::Machines machines{app.database};
        service::Snapshots snapshots{app.database, *app.clock};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_vm_routes(router, {accounts, machines, snapshots, ordering, writes, cursors});
        return app::serve(app, router);
    });
}
