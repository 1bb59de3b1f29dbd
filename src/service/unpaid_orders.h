#pragma once
#include "gateway/clock.h"
#include "service/corrections.h"
#include "store/database.h"
#include "store/order_store.h"

#include <chrono>
#include <vector>

namespace service {

/// Orders that wait for their first payment in vain: nothing was supplied, so nothing is owed.
class UnpaidOrders {
public:
    /// They are waited for as long as `patience`; 0: for ever.
    UnpaidOrders(store::Database& database, gateway::Clock& clock, Corrections& corrections, std::chrono::days patience)
        : database_{database}, clock_{clock}, corrections_{corrections}, patience_{patience}
    {
    }

    /// Cancels those whose time is over and credits what they were billed. One whose charge is under way waits for its outcome.
    void give_up();

private:
    std::vector<store::UnpaidOrder> unpaid_after(const store::UnpaidOrder& last);
    void give_up_or_keep(const domain::Uuid& order);
    void give_up(const domain::Uuid& order);

    store::Database& database_;
    gateway::Clock& clock_;
    Corrections& corrections_;
    std::chrono::days patience_{14};
};

} // namespace service
