#include "domain/ledger.h"

#include <algorithm>

namespace domain {
namespace {

/// Adds to the entry that credits the account, or begins one.
void add_credit(std::vector<Entry>& entries, const std::string& credit, Money amount)
{
    if (amount.minor == 0) return;
    const auto found = std::ranges::find(entries, credit, &Entry::credit);
    if (found == entries.end()) entries.push_back({account::receivable(), credit, amount});
    else found->amount = found->amount + amount;
}

} // namespace

namespace account {

std::string receivable() { return "receivable"; }
std::string deferred_revenue(const std::string& sku) { return "deferred_revenue:" + sku; }
std::string vat_payable(VatRate rate) { return "vat_payable:" + percent_text(rate); }

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

std::vector<Entry> invoice_entries(std::span<const BookedLine> lines)
{
    std::vector<Entry> entries;
    for (const auto& line : lines) add_credit(entries, account::deferred_revenue(line.sku), line.net);
    for (const auto& line : lines) add_credit(entries, account::vat_payable(line.rate), line.vat);
    return entries;
}

} // namespace domain
