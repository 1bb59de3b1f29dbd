#include "app/commands.h"

#include "app/app.h"
#include "app/print_table.h"
#include "service/administration.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {
namespace {

struct Parts {
    App app{"uncloud", std::chrono::minutes{10}};
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
};

std::optional<std::string> checked_day(const std::string& text, const char* option)
{
    if (text.empty()) return std::nullopt;
    if (!domain::date_from(text)) throw std::invalid_argument{std::string{option} + " must be a day, YYYY-MM-DD"};
    return text;
}

void list_reports(std::ostream& out)
{
    Parts parts;
    for (const auto& name : parts.administration.reports()) out << name << '\n';
}

void show_report(std::ostream& out, const std::string& name, const std::string& from, const std::string& to, const std::string& member,
    const std::string& format)
{
    Parts parts;
    const auto table = parts.administration.report(name,
        {.from = checked_day(from, "--from"),
            .to = checked_day(to, "--to"),
            .member = member.empty() ? std::nullopt : std::optional{member}});
    print_table(out, table, format);
}

} // namespace

void add_report_commands(CLI::App& cli, std::ostream& out)
{
    static std::string name, from, to, username, format{"table"};

    auto* report = cli.add_subcommand("report", "run sql/reports/NAME.sql; without a name: list them");
    report->add_option("name", name);
    report->add_option("--from", from, "first day, YYYY-MM-DD");
    report->add_option("--to", to, "day after the last, YYYY-MM-DD");
    report->add_option("--member", username, "a username, for reports on members");
    report->add_option("--format", format, "table, csv or json")->check(CLI::IsMember({"table", "csv", "json"}));
    report->callback([&] { name.empty() ? list_reports(out) : show_report(out, name, from, to, username, format); });
}

} // namespace app
