#include "service/snapshot_administration.h"

#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/snapshot_store.h"

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;
using domain::SnapshotState;

store::SnapshotRecord found(std::optional<store::SnapshotRecord> record)
{
    if (!record) throw Refusal{Reason::not_found, "there is no snapshot with this uuid"};
    return *std::move(record);
}

/// A job that would find nothing to do is not started.
bool is_wanted(const store::JobRecord& job, SnapshotState state)
{
    if (job.state != "dead") return false;
    if (state == SnapshotState::restoring) return job.kind == "snapshot_restore";
    if (state == SnapshotState::deleting) return job.kind == "snapshot_delete";
    const bool is_taken = state == SnapshotState::requested || state == SnapshotState::freezing || state == SnapshotState::creating
        || state == SnapshotState::unknown;
    return is_taken && job.kind == "snapshot_create";
}

} // namespace

std::vector<store::SnapshotRecord> SnapshotAdministration::list(const store::SnapshotFilter& filter, int limit)
{
    return database_.read([&](store::Session& session) { return store::SnapshotRecordStore{session}.list(filter, limit); });
}

SnapshotAdministration::Detail SnapshotAdministration::read(const domain::Uuid& uuid)
{
    return database_.read([&](store::Session& session) {
        store::SnapshotRecordStore records{session};
        return Detail{found(records.by_uuid(uuid)), records.images_of(uuid), records.jobs_of(uuid)};
    });
}

int SnapshotAdministration::retry(store::Session& session, const domain::Uuid& uuid, const std::string& actor)
{
    store::SnapshotRecordStore records{session};
    const auto state = found(records.by_uuid(uuid)).snapshot.state;
    int started = 0;
    for (const auto& job : records.jobs_of(uuid))
        if (is_wanted(job, state) && store::JobStore{session}.retry(job.id)) ++started;
    if (started == 0)
        throw Refusal{
            Reason::snapshot_state, "nothing was given up of it; it is " + std::string{domain::to_text(state)} + ": uncloud snapshot show"};
    store::AuditStore{session}.add({.at = clock_.now(),
        .actor = actor,
        .action = "snapshot.retry",
        .subject = uuid.text(),
        .detail = std::string{domain::to_text(state)}});
    return started;
}

/// Whoever gives it a new start at the same moment waits for the job's row, and one of the two finds it changed.
void SnapshotAdministration::give_up_restore(store::Session& session, const domain::Uuid& uuid, const std::string& actor)
{
    store::SnapshotRecordStore records{session};
    const auto snapshot = found(records.by_uuid(uuid)).snapshot;
    const bool is_given_up = snapshot.state == SnapshotState::restoring && records.end_dead_restore(uuid)
        && store::SnapshotStore{session}.change_state(snapshot, SnapshotState::ready, "restore_given_up");
    if (!is_given_up)
        throw Refusal{Reason::snapshot_state,
            "only a restoring that is tried no more can be given up; the snapshot is " + std::string{domain::to_text(snapshot.state)}
                + ": uncloud snapshot show"};
    store::AuditStore{session}.add(
        {.at = clock_.now(), .actor = actor, .action = "snapshot.give_up", .subject = uuid.text(), .detail = snapshot.error});
}

} // namespace service
