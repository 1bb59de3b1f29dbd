#include "api/auth.h"
#include "app/program.h"
#include "app/sign_in.h"

/// Answers nginx' auth_request: who is asking?
int main()
{
    return app::run_program("auth", [](app::App& app, http::Router& router) {
        app::SignIn sign_in{app};
        api::add_auth_routes(router, sign_in.sign_ins);
        return app::serve(app, router);
    });
}
