#include "service/bank_transfers.h"

#include "domain/ledger.h"
#include "store/bank_work_store.h"

namespace service {

namespace account = domain::account;
using store::TransferState;

void BankTransfers::paid(store::LedgerWriter& books, store::BankTransfer& transfer)
{
    if (transfer.state != TransferState::asked) return;
    if (transfer.refund) {
        refunds_.paid_by_bank(books, transfer.uuid, account::bank(transfer.account));
    } else {
        book(books, "bank_return_paid", transfer,
            domain::transfer_entries(account::refunds_payable(), account::bank(transfer.account), transfer.amount));
    }
    end(books, transfer, TransferState::succeeded);
}

/// What comes back was paid, also where no statement has said so yet.
bool BankTransfers::came_back(store::LedgerWriter& books, store::BankTransfer& transfer, const std::string& why)
{
    paid(books, transfer);
    if (transfer.state != TransferState::succeeded) return false;
    if (transfer.refund) {
        refunds_.failed(books, transfer.uuid, account::bank(transfer.account), why);
    } else {
        store::BankWorkStore{books.session()}.open_again(transfer.booking.value());
        book(books, "bank_return_failed", transfer, domain::suspense_entries(account::bank(transfer.account), transfer.amount));
    }
    end(books, transfer, TransferState::failed);
    return true;
}

void BankTransfers::book(
    store::LedgerWriter& books, const std::string& kind, const store::BankTransfer& transfer, std::vector<domain::Entry> entries)
{
    books.book_late({.kind = kind, .reference = transfer.uuid, .booked_on = clock_.today(), .entries = std::move(entries)}, clock_.now());
}

void BankTransfers::end(store::LedgerWriter& books, store::BankTransfer& transfer, TransferState state)
{
    store::BankTransferStore{books.session()}.record(transfer.id, state, clock_.now());
    transfer.state = state;
}

} // namespace service
