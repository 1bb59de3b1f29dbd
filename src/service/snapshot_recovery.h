#pragma once
#include "domain/snapshot.h"
#include "gateway/guest.h"
#include "service/snapshot_times.h"
#include "store/database.h"

#include <atomic>
#include <string>

namespace service {

/// Looks after snapshots whose worker was killed or is stuck, and after guests that did not answer a thaw: the guest is thawed within
/// the lease of the step in which it was left, and the snapshot is free to be taken on. A deletion that was given up lets its machine go.
class SnapshotRecovery {
public:
    SnapshotRecovery(store::Database& database, gateway::GuestSet& guests, SnapshotTimes times = {})
        : database_{database}, guests_{guests}, times_{times}
    {
    }

    /// What is left behind now. May be called by any number of workers at once, each by its name: when one starts again, what it had in
    /// hand is left behind at once (`SnapshotRecoveryStore::end_leases_of`).
    void work(const std::atomic<bool>& stopping, const std::string& worker = "nobody");

    /// Of one snapshot. Returns false if somebody is at work on it.
    bool take_over(const domain::Uuid& snapshot);

private:
    void recover(const domain::Uuid& snapshot, const std::string& worker);
    void thaw(const domain::Snapshot& snapshot);
    void set_free(store::Session& session, const domain::Snapshot& snapshot);

    store::Database& database_;
    gateway::GuestSet& guests_;
    SnapshotTimes times_;
};

} // namespace service
