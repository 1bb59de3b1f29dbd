#pragma once
#include "gateway/clock.h"
#include "store/bank_transfer_store.h"
#include "store/database.h"

#include <string>
#include <vector>

namespace service {

/// Makes payout files (pain.001) of what is to be paid through a bank: refunds, and money that goes back to its payer. A file
/// is kept before it is handed out, so that it can be had again, byte for byte, and nothing stands in two of them.
class BankPayouts {
public:
    /// `payer` is our name.
    BankPayouts(store::Database& database, gateway::Clock& clock, std::string payer)
        : database_{database}, clock_{clock}, payer_{std::move(payer)}
    {
    }

    /// Everything that is to be paid, a file for each of our accounts and currencies.
    /// @throws domain::Refusal nothing_to_pay_out
    std::vector<store::BankPayout> create(store::Session& session, const std::string& actor);

    /// @throws domain::Refusal not_found
    store::BankPayout read(const domain::Uuid& payout);

    /// Without their documents, the newest first.
    std::vector<store::BankPayout> newest(int limit);

private:
    store::BankPayout write(const std::vector<store::BankTransfer>& transfers, const std::string& actor);

    store::Database& database_;
    gateway::Clock& clock_;
    std::string payer_;
};

} // namespace service
