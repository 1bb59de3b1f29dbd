#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// The states of a snapshot; `busy` ones hold the machine, at most one of them per machine at a time. `lost`: it was ready,
/// and storage has it no more.
enum class SnapshotState { requested, freezing, creating, unknown, ready, restoring, deleting, deleted, failed, lost };

std::string_view to_text(SnapshotState state);
SnapshotState snapshot_state_from(std::string_view text);

/// True if the state machine has this arrow; every transition is a compare-and-set on it.
bool may_become(SnapshotState from, SnapshotState to);

/// True for freezing, creating, unknown, restoring, deleting.
bool is_busy(SnapshotState state);

/// A point in time of one machine's images; its name in storage is the snapshot's uuid.
struct Snapshot {
    Uuid uuid{};
    MemberId member{};
    Uuid vm{};
    Uuid order_uuid{};
    SnapshotState state{SnapshotState::requested};
    std::string consistency{}; ///< "fs", "offline" or "crash" once taken
    std::string error{};       ///< a slug, empty when all is well
    int size_gib{0};           ///< provisioned size of all images; before it is ready, of the one that the order was placed for
    bool require_fs{false};    ///< with file systems at rest ("fs" or "offline"), or not at all
    int attempts{0};           ///< at taking it
    int looks_left{0};         ///< of unknown: how often storage is still asked before it counts as absent
    Instant requested_at{};
    std::optional<Instant> frozen_at{}; ///< when its guest was frozen for it
    std::optional<Instant> thawed_at{}; ///< when its guest told that it had been frozen all the while
    std::optional<Instant> ready_at{};
    std::optional<Instant> delete_requested_at{};
};

} // namespace domain
