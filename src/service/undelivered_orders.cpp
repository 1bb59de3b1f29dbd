#include "service/undelivered_orders.h"

#include "domain/refusal.h"
#include "domain/vpn.h"
#include "logging/log.h"
#include "service/order_withdrawal.h"
#include "store/audit_store.h"
#include "store/charge_store.h"
#include "store/correction_store.h"
#include "store/order_store.h"
#include "store/supply_store.h"
#include "store/undelivered_store.h"
#include "store/vpn_waiting_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::OrderStatus;
using domain::Reason;
using domain::Refusal;

const std::string reason{"could not be delivered"};
constexpr int orders_at_a_time = 100;

/// No try to charge begins from here on, and none is under way.
void require_no_charge(store::Session& session, const std::vector<std::int64_t>& documents)
{
    for (const auto document : documents) {
        store::ChargeStore charges{session};
        charges.lock_open(document);
        const auto latest = charges.latest_of(document);
        if (latest && domain::is_open(latest->state))
            throw Refusal{Reason::order_state, "a charge of the order's invoice is under way; try again when its outcome is known"};
    }
}

/// True of a VPN that waits for a prefix no more.
bool is_served(store::Session& session, const domain::Uuid& uuid)
{
    const auto order = store::OrderStore{session}.lock(uuid);
    return order && order->sku == domain::vpn_sku && !store::VpnWaitingStore{session}.lock(order->id);
}

} // namespace

void UndeliveredOrders::give_up(store::Session& session, const domain::Uuid& uuid, const std::string& actor)
{
    store::OrderStore orders{session};
    const auto order = orders.lock(uuid);
    if (!order) throw Refusal{Reason::not_found, "there is no order " + uuid.text()};
    if (order->status == OrderStatus::cancelled) return;
    if (order->status != OrderStatus::provisioning)
        throw Refusal{Reason::order_state,
            "only an order that is being made can be given up; this one is " + std::string{domain::to_text(order->status)}};
    require_no_charge(session, orders.open_documents(order->id));
    require_unbought(session, *order);
    withdraw_order(session, corrections_, clock_, *order, {.reason = reason, .on_document = reason, .pays_back = true, .actor = actor});
    store::AuditStore{session}.add(
        {.at = clock_.now(), .actor = actor, .action = "order.give_up", .subject = uuid.text(), .detail = reason});
}

/// A server that a supplier may have sold us is not given up behind its back: it would be delivered, and paid for, for nobody. The
/// journal's version keeps the cart from being bought at the same moment; the worker drops it when it sees that the order is over.
void UndeliveredOrders::require_unbought(store::Session& session, const domain::Order& order)
{
    store::SupplyStore supplies{session};
    auto supply = supplies.of(order.uuid);
    if (!supply || supply->step == domain::SupplyStep::cancelled) return;
    if (domain::is_unbought(supply->step) && supplies.save(*supply, clock_.now())) return;
    const auto held = supply->held_reason.empty() ? "it ends by itself if " + supply->supplier + " cancels it: uncloud supplier show "
                                                  : std::string{"say what became of it: uncloud supplier settle --give-up "};
    throw Refusal{Reason::order_state, supply->supplier + " was asked for this server and may deliver it; " + held + order.uuid.text()};
}

void UndeliveredOrders::give_up_due()
{
    if (patience_ == std::chrono::days{0}) return;
    const auto then = clock_.now() - patience_;
    for (const auto select : {&store::UndeliveredStore::failed_since, &store::UndeliveredStore::waiting_since}) {
        // All are gone through: some may have to be kept, and must not stand before the younger ones for ever.
        store::UndeliveredOrder last;
        const auto next = [&] {
            return database_.read(
                [&](store::Session& session) { return (store::UndeliveredStore{session}.*select)(then, last, orders_at_a_time); });
        };
        for (auto due = next(); !due.empty(); due = next()) {
            for (const auto& undelivered : due) give_up_or_keep(undelivered.order);
            last = due.back();
        }
    }
}

void UndeliveredOrders::give_up_or_keep(const domain::Uuid& order)
{
    try {
        database_.transact([&](store::Session& session) {
            if (!is_served(session, order)) give_up(session, order, "worker");
        });
    } catch (const Refusal& refusal) { // of this order alone
        logging::event("error", "undelivered_order_kept", {{"order", order.text()}, {"why", refusal.what()}});
    }
}

JobReport UndeliveredOrders::pay_back(const domain::Uuid& order)
{
    const auto payments = database_.read([&](store::Session& session) { return store::UndeliveredStore{session}.card_payments_of(order); });
    for (const auto& paid : payments) {
        // The reference is the payment's and the order's: asked twice, it is refunded once.
        const auto reference = "undelivered " + order.text() + ' ' + std::to_string(paid.number);
        try {
            database_.transact([&](store::Session& session) {
                const auto credit = store::CorrectionStore{session}.lock_credit(paid.member, paid.credited.currency);
                const domain::Money amount{std::min(credit, paid.credited.minor), paid.credited.currency};
                if (amount.minor > 0)
                    refunds_.request(
                        session, {.payment = paid.payment, .amount = amount, .reference = reference, .reason = reason}, "worker");
            });
        } catch (const Refusal& refusal) {
            if (refusal.reason() == Reason::reference_in_use) continue;
            logging::event("warning", "undelivered_credit_kept", {{"order", order.text()}, {"why", refusal.what()}});
        }
    }
    return {};
}

} // namespace service
