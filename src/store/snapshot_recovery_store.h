#pragma once
#include "domain/snapshot.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// Snapshots whose worker is gone, or has not got its guest to thaw. All times are the database's own clock.
class SnapshotRecoveryStore {
public:
    explicit SnapshotRecoveryStore(Session& session) : session_{session} {}

    /// The jobs of this worker are taken back: so is what it had in hand, and what it looked after.
    void end_leases_of(const std::string& worker);

    /// Takes up snapshots in freezing or creating whose lease is over, and those whose guest may still be frozen while no other snapshot is
    /// at work on their machine. The worker has them until the lease is over, or it starts again.
    std::vector<domain::Uuid> claim_left_behind(const std::string& worker, std::chrono::milliseconds lease, int limit);

    /// The same for one of them, whose job the caller has. Returns false while somebody is at work on it.
    bool claim(const domain::Uuid& snapshot, std::chrono::milliseconds lease, const std::optional<std::string>& worker = std::nullopt);

    /// It is looked after.
    void finish(const domain::Uuid& snapshot, const std::string& worker);

    /// Takes the machines back from snapshots in `deleting` whose job is dead for at least that long. Returns these snapshots.
    std::vector<domain::Uuid> free_machines_of_dead_deletions(std::chrono::milliseconds dead_for);

private:
    Session& session_;
};

} // namespace store
