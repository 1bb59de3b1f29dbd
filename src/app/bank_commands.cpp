#include "app/commands.h"

#include "api/bank_answers.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"
#include "service/bank_imports.h"
#include "service/bank_work.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace app {
namespace {

struct BankWorkArguments {
    std::string state{"open"}; ///< or "all"
    int limit{50};
    std::string format{"table"}; ///< or json
};

struct BankDecisionArguments {
    std::string booking{}; ///< its uuid
    std::string invoice{}, username{}, other{};
    std::string payee_name{}, payee_iban{};
};

namespace fs = std::filesystem;

constexpr std::chrono::minutes patience_with_other_imports{10};

bank::ByteSource source_of(const std::string& path)
{
    auto stream = std::make_shared<std::ifstream>(path, std::ios::binary);
    if (!*stream || fs::is_directory(path)) throw std::invalid_argument{"cannot read " + path};
    return [stream](std::span<char> buffer) {
        stream->read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        return static_cast<std::size_t>(stream->gcount());
    };
}

domain::Uuid booking_from(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"a booking is named by its uuid: uncloud bank work"};
    return *uuid;
}

std::string proposed(const domain::BankProposal& proposal)
{
    if (proposal.empty()) return "";
    const auto target = !proposal.booking.empty() ? "--booking " + proposal.booking
        : !proposal.invoice.empty()               ? "--invoice " + proposal.invoice
                                                  : "--member " + proposal.username;
    return target + " (" + proposal.why + ")";
}

struct Parts {
    App app{"uncloud", std::chrono::minutes{30}};
    gateway::StripeTransport stripe{app.config.stripe};
    const std::unique_ptr<gateway::CardPayments> gateway{gateway::make_stripe_payments(stripe)};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::BankImports imports{app.database, *app.clock, refunds, app.bank_rules()};
    service::BankWork work{app.database, *app.clock};
};

service::ImportedBankFile import_file(Parts& parts, const service::BankFile& file, const std::string& path)
{
    try {
        return parts.imports.import(file, operator_name(), patience_with_other_imports);
    } catch (const service::BankFileRefused& refusal) {
        throw domain::Refusal{refusal.reason(), path + ": " + refusal.what()};
    }
}

/// Each file is taken whole or not at all; the first that is refused ends it.
void import_files(std::ostream& out, const std::vector<std::string>& paths)
{
    for (const auto& path : paths) source_of(path); // all or a clear word before anything is done
    Parts parts;
    bool work = false;
    for (const auto& path : paths) {
        const service::BankFile file{.name = fs::path{path}.filename(), .open = [&] { return source_of(path); }};
        const auto imported = import_file(parts, file, path);
        out << path << ": " << imported.file.entries << " entries, " << imported.file.bookings << " bookings, "
            << imported.file.new_bookings << " new\n";
        for (const auto& [outcome, count] : imported.outcomes) {
            out << "  " << count << ' ' << domain::to_text(outcome) << '\n';
            work = work || domain::needs_decision(outcome);
        }
        out << std::flush;
    }
    if (work) out << "some of it is for you to decide: uncloud bank work\n";
}

void list_bank_files(std::ostream& out)
{
    store::Table table{.columns = {"uuid", "imported_at", "by", "name", "entries", "bookings", "new"},
        .numeric = {false, false, false, false, true, true, true}};
    Parts parts;
    for (const auto& file : parts.work.files(std::nullopt, 50))
        table.rows.push_back({file.uuid.text(), domain::to_text(file.imported_at), file.imported_by, file.name,
            std::to_string(file.entries), std::to_string(file.bookings), std::to_string(file.new_bookings)});
    out << api::plain_of(table);
}

void list_work(std::ostream& out, const BankWorkArguments& arguments)
{
    store::BankBookingFilter filter;
    if (arguments.state != "all") filter.state = domain::bank_booking_state_from(arguments.state);
    store::Table table{.columns = {"booking", "booked_on", "currency", "amount_minor", "payer", "text", "outcome", "state", "proposal"},
        .numeric = {false, false, false, true, false, false, false, false, false}};
    Parts parts;
    for (const auto& each : parts.work.page(filter, std::nullopt, arguments.limit)) {
        if (arguments.format == "json") {
            out << api::json_of(each).dump() << '\n';
            continue;
        }
        const auto& told = each.booking.told;
        table.rows.push_back({told.uuid.text(), domain::to_text(told.booked_on), std::string{domain::to_text(told.amount.currency)},
            (told.credit ? "" : "-") + std::to_string(told.amount.minor), told.payer_name,
            told.reference.empty() ? told.text : told.reference, std::string{domain::to_text(told.outcome)},
            std::string{domain::to_text(told.state)}, proposed(each.proposal)});
    }
    if (arguments.format != "json") out << api::plain_of(table);
}

