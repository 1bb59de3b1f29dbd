#include "api/payment.h"
#include "app/program.h"

/// The member's ways to pay.
int main()
{
    return app::run_program("payment", [](app::App& app, http::Router& router) {
        gateway::StripeTransport stripe{app.config.stripe};
        const auto cards = gateway::make_stripe_cards(stripe);
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::PaymentMethods methods{app.database, *cards, *app.clock};
        api::add_payment_routes(router, {accounts, methods, writes, app.raw_cards(), app.config.base_url, app.config.publishable_key});
        return app::serve(app, router);
    });
}
