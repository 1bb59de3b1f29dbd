#pragma once
#include "fake/bank_file.h"

#include <cstdint>
#include <string>

namespace year {

/// "12.50" of 1250.
std::string money_text(std::int64_t minor);

/// The provider's bank: it collects what moves on the account and reports it in statements without gaps.
class Bank {
public:
    /// A customer pays. Empty reference: it forgot it.
    void receive(std::int64_t minor, const std::string& reference, const std::string& payer, const std::string& text = "");

    /// A transfer of ours leaves the account.
    void pay(std::int64_t minor, const std::string& end_to_end_id);

    /// Such a transfer comes back.
    void give_back(std::int64_t minor, const std::string& end_to_end_id);

    /// A payment is taken back, as if it had never come.
    void reverse(std::int64_t minor, const std::string& reference);

    /// All that moved since the last statement, camt.053. The next one continues it.
    std::string statement(const std::string& day);

    std::int64_t balance() const { return balance_; }

private:
    fake::BankEntry entry(std::int64_t minor, const std::string& direction, fake::BankDetail detail);

    std::vector<fake::BankEntry> entries_{};
    std::int64_t balance_{0}, reported_{0};
    int number_{0}, statements_{0};
};

} // namespace year
