#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "http/json_text.h"
#include "service/supply_decisions.h"
#include "store/supply_store.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {
namespace {

struct SettleArguments {
    std::string order{};
    std::optional<std::int64_t> supplier_order{}; ///< the number of the supplier's order
    bool give_up{false};                          ///< nothing was bought: the order is cancelled and credited
};

using domain::Reason;
using domain::Refusal;

constexpr int newest = 200;

domain::Uuid uuid_from(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"order must be a UUID: " + text};
    return *uuid;
}

std::string amount_text(const std::optional<domain::Money>& amount) { return amount ? domain::to_text(*amount) : ""; }
std::string number_text(const std::optional<std::int64_t>& number) { return number ? std::to_string(*number) : ""; }

/// Takes the supplier's catalogue over. @throws domain::Refusal, domain::Unavailable, std::invalid_argument without a supplier
void import_catalogue(std::ostream& out, bool dry_run)
{
    App app{"uncloud", std::chrono::seconds{120}};
    if (!app.config.supplier.is_set()) throw std::invalid_argument{"billing.toml names no supplier: add a table [supplier]"};
    const auto catalogue = app.config.supplier.make()->catalogue();
    if (!catalogue.done()) throw std::runtime_error{"the supplier's catalogue is not to be had: " + catalogue.message};
    service::SupplierImport import{app.database, *app.clock, app.config.supplier.import};
    const auto report = import.run(catalogue.value, dry_run, operator_name());
    out << report.plans << " plans, " << report.added << " new, " << report.withdrawn << " withdrawn, " << report.new_prices
        << " new prices" << (dry_run ? "; nothing was written\n" : "\n");
}

void list_supplies(std::ostream& out, const std::string& step, bool held)
{
    App app{"uncloud"};
    store::Table table{.columns = {"order", "username", "plan", "supplier", "step", "its_order", "status", "server", "tries", "last_error"},
        .numeric = {false, false, false, false, false, true, false, false, true, false}};
    const auto records = app.database.read([&](store::Session& session) { return store::SupplyStore{session}.list(step, held, newest); });
    for (const auto& [supply, username, plan, order_status] : records)
        table.rows.push_back({supply.uuid.text(), username, plan, supply.supplier,
            std::string{domain::to_text(supply.step)} + (supply.held_reason.empty() ? "" : ", held"), number_text(supply.supplier_order),
            supply.status, supply.server_name, std::to_string(supply.attempts),
            supply.held_reason.empty() ? supply.last_error : supply.held_reason});
    out << api::plain_of(table);
}

/// One supply as JSON.
void show_supply(std::ostream& out, const std::string& order)
{
    App app{"uncloud"};
    const auto found = app.database.read([&](store::Session& session) { return store::SupplyStore{session}.of(uuid_from(order)); });
    if (!found) throw Refusal{Reason::not_found, "no supplier delivers an order " + order};
    const auto instant = [](const std::optional<domain::Instant>& at) {
        return at ? http::JsonText{domain::to_text(*at)} : http::JsonText::null();
    };
    auto json = http::JsonText::object();
    json.set("order", found->uuid.text()).set("supplier", found->supplier).set("step", domain::to_text(found->step));
    json.set("held", found->held_reason).set("cart", found->cart).set("supplier_order", number_text(found->supplier_order));
    json.set("status", found->status).set("net", amount_text(found->net)).set("gross", amount_text(found->gross));
    json.set("sent_at", instant(found->sent_at)).set("delivered_at", instant(found->delivered_at)).set("server", found->server_name);
    json.set("attempts", found->attempts).set("last_error", found->last_error).set("look_at", instant(found->look_at));
    out << json.dump() << '\n';
}

/// Lets a supply that is held go on. @throws domain::Refusal order_state if it is not
void retry_supply(std::ostream& out, const std::string& order, bool accept_price)
{
    App app{"uncloud"};
    service::Corrections corrections{*app.clock, app.billing_rules()};
    service::SupplyDecisions{app.database, *app.clock, corrections}.retry(uuid_from(order), accept_price, operator_name());
    out << "the supply of " << order << " goes on\n";
}

/// Says what became of a supply that is held. @throws domain::Refusal order_state if it is not, or cannot become that
void settle_supply(std::ostream& out, const SettleArguments& arguments)
{
    if (arguments.give_up == arguments.supplier_order.has_value())
        throw std::invalid_argument{"say either --supplier-order NUMBER or --give-up"};
    App app{"uncloud"};
    service::Corrections corrections{*app.clock, app.billing_rules()};
    service::SupplyDecisions decisions{app.database, *app.clock, corrections};
    const auto order = uuid_from(arguments.order);
    if (arguments.give_up) decisions.give_up(order, operator_name());
    else decisions.settle(order, *arguments.supplier_order, operator_name());
    out << "the supply of " << arguments.order << (arguments.give_up ? " is given up\n" : " goes on\n");
}

} // namespace

void add_supplier_commands(CLI::App& cli, std::ostream& out)
{
    static std::string step, order;
    static bool held = false, accept_price = false, dry_run = false;
    static SettleArguments settled;

    auto* supplier = cli.add_subcommand("supplier", "servers that others deliver")->require_subcommand(1);
    auto* catalogue = supplier->add_subcommand("import", "take the supplier's catalogue over, with our margin; safe to repeat");
    catalogue->add_flag("--dry-run", dry_run, "only say what would be changed");
    catalogue->callback([&out] { import_catalogue(out, dry_run); });
    auto* orders = supplier->add_subcommand("orders", "the newest 200 that go to a supplier");
    orders->add_option("--step", step)
        ->check(CLI::IsMember({"new", "cart", "filled", "checkout_sent", "ordered", "delivered", "cancelled"}));
    orders->add_flag("--held", held, "only those that wait for a decision");
    orders->callback([&out] { list_supplies(out, step, held); });
    auto* show = supplier->add_subcommand("show", "one of them, as JSON");
    show->add_option("order", order, "its UUID")->required();
    show->callback([&out] { show_supply(out, order); });
    auto* retry = supplier->add_subcommand("retry", "let one that is held go on");
    retry->add_option("order", order, "its UUID")->required();
    retry->add_flag("--accept-price", accept_price, "whatever the supplier takes");
    retry->callback([&out] { retry_supply(out, order, accept_price); });
    auto* settle = supplier->add_subcommand("settle", "say what became of one that is held");
    settle->add_option("order", settled.order, "its UUID")->required();
    settle->add_option("--supplier-order", settled.supplier_order, "it was bought: the number of the supplier's order");
    settle->add_flag("--give-up", settled.give_up, "it is not delivered: the order is cancelled and credited");
    settle->callback([&out] { settle_supply(out, settled); });
}

} // namespace app
