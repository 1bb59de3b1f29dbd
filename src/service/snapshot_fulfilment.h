#pragma once
#include "domain/snapshot.h"
#include "gateway/clock.h"
#include "gateway/guest.h"
#include "gateway/storage_set.h"
#include "service/job_report.h"
#include "service/machine_guest.h"
#include "service/machine_images.h"
#include "service/snapshot_taking.h"
#include "store/database.h"

#include <optional>
#include <vector>

namespace service {

/// The worker's side of snapshots. Every step is a compare-and-set, storage and guests are called outside any transaction, and after
/// a call whose outcome nobody saw storage is asked what is there.
class SnapshotFulfilment {
public:
    SnapshotFulfilment(store::Database& database, gateway::StorageSet& storages, gateway::GuestSet& guests, gateway::Clock& clock,
        SnapshotTimes times = {})
        : database_{database}, storages_{storages}, guests_{guests}, clock_{clock}, taking_{database, storages, guests, clock, times}
    {
    }

    /// requested → ready, or failed after the last try.
    JobReport create(const domain::Uuid& snapshot, bool last_try) { return taking_.create(snapshot, last_try); }

    /// restoring → ready. Refused while the machine runs; it stays off until then.
    JobReport restore(const domain::Uuid& snapshot);

    /// deleting → deleted, and its order ends. Needs no running machine.
    JobReport remove(const domain::Uuid& snapshot);

private:
    std::optional<domain::Snapshot> read(const domain::Uuid& uuid);
    std::vector<MachineImage> images(const domain::Snapshot& snapshot);
    JobReport put_back(const domain::Snapshot& snapshot, gateway::GuestPower power);
    JobReport put_back_later(const domain::Snapshot& snapshot, JobReport report);
    JobReport end_restore(const domain::Snapshot& snapshot, const std::string& error);
    JobReport postpone_removal(const domain::Snapshot& snapshot, gateway::StorageAnswer answer);
    gateway::StorageAnswer grow_to_paid_size(const MachineImage& image);

    store::Database& database_;
    gateway::StorageSet& storages_;
    gateway::GuestSet& guests_;
    gateway::Clock& clock_;
    SnapshotTaking taking_;
};

} // namespace service
