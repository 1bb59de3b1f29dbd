#include "app/commands.h"

#include "api/answers.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "app/print_table.h"
#include "service/administration.h"

#include <CLI/CLI.hpp>

namespace app {
namespace {

struct Parts {
    App app{"uncloud", std::chrono::minutes{10}};
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
};

void list_members(std::ostream& out, const std::string& format)
{
    Parts parts;
    print_table(out, parts.administration.report("members", {}), format);
}

void show_member(std::ostream& out, const std::string& username)
{
    Parts parts;
    const auto detail = parts.administration.member(username);
    auto methods = http::JsonText::array();
    for (const auto& method : detail.methods) methods.push(api::json_of(method));
    auto orders = http::JsonText::array();
    for (const auto& order : detail.orders) orders.push(api::json_of(order));
    out << api::json_of(detail.member).set("payment_methods", methods).set("orders", orders).dump() << '\n';
}

/// "default": as many days to pay as everybody.
void set_payment_days(std::ostream& out, const std::string& username, const std::string& days)
{
    const auto given = days == "default" ? std::nullopt : std::optional{std::stoi(days)};
    Parts parts;
    parts.app.database.transact(
        [&](store::Session& session) { parts.administration.set_payment_days(session, username, given, operator_name()); });
    out << username << ": " << (given ? days + " days" : "as many days as everybody") << " to pay\n";
}

void list_applications(std::ostream& out)
{
    store::Table table{.columns = {"id", "username", "name", "requested_at"}, .numeric = {false, false, false, false}};
    Parts parts;
    for (const auto& [method, uid, name] : parts.administration.applications(1000))
        table.rows.push_back({method.uuid.text(), uid, name, domain::to_text(method.created_at)});
    out << api::plain_of(table);
}

/// `days` to pay, if they are given.
void approve(std::ostream& out, const std::string& name, std::optional<int> days)
{
    const auto uuid = domain::Uuid::parse(name);
    Parts parts;
    parts.app.database.transact([&](store::Session& session) {
        if (uuid) parts.administration.approve(session, *uuid, days, operator_name());
        else parts.administration.approve_member(session, name, days, operator_name());
    });
    out << "approved " << name << '\n';
}

} // namespace

void add_member_commands(CLI::App& cli, std::ostream& out)
{
    static std::string username, application, days_to_pay, format{"table"};
    static std::optional<int> days;

    auto* member = cli.add_subcommand("member", "the members")->require_subcommand(1);
    auto* list = member->add_subcommand("list", "all members");
    list->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
    list->callback([&] { list_members(out, format); });
    auto* show = member->add_subcommand("show", "one member with payment methods and orders, as JSON");
    show->add_option("username", username)->required();
    show->callback([&] { show_member(out, username); });
    auto* terms = member->add_subcommand("payment-days", "how many days a member's invoices give from now on");
    terms->add_option("username", username)->required();
    terms->add_option("days", days_to_pay, "0 to 365, or default")->required()->check(CLI::Range(0, 365) | CLI::IsMember({"default"}));
    terms->callback([&] { set_payment_days(out, username, days_to_pay); });

    auto* approval = cli.add_subcommand("approve", "approve an application for payment on bill; without a name: list them");
    approval->add_option("application", application, "the member's username, or the application's id");
    approval->add_option("--days", days, "days to pay; default: as before")->check(CLI::Range(0, 365));
    approval->callback([&] { application.empty() ? list_applications(out) : approve(out, application, days); });
}

} // namespace app
