#include "service/order_withdrawal.h"

#include "store/job_store.h"
#include "store/order_store.h"

namespace service {

void withdraw_order(
    store::Session& session, Corrections& corrections, gateway::Clock& clock, const domain::Order& order, const Withdrawal& withdrawal)
{
    const auto& [reason, on_document, pays_back, actor] = withdrawal;
    const auto now = clock.now();
    store::OrderStore orders{session};
    orders.set_end(order, order.started_on, clock.day_of(now), actor, reason, now);
    orders.change_status(*orders.lock(order.uuid), domain::OrderStatus::cancelled, actor, reason, now);
    for (const auto& number : orders.charged_on(order.id))
        corrections.issue_credit_note(session, {.invoice = number, .order = order.id, .reason = on_document}, actor);
    store::JobStore jobs{session};
    jobs.add(domain::JobKind::order_end, order.uuid);
    if (pays_back) jobs.add(domain::JobKind::order_refund, order.uuid);
}

} // namespace service
