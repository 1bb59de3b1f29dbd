#include "service/retraction.h"

#include "domain/refusal.h"
#include "service/checkout_history.h"
#include "service/order_withdrawal.h"
#include "store/charge_store.h"

namespace service {
namespace {

using domain::OrderStatus;
using domain::Reason;
using domain::Refusal;

CheckoutView found(store::Session& session, domain::MemberId member, std::int64_t checkout)
{
    auto view = CheckoutHistory::view(session, member, checkout);
    if (!view) throw Refusal{Reason::not_found, "The requested object (orderId = " + std::to_string(checkout) + ") does not exist"};
    return std::move(*view);
}

void check_right(const CheckoutView& view, domain::Instant now)
{
    if (view.checkout.waives_retraction)
        throw Refusal{
            Reason::order_state, "you waived the right of withdrawal from this order: POST /orders/{uuid}/cancel ends it at its term"};
    if (!view.retraction_until)
        throw Refusal{Reason::order_state,
            "there is no right of withdrawal: it is one of consumers in the EU; POST /orders/{uuid}/cancel ends the order at its term"};
    if (*view.retraction_until < now)
        throw Refusal{Reason::order_state,
            "the right of withdrawal ended on " + domain::to_text(*view.retraction_until)
                + ": POST /orders/{uuid}/cancel ends the order at its term"};
}

} // namespace

void Retraction::withdraw(const domain::Identity& who, std::int64_t checkout, const std::string& why)
{
    database_.transact([&](store::Session& session) {
        const auto view = found(session, who.member, checkout);
        if (view.status == domain::CheckoutStatus::cancelled) return; // asked for twice
        check_right(view, clock_.now());
        store::ChargeStore charges{session};
        for (const auto& document : view.documents) {
            charges.lock_open(document.invoice); // no try begins from here on
            const auto latest = charges.latest_of(document.invoice);
            if (latest && domain::is_under_way(latest->state))
                throw Refusal{Reason::order_state, "a payment of this order is under way: ask again in a minute"};
        }
        for (const auto& server : view.servers) {
            const auto order = store::OrderStore{session}.lock(who.member, server.order);
            if (!order || !domain::is_running(order->status)) continue;
            store::OrderStore{session}.note(*order, who.uid, why, clock_.now());
            const bool is_delivered = order->status == OrderStatus::active || order->status == OrderStatus::suspended;
            if (is_delivered) ordering_.cancel(session, who, server.order, CancelWhen::now);
            else withdraw_order(session, corrections_, clock_, *order, {"withdrawn from", "withdrawn from, never supplied"});
        }
    });
}

void Retraction::waive(domain::MemberId member, std::int64_t checkout)
{
    database_.transact([&](store::Session& session) {
        found(session, member, checkout);
        store::CheckoutReader{session}.waive_retraction(checkout);
    });
}

} // namespace service
