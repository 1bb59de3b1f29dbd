#include "app/operator_commands.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace {

/// The commands, as the operator types them. What they do is in app/operator_commands.
void add_commands(CLI::App& cli, app::OperatorCommands& commands)
{
    static bool flag = false;
    static std::string name, from, to, format{"table"}, currency{"CHF"}, state;
    static std::vector<std::string> units;
    static std::int64_t number = 0, setup = 0, recurring = 0;

    auto* migrate = cli.add_subcommand("migrate", "bring the database's schema up to date");
    migrate->add_flag("--dry-run", flag, "only say what would be done");
    migrate->callback([&] { commands.migrate(flag); });

    auto* demo = cli.add_subcommand("demo", "data of the sandbox")->require_subcommand(1);
    demo->add_subcommand("load", "load the demo's prices; safe to repeat")->callback([&] { commands.load_demo(); });

    auto* member = cli.add_subcommand("member", "the members")->require_subcommand(1);
    auto* list = member->add_subcommand("list", "all members");
    list->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
    list->callback([&] { commands.report("members", "", "", format); });
    auto* show = member->add_subcommand("show", "one member with payment methods and orders, as JSON");
    show->add_option("username", name)->required();
    show->callback([&] { commands.show_member(name); });

    auto* approve = cli.add_subcommand("approve", "approve an application for payment on bill; without a name: list them");
    approve->add_option("application", name, "the member's username, or the application's id");
    approve->callback([&] { name.empty() ? commands.list_applications() : commands.approve(name); });

    auto* price = cli.add_subcommand("price", "the price list")->require_subcommand(1);
    auto* set = price->add_subcommand("set", "add a price that begins today or later; running orders keep theirs");
    set->add_option("sku", name)->required();
    set->add_option("--from", from, "first day, YYYY-MM-DD; default today");
    set->add_option("--currency", currency, "CHF or EUR")->check(CLI::IsMember({"CHF", "EUR"}));
    set->add_option("--setup", setup, "once, in minor units")->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    set->add_option("--recurring", recurring, "per interval, in minor units")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
    set->add_option("--unit", units, "UNIT=MINOR per interval: core, ram_half_gb, ssd_gb, gib; may be repeated");
    set->callback([&] { commands.set_price({name, from, currency, setup, recurring, units}); });

    auto* job = cli.add_subcommand("job", "the worker's jobs")->require_subcommand(1);
    auto* jobs = job->add_subcommand("list", "the newest 100");
    jobs->add_option("--state", state)->check(CLI::IsMember({"queued", "leased", "done", "dead"}));
    jobs->callback([&] { commands.list_jobs(state); });
    auto* retry = job->add_subcommand("retry", "give a dead job a new start");
    retry->add_option("id", number)->required();
    retry->callback([&] { commands.retry_job(number); });

    auto* report = cli.add_subcommand("report", "run sql/reports/NAME.sql; without a name: list them");
    report->add_option("name", name);
    report->add_option("--from", from, "first day, YYYY-MM-DD");
    report->add_option("--to", to, "day after the last, YYYY-MM-DD");
    report->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
    report->callback([&] { name.empty() ? commands.list_reports() : commands.report(name, from, to, format); });

    auto* config = cli.add_subcommand("config", "the configuration")->require_subcommand(1);
    config->add_subcommand("check", "read it and say whether it can be used")->callback([&] { commands.check_config(); });
}

} // namespace

/// The operator's command line. Exit status: 0 done, 1 refused, 2 usage, 4 not found, 5 conflict, 6 try again later.
int main(int argc, char** argv)
{
    CLI::App cli{"uncloud: the operator's tool of uncloud-billing"};
    cli.require_subcommand(1);
    app::OperatorCommands commands{std::cout};
    add_commands(cli, commands);
    try {
        cli.parse(argc, argv);
        return EXIT_SUCCESS;
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "uncloud: " << error.what() << '\n';
        return app::exit_status_of(error);
    }
}
