#include "service/order_withdrawal.h"

#include "store/job_store.h"
#include "store/order_store.h"

namespace service {
namespace {

constexpr const char* actor = "worker";

} // namespace

void withdraw_order(store::Session& session, Corrections& corrections, gateway::Clock& clock, const domain::Order& order,
    const std::string& reason, const std::string& on_document)
{
    store::OrderStore orders{session};
    orders.set_end(order, order.started_on, clock.today(), actor, reason, clock.now());
    orders.change_status(*orders.lock(order.uuid), domain::OrderStatus::cancelled, actor, reason, clock.now());
    for (const auto& number : orders.charged_on(order.id))
        corrections.issue_credit_note(session, {.invoice = number, .order = order.id, .reason = on_document}, actor);
    store::JobStore{session}.add(domain::JobKind::order_end, order.uuid);
}

} // namespace service
