#include "app/commands.h"

#include "app/app.h"
#include "app/operator.h"
#include "gateway/stripe_payments.h"
#include "service/undelivered_orders.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {
namespace {

/// Cancels an order that cannot be delivered, and gives back what was paid for it.
void give_up_order(std::ostream& out, const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"this is no uuid of an order: " + text};
    App app{"uncloud", std::chrono::minutes{10}};
    gateway::StripeTransport stripe{app.config.stripe};
    const auto gateway = gateway::make_stripe_payments(stripe);
    service::Corrections corrections{*app.clock, app.billing_rules()};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::UndeliveredOrders undelivered{
        app.database, *app.clock, corrections, refunds, std::chrono::days{app.config.provisioning.give_up_days}};
    app.database.transact([&](store::Session& session) { undelivered.give_up(session, *uuid, operator_name()); });
    out << "order " << uuid->text() << " is given up; what was paid for it goes back\n";
}

} // namespace

void add_order_commands(CLI::App& cli, std::ostream& out)
{
    static std::string uuid;

    auto* order = cli.add_subcommand("order", "the orders")->require_subcommand(1);
    auto* give_up = order->add_subcommand("give-up", "cancel an order that cannot be delivered, credit it and pay it back");
    give_up->add_option("uuid", uuid)->required();
    give_up->callback([&] { give_up_order(out, uuid); });
}

} // namespace app
