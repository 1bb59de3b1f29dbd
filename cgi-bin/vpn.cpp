#include "api/vpn.h"
#include "app/program.h"

/// VPNs: their prefixes, keys and configurations. The WireGuard server is never asked here.
int main()
{
    return app::run_program("vpn", [](app::App& app, http::Router& router) {
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::Vpns vpns{app.database};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_vpn_routes(router, {accounts, vpns, writes, cursors});
        return app::serve(app, router);
    });
}
