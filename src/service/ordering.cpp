#include "service/ordering.h"

#include "domain/refusal.h"
#include "domain/snapshot_refusal.h"
#include "gateway/random_uuid.h"
#include "service/catalogue.h"
#include "store/catalogue_store.h"
#include "store/job_store.h"
#include "store/machine_store.h"
#include "store/provisioning_store.h"
#include "store/snapshot_store.h"
#include "store/standing_store.h"

#include <algorithm>

namespace service {
namespace {

/// A request that was sent several times at once shall get the same answer each time, so the worker lets it pass first.
constexpr std::chrono::milliseconds start_delay{250};

using domain::JobKind;
using domain::OrderStatus;
using domain::Reason;
using domain::Refusal;

/// The order that stands under the client's uuid is the answer, if it is what the client asks for again.
PlacedOrder repeated(const domain::Order& earlier, const PlaceOrder& command)
{
    auto before = earlier.parameters;
    if (command.parameters.vm) before.os_disk_gb.reset(); // for a snapshot we filled it in
    if (earlier.sku != command.sku || before != command.parameters)
        throw Refusal{Reason::order_differs, "an order with this uuid exists and asks for something else; use a new uuid"};
    return {.order = earlier, .is_new = false};
}

void require_standing(const store::Standing& standing, const domain::Product& product)
{
    if (product.requires_membership && !standing.has_membership)
        throw Refusal{Reason::membership_required, product.name + " is for members; join first: POST /membership"};
    if (!standing.has_payment_method) throw Refusal{Reason::payment_method_required, "register a way to pay first: POST /payment-methods"};
}

/// Who waits for VIES may order: only the invoice waits.
void require_sale(const domain::VatDecision& decision)
{
    if (decision.treatment == domain::VatTreatment::block_no_oss) throw Refusal{Reason::not_sold_there, domain::block_remedy(decision)};
}

domain::Order found(std::optional<domain::Order> order)
{
    if (!order) throw Refusal{Reason::not_found, "you have no order with this uuid"};
    return *std::move(order);
}

void require_no_snapshots(store::Session& session, const domain::Machine& machine)
{
    auto in_the_way = store::SnapshotStore{session}.kept_of_machine(machine.uuid);
    if (in_the_way.empty()) return;
    std::string names;
    for (const auto& uuid : in_the_way) names += (names.empty() ? "" : ", ") + uuid.text();
    throw domain::SnapshotsInTheWay{
        "the VM has snapshots: " + names + "; delete them first, or say \"snapshots\": \"delete\" for them to go with it",
        std::move(in_the_way)};
}

domain::Parameters merged(const domain::Parameters& before, const domain::Parameters& changes)
{
    auto after = before;
    if (changes.cores) after.cores = changes.cores;
    if (changes.ram_mb) after.ram_mb = changes.ram_mb;
    if (changes.os_disk_gb) after.os_disk_gb = changes.os_disk_gb;
    return after;
}

} // namespace

std::string running_key(domain::MemberId member, const std::string& sku)
{
    return std::to_string(static_cast<std::int64_t>(member)) + ':' + sku;
}

PlacedOrder Ordering::place(store::Session& session, const PlaceOrder& command)
{
    if (command.uuid)
        if (const auto earlier = store::OrderStore{session}.by_uuid(command.who.member, *command.uuid)) return repeated(*earlier, command);

    const auto now = clock_.now();
    const auto today = clock_.day_of(now);
    const auto standing = store::StandingStore{session}.of(command.who.member);
    if (!standing) throw Refusal{Reason::not_a_member, "this account is unknown here"};
    const auto offer = store::CatalogueStore{session}.offer_on(today, standing->currency, command.sku);
    const auto& price = price_of(offer, command.sku);
    require_standing(*standing, offer->product);
    require_sale(domain::decide_vat(standing->customer, vat_.in_oss));

    domain::Order order{.uuid = command.uuid ? *command.uuid : gateway::random_uuid(),
        .member = command.who.member,
        .sku = command.sku,
        .parameters = command.parameters,
        .price_includes_vat = price.includes_vat,
        .interval = offer->product.interval,
        .status = standing->pays_by_card && !command.parameters.vm ? OrderStatus::awaiting_payment : OrderStatus::provisioning,
        .placed_at = now,
        .started_on = today};
    if (order.parameters.vm) check_snapshot_rules(session, order);
    order.charge = domain::charge_for(price, order.parameters);
    return insert(session, command, std::move(order), offer->product);
}

PlacedOrder Ordering::insert(store::Session& session, const PlaceOrder& command, domain::Order order, const domain::Product& product)
{
    store::OrderStore orders{session};
    const auto key = product.one_per_member ? std::optional{running_key(order.member, order.sku)} : std::nullopt;
    if (const auto id = orders.add(order, key, command.who.uid)) {
        order.id = *id;
        if (order.parameters.vm) request_snapshot(session, order);
        else store::JobStore{session}.add(JobKind::order_start, order.uuid, "", start_delay);
        return {.order = order, .is_new = true};
    }
    // A UNIQUE key refused it: the same request was quicker, the member has such an order, or the uuid is another's.
    if (const auto earlier = orders.by_uuid(order.member, order.uuid)) return repeated(*earlier, command);
    if (key)
        if (const auto running = orders.running(*key)) return {.order = *running, .is_new = false};
    throw Refusal{Reason::uuid_in_use, "this uuid cannot be used; choose a new one"};
}

void Ordering::check_snapshot_rules(store::Session& session, domain::Order& order)
{
    const auto& uuid = *order.parameters.vm;
    const auto machine = store::MachineStore{session}.lock(order.member, uuid); // the quota is counted by one at a time
    if (!machine) throw Refusal{Reason::not_found, "you have no VM with this uuid"};
    if (machine->state != domain::MachineState::active && machine->state != domain::MachineState::stopped)
        throw Refusal{Reason::vm_not_ready,
            "the VM is " + std::string{domain::to_text(machine->state)} + "; snapshots need one that is active or stopped"};

    store::SnapshotStore snapshots{session};
    if (snapshots.count_of_machine(uuid) >= snapshots_.per_machine)
        throw Refusal{Reason::snapshot_quota, "a VM may have " + std::to_string(snapshots_.per_machine) + " snapshots; delete one first"};
    const auto newest = snapshots.newest_request(uuid);
    if (newest && snapshots_.between.count() > 0 && order.placed_at < *newest + snapshots_.between) {
        // Not longer than the distance, though the newest may have been asked for while this one waited for its turn.
        const auto wait =
            std::min(std::chrono::ceil<std::chrono::seconds>(*newest + snapshots_.between - order.placed_at), snapshots_.between);
        throw domain::SnapshotTooSoon{"a VM may be snapshotted once in " + std::to_string(snapshots_.between.count())
                + " seconds; ask again in " + std::to_string(wait.count()),
            wait};
    }
    order.parameters.os_disk_gb = machine->parameters.os_disk_gb;
}

void Ordering::request_snapshot(store::Session& session, const domain::Order& order)
{
    const domain::Snapshot snapshot{.uuid = gateway::random_uuid(),
        .member = order.member,
        .vm = *order.parameters.vm,
        .size_gib = order.parameters.os_disk_gb.value_or(0),
        .require_fs = order.parameters.require_fs,
        .requested_at = order.placed_at};
    store::SnapshotStore{session}.add(snapshot, order.id);
    store::JobStore{session}.add(JobKind::snapshot_create, snapshot.uuid);
}

void Ordering::delete_snapshots(store::Session& session, const domain::Machine& machine)
{
    store::SnapshotStore snapshots{session};
    for (const auto& snapshot : snapshots.deletable_of_machine(machine.uuid)) // those at work follow when they rest
        if (snapshots.begin_deletion(snapshot, clock_.now(), clock_.today()))
            store::JobStore{session}.add(JobKind::snapshot_delete, snapshot.uuid);
}

domain::Order Ordering::cancel(
    store::Session& session, const domain::Identity& who, const domain::Uuid& uuid, CancelWhen when, bool with_snapshots)
{
    store::OrderStore orders{session};
    const auto now = clock_.now();
    const auto today = clock_.day_of(now);
    const auto order = found(orders.lock(who.member, uuid));
    if (!domain::is_running(order.status)) return order; // asked for twice
    if (order.parameters.vm) throw Refusal{Reason::order_state, "a snapshot's order ends with the snapshot: DELETE /snapshots/{uuid}"};
    const auto ends_on = when == CancelWhen::now ? today : domain::term_end(order, today);
    if (order.sku == "membership" && orders.needs_membership(who.member, ends_on))
        throw Refusal{Reason::still_required, "other orders need the membership; cancel them first"};

    const bool is_known = when == CancelWhen::end_of_term && order.ends_on == ends_on; // asked for twice
    const auto machine = is_known ? std::nullopt : store::MachineStore{session}.of_order(order.id);
    if (machine && !with_snapshots) require_no_snapshots(session, *machine);
    if (machine && when == CancelWhen::now) delete_snapshots(session, *machine);

    if (order.ends_on != ends_on) orders.set_end(order, ends_on, today, who.uid, "cancelled for " + domain::to_text(ends_on), now);
    if (when == CancelWhen::now) {
        orders.change_status(order, OrderStatus::cancelled, who.uid, "cancelled at once", now);
        store::JobStore{session}.add(JobKind::order_end, order.uuid);
    }
    return found(orders.by_uuid(who.member, uuid));
}

domain::Order Ordering::change(
    store::Session& session, const domain::Identity& who, const domain::Uuid& uuid, const domain::Parameters& changes)
{
    store::OrderStore orders{session};
    const auto now = clock_.now();
    const auto today = clock_.day_of(now);
    const auto before = found(orders.lock(who.member, uuid));
    if (before.parameters.plan)
        throw Refusal{Reason::order_state,
            "a server keeps its plan and options; order another out of a cart, POST /1.0/order/cart, and cancel this one, POST /orders/"
                + uuid.text() + "/cancel"};
    if (changes.plan) throw Refusal{Reason::order_state, "this order has no plan; only servers, which are sold out of a cart, have one"};
    if (!before.parameters.cores) throw Refusal{Reason::order_state, "this order has no parameters that can be changed"};
    if (before.status != OrderStatus::active)
        throw Refusal{
            Reason::order_state, "only an active order can be changed; this one is " + std::string{domain::to_text(before.status)}};

    auto after = before;
    after.parameters = merged(before.parameters, changes);
    switch (domain::check_change(before.parameters, after.parameters)) {
    case domain::ChangeFault::nothing_to_change: return before;
    case domain::ChangeFault::disk_would_shrink: throw Refusal{Reason::order_state, "a disk can only grow"};
    case domain::ChangeFault::none: break;
    }
    const auto offer = store::CatalogueStore{session}.offer_on(today, before.charge.recurring.currency, before.sku);
    after.charge.recurring = domain::charge_for(price_of(offer, before.sku), after.parameters).recurring;
    orders.change(before, after, today, who.uid, now);
    if (const auto machine = store::MachineStore{session}.of_order(before.id))
        store::JobStore{session}.add(JobKind::machine_resize, machine->uuid, std::to_string(before.version));
    return found(orders.by_uuid(who.member, uuid));
}

std::vector<domain::Order> Ordering::page(domain::MemberId member, std::optional<std::int64_t> before, int limit)
{
    return database_.read([&](store::Session& session) { return store::OrderStore{session}.page(member, before, limit); });
}

Ordering::OrderWithEvents Ordering::read(domain::MemberId member, const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) {
        store::OrderStore orders{session};
        const auto order = found(orders.by_uuid(member, uuid));
        const auto machine = store::MachineStore{session}.of_order(order.id);
        return OrderWithEvents{.order = order,
            .events = orders.events_of(order.id),
            .steps = machine ? store::ProvisioningStore{session}.steps_of(machine->uuid) : std::vector<domain::StepRecord>{}};
    });
}

} // namespace service
