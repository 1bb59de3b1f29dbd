#include "service/snapshot_order.h"

#include "store/order_store.h"

namespace service {

void end_snapshot_order(store::Session& session, const domain::Snapshot& snapshot, const std::string& reason, domain::Instant now)
{
    using domain::OrderStatus;
    store::OrderStore orders{session};
    const auto order = orders.lock(snapshot.order_uuid);
    if (!order || !domain::is_running(order->status)) return;
    const auto to = domain::may_become(order->status, OrderStatus::ended) ? OrderStatus::ended : OrderStatus::cancelled;
    orders.change_status(*order, to, "worker", reason, now);
}

} // namespace service
