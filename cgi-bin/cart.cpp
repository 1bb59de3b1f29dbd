#include "api/api_keys.h"
#include "api/ovh_auth.h"
#include "api/ovh_bills.h"
#include "api/ovh_carts.h"
#include "api/ovh_catalogue.h"
#include "api/ovh_error.h"
#include "api/ovh_faults.h"
#include "api/ovh_me.h"
#include "api/ovh_offers.h"
#include "api/ovh_orders.h"
#include "api/ovh_routes.h"
#include "app/program.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"

/// The cart API, in the wire format of OVH's order API, and the keys it is called with.
int main()
{
    return app::run_program("cart", [](app::App& app, http::Router& router) {
        const auto box = app.secret_box();
        const auto real_clock = gateway::make_system_clock(app.config.timezone);
        service::ApiCredentials credentials{app.database, box, *real_clock, app.config.api.bases};
        service::ApiRequests requests{app.database, *real_clock};
        service::ApiKeys keys{app.database, box, *real_clock};
        service::Accounts accounts{app.database, *app.clock};
        service::Writes writes{app.database};
        const http::Cursors cursors{app.config.derived_key("cursors")};
        api::add_api_key_routes(router, {accounts, keys, requests, writes, box, *real_clock, cursors});

        http::Router ovh{api::ovh_unknown_route, api::ovh_failure};
        service::CallFaults faults{app.database};
        const http::Router faulty{api::with_call_faults(ovh, faults), api::ovh_failure};
        const auto& served = app.config.mode == app::Mode::sandbox ? faulty : ovh;
        router.hand_over("/1.0/", served);
        router.hand_over("/v1/", served);
        api::OvhCallers callers{credentials};
        api::OvhRoutes routes{ovh, callers};
        service::Carts carts{app.database, *app.clock};
        service::Checkouts checkouts{app.database, *app.clock, app.config.vat.registration, app.config.issuer.address.country};
        const api::OvhCartServices cart_services{carts, checkouts, writes, app.config.base_url};
        api::add_ovh_cart_routes(routes, cart_services);
        api::add_ovh_item_routes(routes, cart_services);
        api::add_ovh_checkout_routes(routes, cart_services);
        api::add_ovh_auth_routes(routes, {credentials, requests, keys, app.config.base_url});

        service::Plans plans{app.database, *app.clock, app.config.vat.registration, app.config.servers.racks_by_itself};
        api::add_ovh_catalogue_routes(routes, plans);
        api::add_ovh_offer_routes(routes, carts, plans);

        service::Billing billing{app.database, *app.clock, app.billing_rules()};
        gateway::StripeTransport stripe{app.config.stripe};
        const auto gateway = gateway::make_stripe_payments(stripe);
        service::Charging charging{app.database, *gateway, *app.clock};
        service::Ordering ordering{app.database, *app.clock, app.snapshot_rules(), app.config.vat.registration};
        service::Corrections corrections{*app.clock, app.billing_rules()};
        service::CheckoutHistory history{app.database};
        service::MemberPayments member_payments{app.database, *gateway, charging};
        service::CheckoutPayments payments{app.database, *app.clock, billing, member_payments, app.config.base_url};
        service::Retraction retraction{app.database, *app.clock, ordering, corrections};
        service::Bills bills{app.database};
        const std::chrono::days patience{app.config.billing.give_up_days};
        const api::OvhOrderServices order_services{history, payments, retraction, app.config.base_url, patience};
        api::add_ovh_me_routes(routes, accounts, payments);
        api::add_ovh_order_routes(routes, order_services);
        api::add_ovh_order_payment_routes(routes, order_services);
        api::add_ovh_bill_routes(routes, bills, app.config.base_url);
        api::add_ovh_schema(routes, app.config.base_url); // last: it tells of all above
        return app::serve(app, router);
    });
}
