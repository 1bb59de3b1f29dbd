#include "service/bank_payouts.h"

#include "bank/pain_writer.h"
#include "domain/refusal.h"
#include "domain/transfer_id.h"
#include "gateway/random_uuid.h"
#include "store/audit_store.h"

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;

constexpr int transfers_in_a_file = 5000;

bank::Transfer transfer_of(const store::BankTransfer& transfer)
{
    const auto id = domain::end_to_end_id(transfer.uuid);
    return {.instruction_id = id,
        .end_to_end_id = id,
        .amount = transfer.amount,
        .payee = transfer.payee_name,
        .address = {transfer.street, transfer.house_number, transfer.postal_code, transfer.city, transfer.country},
        .iban = transfer.payee_iban,
        .text = transfer.text};
}

} // namespace

std::vector<store::BankPayout> BankPayouts::create(store::Session& session, const std::string& actor)
{
    store::BankTransferStore store{session};
    store.add_refunds(clock_.now());
    std::vector<store::BankPayout> payouts;
    for (const auto& [iban, currency] : store.to_pay()) {
        const auto transfers = store.lock_to_pay(iban, currency, transfers_in_a_file);
        if (transfers.empty()) continue; // somebody else has just paid them
        payouts.push_back(write(transfers, actor));
        store.add(payouts.back(), transfers);
        store::AuditStore{session}.add({.at = clock_.now(),
            .actor = actor,
            .action = "bank.payout",
            .subject = payouts.back().uuid.text(),
            .detail = domain::to_text(payouts.back().amount) + " in " + std::to_string(transfers.size()) + " transfers from " + iban});
    }
    if (payouts.empty()) throw Refusal{Reason::nothing_to_pay_out, "no refund waits for a payout file"};
    return payouts;
}

store::BankPayout BankPayouts::write(const std::vector<store::BankTransfer>& transfers, const std::string& actor)
{
    store::BankPayout payout{.uuid = gateway::random_uuid(),
        .account = transfers.front().account,
        .amount = {0, transfers.front().amount.currency},
        .transfers = static_cast<int>(transfers.size()),
        .created_at = clock_.now(),
        .created_by = actor};
    const auto id = domain::end_to_end_id(payout.uuid);
    bank::TransferBatch batch{.id = id + "-1", .execute_on = clock_.today(), .iban = payout.account};
    for (const auto& transfer : transfers) {
        payout.amount = payout.amount + transfer.amount;
        batch.transfers.push_back(transfer_of(transfer));
    }
    payout.document = bank::pain_001({.id = id, .created_at = payout.created_at, .payer = payer_, .batches = {std::move(batch)}});
    return payout;
}

store::BankPayout BankPayouts::read(const domain::Uuid& uuid)
{
    auto payout = database_.read([&](store::Session& session) { return store::BankTransferStore{session}.payout(uuid); });
    if (!payout) throw Refusal{Reason::not_found, "there is no payout " + uuid.text()};
    return *std::move(payout);
}

std::vector<store::BankPayout> BankPayouts::newest(int limit)
{
    return database_.read([&](store::Session& session) { return store::BankTransferStore{session}.newest(limit); });
}

} // namespace service
