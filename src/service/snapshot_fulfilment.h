#pragma once
#include "domain/snapshot.h"
#include "gateway/clock.h"
#include "gateway/storage_set.h"
#include "service/job_report.h"
#include "service/machine_images.h"
#include "store/database.h"

#include <optional>

namespace service {

/// The worker's side of snapshots. Every step is a compare-and-set, storage is called outside any transaction, and after
/// a call whose outcome nobody saw storage is asked what is there.
class SnapshotFulfilment {
public:
    SnapshotFulfilment(store::Database& database, gateway::StorageSet& storages, gateway::Clock& clock)
        : database_{database}, storages_{storages}, clock_{clock}
    {
    }

    /// requested → ready, or failed after the last try.
    JobReport create(const domain::Uuid& snapshot, bool last_try);

    /// restoring → ready. The machine is off.
    JobReport restore(const domain::Uuid& snapshot);

    /// deleting → deleted, and its order ends.
    JobReport remove(const domain::Uuid& snapshot);

private:
    std::optional<domain::Snapshot> read(const domain::Uuid& uuid);
    bool begin_creation(domain::Snapshot& snapshot);
    std::vector<MachineImage> images(const domain::Snapshot& snapshot) { return images_of(database_, storages_, snapshot.vm); }
    gateway::StorageAnswer take(const domain::Snapshot& snapshot, bool may_be_there);
    gateway::StorageAnswer take_of(const MachineImage& image, const domain::Snapshot& snapshot, bool may_be_there);
    JobReport settle(domain::Snapshot snapshot, gateway::StorageAnswer answer, bool last_try);
    JobReport finish_creation(const domain::Snapshot& snapshot);
    gateway::StorageAnswer put_back(const domain::Snapshot& snapshot);
    gateway::StorageAnswer grow_to_paid_size(const MachineImage& image);
    JobReport fail_creation(const domain::Snapshot& snapshot, const std::string& error);

    store::Database& database_;
    gateway::StorageSet& storages_;
    gateway::Clock& clock_;
};

} // namespace service
