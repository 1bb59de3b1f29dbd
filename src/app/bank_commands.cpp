#include "app/bank_commands.h"

#include "api/bank_answers.h"
#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "domain/refusal.h"
#include "gateway/stripe_payments.h"
#include "gateway/stripe_transport.h"
#include "service/bank_payouts.h"
#include "service/bank_work.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace app {
namespace {

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

/// What is written reaches the disk or is not there; a file that is there already is not touched.
void write_new_file(const std::string& path, const std::string& content)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) throw std::system_error{errno, std::generic_category(), path};
    std::size_t done = 0;
    while (done < content.size()) {
        const auto written = ::write(file, content.data() + done, content.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        done += static_cast<std::size_t>(written);
    }
    const bool whole = done == content.size() && ::fsync(file) == 0;
    const int why = errno;
    ::close(file);
    if (whole) return;
    ::unlink(path.c_str());
    throw std::system_error{why, std::generic_category(), path};
}

} // namespace

struct BankCommands::Parts {
    App app{"uncloud", std::chrono::minutes{30}};
    gateway::StripeTransport stripe{app.config.stripe};
    const std::unique_ptr<gateway::CardPayments> gateway{gateway::make_stripe_payments(stripe)};
    service::Refunds refunds{app.database, *gateway, *app.clock};
    service::BankImports imports{app.database, *app.clock, refunds, app.bank_rules()};
    service::BankWork work{app.database, *app.clock};
    service::BankPayouts payouts{app.database, *app.clock, app.config.issuer.address.company};
};

BankCommands::BankCommands(std::ostream& out) : out_{out} {}

BankCommands::~BankCommands() = default;

BankCommands::Parts& BankCommands::parts()
{
    if (!parts_) parts_ = std::make_unique<Parts>();
    return *parts_;
}

void BankCommands::import_files(const std::vector<std::string>& paths)
{
    for (const auto& path : paths) source_of(path); // all or a clear word before anything is done
    bool work = false;
    for (const auto& path : paths) {
        const service::BankFile file{.name = fs::path{path}.filename(), .open = [&] { return source_of(path); }};
        const auto imported = import(file, path);
        out_ << path << ": " << imported.file.entries << " entries, " << imported.file.bookings << " bookings, "
             << imported.file.new_bookings << " new\n";
        for (const auto& [outcome, count] : imported.outcomes) {
            out_ << "  " << count << ' ' << domain::to_text(outcome) << '\n';
            work = work || domain::needs_decision(outcome);
        }
        out_ << std::flush;
    }
    if (work) out_ << "some of it is for you to decide: uncloud bank work\n";
}

service::ImportedBankFile BankCommands::import(const service::BankFile& file, const std::string& path)
{
    try {
        return parts().imports.import(file, operator_name(), patience_with_other_imports);
    } catch (const service::BankFileRefused& refusal) {
        throw domain::Refusal{refusal.reason(), path + ": " + refusal.what()};
    }
}

void BankCommands::list_files()
{
    store::Table table{.columns = {"uuid", "imported_at", "by", "name", "entries", "bookings", "new"},
        .numeric = {false, false, false, false, true, true, true}};
    for (const auto& file : parts().work.files(std::nullopt, 50))
        table.rows.push_back({file.uuid.text(), domain::to_text(file.imported_at), file.imported_by, file.name,
            std::to_string(file.entries), std::to_string(file.bookings), std::to_string(file.new_bookings)});
    out_ << api::plain_of(table);
}

void BankCommands::list_work(const BankWorkArguments& arguments)
{
    store::BankBookingFilter filter;
    if (arguments.state != "all") filter.state = domain::bank_booking_state_from(arguments.state);
    store::Table table{.columns = {"booking", "booked_on", "currency", "amount_minor", "payer", "text", "outcome", "state", "proposal"},
        .numeric = {false, false, false, true, false, false, false, false, false}};
    for (const auto& each : parts().work.page(filter, std::nullopt, arguments.limit)) {
        if (arguments.format == "json") {
            out_ << api::json_of(each).dump() << '\n';
            continue;
        }
        const auto& told = each.booking.told;
        table.rows.push_back({told.uuid.text(), domain::to_text(told.booked_on), std::string{domain::to_text(told.amount.currency)},
            (told.credit ? "" : "-") + std::to_string(told.amount.minor), told.payer_name,
            told.reference.empty() ? told.text : told.reference, std::string{domain::to_text(told.outcome)},
            std::string{domain::to_text(told.state)}, proposed(each.proposal)});
    }
    if (arguments.format != "json") out_ << api::plain_of(table);
}

