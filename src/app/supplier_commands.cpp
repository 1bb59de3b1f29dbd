#include "app/supplier_commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "http/json_text.h"
#include "service/call_faults.h"
#include "service/supply_decisions.h"
#include "store/audit_store.h"
#include "store/plan_store.h"
#include "store/server_store.h"
#include "store/supply_store.h"

#include <stdexcept>

namespace app {
namespace {

using domain::Reason;
using domain::Refusal;

constexpr int newest = 200;

domain::Uuid uuid_from(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"order must be a UUID: " + text};
    return *uuid;
}

void audit(store::Session& session, App& app, const std::string& action, const std::string& subject, const std::string& detail)
{
    store::AuditStore{session}.add(
        {.at = app.clock->now(), .actor = operator_name(), .action = action, .subject = subject, .detail = detail});
}

std::string amount_text(const std::optional<domain::Money>& amount) { return amount ? domain::to_text(*amount) : ""; }
std::string number_text(const std::optional<std::int64_t>& number) { return number ? std::to_string(*number) : ""; }

/// The faults of a sandbox. @throws domain::Refusal not_in_production
service::CallFaults faults_of(App& app)
{
    if (app.config.mode != Mode::sandbox) throw Refusal{Reason::not_in_production, "nothing goes wrong on purpose in production"};
    return service::CallFaults{app.database};
}

} // namespace

void add_server(std::ostream& out, const std::string& name, const std::string& plan, const std::string& datacenter)
{
    App app{"uncloud"};
    app.database.transact([&](store::Session& session) {
        const auto sold = store::PlanStore{session}.by_code(plan, domain::Currency::chf, app.clock->today());
        if (!sold || sold->kind != domain::PlanKind::server) throw Refusal{Reason::unknown_product, "there is no plan of servers " + plan};
        if (!store::ServerStore{session}.add(name, plan, datacenter, app.clock->now()))
            throw Refusal{Reason::reference_in_use, "there is a server " + name + " already"};
        audit(session, app, "server.add", name, plan + ' ' + datacenter);
    });
    out << name << " is free to be ordered as " << plan << '\n';
}

void list_servers(std::ostream& out, const std::string& state)
{
    App app{"uncloud"};
    store::Table table{.columns = {"name", "plan", "datacenter", "state", "order", "username"}, .numeric = std::vector<bool>(6, false)};
    for (const auto& server : app.database.read([&](store::Session& session) { return store::ServerStore{session}.list(state); }))
        table.rows.push_back({server.name, server.plan, server.datacenter, server.state, server.order, server.username});
    out << api::plain_of(table);
}

void free_server(std::ostream& out, const std::string& name)
{
    App app{"uncloud"};
    app.database.transact([&](store::Session& session) {
        if (!store::ServerStore{session}.wiped(name, app.clock->now()))
            throw Refusal{Reason::not_found, "there is no server " + name + " that is to be wiped"};
        audit(session, app, "server.wiped", name, "");
    });
    out << name << " is free\n";
}

void retire_server(std::ostream& out, const std::string& name)
{
    App app{"uncloud"};
    app.database.transact([&](store::Session& session) {
        if (!store::ServerStore{session}.retire(name, app.clock->now()))
            throw Refusal{Reason::not_found, "there is no server " + name + " that nobody has"};
        audit(session, app, "server.retire", name, "");
    });
    out << name << " is retired\n";
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

void retry_supply(std::ostream& out, const std::string& order, bool accept_price)
{
    App app{"uncloud"};
    service::Corrections corrections{*app.clock, app.billing_rules()};
    service::SupplyDecisions{app.database, *app.clock, corrections}.retry(uuid_from(order), accept_price, operator_name());
    out << "the supply of " << order << " goes on\n";
}

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

void add_fault(std::ostream& out, const FaultArguments& arguments)
{
    App app{"uncloud"};
    const auto kind = domain::call_fault_kind_from(arguments.kind);
    if (!kind) throw std::invalid_argument{"no such kind of fault: " + arguments.kind};
    faults_of(app).add({.kind = *kind,
        .method = arguments.method,
        .path = arguments.path,
        .percent = arguments.percent,
        .times_left = arguments.times,
        .delay = std::chrono::seconds{arguments.seconds},
        .seed = arguments.seed});
    out << arguments.kind << " strikes " << arguments.percent << " % of " << (arguments.method.empty() ? "all" : arguments.method) << ' '
        << arguments.path << ", seed " << arguments.seed << '\n';
}

void list_faults(std::ostream& out)
{
    App app{"uncloud"};
    store::Table table{.columns = {"kind", "method", "path", "percent", "times_left", "seconds", "seed", "hits"},
        .numeric = {false, false, false, true, true, true, true, true}};
    for (const auto& fault : faults_of(app).all())
        table.rows.push_back({std::string{domain::to_text(fault.kind)}, fault.method, fault.path, std::to_string(fault.percent),
            number_text(fault.times_left), std::to_string(fault.delay.count()), std::to_string(fault.seed), std::to_string(fault.hits)});
    out << api::plain_of(table);
}

void clear_faults(std::ostream& out)
{
    App app{"uncloud"};
    faults_of(app).clear();
    out << "nothing goes wrong on purpose any more\n";
}

} // namespace app
