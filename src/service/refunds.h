#pragma once
#include "domain/ledger.h"
#include "gateway/card_payments.h"
#include "gateway/clock.h"
#include "service/job_report.h"
#include "store/database.h"
#include "store/ledger_writer.h"
#include "store/payment_store.h"
#include "store/refund_store.h"

#include <optional>
#include <string>

namespace service {

struct RefundRequest {
    domain::Uuid payment{};
    domain::Money amount{};
    std::string reference{}; ///< the operator's: none is made twice
    std::string reason{};
    std::string payee_name{}, payee_iban{}; ///< by bank; empty: whoever paid
};

/// Pays members' credit back to where it came from, by card or bank, up to what was paid. The credit is held from the moment the refund is
/// asked for; if it cannot be paid out, however late that is known, the member has it again. One that
/// somebody made by hand at the gateway is written down too: its money is gone, whatever the books would have allowed.
class Refunds {
public:
    Refunds(store::Database& database, gateway::CardPayments& gateway, gateway::Clock& clock)
        : database_{database}, gateway_{gateway}, clock_{clock}
    {
    }

    /// Asks for a refund. A card's is made by the worker, a bank's by the next payout file.
    /// @throws domain::Refusal not_found, reference_in_use, nothing_to_refund
    store::RefundRecord request(store::Session& session, const RefundRequest& request, const std::string& actor);

    /// The worker's part, for cards.
    JobReport carry_out(const domain::Uuid& refund);

    /// What the gateway says now of a refund that somebody mentioned. Returns false if it did not answer: look again.
    bool look_at(const std::string& gateway_refund);

    /// The newest first.
    std::vector<store::RefundRecord> newest(int limit);

    /// The bank has paid a refund of ours from an account of the ledger. Nothing happens if that is known already.
    void paid_by_bank(store::LedgerWriter& books, const domain::Uuid& refund, const std::string& account);

    /// It came back, or never went: the member has its credit again. Nothing happens if that is known already.
    void failed(store::LedgerWriter& books, const domain::Uuid& refund, const std::string& account, const std::string& why);

private:
    /// A refund that was made by hand at the gateway becomes one of ours. nullopt: of a payment that is not ours, or nothing left.
    std::optional<domain::Uuid> adopt(const gateway::Refund& seen);
    void take_from_member(store::Session& session, const store::StoredPayment& payment, const store::RefundRecord& refund);
    void take(const domain::Uuid& refund, const gateway::Refund& seen);
    void succeeded(
        store::LedgerWriter& books, const store::RefundRecord& refund, const std::string& account, const std::string& gateway_id);
    void give_back(store::LedgerWriter& books, const store::RefundRecord& refund, const std::string& account, const std::string& gateway_id,
        const std::string& why);
    void book(store::LedgerWriter& books, const std::string& kind, const store::RefundRecord& refund, std::vector<domain::Entry> entries);

    store::Database& database_;
    gateway::CardPayments& gateway_;
    gateway::Clock& clock_;
};

} // namespace service
