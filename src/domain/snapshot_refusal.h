#pragma once
#include "domain/refusal.h"
#include "domain/uuid.h"

#include <chrono>
#include <utility>
#include <vector>

namespace domain {

/// A machine cannot go, as it has these snapshots.
class SnapshotsInTheWay : public Refusal {
public:
    SnapshotsInTheWay(const std::string& detail, std::vector<Uuid> snapshots)
        : Refusal{Reason::vm_has_snapshots, detail}, snapshots_{std::move(snapshots)}
    {
    }
    const std::vector<Uuid>& snapshots() const noexcept { return snapshots_; }

private:
    std::vector<Uuid> snapshots_;
};

/// The machine was snapshotted a moment ago.
class SnapshotTooSoon : public Refusal {
public:
    SnapshotTooSoon(const std::string& detail, std::chrono::seconds wait) : Refusal{Reason::snapshot_too_soon, detail}, wait_{wait} {}
    std::chrono::seconds wait() const noexcept { return wait_; } ///< until it is not too soon any more, rounded up

private:
    std::chrono::seconds wait_;
};

} // namespace domain
