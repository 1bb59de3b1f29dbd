#include "service/order_fulfilment.h"

#include "domain/vpn.h"
#include "gateway/random_uuid.h"
#include "store/checkout_store.h"
#include "store/job_store.h"
#include "store/machine_store.h"
#include "store/order_store.h"
#include "store/provisioning_store.h"
#include "store/server_store.h"
#include "store/snapshot_store.h"
#include "store/standing_store.h"
#include "store/supply_store.h"

namespace service {
namespace {

using domain::JobKind;
using domain::MachineState;
using domain::OrderStatus;

constexpr int due_orders_at_a_time = 100;
const std::string actor{"worker"};
const std::string waits_for_vies{"the invoice waits until your VAT id is confirmed"};

} // namespace

JobReport OrderFulfilment::start(const domain::Uuid& uuid)
{
    const auto order = database_.transact([&](store::Session& session) { return store::OrderStore{session}.lock(uuid); });
    if (!order || !domain::is_running(order->status)) return {};
    // The order is due since it was placed: if this is cut off, the next run bills it.
    const auto held = billing_.bill(order->member, order->member, clock_.today()).held_for(order->member);
    database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        auto locked = orders.lock(uuid);
        if (!locked) return;
        if (held == domain::VatTreatment::block_no_oss) return; // nobody is supplied who must not be sold to
        if (held) {
            orders.note(*locked, actor, waits_for_vies, clock_.now());
            if (locked->status != OrderStatus::provisioning) return; // it is to be paid first
        }
        if (locked->status == OrderStatus::placed || locked->status == OrderStatus::awaiting_payment) {
            if (must_be_paid_first(session, *locked)) return;
            orders.change_status(*locked, OrderStatus::provisioning, actor, "paid", clock_.now());
            store::CheckoutStore{session}.end_hold_of(locked->id); // paid otherwise: later periods are charged as ever
            locked->status = OrderStatus::provisioning;
        }
        if (locked->status == OrderStatus::provisioning) supply(session, *orders.lock(uuid));
    });
    return {};
}

/// Something is open of the order's documents, and it is the card's to pay; the charge is planned here, so that nobody waits for the
/// next round of collecting.
bool OrderFulfilment::must_be_paid_first(store::Session& session, const domain::Order& order)
{
    const auto standing = store::StandingStore{session}.of(order.member);
    if (!standing || !standing->pays_by_card) return false;
    const auto open = store::OrderStore{session}.open_documents(order.id);
    charging_.plan(session, open);
    return !open.empty();
}

void OrderFulfilment::supply(store::Session& session, const domain::Order& order)
{
    if (order.sku == domain::vpn_sku) { // active when it has its prefix
        store::JobStore{session}.add(JobKind::vpn_create, order.uuid);
        return;
    }
    store::SupplyStore supplies{session};
    if (const auto server = supplies.server(order.id)) {
        if (!server->supplier.empty()) supplies.add(order.id, server->supplier, clock_.now());
        store::JobStore{session}.add(JobKind::server_supply, order.uuid);
        return;
    }
    if (!order.parameters.cores) { // nothing to be made
        store::OrderStore{session}.change_status(order, OrderStatus::active, actor, "supplied", clock_.now());
        return;
    }
    const domain::Machine machine{
        .uuid = gateway::random_uuid(), .member = order.member, .order = order.id, .parameters = order.parameters};
    if (store::MachineStore{session}.add(machine, clock_.now())) store::JobStore{session}.add(JobKind::machine_create, machine.uuid);
}

JobReport OrderFulfilment::end(const domain::Uuid& uuid)
{
    return database_.transact([&](store::Session& session) -> JobReport {
        const auto order = store::OrderStore{session}.lock(uuid);
        if (!order || domain::is_running(order->status)) return {};
        if (order->sku == domain::vpn_sku) store::JobStore{session}.add(JobKind::vpn_delete, order->uuid);
        store::ServerStore{session}.give_back(order->id, clock_.now());
        end_supply(session, *order);
        const auto machine = store::MachineStore{session}.of_order(order->id);
        if (!machine || machine->state == MachineState::deleted) return {};

        store::SnapshotStore snapshots{session};
        store::JobStore jobs{session};
        for (const auto& snapshot : snapshots.deletable_of_machine(machine->uuid)) // they go first
            if (snapshots.begin_deletion(snapshot, clock_.now(), clock_.today())) jobs.add(JobKind::snapshot_delete, snapshot.uuid);
        if (store::ProvisioningStore{session}.want_gone(machine->uuid)) jobs.add(JobKind::machine_delete, machine->uuid);
        // One at work (being taken or put back) goes as soon as it rests; else it would be kept, and billed, for ever.
        if (snapshots.count_of_machine(machine->uuid) > 0) return {JobOutcome::postponed, "vm_busy"};
        return {};
    });
}

/// What a supplier delivered is to be cancelled there by a person; what it has not is followed to its end.
void OrderFulfilment::end_supply(store::Session& session, const domain::Order& order)
{
    store::SupplyStore supplies{session};
    auto supply = supplies.of(order.uuid);
    if (!supply || supply->step == domain::SupplyStep::cancelled) return;
    if (supply->step != domain::SupplyStep::delivered) {
        store::JobStore{session}.add(JobKind::server_supply, order.uuid, "order is over");
        return;
    }
    supply->held_reason = "the order is over: cancel " + supply->server_name + " at the supplier";
    if (!supplies.save(*supply, clock_.now())) throw store::Conflict{"the supply was changed meanwhile"};
}

void OrderFulfilment::end_due_orders()
{
    const auto next = [&] {
        return database_.read(
            [&](store::Session& session) { return store::OrderStore{session}.ending_by(clock_.today(), due_orders_at_a_time); });
    };
    for (auto due = next(); !due.empty(); due = next()) { // none that was ended comes again
        for (const auto& uuid : due) end_one(uuid);
        if (due.size() < static_cast<std::size_t>(due_orders_at_a_time)) return;
    }
}

void OrderFulfilment::end_one(const domain::Uuid& uuid)
{
    database_.transact([&](store::Session& session) {
        store::OrderStore orders{session};
        const auto order = orders.lock(uuid);
        if (!order || !order->ends_on || *order->ends_on > clock_.today()) return; // changed meanwhile
        if (!domain::may_become(order->status, OrderStatus::ended)) return;
        orders.change_status(*order, OrderStatus::ended, actor, "the term is over", clock_.now());
        store::JobStore{session}.add(JobKind::order_end, uuid);
    });
}

} // namespace service
