#include "api/ovh_error.h"
#include "api/ovh_routes.h"
#include "app/program.h"

/// The cart API, in the wire format of OVH's order API, and the keys it is called with.
int main()
{
    return app::run_program("cart", [](app::App& app, http::Router& router) {
        http::Router ovh{api::ovh_unknown_route, api::ovh_failure};
        router.hand_over("/1.0/", ovh);
        router.hand_over("/v1/", ovh);
        api::OvhCallers callers;
        api::OvhRoutes routes{ovh, callers};
        api::add_ovh_schema(routes, app.config.base_url); // last: it tells of all above
        return app::serve(app, router);
    });
}
