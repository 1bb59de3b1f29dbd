#pragma once
#include "domain/order.h"
#include "gateway/clock.h"
#include "service/billing.h"
#include "service/charging.h"
#include "service/job_report.h"
#include "store/database.h"

namespace service {

/// The worker's side of orders: the first invoice, the start of what was ordered, and its end.
class OrderFulfilment {
public:
    OrderFulfilment(store::Database& database, gateway::Clock& clock, Billing& billing, Charging& charging)
        : database_{database}, clock_{clock}, billing_{billing}, charging_{charging}
    {
    }

    /// Bills what the member has due, the order's first period with it, and begins the supply: at once if nothing is open of it or the
    /// member pays on bill, else when its card was charged. Comes again for whoever was waiting. While VIES is waited for, nothing is
    /// invoiced and a card is not charged, so only who pays on bill is supplied; see service/tax_change.h.
    JobReport start(const domain::Uuid& order);

    /// Takes back what a cancelled or ended order was supplied with.
    JobReport end(const domain::Uuid& order);

    /// Ends the orders whose last day is over. Called from time to time.
    void end_due_orders();

private:
    bool must_be_paid_first(store::Session& session, const domain::Order& order);
    void supply(store::Session& session, const domain::Order& order);
    void end_supply(store::Session& session, const domain::Order& order);
    void end_one(const domain::Uuid& order);

    store::Database& database_;
    gateway::Clock& clock_;
    Billing& billing_;
    Charging& charging_;
};

} // namespace service
