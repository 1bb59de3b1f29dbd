#include "app/commands.h"

#include "api/answers.h"
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

void list_jobs(std::ostream& out, const std::string& state, const std::string& format)
{
    store::Table table{.columns = {"id", "kind", "target", "state", "attempts", "not_before", "last_error"},
        .numeric = {true, false, false, false, true, false, false}};
    Parts parts;
    for (const auto& job : parts.administration.jobs(state, 100))
        table.rows.push_back({std::to_string(job.id), job.kind, job.target, job.state, std::to_string(job.attempts),
            domain::to_text(job.not_before), job.last_error});
    print_table(out, table, format);
}

void show_job(std::ostream& out, std::int64_t id)
{
    Parts parts;
    const auto [job, machine, steps] = parts.administration.job(id);
    out << api::json_of(job)
               .set("machine", machine ? api::json_of(*machine) : http::JsonText::null())
               .set("steps", api::json_of(steps))
               .dump()
        << '\n';
}

void retry_job(std::ostream& out, std::int64_t id)
{
    Parts parts;
    parts.app.database.transact([&](store::Session& session) { parts.administration.retry_job(session, id, operator_name()); });
    out << "job " << id << " is queued again\n";
}

} // namespace

void add_job_commands(CLI::App& cli, std::ostream& out)
{
    static std::string state, format{"table"};
    static std::int64_t id = 0;

    auto* job = cli.add_subcommand("job", "the worker's jobs")->require_subcommand(1);
    auto* jobs = job->add_subcommand("list", "the newest 100");
    jobs->add_option("--state", state)->check(CLI::IsMember({"queued", "leased", "done", "dead"}));
    jobs->add_option("--format", format, "table or json")->check(CLI::IsMember({"table", "json"}));
    jobs->callback([&] { list_jobs(out, state, format); });
    auto* one_job = job->add_subcommand("show", "one job with what it works on, as JSON");
    one_job->add_option("id", id)->required();
    one_job->callback([&] { show_job(out, id); });
    auto* retry = job->add_subcommand("retry", "give a dead job a new start");
    retry->add_option("id", id)->required();
    retry->callback([&] { retry_job(out, id); });
}

} // namespace app
