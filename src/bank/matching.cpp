#include "bank/matching.h"

#include "domain/payment_reference.h"

#include <algorithm>
#include <map>

namespace bank {
namespace {

using domain::BankDetail;
using domain::BankEntry;
using domain::BankOutcome;
using domain::BankStatement;

/// The bank's name for an entry, or the best there is.
std::string entry_name(const BankStatement& statement, const BankEntry& entry)
{
    return entry.servicer_reference.empty() ? statement.id + "#" + std::to_string(entry.position) : entry.servicer_reference;
}

std::optional<BankOutcome> ignored(const BankEntry& entry)
{
    if (!entry.booked) return BankOutcome::ignored_not_booked;
    if (!entry.credit && !entry.reversal) return BankOutcome::ignored_debit;
    if (entry.credit && entry.reversal) return BankOutcome::ignored_reversed_debit;
    return std::nullopt;
}

std::optional<Bill> bill_of(const Book& book, const std::string& reference)
{
    const auto found = book.bills.find(reference);
    if (found == book.bills.end()) return std::nullopt;
    return found->second;
}

/// Why a credit cannot be booked to an invoice; nullopt if it can.
std::optional<BankOutcome> fault_of_reference(const BankDetail& detail, domain::Currency currency, const std::optional<Bill>& bill)
{
    if (detail.references.empty()) return BankOutcome::no_reference;
    if (detail.references.size() > 1) return BankOutcome::multiple_references;
    const auto& reference = detail.references.front();
    const auto type = domain::reference_type(reference);
    if (!type || domain::check_reference(*type, reference) != domain::ReferenceFault::none) return BankOutcome::bad_reference;
    if (!bill) return BankOutcome::unknown_reference;
    if (bill->currency != currency) return BankOutcome::wrong_currency;
    return std::nullopt;
}

BankOutcome outcome_of(std::int64_t amount, std::int64_t open)
{
    if (open == 0) return BankOutcome::duplicate_payment;
    if (amount == open) return BankOutcome::paid;
    return amount < open ? BankOutcome::partial : BankOutcome::overpaid;
}

/// Lets the member's account take the payment, and tells what it settled.
Receipt receive(domain::Receivables& account, const Bill& bill, domain::Money amount)
{
    std::map<std::int64_t, std::int64_t> paid_before;
    for (const auto& document : account.documents) paid_before[document.document] = document.paid;
    const auto credit_before = account.credit;
    account.pay(amount.minor, bill.document);
    Receipt receipt{.account = bill.account, .amount = amount, .kept = account.credit - credit_before};
    for (const auto& document : account.documents)
        if (const auto share = document.paid - paid_before[document.document]; share > 0)
            receipt.settled.push_back({.document = document.document, .amount = share});
    return receipt;
}

void take_back(domain::Receivables& account, const Receipt& receipt)
{
    for (const auto& [number, amount] : receipt.settled) {
        auto* document = account.find(number);
        if (!document) continue;
        document->paid -= amount;
        document->open += amount;
    }
    account.credit -= std::min(account.credit, receipt.kept);
}

Matched match_credit(const BankDetail& detail, domain::Currency currency, Book& book)
{
    Matched matched{.outcome = BankOutcome::return_of_outgoing};
    if (detail.references.size() == 1) matched.reference = detail.references.front();
    if (!matched.reference.empty()) matched.bill = bill_of(book, matched.reference);
    if (detail.returned) return matched;
    if (const auto fault = fault_of_reference(detail, currency, matched.bill)) {
        matched.outcome = *fault;
        return matched;
    }
    auto& account = book.accounts[matched.bill->account];
    const auto* document = account.find(matched.bill->document);
    matched.outcome = outcome_of(detail.amount, document ? document->open : 0);
    if (detail.amount == 0) return matched;
    matched.receipt = receive(account, *matched.bill, {detail.amount, currency});
    matched.receipt->payment = book.next_payment++;
    book.receipts[matched.reference].push_back(*matched.receipt);
    return matched;
}

/// A credit that the bank takes back: the latest payment of that amount that still counts.
Matched match_reversal(const BankDetail& detail, domain::Currency currency, Book& book)
{
    Matched matched{.outcome = BankOutcome::reversal_unmatched};
    if (detail.references.size() != 1) return matched;
    matched.reference = detail.references.front();
    matched.bill = bill_of(book, matched.reference);
    const auto found = book.receipts.find(matched.reference);
    if (found == book.receipts.end()) return matched;
    auto& receipts = found->second;
    const auto latest = std::find_if(receipts.rbegin(), receipts.rend(), [&](const Receipt& each) {
        return !each.reversed && each.amount == domain::Money{detail.amount, currency};
    });
    if (latest == receipts.rend()) return matched;
    latest->reversed = true;
    take_back(book.accounts[latest->account], *latest);
    matched.outcome = BankOutcome::reversed;
    matched.receipt = *latest;
    return matched;
}

Matched match_detail(const BankEntry& entry, const BankDetail& detail, const std::string& key, Book& book)
{
    if (detail.credit != entry.credit) return {.outcome = BankOutcome::ignored_opposite_detail};
    if (!book.bookings.insert(key).second) return {.outcome = BankOutcome::already_seen};
    return entry.reversal ? match_reversal(detail, entry.amount.currency, book) : match_credit(detail, entry.amount.currency, book);
}

} // namespace

std::string entry_key(const BankStatement& statement, const BankEntry& entry)
{
    return entry_name(statement, entry) + (entry.credit ? "/CRDT" : "/DBIT") + (entry.reversal ? "/RVSL" : "");
}

std::vector<std::string> booking_keys(const BankStatement& statement, const BankEntry& entry)
{
    std::unordered_map<std::string_view, int> uses;
    for (const auto& detail : entry.details) ++uses[detail.servicer_reference];
    const auto name = entry_name(statement, entry);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < entry.details.size(); ++i) {
        const auto& own = entry.details[i].servicer_reference;
        const bool tells = !own.empty() && own != entry.servicer_reference && uses[own] == 1;
        keys.push_back(tells ? own : name + "#" + std::to_string(i + 1));
    }
    return keys;
}

std::vector<Matched> match(const BankStatement& statement, const BankEntry& entry, Book& book)
{
    if (const auto outcome = ignored(entry)) return {{.outcome = *outcome}};
    const auto key = entry_key(statement, entry);
    if (entry.details.empty()) {
        if (!book.entries.emplace(key, EntryState::waiting).second) return {{.outcome = BankOutcome::already_seen}};
        return {{.outcome = entry.credit ? BankOutcome::wait_details : BankOutcome::reversal_unmatched}};
    }
    book.entries[key] = EntryState::with_details;
    const auto keys = booking_keys(statement, entry);
    std::vector<Matched> results;
    for (std::size_t i = 0; i < entry.details.size(); ++i) {
        auto matched = match_detail(entry, entry.details[i], keys[i], book);
        matched.detail = static_cast<std::int64_t>(i) + 1;
        matched.key = keys[i];
        results.push_back(std::move(matched));
    }
    return results;
}

} // namespace bank
