#pragma once
#include "domain/order.h"
#include "domain/snapshot.h"
#include "store/database.h"

#include <chrono>
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

    /// How many of the machine's snapshots count against the quota: those neither failed, lost, deleting nor deleted.
    int count_of_machine(const domain::Uuid& machine);
    /// Those, oldest first.
    std::vector<domain::Uuid> kept_of_machine(const domain::Uuid& machine);
    std::optional<domain::Instant> newest_request(const domain::Uuid& machine);

    // Each of these is a compare-and-set along an arrow of the state machine. They return false if the snapshot was no longer in
    // its state, another attempt at taking it has begun, or its machine is busy with another one.

    /// For the arrows that need nothing more.
    bool change_state(const domain::Snapshot& snapshot, domain::SnapshotState to, const std::string& error = "");

    /// requested → freezing, as a new attempt, which nobody else takes up before the lease is over.
    bool begin_taking(const domain::Snapshot& snapshot, std::chrono::milliseconds lease);

    /// In freezing: its guest may be frozen from now on, until let_go_of_guest().
    bool hold_guest(const domain::Snapshot& snapshot);

    /// freezing → creating, with a new lease. `frozen_at`: its guest is frozen since then.
    bool begin_creating(const domain::Snapshot& snapshot, std::optional<domain::Instant> frozen_at, std::chrono::milliseconds lease);

    /// The attempt goes on for so long.
    bool extend_lease(const domain::Snapshot& snapshot, std::chrono::milliseconds lease);

    /// creating → unknown. Storage is asked `looks` times before the snapshot counts as absent; 0: the next look decides.
    bool become_unknown(const domain::Snapshot& snapshot, const std::string& error, int looks);

    /// creating or unknown → ready, and its order is billed from `today` on.
    bool make_ready(
        const domain::Snapshot& snapshot, const std::string& consistency, int size_gib, domain::Instant now, domain::Date today);

    /// → deleting, and its order is billed to `today`, which no longer counts. The machine may still be busy: see
    /// occupy_machine().
    bool begin_deletion(const domain::Snapshot& snapshot, domain::Instant now, domain::Date today);

    bool finish_deletion(const domain::Snapshot& snapshot, domain::Instant now);

    /// ready → lost. It and its order are billed to when it was seen last, as if it had been deleted then.
    bool make_lost(
        const domain::Snapshot& snapshot, domain::Instant last_seen, domain::Date last_day, domain::Instant now, domain::Date today);

    /// Takes the machine for a snapshot in `deleting`. Returns false while another snapshot has it.
    bool occupy_machine(const domain::Snapshot& snapshot);

    /// Gives the machine back for the time in which the deletion waits, with what it waits for.
    void free_machine(const domain::Snapshot& snapshot, const std::string& error);

    /// True while the machine is being put back to a snapshot, and must stay off. A transaction that asks sees it to its end.
    bool is_being_restored(const domain::Uuid& machine);

    /// Its guest answered a thaw. `proof`: and had been frozen until then, for the attempt's snapshot.
    void let_go_of_guest(const domain::Snapshot& snapshot, std::optional<domain::Instant> proof);

    void note_looks_left(const domain::Snapshot& snapshot, int looks);
    void note_error(const domain::Snapshot& snapshot, const std::string& error);

private:
    Session& session_;
};

} // namespace store
