#pragma once
#include "gateway/clock.h"
#include "store/database.h"
#include "store/snapshot_record_store.h"

#include <string>
#include <vector>

namespace service {

/// What operators see and do of members' snapshots. Every change leaves a row in the audit log.
class SnapshotAdministration {
public:
    SnapshotAdministration(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// Newest first, also deleted ones.
    std::vector<store::SnapshotRecord> list(const store::SnapshotFilter& filter, int limit);

    struct Detail {
        store::SnapshotRecord record{};
        std::vector<store::SnapshotImageRecord> images{};
        std::vector<store::JobRecord> jobs{}; ///< newest first
    };

    /// @throws domain::Refusal not_found
    Detail read(const domain::Uuid& uuid);

    /// Gives what was given up of it a new start. @returns how many jobs that is
    /// @throws domain::Refusal not_found, snapshot_state if nothing of it was given up
    int retry(store::Session& session, const domain::Uuid& uuid, const std::string& actor);

    /// Ends a restoring whose job is dead, so that its machine is free again: the snapshot is ready, and tells that it was not put back.
    /// What of the disks was put back stays so.
    /// @throws domain::Refusal not_found, snapshot_state if there is no such restoring, or it is still to be tried
    void give_up_restore(store::Session& session, const domain::Uuid& uuid, const std::string& actor);

private:
    store::Database& database_;
    gateway::Clock& clock_;
};

} // namespace service
