#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/iban.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"
#include "service/administration.h"
#include "service/corrections.h"
#include "service/refunds.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <stdexcept>

namespace app {
namespace {

struct CreditNoteArguments {
    std::string invoice{};
    int line{0};            ///< 0: all lines
    std::int64_t amount{0}; ///< 0: all that is left
    std::string reason{};
};

struct GoodwillArguments {
    std::string username{};
    std::int64_t amount{0};
    std::string currency{}; ///< empty: the member's own
    std::string reference{};
    std::string reason{};
};

struct RefundArguments {
    std::string payment{}; ///< its id
    std::int64_t amount{0};
    std::string currency{"CHF"};
    std::string reference{};
    std::string reason{};
    std::string payee_name{}, payee_iban{};
};

struct Parts {
    App app{"uncloud", std::chrono::minutes{30}};
    service::Corrections corrections{*app.clock, app.billing_rules()};
    gateway::StripeTransport stripe{app.config.stripe};
    const std::unique_ptr<gateway::CardPayments> gateway{gateway::make_stripe_payments(stripe)};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::Administration administration{app.database, *app.clock, app.config.share + "/reports"};
};

void issue_credit_note(std::ostream& out, const CreditNoteArguments& arguments)
{
    if (arguments.amount != 0 && arguments.line == 0) throw std::invalid_argument{"--amount needs --line: say of which line"};
    service::CreditNoteRequest request{.invoice = arguments.invoice, .reason = arguments.reason};
    if (arguments.line != 0) request.line = arguments.line;
    if (arguments.amount != 0) request.amount = arguments.amount;
    std::string number;
    Parts parts;
    parts.app.database.transact(
        [&](store::Session& session) { number = parts.corrections.issue_credit_note(session, request, operator_name()); });
    out << "issued " << number << '\n';
}

void give_credit(std::ostream& out, const GoodwillArguments& arguments)
{
    Parts parts;
    const auto member = parts.administration.member(arguments.username).member;
    service::GoodwillRequest request{
        .member = member.id, .amount = {arguments.amount, member.currency}, .reference = arguments.reference, .reason = arguments.reason};
    if (!arguments.currency.empty()) request.amount.currency = *domain::currency_from(arguments.currency);
    parts.app.database.transact([&](store::Session& session) { parts.corrections.give_credit(session, request, operator_name()); });
    out << arguments.username << " was given " << domain::to_text(request.amount) << '\n';
}

void request_refund(std::ostream& out, const RefundArguments& arguments)
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
    Parts parts;
    parts.app.database.transact(
        [&](store::Session& session) { id = parts.refunds.request(session, request, operator_name()).uuid.text(); });
    out << "refund " << id << " of " << domain::to_text(request.amount) << " is on its way\n";
}

void list_payments(std::ostream& out, const std::string& username)
{
    Parts parts;
    const auto member = parts.administration.member(username).member;
    store::Table table{.columns = {"id", "booked_on", "means", "currency", "amount_minor", "credit_minor", "refunded_minor", "state"},
        .numeric = {false, false, false, false, true, true, true, false}};
    const auto payments =
        parts.app.database.read([&](store::Session& session) { return store::PaymentStore{session}.of_member(member.id, 1000); });
    for (const auto& [id, payment, credit, refunded, reversed] : payments)
        table.rows.push_back({payment.uuid.text(), domain::to_text(payment.booked_on), std::string{domain::to_text(payment.means)},
            std::string{domain::to_text(payment.amount.currency)}, std::to_string(payment.amount.minor), std::to_string(credit),
            std::to_string(refunded), reversed ? "reversed" : "booked"});
    out << api::plain_of(table);
}

void add_credit_note(CLI::App& cli, std::ostream& out)
{
    static CreditNoteArguments note;

    auto* credit_note = cli.add_subcommand("credit-note", "give back an invoice, a line of it, or a part of a line");
    credit_note->add_option("invoice", note.invoice, "its number")->required();
    credit_note->add_option("--line", note.line, "1-based; default: all lines")->check(CLI::Range(1, 100'000));
    credit_note->add_option("--amount", note.amount, "minor units of the line, as its price list counts; default: all that is left")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    credit_note->add_option("--reason", note.reason, "stands on the document")->required();
    credit_note->callback([&] { issue_credit_note(out, note); });
}

void add_credit(CLI::App& cli, std::ostream& out)
{
    static GoodwillArguments credit;

    auto* give = cli.add_subcommand("credit", "give a member credit, without a document");
    give->add_option("username", credit.username)->required();
    give->add_option("--amount", credit.amount, "minor units")->required()->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    give->add_option("--currency", credit.currency, "default: the member's")->check(CLI::IsMember({"CHF", "EUR"}));
    give->add_option("--ref", credit.reference, "your own reference; credit is given once for each")->required();
    give->add_option("--reason", credit.reason)->required();
    give->callback([&] { give_credit(out, credit); });
}

void add_refund(CLI::App& cli, std::ostream& out)
{
    static RefundArguments refund;

    auto* back = cli.add_subcommand("refund", "pay a member's credit back to where it came from");
    back->add_option("payment", refund.payment, "its id: uncloud payments USERNAME")->required();
    back->add_option("--amount", refund.amount, "minor units")->required()->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}));
    back->add_option("--currency", refund.currency, "of the payment")->check(CLI::IsMember({"CHF", "EUR"}));
    back->add_option("--ref", refund.reference, "your own reference; one refund is made for each")->required();
    back->add_option("--reason", refund.reason)->required();
    back->add_option("--payee-name", refund.payee_name, "by bank; default: whoever paid");
    back->add_option("--payee-iban", refund.payee_iban, "by bank; default: the account it came from");
    back->callback([&] { request_refund(out, refund); });
}

} // namespace

void add_correction_commands(CLI::App& cli, std::ostream& out)
{
    static std::string username;

    add_credit_note(cli, out);
    add_credit(cli, out);

    auto* payments = cli.add_subcommand("payments", "what a member paid, with the ids that refunds need");
    payments->add_option("username", username)->required();
    payments->callback([&] { list_payments(out, username); });

    add_refund(cli, out);
}

} // namespace app
