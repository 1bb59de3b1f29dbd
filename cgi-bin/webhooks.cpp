#include "api/webhooks.h"
#include "app/program.h"

/// What the card gateway tells us. Neither sign-in nor directory: the signature is all.
int main()
{
    constexpr std::size_t max_body = 1024 * 1024;
    return app::run_program("webhooks", [](app::App& app, http::Router& router) {
        service::WebhookTrust trust{.secrets = [&] { return app.config.webhook.secrets(); }, .tolerance = app.config.webhook.tolerance};
        trust.clocks = {app.clock.get()};
        const auto wall_clock = gateway::make_system_clock(app.config.timezone);
        if (app.test_clock()) trust.clocks.push_back(wall_clock.get()); // a sandbox's gateway may go by either
        service::GatewayEvents events{app.database, app.gateway_identity(), trust};
        api::add_webhook_routes(router, events);
        return app::serve(app, router, max_body);
    });
}
