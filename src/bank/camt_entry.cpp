#include "bank/camt_entry.h"

#include <algorithm>

namespace bank {
namespace {

/// Whether the counts of the batches fit: each to its own details, or a single one to all details of the entry.
bool counts_fit(const ToldEntry& told)
{
    if (told.details.empty()) return true; // told in another file
    const auto own = [](const ToldBatch& batch) { return !batch.count || *batch.count == batch.details; };
    if (std::ranges::all_of(told.batches, own)) return true;
    std::int64_t counts = 0;
    std::int64_t sum = 0;
    for (const auto& batch : told.batches)
        if (batch.count) ++counts, sum = *batch.count;
    return counts == 1 && sum == static_cast<std::int64_t>(told.details.size());
}

std::optional<EntryFault> fault_of_currencies(const ToldEntry& told, domain::Currency account)
{
    const auto expected = domain::to_text(account);
    if (told.amount.currency != expected)
        return EntryFault{
            FaultCode::account_currency, "the entry is in " + told.amount.currency + ", the account in " + std::string{expected}};
    const auto differs = [&](const std::optional<Told>& amount) { return amount && amount->currency != expected; };
    for (const auto& batch : told.batches)
        if (differs(batch.total)) return EntryFault{FaultCode::tx_currency, "the total of the batch is in " + batch.total->currency};
    for (const auto& detail : told.details)
        if (differs(detail.amount)) return EntryFault{FaultCode::tx_currency, "a detail is in " + detail.amount->currency};
    return std::nullopt;
}

std::optional<EntryFault> fault_of_amounts(const ToldEntry& told)
{
    bool whole = told.amount.minor.has_value();
    for (const auto& batch : told.batches) whole = whole && (!batch.total || batch.total->minor);
    for (const auto& detail : told.details) whole = whole && (!detail.amount || detail.amount->minor);
    if (!whole) return EntryFault{FaultCode::amount_precision, "an amount is not in whole rappen or cents, or too large"};
    const bool missing = std::ranges::any_of(told.details, [](const ToldDetail& detail) { return !detail.amount; });
    if (missing && told.details.size() > 1) return EntryFault{FaultCode::amount_missing, "one of several details has no amount"};
    return std::nullopt;
}

/// The counts and sums of an entry whose amounts are good.
std::optional<EntryFault> fault_of_sums(const ToldEntry& told)
{
    if (!counts_fit(told))
        return EntryFault{FaultCode::count_mismatch, "the number of details is not the one told, " + std::to_string(told.details.size())};
    const bool credit = told.entry.credit;
    const auto expected = with_sign(*told.amount.minor, credit);
    if (told.batches.size() == 1 && told.batches[0].total) {
        const auto& batch = told.batches[0];
        if (with_sign(*batch.total->minor, batch.credit.value_or(credit)) != expected)
            return EntryFault{FaultCode::sum_mismatch, "the batch is " + batch.total->text() + ", the entry " + told.amount.text()};
    }
    if (told.details.empty()) return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& detail : told.details) {
        const auto minor = detail.amount ? *detail.amount->minor : *told.amount.minor;
        if (__builtin_add_overflow(sum, with_sign(minor, detail.credit.value_or(credit)), &sum))
            return EntryFault{FaultCode::sum_mismatch, "the details add up to more than can be booked"};
    }
    if (sum == expected) return std::nullopt;
    const Told added{told.amount.currency, credit ? sum : -sum};
    return EntryFault{FaultCode::sum_mismatch, "the details add up to " + added.text() + ", the entry is " + told.amount.text()};
}

} // namespace

std::string Told::text() const
{
    if (!minor) return "an amount that is not whole";
    const auto code = domain::currency_from(currency);
    return code ? domain::to_text(domain::Money{*minor, *code}) : currency;
}

std::optional<EntryFault> fault_of(const ToldEntry& told, domain::Currency account)
{
    if (auto fault = fault_of_currencies(told, account)) return fault;
    if (auto fault = fault_of_amounts(told)) return fault;
    return fault_of_sums(told);
}

domain::BankEntry finished(ToldEntry told, domain::Currency currency)
{
    auto entry = std::move(told.entry);
    entry.amount = {*told.amount.minor, currency};
    entry.details.reserve(told.details.size());
    for (auto& each : told.details) {
        each.detail.amount = each.amount ? *each.amount->minor : entry.amount.minor;
        each.detail.credit = each.credit.value_or(entry.credit);
        entry.details.push_back(std::move(each.detail));
    }
    return entry;
}

std::int64_t with_sign(std::int64_t minor, bool credit) { return credit ? minor : -minor; }

} // namespace bank
