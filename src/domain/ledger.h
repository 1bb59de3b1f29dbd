#pragma once
#include "domain/money.h"
#include "domain/vat.h"

#include <span>
#include <string>
#include <vector>

namespace domain {

/// Names in the chart of accounts. Receivables and credit are kept per member by the transaction's member; revenue per
/// product and tax per rate by a suffix: "deferred_revenue:ipv6-only-vm", "vat_payable:8.1".
namespace account {
std::string receivable();
std::string deferred_revenue(const std::string& sku);
std::string vat_payable(VatRate rate);
} // namespace account

/// One movement: `amount` > 0 is debited to one account and credited to another. A transaction made of entries balances
/// by construction: there is no way to write down one that does not.
struct Entry {
    std::string debit{};
    std::string credit{};
    Money amount{};
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Why a transaction cannot be booked: one value per cause, in the order they are checked.
enum class TransactionFault { none, no_entries, not_positive, same_account, mixed_currencies };

TransactionFault check_transaction(std::span<const Entry> entries);

/// What one line of a document books.
struct BookedLine {
    std::string sku{};
    Money net{};
    Money vat{};
    VatRate rate{};
};

/// An invoice is booked: the member owes the gross sum, the net is deferred per product until it is supplied, the tax
/// is owed per rate. One entry per account, none for amounts of 0.
std::vector<Entry> invoice_entries(std::span<const BookedLine> lines);

} // namespace domain
