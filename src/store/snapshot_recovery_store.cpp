#include "store/snapshot_recovery_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {

void SnapshotRecoveryStore::end_leases_of(const std::string& worker)
{
    execute(session_,
        "UPDATE snapshots s JOIN jobs j ON j.dedupe_key = CONCAT('snapshot_create:', s.uuid) SET s.lease_until = NOW(6)"
        " WHERE s.state IN ('freezing', 'creating') AND j.state = 'leased' AND j.lease_owner = ?",
        worker);
    execute(session_, "UPDATE snapshots SET lease_until = NOW(6), recovered_by = NULL WHERE recovered_by = ?", worker);
}

std::vector<domain::Uuid> SnapshotRecoveryStore::claim_left_behind(const std::string& worker, std::chrono::milliseconds lease, int limit)
{
    const auto rows = select<std::string>(session_,
        "SELECT s.uuid FROM snapshots s WHERE s.state IN ('freezing', 'creating') AND s.lease_until <= NOW(6)"
        " UNION SELECT s.uuid FROM snapshots s WHERE s.may_be_frozen = TRUE AND s.lease_until <= NOW(6)"
        "  AND NOT EXISTS (SELECT 1 FROM snapshots b WHERE b.busy_machine = s.machine_uuid AND b.uuid <> s.uuid) LIMIT ?",
        limit);
    std::vector<domain::Uuid> claimed;
    for (const auto& [uuid] : rows)
        if (claim(uuid_of(uuid), lease, worker)) claimed.push_back(uuid_of(uuid));
    return claimed;
}

/// Of several workers that see it, one moves the lease.
bool SnapshotRecoveryStore::claim(const domain::Uuid& snapshot, std::chrono::milliseconds lease, const std::optional<std::string>& worker)
{
    return execute(session_,
               "UPDATE snapshots SET lease_until = NOW(6) + INTERVAL ? MICROSECOND, recovered_by = ?"
               " WHERE uuid = ? AND (lease_until IS NULL OR lease_until <= NOW(6))",
               std::chrono::microseconds{lease}.count(), worker, snapshot)
        == 1;
}

void SnapshotRecoveryStore::finish(const domain::Uuid& snapshot, const std::string& worker)
{
    execute(session_, "UPDATE snapshots SET recovered_by = NULL WHERE uuid = ? AND recovered_by = ?", snapshot, worker);
}

/// Of several who look at once each takes what the others do not. Begins with the dead jobs, so that no deletion that goes on is locked.
std::vector<domain::Uuid> SnapshotRecoveryStore::free_machines_of_dead_deletions(std::chrono::milliseconds dead_for)
{
    const auto rows = select<std::string>(session_,
        "SELECT s.uuid FROM jobs j STRAIGHT_JOIN snapshots s ON s.uuid = j.target"
        " WHERE j.state = 'dead' AND j.finished_at <= NOW(6) - INTERVAL ? MICROSECOND AND j.kind = 'snapshot_delete'"
        "  AND s.state = 'deleting' AND s.busy_machine IS NOT NULL FOR UPDATE SKIP LOCKED",
        std::chrono::microseconds{dead_for}.count());
    std::vector<std::string> uuids;
    std::vector<domain::Uuid> freed;
    for (const auto& [uuid] : rows) {
        uuids.push_back(uuid);
        freed.push_back(uuid_of(uuid));
    }
    execute_bulk(session_, "UPDATE snapshots SET busy_machine = NULL WHERE uuid = ?", uuids);
    return freed;
}

} // namespace store
