#include "api/membership.h"
#include "api/account.h"
#include "app/program.h"
#include "app/sign_in.h"

/// The membership and the member's account.
int main()
{
    return app::run_program("membership", [](app::App& app, http::Router& router) {
        app::SignIn sign_in{app};
        gateway::StripeTransport stripe{app.config.stripe};
        const auto cards = gateway::make_stripe_cards(stripe);
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::Ordering ordering{app.database, *app.clock, app.snapshot_rules(), app.config.vat.registration};
        service::Memberships memberships{app.database, ordering};
        service::PaymentMethods methods{app.database, *cards, *app.clock};
        api::add_membership_routes(
            router, {accounts, memberships, methods, sign_in.sign_ins, writes, app.raw_cards(), app.config.base_url});
        api::add_account_routes(router, {accounts, writes});
        return app::serve(app, router);
    });
}
