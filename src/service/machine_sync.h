#pragma once
#include "domain/machine_sync.h"
#include "gateway/clock.h"
#include "gateway/guest.h"
#include "gateway/provisioner_set.h"
#include "gateway/storage_set.h"
#include "store/database.h"

#include <string>
#include <vector>

namespace service {

/// Holds what storage, the programs of products and the hosts have against the database, and puts right what is safe to: a machine that
/// runs or rests against what is wanted of it gets a job, and where and whether a machine runs is noted. Nothing is made or removed.
class MachineSync {
public:
    MachineSync(store::Database& database, gateway::StorageSet& storages, gateway::GuestSet& guests,
        const gateway::ProvisionerSet& provisioners, gateway::Clock& clock)
        : database_{database}, storages_{storages}, guests_{guests}, provisioners_{provisioners}, clock_{clock}
    {
    }

    /// Looks only.
    std::vector<domain::SyncFinding> look();

    /// Puts right what can be of a finding, and writes on it what came of it.
    void repair(domain::SyncFinding& finding, const std::string& actor);

private:
    void look_at_pools(std::vector<domain::SyncFinding>& findings);
    void look_at_programs(std::vector<domain::SyncFinding>& findings);
    void look_at_hosts(std::vector<domain::SyncFinding>& findings);
    void set_power(domain::SyncFinding& finding);
    void note_host(domain::SyncFinding& finding);
    void note_power(domain::SyncFinding& finding);

    store::Database& database_;
    gateway::StorageSet& storages_;
    gateway::GuestSet& guests_;
    const gateway::ProvisionerSet& provisioners_;
    gateway::Clock& clock_;
};

} // namespace service
