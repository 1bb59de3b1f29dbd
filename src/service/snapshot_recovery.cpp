#include "service/snapshot_recovery.h"

#include "logging/log.h"
#include "service/machine_guest.h"
#include "store/job_store.h"
#include "store/snapshot_recovery_store.h"
#include "store/snapshot_store.h"

namespace service {
namespace {

using domain::SnapshotState;

constexpr int snapshots_at_a_time = 10;

} // namespace

void SnapshotRecovery::work(const std::atomic<bool>& stopping, const std::string& worker)
{
    const auto given_up = database_.transact(
        [](store::Session& session) { return store::SnapshotRecoveryStore{session}.free_machines_of_dead_deletions(settled_after); });
    for (const auto& uuid : given_up) logging::event("warning", "deletion_given_up", {{"snapshot", uuid.text()}});
    const auto left_behind = database_.transact([&](store::Session& session) {
        return store::SnapshotRecoveryStore{session}.claim_left_behind(worker, times_.recovery, snapshots_at_a_time);
    });
    for (const auto& uuid : left_behind) {
        if (stopping) return;
        recover(uuid, worker);
    }
}

bool SnapshotRecovery::take_over(const domain::Uuid& uuid)
{
    const bool ours =
        database_.transact([&](store::Session& session) { return store::SnapshotRecoveryStore{session}.claim(uuid, times_.recovery); });
    if (ours) recover(uuid, {});
    return ours;
}

void SnapshotRecovery::recover(const domain::Uuid& uuid, const std::string& worker)
{
    const auto snapshot = database_.read([&](store::Session& session) { return store::SnapshotStore{session}.by_uuid(uuid); });
    if (!snapshot) return;
    thaw(*snapshot); // first of all: a guest may be waiting
    database_.transact([&](store::Session& session) {
        set_free(session, *snapshot);
        store::SnapshotRecoveryStore{session}.finish(uuid, worker); // before the next one has it
    });
}

void SnapshotRecovery::thaw(const domain::Snapshot& snapshot)
{
    const auto guest = guest_of(database_, guests_, snapshot.vm);
    const bool is_let_go = guest.thaw().answered || guest.power() == gateway::GuestPower::off;
    if (is_let_go)
        database_.transact([&](store::Session& session) { store::SnapshotStore{session}.let_go_of_guest(snapshot, std::nullopt); });
    else logging::event("error", "guest_not_thawed", {{"snapshot", snapshot.uuid.text()}, {"vm", snapshot.vm.text()}});
}

/// Nobody knows what a killed worker's storage was asked for: it is to be looked at, at once.
void SnapshotRecovery::set_free(store::Session& session, const domain::Snapshot& snapshot)
{
    store::SnapshotStore snapshots{session};
    const bool is_free = snapshot.state == SnapshotState::freezing ? snapshots.change_state(snapshot, SnapshotState::requested)
        : snapshot.state == SnapshotState::creating                ? snapshots.become_unknown(snapshot, "storage_outcome_unknown", 0)
                                                                   : false;
    if (is_free) store::JobStore{session}.take_back(domain::JobKind::snapshot_create, snapshot.uuid);
}

} // namespace service