void show_booking(std::ostream& out, const std::string& booking)
{
    Parts parts;
    out << api::json_of(parts.work.read(booking_from(booking))).dump() << '\n';
}

void assign_booking(std::ostream& out, const BankDecisionArguments& arguments)
{
    service::BankTarget target{.invoice = arguments.invoice, .username = arguments.username};
    if (!arguments.other.empty()) target.booking = booking_from(arguments.other);
    if (!target.invoice.empty() + !target.username.empty() + target.booking.has_value() != 1)
        throw std::invalid_argument{"say one of --invoice, --member and --booking: what the money belongs to"};
    const auto uuid = booking_from(arguments.booking);
    Parts parts;
    parts.app.database.transact([&](store::Session& session) { parts.work.assign(session, uuid, target, operator_name()); });
    out << "assigned\n";
}

void credit_booking(std::ostream& out, const BankDecisionArguments& arguments)
{
    const auto uuid = booking_from(arguments.booking);
    Parts parts;
    parts.app.database.transact([&](store::Session& session) { parts.work.credit(session, uuid, arguments.username, operator_name()); });
    out << "credited to " << arguments.username << '\n';
}

void refund_booking(std::ostream& out, const BankDecisionArguments& arguments)
{
    const auto uuid = booking_from(arguments.booking);
    const service::BankPayee payee{.name = arguments.payee_name, .iban = arguments.payee_iban};
    Parts parts;
    parts.app.database.transact([&](store::Session& session) { parts.work.refund(session, uuid, payee, operator_name()); });
    out << "goes back with the next payout file: uncloud bank payout\n";
}

void add_files(CLI::App& bank, std::ostream& out)
{
    static std::vector<std::string> files;

    auto* taken = bank.add_subcommand("import", "take camt.053 and camt.054 files into the books; safe to repeat");
    taken->add_option("file", files)->required();
    taken->callback([&out] { import_files(out, files); });

    bank.add_subcommand("files", "the newest 50 files that were imported")->callback([&out] { list_bank_files(out); });
}

void add_work(CLI::App& bank, std::ostream& out)
{
    static BankWorkArguments work;
    static BankDecisionArguments decision;

    auto* list = bank.add_subcommand("work", "bookings that nobody can place but you, with proposals");
    list->add_option("--state", work.state, "open (default), waiting, done, assigned, credited, refunded, offset or all")
        ->check(CLI::IsMember({"open", "waiting", "done", "assigned", "credited", "refunded", "offset", "all"}));
    list->add_option("--limit", work.limit, "default 50")->check(CLI::Range(1, 100'000));
    list->add_option("--format", work.format, "table, or json: an object a line")->check(CLI::IsMember({"table", "json"}));
    list->callback([&out] { list_work(out, work); });

    const auto decide = [&bank](const char* name, const char* what) {
        auto* command = bank.add_subcommand(name, what);
        command->add_option("booking", decision.booking, "its uuid: uncloud bank work")->required();
        return command;
    };
    decide("show", "one booking as JSON")->callback([&out] { show_booking(out, decision.booking); });
    auto* assign = decide("assign", "say what a booking belongs to");
    assign->add_option("--invoice", decision.invoice, "its number");
    assign->add_option("--member", decision.username, "the member's account: what it owes first, the rest is credit");
    assign->add_option("--booking", decision.other, "the undecided booking that this one takes back");
    assign->callback([&out] { assign_booking(out, decision); });
    auto* credit = decide("credit", "give a booking to a member's credit");
    credit->add_option("username", decision.username)->required();
    credit->callback([&out] { credit_booking(out, decision); });
    auto* refund = decide("refund", "send a booking's money back with the next payout file");
    refund->add_option("--payee-name", decision.payee_name, "default: whoever paid");
    refund->add_option("--payee-iban", decision.payee_iban, "default: the account it came from");
    refund->callback([&out] { refund_booking(out, decision); });
}

} // namespace

void add_bank_commands(CLI::App& cli, std::ostream& out)
{
    auto* bank = cli.add_subcommand("bank", "files of the bank, what they leave to decide, and payouts")->require_subcommand(1);
    add_files(*bank, out);
    add_work(*bank, out);
    add_bank_payout_commands(*bank, out);
}

} // namespace app
