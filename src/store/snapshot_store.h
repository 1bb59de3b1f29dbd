#pragma once
#include "domain/order.h"
#include "domain/snapshot.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A snapshot and its place in lists.
struct ListedSnapshot {
    std::int64_t position{0};
    domain::Snapshot snapshot{};
};

/// Rows of `snapshots`, and the spans of their use that are billed.
class SnapshotStore {
public:
    explicit SnapshotStore(Session& session) : session_{session} {}

    /// Adds the snapshot of an order.
    void add(const domain::Snapshot& snapshot, domain::OrderId order);

    /// The member's snapshots, newest first, deleted ones left out; of one machine if given.
    std::vector<ListedSnapshot> page(
        domain::MemberId member, const std::optional<domain::Uuid>& machine, std::optional<std::int64_t> before, int limit);

    std::optional<domain::Snapshot> by_uuid(domain::MemberId member, const domain::Uuid& uuid);

    /// As by_uuid; competitors wait.
    std::optional<domain::Snapshot> lock(domain::MemberId member, const domain::Uuid& uuid);

    /// For the worker, whose snapshots are everybody's.
    std::optional<domain::Snapshot> by_uuid(const domain::Uuid& uuid);

    /// The machine's snapshots whose deletion can begin.
    std::vector<domain::Snapshot> deletable_of_machine(const domain::Uuid& machine);

    std::optional<domain::Snapshot> of_order(domain::OrderId order);

    /// How many of the machine's snapshots count against the quota: those neither failed, deleting nor deleted.
    int count_of_machine(const domain::Uuid& machine);
    std::optional<domain::Instant> newest_request(const domain::Uuid& machine);

    /// Compare-and-set along an arrow of the state machine. Returns false if the snapshot was no longer in its state, or
    /// its machine is busy with another one.
    bool change_state(const domain::Snapshot& snapshot, domain::SnapshotState to, const std::string& error = "");

    /// creating or unknown → ready, and its order is billed from `today` on. False: as change_state.
    bool make_ready(
        const domain::Snapshot& snapshot, const std::string& consistency, int size_gib, domain::Instant now, domain::Date today);

    /// → deleting, and its order is billed to `today`, which no longer counts. The machine may still be busy: see
    /// occupy_machine().
    bool begin_deletion(const domain::Snapshot& snapshot, domain::Instant now, domain::Date today);

    /// Takes the machine for a snapshot in `deleting`. Returns false while another snapshot has it.
    bool occupy_machine(const domain::Snapshot& snapshot);

    bool finish_deletion(const domain::Snapshot& snapshot, domain::Instant now);

private:
    Session& session_;
};

} // namespace store
