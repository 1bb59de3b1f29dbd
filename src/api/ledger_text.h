#pragma once
#include "store/ledger_store.h"

#include <ostream>
#include <string>

namespace api {

enum class LedgerFormat { hledger, ledger, csv };

/// Writes the ledger as a journal that hledger or ledger reads, or as CSV: amounts with two decimals, debits positive.
/// Accounts are sorted under assets, liabilities, income and expenses; those of members end in the member's name.
class LedgerText {
public:
    LedgerText(std::ostream& out, LedgerFormat format);

    /// Entries of one transaction come one after the other.
    void add(const store::LedgerRow& row);

private:
    void begin_transaction(const store::LedgerRow& row);
    void post(const store::LedgerRow& row, const std::string& account, std::int64_t minor);

    std::ostream& out_;
    LedgerFormat format_;
    std::int64_t transaction_{0};
};

} // namespace api
