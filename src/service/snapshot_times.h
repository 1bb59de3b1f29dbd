#pragma once
#include "domain/snapshot_taking.h"
#include "gateway/storage.h"

#include <chrono>

namespace service {

/// How long a step of taking a snapshot may last. A worker that was killed leaves its guest frozen for at most a lease, what is left of
/// the second in which left-behind snapshots are looked for, and a thaw.
struct SnapshotTimes {
    std::chrono::milliseconds window{domain::frozen_limit};
    std::chrono::milliseconds lease{std::chrono::seconds{25}}; ///< of freezing, and of creating in a frozen window: longer than both last
    std::chrono::milliseconds creating{gateway::snapshot_limit + std::chrono::seconds{20}}; ///< for each image, without a window
    std::chrono::milliseconds recovery{std::chrono::seconds{30}};                           ///< of who looks after one that was left behind
};

/// After so long storage is not at work any more on what it was asked for, whatever became of its answer: as long as an outcome that nobody
/// knows is looked at (`domain::pause_before_look`).
inline constexpr std::chrono::minutes settled_after{15};

} // namespace service
