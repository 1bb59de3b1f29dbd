#include "service/unpaid_orders.h"

#include "domain/refusal.h"
#include "logging/log.h"
#include "service/order_withdrawal.h"
#include "store/charge_store.h"
#include "store/order_store.h"

namespace service {
namespace {

constexpr int orders_at_a_time = 100;

} // namespace

void UnpaidOrders::give_up()
{
    if (patience_ == std::chrono::days{0}) return;
    // All are gone through: some may have to be kept, and must not stand before the younger ones for ever.
    store::UnpaidOrder last;
    for (auto due = unpaid_after(last); !due.empty(); due = unpaid_after(last)) {
        for (const auto& order : due) give_up_or_keep(order.uuid);
        last = due.back();
    }
}

std::vector<store::UnpaidOrder> UnpaidOrders::unpaid_after(const store::UnpaidOrder& last)
{
    return database_.read(
        [&](store::Session& session) { return store::OrderStore{session}.unpaid_since(clock_.now() - patience_, last, orders_at_a_time); });
}

void UnpaidOrders::give_up_or_keep(const domain::Uuid& order)
{
    try {
        give_up(order);
    } catch (const domain::Refusal& refusal) { // of this order alone
        logging::event("error", "unpaid_order_kept", {{"order", order.text()}, {"why", refusal.what()}});
    }
}

void UnpaidOrders::give_up(const domain::Uuid& uuid)
{
    database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        const auto order = orders.lock(uuid);
        if (!order || order->status != domain::OrderStatus::awaiting_payment) return; // paid, or cancelled, meanwhile
        for (const auto invoice : orders.open_documents(order->id)) {
            store::ChargeStore charges{session};
            charges.lock_open(invoice); // no try begins from here on
            const auto latest = charges.latest_of(invoice);
            if (latest && domain::is_open(latest->state)) return;
        }
        withdraw_order(session, corrections_, clock_, *order, {"never paid", "never paid, never supplied"});
    });
}

} // namespace service
