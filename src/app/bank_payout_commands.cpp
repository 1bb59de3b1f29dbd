#include "app/commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "service/bank_payouts.h"
#include "store/bank_transfer_store.h"

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace app {
namespace {

namespace fs = std::filesystem;

struct BankPayoutArguments {
    std::string out{};   ///< file or folder; empty: standard output
    std::string again{}; ///< uuid of a payout to write once more
    bool list{false};
};

struct Parts {
    App app{"uncloud", std::chrono::minutes{30}};
    service::BankPayouts payouts{app.database, *app.clock, app.config.issuer.address.company};
};

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

/// Where there is more than one, each needs a file of its own.
void hand_out(std::ostream& out, const store::BankPayout& payout, const std::string& target, bool is_only)
{
    const auto told = payout.uuid.text() + ": " + domain::to_text(payout.amount) + " in " + std::to_string(payout.transfers)
        + " transfers from " + payout.account;
    const auto later = "uncloud bank payout --again " + payout.uuid.text() + " --out FILE";
    const bool folder = fs::is_directory(target);
    if (!is_only && !folder) {
        out << told << ", not written yet: " << later << '\n';
    } else if (target.empty()) {
        out << payout.document;
    } else {
        const auto path = folder ? fs::path{target} / ("payout-" + payout.uuid.text() + ".xml") : fs::path{target};
        try {
            write_new_file(path, payout.document);
        } catch (const std::system_error& error) {
            throw std::runtime_error{"payout " + told + " is made and cannot be written: " + error.what() + "; " + later};
        }
        out << told << ", written to " << path.string() << '\n';
    }
}

void list_payouts(std::ostream& out)
{
    Parts parts;
    store::Table table{.columns = {"payout", "created_at", "by", "account", "currency", "amount_minor", "transfers"},
        .numeric = {false, false, false, false, false, true, true}};
    for (const auto& payout : parts.payouts.newest(50))
        table.rows.push_back({payout.uuid.text(), domain::to_text(payout.created_at), payout.created_by, payout.account,
            std::string{domain::to_text(payout.amount.currency)}, std::to_string(payout.amount.minor), std::to_string(payout.transfers)});
    out << api::plain_of(table);
}

std::vector<store::BankPayout> payouts_for(const BankPayoutArguments& arguments)
{
    if (!arguments.again.empty()) {
        const auto uuid = domain::Uuid::parse(arguments.again);
        if (!uuid) throw std::invalid_argument{"--again needs the uuid of a payout: uncloud bank payout --list"};
        return {Parts{}.payouts.read(*uuid)};
    }
    if (!arguments.out.empty() && fs::exists(arguments.out) && !fs::is_directory(arguments.out))
        throw std::invalid_argument{arguments.out + " is there already: name a new file, or a folder"};
    Parts parts;
    return parts.app.database.transact([&](store::Session& session) { return parts.payouts.create(session, operator_name()); });
}

void pay_out(std::ostream& out, const BankPayoutArguments& arguments)
{
    const auto payouts = payouts_for(arguments);
    for (const auto& payout : payouts) hand_out(out, payout, arguments.out, payouts.size() == 1);
}

} // namespace

void add_bank_payout_commands(CLI::App& bank, std::ostream& out)
{
    static BankPayoutArguments payout;

    auto* pay = bank.add_subcommand("payout", "a pain.001 file of what is to be paid, one for each account of ours");
    pay->add_option("--out", payout.out, "a new file, or a folder; default: standard output");
    auto* again = pay->add_option("--again", payout.again, "the same payout once more, byte for byte; its uuid");
    pay->add_flag("--list", payout.list, "the newest 50 payouts")->excludes(again);
    pay->callback([&out] { payout.list ? list_payouts(out) : pay_out(out, payout); });
}

} // namespace app
