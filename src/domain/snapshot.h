#pragma once
#include "domain/calendar.h"
#include "domain/member.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// The states of a snapshot; `busy` ones hold the machine, at most one of them per machine at a time.
enum class SnapshotState { requested, freezing, creating, unknown, ready, restoring, deleting, deleted, failed };

std::string_view to_text(SnapshotState state);
SnapshotState snapshot_state_from(std::string_view text);

/// True if the state machine has this arrow; every transition is a compare-and-set on it.
bool may_become(SnapshotState from, SnapshotState to);

/// True for freezing, creating, unknown, restoring, deleting.
bool is_busy(SnapshotState state);

/// A point in time of one machine's image; its name in storage is the snapshot's uuid.
struct Snapshot {
    Uuid uuid{};
    MemberId member{};
    Uuid vm{};
    Uuid order_uuid{};
    SnapshotState state{SnapshotState::requested};
    std::string consistency{}; ///< "offline" or "crash" once taken
    std::string error{};       ///< a slug, empty when all is well
    int size_gib{0};           ///< provisioned size of the image
    Instant requested_at{};
    std::optional<Instant> ready_at{};
    std::optional<Instant> delete_requested_at{};
};

} // namespace domain
