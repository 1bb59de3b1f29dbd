#pragma once
#include "domain/order.h"
#include "gateway/clock.h"
#include "service/corrections.h"
#include "store/database.h"

#include <string>

namespace service {

/// Why an order is withdrawn, and who says so.
struct Withdrawal {
    std::string reason{};      ///< in the order's events
    std::string on_document{}; ///< on the credit note
    bool pays_back{false};     ///< what a card paid of it, by service/undelivered_orders
    std::string actor{"worker"};
};

/// Cancels an order of which nothing was supplied, as if it had never begun: what was charged for it is credited.
/// The order must be locked by the caller's transaction and not be active yet.
/// @throws domain::Refusal if the books do not allow the credit note
void withdraw_order(
    store::Session& session, Corrections& corrections, gateway::Clock& clock, const domain::Order& order, const Withdrawal& withdrawal);

} // namespace service
