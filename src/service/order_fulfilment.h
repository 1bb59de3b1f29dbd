#pragma once
#include "domain/order.h"
#include "gateway/clock.h"
#include "service/billing.h"
#include "service/job_report.h"
#include "store/database.h"

namespace service {

/// The worker's side of orders: the first invoice, the start of what was ordered, and its end.
class OrderFulfilment {
public:
    OrderFulfilment(store::Database& database, gateway::Clock& clock, Billing& billing)
        : database_{database}, clock_{clock}, billing_{billing}
    {
    }

    /// Begins the supply and bills what the member has due, the order's first period with it.
    JobReport start(const domain::Uuid& order);

    /// Takes back what a cancelled or ended order was supplied with.
    JobReport end(const domain::Uuid& order);

    /// Ends the orders whose last day is over. Called from time to time.
    void end_due_orders();

private:
    void supply(store::Session& session, const domain::Order& order);
    void end_one(const domain::Uuid& order);

    store::Database& database_;
    gateway::Clock& clock_;
    Billing& billing_;
};

} // namespace service
