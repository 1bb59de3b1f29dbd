#include "service/snapshot_sweep.h"

#include "logging/log.h"
#include "service/job_report.h"
#include "service/machine_guest.h"
#include "service/snapshot_order.h"
#include "service/snapshot_times.h"
#include "store/order_store.h"
#include "store/placement_store.h"
#include "store/snapshot_image_store.h"
#include "store/snapshot_store.h"

#include <algorithm>

namespace service {
namespace {

using gateway::StorageAnswer;

constexpr int images_at_a_time = 100;

/// nullopt: storage does not tell. An image that is gone has no snapshots.
std::optional<std::set<std::string>> listed(const MachineImage& image)
{
    const auto listing = image.storage->list_snapshots(image.image);
    if (listing.answer == StorageAnswer::not_found) return std::set<std::string>{};
    if (listing.answer != StorageAnswer::done) return std::nullopt;
    return std::set<std::string>{listing.names.begin(), listing.names.end()};
}

std::string place_of(const MachineImage& image) { return domain::place_of(image.placed.cluster, image.placed.pool); }

} // namespace

void SnapshotSweep::work(const std::atomic<bool>& stopping, std::chrono::seconds every)
{
    const auto pools =
        database_.transact([&](store::Session& session) { return store::SnapshotImageStore{session}.claim_due_pools(every); });
    if (pools.empty()) return;
    const auto clusters = database_.read([](store::Session& session) { return store::PlacementStore{session}.clusters(); });
    for (const auto& pool : pools) sweep(pool, *std::ranges::find(clusters, pool.cluster, &domain::Cluster::id), stopping);
}

void SnapshotSweep::sweep(const domain::Pool& pool, const domain::Cluster& cluster, const std::atomic<bool>& stopping)
{
    int unreadable = 0;
    for (std::string after; !stopping;) {
        auto placed = database_.read(
            [&](store::Session& session) { return store::SnapshotImageStore{session}.images_in(pool, after, images_at_a_time); });
        if (placed.empty()) break;
        after = placed.back().name;
        for (auto& one : placed) one.cluster = cluster;
        for (const auto& image : with_storages(storages_, std::move(placed))) {
            if (stopping) return;
            unreadable += look_at(image) ? 0 : 1;
        }
    }
    if (unreadable > 0)
        logging::event(
            "warning", "snapshots_not_swept", {{"place", domain::place_of(cluster, pool)}, {"images", std::to_string(unreadable)}});
}

/// Returns false if storage does not tell what is there.
bool SnapshotSweep::look_at(const MachineImage& image)
{
    const auto pool = image.placed.pool.id;
    const auto& name = image.placed.name;
    const auto ready = database_.read([&](store::Session& session) { return store::SnapshotImageStore{session}.ready_in(pool, name); });
    const auto names = listed(image);
    if (!names) return false;
    const auto known = database_.read([&](store::Session& session) {
        std::vector<std::string> like_ours;
        std::ranges::copy_if(*names, std::back_inserter(like_ours), domain::is_snapshot_name);
        return store::SnapshotImageStore{session}.named_in(pool, name, like_ours, settled_after);
    });
    const auto findings = domain::compare_snapshots(ready, *names, known);
    remove_late(image, findings.late);
    report_strays(image, findings.strays);
    note_seen(image, findings.present);
    if (findings.missing.empty()) return true;
    const auto again = listed(image); // nobody's money ends by one look
    if (!again) return false;
    for (const auto& missing : findings.missing)
        if (!again->contains(missing.uuid.text())) lose(image, missing);
    return true;
}

void SnapshotSweep::remove_late(const MachineImage& image, const std::vector<domain::KnownSnapshot>& late)
{
    for (const auto& snapshot : late) {
        const bool is_busy =
            database_.read([&](store::Session& session) { return store::SnapshotImageStore{session}.is_busy(snapshot.machine); });
        if (is_busy) continue; // another hour
        auto target = image.image;
        target.is_off = guest_of(database_, guests_, snapshot.machine).power() == gateway::GuestPower::off;
        const auto answer = image.storage->remove_snapshot(target, snapshot.uuid.text());
        const bool is_gone = answer == StorageAnswer::done || answer == StorageAnswer::not_found;
        logging::event("warning", "late_snapshot",
            {{"snapshot", snapshot.uuid.text()}, {"place", place_of(image)}, {"image", image.placed.name},
                {"removal", is_gone ? "done" : storage_error(answer)}});
    }
}

void SnapshotSweep::report_strays(const MachineImage& image, const std::vector<std::string>& strays)
{
    const auto fresh = database_.transact([&](store::Session& session) {
        return store::SnapshotImageStore{session}.note_strays(image.placed.pool.id, image.placed.name, strays, clock_.now());
    });
    for (const auto& name : fresh)
        logging::event("error", "stray_snapshot", {{"snapshot", name}, {"place", place_of(image)}, {"image", image.placed.name}});
}

void SnapshotSweep::note_seen(const MachineImage& image, const std::vector<domain::KnownSnapshot>& present)
{
    std::vector<domain::Uuid> uuids;
    for (const auto& snapshot : present) uuids.push_back(snapshot.uuid);
    database_.transact([&](store::Session& session) {
        store::SnapshotImageStore{session}.note_seen(image.placed.pool.id, image.placed.name, uuids, clock_.now());
    });
}

void SnapshotSweep::lose(const MachineImage& image, const domain::KnownSnapshot& missing)
{
    const bool is_lost = database_.transact([&](store::Session& session) {
        store::SnapshotStore snapshots{session};
        store::SnapshotImageStore images{session};
        const auto snapshot = snapshots.by_uuid(missing.uuid);
        if (!snapshot || !snapshot->ready_at) return false;
        store::OrderStore{session}.lock(snapshot->order_uuid); // order before snapshot, as everywhere
        const auto seen = std::max(*snapshot->ready_at, images.last_seen(missing.uuid).value_or(*snapshot->ready_at));
        const auto now = clock_.now();
        auto ready = *snapshot;
        ready.state = domain::SnapshotState::ready;
        if (!snapshots.make_lost(ready, seen, clock_.day_of(seen), now, clock_.day_of(now))) return false; // deleted meanwhile
        images.note_gone(missing.uuid, image.placed.pool.id, image.placed.name);
        end_snapshot_order(session, ready, "the snapshot is gone from storage; it is billed to when it was there last", now);
        return true;
    });
    if (is_lost)
        logging::event(
            "error", "snapshot_lost", {{"snapshot", missing.uuid.text()}, {"place", place_of(image)}, {"image", image.placed.name}});
}

} // namespace service
