#pragma once
#include "client/console.h"
#include "client/failure.h"
#include "client/order_api.h"

#include <optional>
#include <string>

namespace client {

/// How an order is to be paid; one of them is said.
struct PaymentChoice {
    std::optional<std::int64_t> method{}; ///< id of a payment method
    bool preferred{false};                ///< the preferred one
    std::string mean{};                   ///< of the older kind: CREDIT_CARD, bankAccount, fidelityAccount, …
    std::optional<std::int64_t> mean_id{};
};

/// Pays an order that waits for it, with what was chosen and nothing else. Without a choice it is asked for, or the ways are
/// listed. The exit that the order's status means afterwards. @throws Failure
Exit pay_order(OrderApi& api, const Console& console, std::int64_t order, PaymentChoice choice);

} // namespace client
