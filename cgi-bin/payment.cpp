#include "api/payment.h"
#include "api/card_setups.h"
#include "app/program.h"
#include "gateway/stripe_payments.h"

/// The member's ways to pay.
int main()
{
    return app::run_program("payment", [](app::App& app, http::Router& router) {
        const auto& config = app.config;
        gateway::StripeTransport stripe{config.stripe};
        const auto cards = gateway::make_stripe_cards(stripe);
        const auto gateway = gateway::make_stripe_payments(stripe);
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        service::PaymentMethods methods{app.database, *cards, *app.clock};
        service::CardSetups setups{app.database, methods, *gateway, *app.clock};
        api::add_payment_routes(router, {accounts, methods, writes, app.raw_cards(), config.base_url});
        api::add_card_setup_routes(
            router, {accounts, setups, config.base_url, config.publishable_key, config.script_url, config.issuer.address.company});
        return app::serve(app, router);
    });
}
