#pragma once
#include "domain/machine.h"
#include "gateway/clock.h"
#include "gateway/storage_set.h"
#include "service/job_report.h"
#include "service/machine_images.h"
#include "store/database.h"

namespace service {

/// The worker's side of machines. Where an image lies and what it is called is decided once, before storage is asked, so that
/// a repeated creation meets its own work.
class MachineFulfilment {
public:
    MachineFulfilment(store::Database& database, gateway::StorageSet& storages, gateway::Clock& clock)
        : database_{database}, storages_{storages}, clock_{clock}
    {
    }

    /// creating → active, and the order with it; after the last try → failed.
    JobReport create(const domain::Uuid& machine, bool last_try);

    /// Lets the first image grow to what the order says.
    JobReport resize(const domain::Uuid& machine);

    /// deleting → deleted, once the snapshots are gone.
    JobReport remove(const domain::Uuid& machine);

private:
    std::optional<domain::Machine> read(const domain::Uuid& uuid);
    std::vector<MachineImage> images(const domain::Uuid& machine) { return images_of(database_, storages_, machine); }
    void place(const domain::Machine& machine);
    gateway::StorageAnswer create_images(const domain::Machine& machine);
    gateway::StorageAnswer remove_images(const domain::Uuid& machine);
    JobReport finish_creation(const domain::Machine& machine);
    JobReport fail_creation(const domain::Machine& machine, const std::string& error, bool last_try);

    store::Database& database_;
    gateway::StorageSet& storages_;
    gateway::Clock& clock_;
};

} // namespace service
