#include "api/ledger_text.h"

#include <algorithm>
#include <functional>
#include <map>

namespace api {
namespace {

std::string decimals(std::int64_t minor)
{
    auto text = domain::to_text(domain::Money{minor});
    return text.substr(0, text.size() - std::string_view{" CHF"}.size());
}

/// The account as bookkeeping programs sort it: "receivable" of nico is "assets:receivable:nico".
std::string full_name(const std::string& account, const std::string& username)
{
    static const std::map<std::string, std::string, std::less<>> groups{{"receivable", "assets"}, {"bank", "assets"},
        {"card_clearing", "assets"}, {"member_credit", "liabilities"}, {"deferred_revenue", "liabilities"}, {"vat_payable", "liabilities"},
        {"suspense", "liabilities"}, {"revenue", "income"}, {"input_tax", "assets"}, {"supplier_payable", "liabilities"}};
    const auto stem = account.substr(0, account.find(':'));
    const auto group = groups.find(stem);
    auto name = (group == groups.end() ? "expenses" : group->second) + ':' + account;
    if ((stem == "receivable" || stem == "member_credit") && !username.empty()) name += ':' + username;
    return name;
}

/// A field of a CSV file (RFC 4180).
std::string quoted(const std::string& text)
{
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string field{'"'};
    for (const char c : text) field += c == '"' ? std::string{"\"\""} : std::string{c};
    return field + '"';
}

} // namespace

LedgerText::LedgerText(std::ostream& out, LedgerFormat format) : out_{out}, format_{format}
{
    if (format == LedgerFormat::csv) out_ << "date,transaction,kind,document,username,account,amount,currency\r\n";
    if (format == LedgerFormat::hledger) // declared, so that `hledger check --strict` can tell a wrong name
        for (const char* currency : {"CHF", "EUR"}) out_ << "commodity 1000.00 " << currency << '\n';
}

void LedgerText::add(const store::LedgerRow& row)
{
    if (row.transaction != transaction_.transaction) finish();
    transaction_ = row;
    post(full_name(row.debit, row.username), row.amount.minor);
    post(full_name(row.credit, row.username), -row.amount.minor);
}

void LedgerText::post(const std::string& account, std::int64_t minor)
{
    const auto known = std::ranges::find(postings_, account, &std::pair<std::string, std::int64_t>::first);
    if (known == postings_.end()) postings_.emplace_back(account, minor);
    else known->second += minor;
}

void LedgerText::finish()
{
    if (postings_.empty()) return;
    if (format_ == LedgerFormat::csv) write_csv();
    else write_journal();
    postings_.clear();
}

void LedgerText::write_journal() const
{
    const auto& [id, booked_on, kind, reference, number, username, position, debit, credit, amount] = transaction_;
    out_ << '\n' << booked_on << " * (" << (number.empty() ? reference : number) << ") " << kind;
    if (!username.empty()) out_ << ' ' << username;
    out_ << '\n';
    for (const auto& [account, minor] : postings_)
        out_ << "    " << account << "  " << domain::to_text(domain::Money{minor, amount.currency}) << '\n';
}

void LedgerText::write_csv() const
{
    const auto& row = transaction_;
    for (const auto& [account, minor] : postings_)
        out_ << row.booked_on << ',' << row.transaction << ',' << row.kind << ',' << row.number << ',' << quoted(row.username) << ','
             << quoted(account) << ',' << decimals(minor) << ',' << domain::to_text(row.amount.currency) << "\r\n";
}

} // namespace api