void BankCommands::show(const std::string& booking) { out_ << api::json_of(parts().work.read(booking_from(booking))).dump() << '\n'; }

void BankCommands::assign(const BankDecisionArguments& arguments)
{
    service::BankTarget target{.invoice = arguments.invoice, .username = arguments.username};
    if (!arguments.other.empty()) target.booking = booking_from(arguments.other);
    if (!target.invoice.empty() + !target.username.empty() + target.booking.has_value() != 1)
        throw std::invalid_argument{"say one of --invoice, --member and --booking: what the money belongs to"};
    const auto uuid = booking_from(arguments.booking);
    parts().app.database.transact([&](store::Session& session) { parts().work.assign(session, uuid, target, operator_name()); });
    out_ << "assigned\n";
}

void BankCommands::credit(const BankDecisionArguments& arguments)
{
    const auto uuid = booking_from(arguments.booking);
    parts().app.database.transact(
        [&](store::Session& session) { parts().work.credit(session, uuid, arguments.username, operator_name()); });
    out_ << "credited to " << arguments.username << '\n';
}

void BankCommands::refund(const BankDecisionArguments& arguments)
{
    const auto uuid = booking_from(arguments.booking);
    const service::BankPayee payee{.name = arguments.payee_name, .iban = arguments.payee_iban};
    parts().app.database.transact([&](store::Session& session) { parts().work.refund(session, uuid, payee, operator_name()); });
    out_ << "goes back with the next payout file: uncloud bank payout\n";
}

void BankCommands::pay_out(const BankPayoutArguments& arguments)
{
    if (arguments.list) {
        store::Table table{.columns = {"payout", "created_at", "by", "account", "currency", "amount_minor", "transfers"},
            .numeric = {false, false, false, false, false, true, true}};
        for (const auto& payout : parts().payouts.newest(50))
            table.rows.push_back({payout.uuid.text(), domain::to_text(payout.created_at), payout.created_by, payout.account,
                std::string{domain::to_text(payout.amount.currency)}, std::to_string(payout.amount.minor),
                std::to_string(payout.transfers)});
        out_ << api::plain_of(table);
        return;
    }
    std::vector<store::BankPayout> payouts;
    if (!arguments.again.empty()) {
        const auto uuid = domain::Uuid::parse(arguments.again);
        if (!uuid) throw std::invalid_argument{"--again needs the uuid of a payout: uncloud bank payout --list"};
        payouts.push_back(parts().payouts.read(*uuid));
    } else {
        if (!arguments.out.empty() && fs::exists(arguments.out) && !fs::is_directory(arguments.out))
            throw std::invalid_argument{arguments.out + " is there already: name a new file, or a folder"};
        payouts = parts().app.database.transact([&](store::Session& session) { return parts().payouts.create(session, operator_name()); });
    }
    for (const auto& payout : payouts) hand_out(payout, arguments.out, payouts.size() == 1);
}

/// Where there is more than one, each needs a file of its own.
void BankCommands::hand_out(const store::BankPayout& payout, const std::string& out, bool is_only)
{
    const auto told = payout.uuid.text() + ": " + domain::to_text(payout.amount) + " in " + std::to_string(payout.transfers)
        + " transfers from " + payout.account;
    const auto later = "uncloud bank payout --again " + payout.uuid.text() + " --out FILE";
    const bool folder = fs::is_directory(out);
    if (!is_only && !folder) {
        out_ << told << ", not written yet: " << later << '\n';
    } else if (out.empty()) {
        out_ << payout.document;
    } else {
        const auto path = folder ? fs::path{out} / ("payout-" + payout.uuid.text() + ".xml") : fs::path{out};
        try {
            write_new_file(path, payout.document);
        } catch (const std::system_error& error) {
            throw std::runtime_error{"payout " + told + " is made and cannot be written: " + error.what() + "; " + later};
        }
        out_ << told << ", written to " << path.string() << '\n';
    }
}

} // namespace app
