#pragma once
#include "domain/snapshot.h"
#include "gateway/clock.h"
#include "store/database.h"
#include "store/snapshot_store.h"

#include <optional>
#include <vector>

namespace service {

/// A member's snapshots; they are requested as orders. Only rows and jobs are written here, storage is the worker's.
class Snapshots {
public:
    Snapshots(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    /// Newest first; of one machine if given. @throws domain::Refusal not_found if the member has no such machine
    std::vector<store::ListedSnapshot> page(
        domain::MemberId member, const std::optional<domain::Uuid>& machine, std::optional<std::int64_t> before, int limit);

    /// @throws domain::Refusal not_found
    domain::Snapshot read(domain::MemberId member, const domain::Uuid& uuid);

    /// The snapshot that an order asked for.
    domain::Snapshot of_order(store::Session& session, domain::OrderId order);

    /// Asks for the deletion; billing ends now. Asked again it changes nothing.
    /// @throws domain::Refusal not_found, snapshot_state
    domain::Snapshot request_deletion(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

    /// Asks for the machine to be put back to the snapshot. Asked again while under way it changes nothing.
    /// @throws domain::Refusal not_found, snapshot_state, vm_running
    domain::Snapshot request_restore(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

private:
    domain::Snapshot locked(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

    store::Database& database_;
    gateway::Clock& clock_;
};

} // namespace service
