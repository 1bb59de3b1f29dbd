#pragma once
#include "gateway/card_payments.h"
#include "gateway/clock.h"
#include "store/database.h"
#include "store/dispute_store.h"
#include "store/payment_store.h"

#include <string>

namespace service {

/// Contested card payments: written down, told to the operator's log, and booked as the money moves. What a lost one means for the
/// member's documents is for an operator to decide.
class Disputes {
public:
    Disputes(store::Database& database, gateway::CardPayments& gateway, gateway::Clock& clock)
        : database_{database}, gateway_{gateway}, clock_{clock}
    {
    }

    /// What the gateway says now of a dispute that somebody mentioned. Returns false if it did not answer: look again.
    bool look_at(const std::string& dispute);

private:
    void take(store::Session& session, const gateway::Dispute& seen);
    void book_fee(store::Session& session, domain::Money kept);
    void book(store::Session& session, const char* kind, const store::StoredPayment& payment, const std::string& debit,
        const std::string& credit, domain::Money amount);

    store::Database& database_;
    gateway::CardPayments& gateway_;
    gateway::Clock& clock_;
};

} // namespace service
