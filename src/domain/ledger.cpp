#include "domain/ledger.h"

#include <algorithm>

namespace domain {
namespace {

/// A signed sum per account, in the order in which the accounts first came up.
class Sums {
public:
    void add(std::string account, std::int64_t amount)
    {
        const auto known = std::ranges::find(sums_, account, &std::pair<std::string, std::int64_t>::first);
        if (known == sums_.end()) sums_.emplace_back(std::move(account), amount);
        else known->second += amount;
    }

    /// Debits `debit` and credits each account with its sum; the other way round where that is negative.
    void post(const std::string& debit, Currency currency, std::vector<Entry>& entries) const
    {
        for (const auto& [account, sum] : sums_) {
            if (sum > 0) entries.push_back({debit, account, {sum, currency}});
            if (sum < 0) entries.push_back({account, debit, {-sum, currency}});
        }
    }

private:
    std::vector<std::pair<std::string, std::int64_t>> sums_{};
};

void add(std::vector<Entry>& entries, std::string debit, std::string credit, Money amount)
{
    if (amount.minor != 0) entries.push_back({std::move(debit), std::move(credit), amount});
}

} // namespace

namespace account {

std::string receivable() { return "receivable"; }
std::string member_credit() { return "member_credit"; }
std::string goodwill() { return "goodwill"; }
std::string deferred_revenue(const std::string& sku) { return "deferred_revenue:" + sku; }
std::string revenue(const std::string& sku) { return "revenue:" + sku; }
std::string bank(const std::string& iban) { return "bank:" + iban; }
std::string card_clearing() { return "card_clearing"; }
std::string card_fees() { return "card_fees"; }
std::string suspense() { return "suspense"; }
std::string refunds_payable() { return "refunds_payable"; }
std::string disputed_payments() { return "disputed_payments"; }
std::string write_off() { return "write_off"; }
std::string server_costs() { return "server_costs"; }
std::string input_tax() { return "input_tax"; }
std::string supplier_payable() { return "supplier_payable"; }
std::string vat_payable(VatRate rate, const std::string& country)
{
    return "vat_payable:" + (country == "CH" ? "" : country + ':') + percent_text(rate);
}

} // namespace account

TransactionFault check_transaction(std::span<const Entry> entries)
{
    if (entries.empty()) return TransactionFault::no_entries;
    for (const auto& entry : entries) {
        if (entry.amount.minor <= 0) return TransactionFault::not_positive;
        if (entry.debit == entry.credit) return TransactionFault::same_account;
        if (entry.amount.currency != entries.front().amount.currency) return TransactionFault::mixed_currencies;
    }
    return TransactionFault::none;
}

std::vector<Entry> document_entries(
    const std::vector<InvoiceLine>& lines, Money credit_used, Money credit_gained, const std::string& vat_country)
{
    Sums charged;
    Sums credited; // apart, so that a document whose lines cancel each other is booked, too
    for (const auto& line : lines) (is_charge(line.kind) ? charged : credited).add(account::deferred_revenue(line.sku), line.net.minor);
    for (const auto& line : lines)
        (is_charge(line.kind) ? charged : credited).add(account::vat_payable(line.rate, vat_country), line.vat.minor);
    std::vector<Entry> entries;
    charged.post(account::receivable(), credit_used.currency, entries);
    credited.post(account::receivable(), credit_used.currency, entries);
    add(entries, account::member_credit(), account::receivable(), credit_used);
    add(entries, account::receivable(), account::member_credit(), credit_gained);
    return entries;
}

std::vector<Entry> goodwill_entries(Money settled, Money kept)
{
    std::vector<Entry> entries;
    add(entries, account::goodwill(), account::receivable(), settled);
    add(entries, account::goodwill(), account::member_credit(), kept);
    return entries;
}

std::vector<Entry> payment_entries(const std::string& account, Money settled, Money kept)
{
    std::vector<Entry> entries;
    add(entries, account, account::receivable(), settled);
    add(entries, account, account::member_credit(), kept);
    return entries;
}

std::vector<Entry> reversal_entries(const std::string& account, Money opened, Money taken, Money lost)
{
    std::vector<Entry> entries;
    add(entries, account::receivable(), account, opened);
    add(entries, account::member_credit(), account, taken);
    add(entries, account::write_off(), account, lost);
    return entries;
}

std::vector<Entry> suspense_entries(const std::string& account, Money amount)
{
    if (amount.minor < 0) return {{account::suspense(), account, {-amount.minor, amount.currency}}};
    return {{account, account::suspense(), amount}};
}

std::vector<Entry> transfer_entries(const std::string& debit, const std::string& credit, Money amount) { return {{debit, credit, amount}}; }

std::vector<Entry> supplier_bill_entries(Money net, Money tax)
{
    Sums sums;
    std::vector<Entry> entries;
    sums.add(account::server_costs(), -net.minor);
    sums.add(account::input_tax(), -tax.minor);
    sums.post(account::supplier_payable(), net.currency, entries);
    return entries;
}

std::vector<Entry> recognition_entries(const std::map<std::string, std::int64_t>& earned, Currency currency)
{
    std::vector<Entry> entries;
    for (const auto& [sku, amount] : earned) {
        Sums sum;
        sum.add(account::revenue(sku), amount);
        sum.post(account::deferred_revenue(sku), currency, entries);
    }
    return entries;
}

} // namespace domain
