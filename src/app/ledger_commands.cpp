#include "app/commands.h"

#include "api/ledger_text.h"
#include "app/app.h"
#include "app/day_argument.h"
#include "app/operator.h"
#include "service/books.h"
#include "service/verification.h"
#include "store/ledger_store.h"

#include <CLI/CLI.hpp>

namespace app {
namespace {

constexpr std::chrono::minutes patience{30};

std::optional<std::string> bound(const std::string& text, const char* option)
{
    if (text.empty()) return std::nullopt;
    return domain::to_text(day_argument(text, option));
}

/// hledger, ledger or csv.
void export_ledger(std::ostream& out, const std::string& format, const std::string& from, const std::string& to)
{
    const auto kind = format == "hledger" ? api::LedgerFormat::hledger
        : format == "ledger"              ? api::LedgerFormat::ledger
                                          : api::LedgerFormat::csv;
    const auto first = bound(from, "--from");
    const auto last = bound(to, "--to");
    api::LedgerText text{out, kind};
    App app{"uncloud", patience};
    app.database.read([&](store::Session& session) {
        store::LedgerStore{session}.each(first, last, [&](const store::LedgerRow& row) { text.add(row); });
    });
    text.finish();
    out << std::flush;
}

void close_books(std::ostream& out, const std::string& through)
{
    App app{"uncloud", patience};
    service::Books{app.database, *app.clock}.close(day_argument(through, "--through"), operator_name());
    out << "the books are closed through " << through << '\n';
}

/// Returns the exit status: 1 if something was found.
int verify(std::ostream& out)
{
    App app{"uncloud", patience};
    const auto report = service::Verification{app.database}.verify();
    for (const auto& finding : report.findings) out << finding << '\n';
    out << report.documents << " documents, " << report.lines
        << " lines: " << (report.findings.empty() ? "all agree" : std::to_string(report.findings.size()) + " findings") << '\n';
    return report.findings.empty() ? 0 : 1;
}

} // namespace

void add_ledger_commands(CLI::App& cli, std::ostream& out, int& status)
{
    static std::string day, from, to, format{"hledger"};

    auto* ledger = cli.add_subcommand("ledger", "the books")->require_subcommand(1);
    auto* journal = ledger->add_subcommand("export", "the journal for hledger, ledger or a spreadsheet");
    journal->add_option("--format", format, "hledger, ledger or csv")->check(CLI::IsMember({"hledger", "ledger", "csv"}));
    journal->add_option("--from", from, "first day, YYYY-MM-DD");
    journal->add_option("--to", to, "day after the last, YYYY-MM-DD");
    journal->callback([&] { export_ledger(out, format, from, to); });
    auto* close = ledger->add_subcommand("close", "close the books: nothing is booked on or before the day any more");
    close->add_option("--through", day, "the last closed day, YYYY-MM-DD")->required();
    close->callback([&] { close_books(out, day); });

    cli.add_subcommand("verify", "hold documents, chain, numbers, periods and ledger against each other")->callback([&] {
        status = verify(out);
    });
}

} // namespace app
