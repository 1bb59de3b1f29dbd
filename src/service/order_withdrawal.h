#pragma once
#include "domain/order.h"
#include "gateway/clock.h"
#include "service/corrections.h"
#include "store/database.h"

#include <string>

namespace service {

/// Cancels an order of which nothing was supplied, as if it had never begun: what was charged for it is credited, with `on_document` as
/// the reason. The order must be locked by the caller's transaction and not be active yet.
/// @throws domain::Refusal if the books do not allow the credit note
void withdraw_order(store::Session& session, Corrections& corrections, gateway::Clock& clock, const domain::Order& order,
    const std::string& reason, const std::string& on_document);

} // namespace service
