#include "app/billing_commands.h"

#include "api/documents.h"
#include "api/ledger_text.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/iban.h"
#include "domain/refusal.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"
#include "service/administration.h"
#include "service/billing_runs.h"
#include "service/corrections.h"
#include "service/refunds.h"
#include "service/verification.h"

#include <unistd.h>

#include <chrono>
#include <iomanip>
#include <stdexcept>

namespace app {
namespace {

domain::Date day_from(const std::string& text, const char* option)
{
    const auto day = domain::date_from(text);
    if (!day) throw std::invalid_argument{std::string{option} + " must be a day that exists, YYYY-MM-DD: " + text};
    return *day;
}

std::optional<std::string> bound(const std::string& text, const char* option)
{
    if (text.empty()) return std::nullopt;
    return domain::to_text(day_from(text, option));
}

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

} // namespace

struct BillingCommands::Parts {
    App app{"uncloud", std::chrono::minutes{30}};
    service::Billing billing{app.database, *app.clock, app.billing_rules()};
    service::Books books{app.database, *app.clock};
    service::BillingRuns runs{app.database, *app.clock, billing, books, app.test_clock() != nullptr};
    service::Corrections corrections{*app.clock, app.billing_rules()};
    gateway::StripeTransport stripe{app.config.stripe};
    const std::unique_ptr<gateway::CardPayments> gateway{gateway::make_stripe_payments(stripe)};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
};

BillingCommands::BillingCommands(std::ostream& out, bool terminal) : out_{out}, terminal_{terminal} {}

BillingCommands::~BillingCommands() = default;

BillingCommands::Parts& BillingCommands::parts()
{
    if (!parts_) parts_ = std::make_unique<Parts>();
    return *parts_;
}

int BillingCommands::run(const RunArguments& arguments)
{
    const auto day = arguments.date.empty() ? parts().app.clock->today() : day_from(arguments.date, "--date");
    if (arguments.dry_run) return preview(domain::to_text(day));

    RunDisplay display{out_, terminal_};
    const auto began = std::chrono::steady_clock::now();
    const auto owner = "cli:" + std::to_string(::getpid());
    const auto run = parts().runs.run(
        day, arguments.workers, operator_name(), owner, [&](const store::BillingRunRecord& state) { display.show(state); });
    if (run) display.finish(*run, std::chrono::steady_clock::now() - began);
    else if (terminal_) out_ << "nothing is due on " << domain::to_text(day) << '\n';
    else out_ << http::JsonText::object().set("date", domain::to_text(day)).set("state", "nothing_due").dump() << '\n';
    return run && run->errors > 0 ? 1 : 0;
}

int BillingCommands::preview(const std::string& date)
{
    store::Table table{.columns = {"username", "date", "kind", "currency", "net_minor", "vat_minor", "total_minor"},
        .numeric = {false, false, false, false, true, true, true}};
    std::size_t documents = 0;
    std::size_t failures = 0;
    parts().runs.preview(day_from(date, "--date"), [&](const service::BilledSlice& slice) {
        for (const auto& failure : slice.failures) {
            ++failures;
            out_ << "member " << static_cast<std::int64_t>(failure.member) << " cannot be billed: " << failure.error << '\n';
        }
        for (const auto& document : slice.documents) {
            ++documents;
            if (!terminal_) {
                out_ << api::draft_json(document).set("username", document.username).dump() << '\n';
                continue;
            }
            const auto& invoice = document.invoice;
            const auto totals = domain::totals_of(invoice.lines, invoice.currency);
            table.rows.push_back({document.username, domain::to_text(invoice.billed_on), std::string{domain::to_text(invoice.kind)},
                std::string{domain::to_text(invoice.currency)}, std::to_string(totals.net.minor), std::to_string(totals.vat.minor),
                std::to_string(totals.gross.minor)});
        }
    });
    if (terminal_) out_ << api::plain_of(table) << documents << " documents would be issued; nothing was written\n";
    return failures > 0 ? 1 : 0;
}

void BillingCommands::list_runs()
{
    store::Table table{.columns = {"id", "date", "state", "started_by", "members", "billed", "documents", "errors", "slices"},
        .numeric = {true, false, false, false, true, true, true, true, false}};
    for (const auto& run : parts().runs.page(std::nullopt, 50))
        table.rows.push_back({std::to_string(run.id), domain::to_text(run.run_on), run.finished_at ? "finished" : "open", run.started_by,
            std::to_string(run.members), std::to_string(run.billed), std::to_string(run.documents), std::to_string(run.errors),
            std::to_string(run.slices_done) + "/" + std::to_string(run.slices)});
    out_ << api::plain_of(table);
}

void BillingCommands::list_errors()
{
    store::Table table{.columns = {"username", "date", "tries", "first_at", "error"}, .numeric = {false, false, true, false, false}};
    for (const auto& error : parts().runs.errors(1000))
        table.rows.push_back(
            {error.uid, domain::to_text(error.run_on), std::to_string(error.tries), domain::to_text(error.first_at), error.error});
    out_ << api::plain_of(table);
}

void BillingCommands::issue_credit_note(const CreditNoteArguments& arguments)
{
    if (arguments.amount != 0 && arguments.line == 0) throw std::invalid_argument{"--amount needs --line: say of which line"};
    service::CreditNoteRequest request{.invoice = arguments.invoice, .reason = arguments.reason};
    if (arguments.line != 0) request.line = arguments.line;
    if (arguments.amount != 0) request.amount = arguments.amount;
    std::string number;
    parts().app.database.transact(
        [&](store::Session& session) { number = parts().corrections.issue_credit_note(session, request, operator_name()); });
    out_ << "issued " << number << '\n';
}

void BillingCommands::give_credit(const GoodwillArguments& arguments)
{
    const auto member = parts().administration.member(arguments.username).member;
    service::GoodwillRequest request{
        .member = member.id, .amount = {arguments.amount, member.currency}, .reference = arguments.reference, .reason = arguments.reason};
    if (!arguments.currency.empty()) request.amount.currency = *domain::currency_from(arguments.currency);
    parts().app.database.transact([&](store::Session& session) { parts().corrections.give_credit(session, request, operator_name()); });
    out_ << arguments.username << " was given " << domain::to_text(request.amount) << '\n';
}

void BillingCommands::request_refund(const RefundArguments& arguments)
{
    const auto payment = domain::Uuid::parse(arguments.payment);
    if (!payment) throw std::invalid_argument{"the payment must be named by its id: uncloud payments USERNAME"};
    if (!arguments.payee_iban.empty() && domain::check_iban(arguments.payee_iban) != domain::IbanFault::none)
        throw std::invalid_argument{"--payee-iban must be a Swiss or Liechtenstein IBAN without blanks"};
    const service::RefundRequest request{.payment = *payment,
        .amount = {arguments.amount, *domain::currency_from(arguments.currency)},
        .reference = arguments.reference,
        .reason = arguments.reason,
        .payee_name = arguments.payee_name,
        .payee_iban = arguments.payee_iban};
    std::string id;
    parts().app.database.transact(
        [&](store::Session& session) { id = parts().refunds.request(session, request, operator_name()).uuid.text(); });
    out_ << "refund " << id << " of " << domain::to_text(request.amount) << " is on its way\n";
}

void BillingCommands::list_payments(const std::string& username)
{
    const auto member = parts().administration.member(username).member;
    store::Table table{.columns = {"id", "booked_on", "means", "currency", "amount_minor", "credit_minor", "refunded_minor", "state"},
        .numeric = {false, false, false, false, true, true, true, false}};
    const auto payments =
        parts().app.database.read([&](store::Session& session) { return store::PaymentStore{session}.of_member(member.id, 1000); });
    for (const auto& [id, payment, credit, refunded, reversed] : payments)
        table.rows.push_back({payment.uuid.text(), domain::to_text(payment.booked_on), std::string{domain::to_text(payment.means)},
            std::string{domain::to_text(payment.amount.currency)}, std::to_string(payment.amount.minor), std::to_string(credit),
            std::to_string(refunded), reversed ? "reversed" : "booked"});
    out_ << api::plain_of(table);
}

void BillingCommands::close_books(const std::string& through)
{
    parts().books.close(day_from(through, "--through"), operator_name());
    out_ << "the books are closed through " << through << '\n';
}

void BillingCommands::export_ledger(const std::string& format, const std::string& from, const std::string& to)
{
    const auto kind = format == "hledger" ? api::LedgerFormat::hledger
        : format == "ledger"              ? api::LedgerFormat::ledger
                                          : api::LedgerFormat::csv;
    const auto first = bound(from, "--from");
    const auto last = bound(to, "--to");
    api::LedgerText text{out_, kind};
    parts().app.database.read([&](store::Session& session) {
        store::LedgerStore{session}.each(first, last, [&](const store::LedgerRow& row) { text.add(row); });
    });
    text.finish();
    out_ << std::flush;
}

int BillingCommands::verify()
{
    const auto report = service::Verification{parts().app.database}.verify();
    for (const auto& finding : report.findings) out_ << finding << '\n';
    out_ << report.documents << " documents, " << report.lines
         << " lines: " << (report.findings.empty() ? "all agree" : std::to_string(report.findings.size()) + " findings") << '\n';
    return report.findings.empty() ? 0 : 1;
}

} // namespace app
