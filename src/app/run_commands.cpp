#include "app/commands.h"

#include "api/documents.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/day_argument.h"
#include "app/operator.h"
#include "service/billing_runs.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <chrono>
#include <iomanip>

namespace app {
namespace {

struct RunArguments {
    std::string date{}; ///< YYYY-MM-DD, empty: today
    bool dry_run{false};
    int workers{1};
};

struct Parts {
    App app{"uncloud", std::chrono::minutes{30}};
    service::Billing billing{app.database, *app.clock, app.billing_rules()};
    service::Books books{app.database, *app.clock};
    service::BillingRuns runs{app.database, *app.clock, billing, books, app.test_clock() != nullptr};
};

/// Shows how far a run has come: a bar that is drawn over and over, or a JSON object a line.
class RunDisplay {
public:
    RunDisplay(std::ostream& out, bool terminal) : out_{out}, terminal_{terminal} {}

    void show(const store::BillingRunRecord& run)
    {
        if (!terminal_) {
            out_ << api::json_of(run).dump() << std::endl;
            return;
        }
        constexpr std::int64_t width = 40;
        const auto filled = run.slices == 0 ? width : width * run.slices_done / run.slices;
        out_ << "\r[" << std::string(static_cast<std::size_t>(filled), '#') << std::string(static_cast<std::size_t>(width - filled), ' ')
             << "] " << run.billed << " of " << run.members << " members, " << run.documents << " documents, " << run.errors << " errors"
             << std::flush;
    }

    void finish(const store::BillingRunRecord& run, std::chrono::duration<double> took)
    {
        show(run);
        if (terminal_)
            out_ << "\nrun " << run.id << " of " << domain::to_text(run.run_on) << " took " << std::fixed << std::setprecision(1)
                 << took.count() << " s\n";
    }

private:
    std::ostream& out_;
    bool terminal_;
};

int preview(std::ostream& out, Parts& parts, domain::Date day, bool terminal)
{
    store::Table table{.columns = {"username", "date", "kind", "currency", "net_minor", "vat_minor", "total_minor"},
        .numeric = {false, false, false, false, true, true, true}};
    std::size_t documents = 0;
    std::size_t failures = 0;
    parts.runs.preview(day, [&](const service::BilledSlice& slice) {
        for (const auto& failure : slice.failures) {
            ++failures;
            out << "member " << static_cast<std::int64_t>(failure.member) << " cannot be billed: " << failure.error << '\n';
        }
        for (const auto& document : slice.documents) {
            ++documents;
            if (!terminal) {
                out << api::draft_json(document).set("username", document.username).dump() << '\n';
                continue;
            }
            const auto& invoice = document.invoice;
            const auto totals = domain::totals_of(invoice.lines, invoice.currency);
            table.rows.push_back({document.username, domain::to_text(invoice.billed_on), std::string{domain::to_text(invoice.kind)},
                std::string{domain::to_text(invoice.currency)}, std::to_string(totals.net.minor), std::to_string(totals.vat.minor),
                std::to_string(totals.gross.minor)});
        }
    });
    if (terminal) out << api::plain_of(table) << documents << " documents would be issued; nothing was written\n";
    return failures > 0 ? 1 : 0;
}

/// Returns the exit status: 1 if members could not be billed.
int bill(std::ostream& out, const RunArguments& arguments, bool terminal)
{
    Parts parts;
    const auto day = arguments.date.empty() ? parts.app.clock->today() : day_argument(arguments.date, "--date");
    if (arguments.dry_run) return preview(out, parts, day, terminal);

    RunDisplay display{out, terminal};
    const auto began = std::chrono::steady_clock::now();
    const auto owner = "cli:" + std::to_string(::getpid());
    const auto run =
        parts.runs.run(day, arguments.workers, operator_name(), owner, [&](const store::BillingRunRecord& state) { display.show(state); });
    if (run) display.finish(*run, std::chrono::steady_clock::now() - began);
    else if (terminal) out << "nothing is due on " << domain::to_text(day) << '\n';
    else out << http::JsonText::object().set("date", domain::to_text(day)).set("state", "nothing_due").dump() << '\n';
    return run && run->errors > 0 ? 1 : 0;
}

void list_runs(std::ostream& out)
{
    store::Table table{.columns = {"id", "date", "state", "started_by", "members", "billed", "documents", "errors", "slices"},
        .numeric = {true, false, false, false, true, true, true, true, false}};
    Parts parts;
    for (const auto& run : parts.runs.page(std::nullopt, 50))
        table.rows.push_back({std::to_string(run.id), domain::to_text(run.run_on), run.finished_at ? "finished" : "open", run.started_by,
            std::to_string(run.members), std::to_string(run.billed), std::to_string(run.documents), std::to_string(run.errors),
            std::to_string(run.slices_done) + "/" + std::to_string(run.slices)});
    out << api::plain_of(table);
}

void list_errors(std::ostream& out)
{
    store::Table table{.columns = {"username", "date", "tries", "first_at", "error"}, .numeric = {false, false, true, false, false}};
    Parts parts;
    for (const auto& error : parts.runs.errors(1000))
        table.rows.push_back(
            {error.uid, domain::to_text(error.run_on), std::to_string(error.tries), domain::to_text(error.first_at), error.error});
    out << api::plain_of(table);
}

} // namespace

void add_run_commands(CLI::App& cli, std::ostream& out, bool terminal, int& status)
{
    static RunArguments run;

    auto* billing = cli.add_subcommand("run", "bill what is due up to a day, and recognise revenue");
    billing->add_option("--date", run.date, "the day, YYYY-MM-DD; default today");
    billing->add_flag("--dry-run", run.dry_run, "show what would be issued, write nothing");
    billing->add_option("--workers", run.workers, "threads; others may work on the same run elsewhere")->check(CLI::Range(1, 64));
    billing->callback([&out, terminal, &status] { status = bill(out, run, terminal); });

    auto* runs = cli.add_subcommand("runs", "the billing runs")->require_subcommand(1);
    runs->add_subcommand("list", "the newest 50")->callback([&] { list_runs(out); });
    runs->add_subcommand("errors", "members that could not be billed")->callback([&] { list_errors(out); });
}

} // namespace app
