#pragma once
#include "domain/placement.h"
#include "domain/snapshot_sweep.h"
#include "gateway/clock.h"
#include "gateway/guest.h"
#include "gateway/storage_set.h"
#include "service/machine_images.h"
#include "store/database.h"

#include <atomic>
#include <chrono>
#include <string>

namespace service {

/// Holds the snapshots in storage against ours. What came late to one that failed or was deleted is removed; what looks like ours and is
/// not is reported, once, and left alone; one that was ready and is gone is lost, and billed to when it was seen last.
class SnapshotSweep {
public:
    SnapshotSweep(store::Database& database, gateway::StorageSet& storages, gateway::GuestSet& guests, gateway::Clock& clock)
        : database_{database}, storages_{storages}, guests_{guests}, clock_{clock}
    {
    }

    /// The pools that were not swept for so long, by whichever worker comes first.
    void work(const std::atomic<bool>& stopping, std::chrono::seconds every = std::chrono::hours{1});

private:
    void sweep(const domain::Pool& pool, const domain::Cluster& cluster, const std::atomic<bool>& stopping);
    bool look_at(const MachineImage& image);
    void remove_late(const MachineImage& image, const std::vector<domain::KnownSnapshot>& late);
    void report_strays(const MachineImage& image, const std::vector<std::string>& strays);
    void note_seen(const MachineImage& image, const std::vector<domain::KnownSnapshot>& present);
    void lose(const MachineImage& image, const domain::KnownSnapshot& missing);

    store::Database& database_;
    gateway::StorageSet& storages_;
    gateway::GuestSet& guests_;
    gateway::Clock& clock_;
};

} // namespace service
