#pragma once
#include "store/ledger_store.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace api {

enum class LedgerFormat { hledger, ledger, csv };

/// Writes the ledger as a journal that hledger or ledger reads, or as CSV: amounts with two decimals, debits positive.
/// Accounts are sorted under assets, liabilities, income and expenses; those of members end in the member's name.
class LedgerText {
public:
    LedgerText(std::ostream& out, LedgerFormat format);

    /// Entries of one transaction come one after the other.
    void add(const store::LedgerRow& row);

    /// Writes the last transaction.
    void finish();

private:
    void post(const std::string& account, std::int64_t minor);
    void write_journal() const;
    void write_csv() const;

    std::ostream& out_;
    LedgerFormat format_;
    store::LedgerRow transaction_{};                               ///< the one under way; number 0: none
    std::vector<std::pair<std::string, std::int64_t>> postings_{}; ///< a sum per account, in the order they came up
};

} // namespace api
