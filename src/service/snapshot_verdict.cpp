#include "domain/job.h"
#include "domain/machine.h"
#include "service/catalogue.h"
#include "service/snapshot_order.h"
#include "service/snapshot_taking.h"
#include "store/catalogue_store.h"
#include "store/job_store.h"
#include "store/machine_store.h"
#include "store/order_store.h"
#include "store/snapshot_image_store.h"
#include "store/snapshot_store.h"

#include <algorithm>

// The second half of SnapshotTaking: what storage has of a snapshot, and what follows from it.

namespace service {
namespace {

using domain::AfterListing;
using domain::Consistency;
using domain::OrderStatus;
using domain::SnapshotState;
using gateway::StorageAnswer;

/// How a listing of all images ended; `done`: each was listed.
struct Found {
    StorageAnswer answer{StorageAnswer::done};
    std::size_t present{0};
};

Found find(const std::vector<MachineImage>& images, const std::string& name)
{
    Found found;
    for (const auto& [placed, image, storage] : images) {
        const auto listing = storage->list_snapshots(image);
        if (listing.answer != StorageAnswer::done) return {listing.answer, 0};
        found.present += std::ranges::count(listing.names, name) > 0 ? 1 : 0;
    }
    return found;
}

} // namespace

/// What became of an earlier try, as far as rows can prove it.
JobReport SnapshotTaking::look(const domain::Snapshot& snapshot)
{
    Taking taking{.snapshot = snapshot, .guest = guest_of(database_, guests_, snapshot.vm)};
    const auto placed = database_.read([&](store::Session& session) { return store::SnapshotImageStore{session}.of(snapshot.uuid); });
    taking.images = with_storages(storages_, placed);
    taking.asked = taking.images.size();
    taking.evidence.froze = snapshot.frozen_at.has_value();
    taking.evidence.made_in_window = taking.evidence.thawed_by_us = snapshot.thawed_at.has_value();
    return verify(taking);
}

JobReport SnapshotTaking::verify(Taking& taking)
{
    const auto& snapshot = taking.snapshot;
    const auto found = find(taking.images, snapshot.uuid.text());
    if (found.answer == StorageAnswer::not_found || found.answer == StorageAnswer::denied) return fail(taking, storage_error(found.answer));
    if (found.answer != StorageAnswer::done) { // nobody has looked yet: that counts for no look
        const int looks = snapshot.state == SnapshotState::unknown ? snapshot.looks_left : domain::looks_after_unknown;
        return look_later(taking, storage_error(found.answer), looks);
    }

    const auto consistency = domain::consistency_of(taking.evidence);
    const auto presence = domain::presence_of(taking.images.size(), found.present);
    const bool is_mixed = taking.found_one && taking.images.size() > 1;
    const bool is_incomplete = taking.asked < taking.images.size(); // the window was over
    const std::string why = presence == domain::Presence::all || is_incomplete ? "not_consistent" : storage_error(StorageAnswer::unknown);
    switch (domain::after_listing(snapshot, presence, consistency != Consistency::crash, is_mixed)) {
    case AfterListing::ready: return make_ready(taking, consistency);
    case AfterListing::look_later: return look_later(taking, why, snapshot.looks_left - 1);
    case AfterListing::again: return take_again(taking, why);
    case AfterListing::failed: return fail(taking, why);
    }
    throw std::logic_error{"no such verdict"};
}

JobReport SnapshotTaking::make_ready(const Taking& taking, Consistency consistency)
{
    const auto& snapshot = taking.snapshot;
    int size_gib = 0;
    for (const auto& image : taking.images) size_gib += image.placed.size_gib;
    const bool ours = database_.transact([&](store::Session& session) {
        store::SnapshotStore snapshots{session};
        const auto order = store::OrderStore{session}.lock(snapshot.order_uuid); // order before snapshot, as everywhere
        if (!snapshots.make_ready(snapshot, std::string{domain::to_text(consistency)}, size_gib, clock_.now(), clock_.today()))
            return false;
        store::SnapshotImageStore{session}.note_present(snapshot.uuid, clock_.now());
        if (order) fit_order(session, *order, size_gib);
        follow_machine(session, snapshot);
        return true;
    });
    return ours ? JobReport{} : taken_over();
}

/// The order was placed for what its machine's disk had then; it is billed by what the images have, at the price of when it was placed.
void SnapshotTaking::fit_order(store::Session& session, domain::Order order, int size_gib)
{
    store::OrderStore orders{session};
    if (order.parameters.os_disk_gb != size_gib) {
        const auto day = clock_.day_of(order.placed_at);
        const auto offer = store::CatalogueStore{session}.offer_on(day, order.charge.recurring.currency, order.sku);
        order.parameters.os_disk_gb = size_gib;
        order.charge.recurring = domain::charge_for(price_of(offer, order.sku), order.parameters).recurring;
        orders.fit(order);
    }
    if (order.status == OrderStatus::provisioning)
        orders.change_status(order, OrderStatus::active, "worker", "the snapshot is ready", clock_.now());
}

/// Its machine's order ended while it was taken: it goes with the others.
void SnapshotTaking::follow_machine(store::Session& session, const domain::Snapshot& snapshot)
{
    store::SnapshotStore snapshots{session};
    const auto machine = store::MachineStore{session}.by_uuid(snapshot.vm);
    const auto ready = snapshots.by_uuid(snapshot.uuid);
    if (machine && machine->state == domain::MachineState::deleting && ready
        && snapshots.begin_deletion(*ready, clock_.now(), clock_.today()))
        store::JobStore{session}.add(domain::JobKind::snapshot_delete, snapshot.uuid);
}

JobReport SnapshotTaking::look_later(const Taking& taking, const std::string& why, int looks)
{
    const auto& snapshot = taking.snapshot;
    const bool ours = database_.transact([&](store::Session& session) {
        store::SnapshotStore snapshots{session};
        if (snapshot.state != SnapshotState::unknown) return snapshots.become_unknown(snapshot, why, looks);
        snapshots.note_looks_left(snapshot, looks);
        return true;
    });
    if (!ours) return taken_over();
    return {JobOutcome::postponed, why, domain::pause_before_look(looks)};
}

/// What is there of it is removed first; where that fails the next try finds it, and knows that it did not make it.
JobReport SnapshotTaking::take_again(Taking& taking, const std::string& why, std::optional<std::chrono::seconds> pause)
{
    const auto& snapshot = taking.snapshot;
    if (snapshot.attempts >= domain::taking_limit) return fail(taking, why);
    if (!remove_made(taking)) return taken_over();
    const bool ours = database_.transact(
        [&](store::Session& session) { return store::SnapshotStore{session}.change_state(snapshot, SnapshotState::requested, why); });
    if (!ours) return taken_over();
    if (!pause) pause = domain::pause_after(snapshot.attempts).value_or(std::chrono::minutes{10});
    return {JobOutcome::postponed, why, *pause};
}

/// Storage had no time for it.
JobReport SnapshotTaking::try_later(Taking& taking, const std::string& why)
{
    if (taking.snapshot.state == SnapshotState::requested) return {JobOutcome::again, why}; // it has not begun
    if (!remove_made(taking)) return taken_over();
    const bool ours = database_.transact([&](store::Session& session) {
        return store::SnapshotStore{session}.change_state(taking.snapshot, SnapshotState::requested, why);
    });
    return ours ? JobReport{JobOutcome::again, why} : taken_over();
}

JobReport SnapshotTaking::fail(Taking& taking, const std::string& why)
{
    const bool failed = database_.transact([&](store::Session& session) {
        store::OrderStore{session}.lock(taking.snapshot.order_uuid);
        if (!store::SnapshotStore{session}.change_state(taking.snapshot, SnapshotState::failed, why)) return false; // another was luckier
        end_snapshot_order(session, taking.snapshot, "the snapshot could not be taken", clock_.now());
        return true;
    });
    if (!failed) return taken_over();
    remove_from_images(taking); // what cannot be, or comes late, the sweep removes
    return {JobOutcome::dead, why};
}

/// Returns false if somebody has taken it over, whose work must not be touched.
bool SnapshotTaking::remove_made(const Taking& taking)
{
    if (taking.asked == 0) return true;
    const auto lease = times_.creating * static_cast<int>(taking.asked);
    const bool ours =
        database_.transact([&](store::Session& session) { return store::SnapshotStore{session}.extend_lease(taking.snapshot, lease); });
    if (ours) remove_from_images(taking);
    return ours;
}

void SnapshotTaking::remove_from_images(const Taking& taking)
{
    const bool is_off = taking.asked > 0 && taking.guest.power() == gateway::GuestPower::off;
    for (std::size_t i = 0; i < taking.asked; ++i) {
        const auto& [placed, image, storage] = taking.images[i];
        const auto answer = storage->remove_snapshot(image, taking.snapshot.uuid.text());
        if (answer == StorageAnswer::not_found && is_off) storage->repair(image); // a killed call may have leaked clusters
    }
}

} // namespace service
