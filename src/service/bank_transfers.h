#pragma once
#include "gateway/clock.h"
#include "service/refunds.h"
#include "store/bank_transfer_store.h"
#include "store/ledger_writer.h"

#include <string>

namespace service {

/// What a bank tells of transfers that we have asked for.
class BankTransfers {
public:
    BankTransfers(gateway::Clock& clock, Refunds& refunds) : clock_{clock}, refunds_{refunds} {}

    /// The bank has paid it. Nothing happens if that is known already.
    void paid(store::LedgerWriter& books, store::BankTransfer& transfer);

    /// It came back: a refund is its member's credit again, what had gone back to an unknown payer is on the work list again.
    /// Returns false if it is not under way: then nobody knows what came back.
    bool came_back(store::LedgerWriter& books, store::BankTransfer& transfer, const std::string& why);

private:
    void book(store::LedgerWriter& books, const std::string& kind, const store::BankTransfer& transfer, std::vector<domain::Entry> entries);
    void end(store::LedgerWriter& books, store::BankTransfer& transfer, store::TransferState state);

    gateway::Clock& clock_;
    Refunds& refunds_;
};

} // namespace service
