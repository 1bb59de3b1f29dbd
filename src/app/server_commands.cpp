#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/plan_store.h"
#include "store/server_store.h"

#include <CLI/CLI.hpp>

namespace app {
namespace {

using domain::Reason;
using domain::Refusal;

void audit(store::Session& session, App& app, const std::string& action, const std::string& subject, const std::string& detail)
{
    store::AuditStore{session}.add(
        {.at = app.clock->now(), .actor = operator_name(), .action = action, .subject = subject, .detail = detail});
}

/// @throws domain::Refusal reference_in_use, unknown_product
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

/// @throws domain::Refusal not_found
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

/// @throws domain::Refusal not_found
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

} // namespace

void add_server_commands(CLI::App& cli, std::ostream& out)
{
    static std::string name, plan, datacenter, state;

    auto* server = cli.add_subcommand("server", "the servers of our own stock")->require_subcommand(1);
    auto* add = server->add_subcommand("add", "a server that can be ordered");
    add->add_option("name", name)->required();
    add->add_option("plan", plan, "code of its plan")->required();
    add->add_option("--datacenter", datacenter, "where it stands, as the plan's dedicated_datacenter says it");
    add->callback([&out] { add_server(out, name, plan, datacenter); });
    auto* list = server->add_subcommand("list", "all but the retired ones; what is wanted: uncloud report servers-wanted");
    list->add_option("--state", state)->check(CLI::IsMember({"free", "in_use", "to_wipe", "retired"}));
    list->callback([&out] { list_servers(out, state); });
    auto* wiped = server->add_subcommand("wiped", "a server that was given back is clean, and can be ordered again");
    wiped->add_option("name", name)->required();
    wiped->callback([&out] { free_server(out, name); });
    auto* retire = server->add_subcommand("retire", "take a server that nobody has out of the stock");
    retire->add_option("name", name)->required();
    retire->callback([&out] { retire_server(out, name); });
}

} // namespace app
