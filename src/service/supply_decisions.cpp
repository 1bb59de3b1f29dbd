#include "service/supply_decisions.h"

#include "domain/refusal.h"
#include "service/order_withdrawal.h"
#include "store/audit_store.h"
#include "store/job_store.h"
#include "store/order_store.h"
#include "store/supply_store.h"

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;
using domain::SupplyStep;

} // namespace

void SupplyDecisions::retry(const domain::Uuid& order, bool accept_price, const std::string& actor)
{
    database_.transact([&](store::Session& session) {
        auto supply = held(session, order);
        if (domain::is_over(supply.step))
            throw Refusal{Reason::order_state, "the supply is over; its note is for you alone: " + supply.held_reason};
        supply.price_accepted = supply.price_accepted || accept_price;
        supply.attempts = 0;
        if (supply.step == SupplyStep::ordered) supply.delivered_at.reset(); // it may settle anew
        write(session, supply, "supply.retry", actor);
    });
}

void SupplyDecisions::settle(const domain::Uuid& order, std::int64_t supplier_order, const std::string& actor)
{
    database_.transact([&](store::Session& session) {
        auto supply = held(session, order);
        if (supply.step != SupplyStep::checkout_sent)
            throw Refusal{Reason::order_state, "only a supply whose checkout was sent and is not known to be an order can be settled"};
        supply.step = SupplyStep::ordered;
        supply.supplier_order = supplier_order;
        supply.status.clear();
        write(session, supply, "supply.settle", actor);
    });
}

void SupplyDecisions::give_up(const domain::Uuid& uuid, const std::string& actor)
{
    database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        const auto order = orders.lock(uuid);
        auto supply = held(session, uuid);
        if (supply.step == SupplyStep::cancelled) throw Refusal{Reason::order_state, "the supply is cancelled already"};
        if (order->status == domain::OrderStatus::active || order->status == domain::OrderStatus::suspended)
            throw Refusal{Reason::order_state, "the order is supplied: cancel the order itself"};
        if (supply.step != SupplyStep::delivered) supply.step = SupplyStep::cancelled;
        write(session, supply, "supply.give_up", actor);
        if (order->status == domain::OrderStatus::provisioning)
            withdraw_order(session, corrections_, clock_, *order, {"the supplier does not deliver it", "could not be delivered", true});
    });
}

domain::Supply SupplyDecisions::held(store::Session& session, const domain::Uuid& order)
{
    auto supply = store::SupplyStore{session}.of(order);
    if (!supply) throw Refusal{Reason::not_found, "no supplier delivers an order " + order.text()};
    if (supply->held_reason.empty()) throw Refusal{Reason::order_state, "the supply goes on by itself: it is not held"};
    return std::move(*supply);
}

void SupplyDecisions::write(store::Session& session, domain::Supply& supply, const std::string& action, const std::string& actor)
{
    const auto why = supply.held_reason;
    supply.held_reason.clear();
    supply.look_at = clock_.now();
    ++supply.starts;
    store::SupplyStore supplies{session};
    const auto version = supply.version;
    if (!supplies.save(supply, clock_.now())) {
        const auto now = supplies.of(supply.uuid);
        if (now && now->version == version)
            throw Refusal{Reason::reference_in_use, "order " + std::to_string(*supply.supplier_order) + " is another supply's"};
        throw store::Conflict{"the supply was changed meanwhile"};
    }
    if (!domain::is_over(supply.step))
        store::JobStore{session}.add(domain::JobKind::server_supply, supply.uuid, "start " + std::to_string(supply.starts));
    store::AuditStore{session}.add(
        {.at = clock_.now(), .actor = actor, .action = action, .subject = supply.uuid.text(), .detail = why.substr(0, 200)});
}

} // namespace service
