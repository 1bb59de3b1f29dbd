#pragma once
#include "gateway/clock.h"
#include "service/corrections.h"
#include "service/job_report.h"
#include "service/refunds.h"
#include "store/database.h"

#include <chrono>
#include <string>

namespace service {

/// Orders that were paid and cannot be delivered: what was paid for nothing goes back.
class UndeliveredOrders {
public:
    /// One whose making failed, or for which there is no prefix, waits for an operator as long as `patience`; 0: for ever.
    UndeliveredOrders(
        store::Database& database, gateway::Clock& clock, Corrections& corrections, Refunds& refunds, std::chrono::days patience)
        : database_{database}, clock_{clock}, corrections_{corrections}, refunds_{refunds}, patience_{patience}
    {
    }

    /// Cancels an order that is being made, credits all that it was billed, and lets the worker pay back what a card paid of it, and take
    /// away what may have been made. Nothing happens if it is cancelled already. The member hears of it by the credit note.
    /// @throws domain::Refusal not_found, order_state if it is delivered, a charge for it is under way, or a supplier may have sold it to
    /// us
    void give_up(store::Session& session, const domain::Uuid& order, const std::string& actor);

    /// Gives up those whose time is over.
    void give_up_due();

    /// The worker's part: asks for the refunds to the cards that paid for the order, each once. What cannot go back to a card stays the
    /// member's credit.
    JobReport pay_back(const domain::Uuid& order);

private:
    void require_unbought(store::Session& session, const domain::Order& order);
    void give_up_or_keep(const domain::Uuid& order);

    store::Database& database_;
    gateway::Clock& clock_;
    Corrections& corrections_;
    Refunds& refunds_;
    std::chrono::days patience_{7};
};

} // namespace service
