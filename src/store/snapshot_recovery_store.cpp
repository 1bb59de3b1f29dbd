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
}

std::vector<domain::Uuid> SnapshotRecoveryStore::claim_left_behind(std::chrono::milliseconds lease, int limit)
{
    const auto rows = select<std::string>(session_,
        "SELECT s.uuid FROM snapshots s WHERE s.state IN ('freezing', 'creating') AND s.lease_until <= NOW(6)"
        " UNION SELECT s.uuid FROM snapshots s WHERE s.may_be_frozen = TRUE AND s.lease_until <= NOW(6)"
        "  AND NOT EXISTS (SELECT 1 FROM snapshots b WHERE b.busy_machine = s.machine_uuid AND b.uuid <> s.uuid) LIMIT ?",
        limit);
    std::vector<domain::Uuid> claimed;
    for (const auto& [uuid] : rows)
        if (claim(uuid_of(uuid), lease)) claimed.push_back(uuid_of(uuid));
    return claimed;
}

/// Of several workers that see it, one moves the lease.
bool SnapshotRecoveryStore::claim(const domain::Uuid& snapshot, std::chrono::milliseconds lease)
{
    return execute(session_,
               "UPDATE snapshots SET lease_until = NOW(6) + INTERVAL ? MICROSECOND"
               " WHERE uuid = ? AND (lease_until IS NULL OR lease_until <= NOW(6))",
               std::chrono::microseconds{lease}.count(), snapshot)
        == 1;
}

/// Looked for without a lock, as there are hardly ever any.
void SnapshotRecoveryStore::free_machines_of_dead_deletions(std::chrono::milliseconds dead_for)
{
    const auto rows = select<std::string>(session_,
        "SELECT s.uuid FROM snapshots s JOIN jobs j ON j.dedupe_key = CONCAT('snapshot_delete:', s.uuid)"
        " WHERE s.state = 'deleting' AND s.busy_machine IS NOT NULL"
        "  AND j.state = 'dead' AND j.finished_at <= NOW(6) - INTERVAL ? MICROSECOND",
        std::chrono::microseconds{dead_for}.count());
    for (const auto& [uuid] : rows)
        execute(session_,
            "UPDATE snapshots s JOIN jobs j ON j.dedupe_key = CONCAT('snapshot_delete:', s.uuid) SET s.busy_machine = NULL"
            " WHERE s.uuid = ? AND s.state = 'deleting' AND j.state = 'dead'",
            uuid);
}

} // namespace store
