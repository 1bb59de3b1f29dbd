#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "domain/refusal.h"
#include "service/call_faults.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {
namespace {

struct FaultArguments {
    std::string kind{};
    std::string method{};
    std::string path{"*"};
    int percent{100};
    std::optional<std::int64_t> times{};
    int seconds{0};
    std::int64_t seed{1};
};

/// The faults of a sandbox. @throws domain::Refusal not_in_production
service::CallFaults faults_of(App& app)
{
    if (app.config.mode != Mode::sandbox)
        throw domain::Refusal{domain::Reason::not_in_production, "nothing goes wrong on purpose in production"};
    return service::CallFaults{app.database};
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
            fault.times_left ? std::to_string(*fault.times_left) : "", std::to_string(fault.delay.count()), std::to_string(fault.seed),
            std::to_string(fault.hits)});
    out << api::plain_of(table);
}

void clear_faults(std::ostream& out)
{
    App app{"uncloud"};
    faults_of(app).clear();
    out << "nothing goes wrong on purpose any more\n";
}

} // namespace

void add_sandbox_commands(CLI::App& cli, std::ostream& out)
{
    static FaultArguments added;

    auto* sandbox = cli.add_subcommand("sandbox", "what only a sandbox can do")->require_subcommand(1);
    auto* fault = sandbox->add_subcommand("fault", "what goes wrong on purpose in its cart API")->require_subcommand(1);
    auto* add = fault->add_subcommand("add", "let calls, or deliveries, go wrong");
    add->add_option("kind", added.kind)
        ->required()
        ->check(CLI::IsMember({"refuse_before", "error_after_commit", "lost_answer", "hang", "slow_delivery", "cancel_order"}));
    add->add_option("--method", added.method, "default: any");
    add->add_option("--path", added.path, "below /1.0; * stands for anything");
    add->add_option("--percent", added.percent, "of the calls, or of the orders; default 100")->check(CLI::Range(1, 100));
    add->add_option("--times", added.times, "how often; default: always. Not for deliveries")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
    add->add_option("--seconds", added.seconds, "of a hang or a slow delivery")->check(CLI::Range(0, 86'400));
    add->add_option("--seed", added.seed, "the same seed, the same faults");
    add->callback([&out] { add_fault(out, added); });
    fault->add_subcommand("list", "what goes wrong, and how often it did")->callback([&out] { list_faults(out); });
    fault->add_subcommand("clear", "nothing goes wrong any more")->callback([&out] { clear_faults(out); });
}

} // namespace app
