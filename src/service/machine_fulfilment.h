#pragma once
#include "domain/machine.h"
#include "gateway/clock.h"
#include "gateway/storage.h"
#include "service/job_report.h"
#include "store/database.h"

namespace service {

/// The worker's side of machines. The image's name is the machine's uuid, so that a repeated creation meets its own work.
class MachineFulfilment {
public:
    MachineFulfilment(store::Database& database, gateway::Storage& storage, gateway::Clock& clock)
        : database_{database}, storage_{storage}, clock_{clock}
    {
    }

    /// creating → active, and the order with it; after the last try → failed.
    JobReport create(const domain::Uuid& machine, bool last_try);

    /// Lets the image grow to what the order says.
    JobReport resize(const domain::Uuid& machine);

    /// deleting → deleted, once the snapshots are gone.
    JobReport remove(const domain::Uuid& machine);

private:
    std::optional<domain::Machine> read(const domain::Uuid& uuid);
    JobReport finish_creation(const domain::Machine& machine);
    JobReport fail_creation(const domain::Machine& machine, const std::string& error, bool last_try);

    store::Database& database_;
    gateway::Storage& storage_;
    gateway::Clock& clock_;
};

} // namespace service
