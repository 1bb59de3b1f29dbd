#pragma once
#include "domain/snapshot.h"
#include "store/database.h"
#include "store/job_store.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A snapshot as operators see it.
struct SnapshotRecord {
    std::int64_t position{0};
    domain::Snapshot snapshot{};
    std::string username{};
    std::optional<domain::Instant> deleted_at{}, lost_at{};
    bool may_be_frozen{false}; ///< its guest, as no thaw was answered yet
};

/// Where one of its images was when it was taken.
struct SnapshotImageRecord {
    int ordinal{0};
    std::string place{}; ///< CLUSTER/POOL, with /NAMESPACE if there is one
    std::string name{};
    int size_gib{0};
    std::string state{}; ///< asked, present or gone
    std::optional<domain::Instant> seen_at{};
};

/// Which snapshots are listed; what is empty does not matter.
struct SnapshotFilter {
    std::string state{};
    std::optional<domain::Uuid> machine{};
};

/// Snapshots of all members with what the worker made of them, for operators.
class SnapshotRecordStore {
public:
    explicit SnapshotRecordStore(Session& session) : session_{session} {}

    /// Newest first, also deleted ones.
    std::vector<SnapshotRecord> list(const SnapshotFilter& filter, int limit);

    std::optional<SnapshotRecord> by_uuid(const domain::Uuid& uuid);

    /// By ordinal; none before its taking began.
    std::vector<SnapshotImageRecord> images_of(const domain::Uuid& uuid);

    /// All jobs that were made for it, newest first.
    std::vector<JobRecord> jobs_of(const domain::Uuid& uuid);

    /// Its restoring is tried no more: dead jobs count as done. Returns false, and changes nothing, if none is dead, or one is still to be
    /// tried.
    bool end_dead_restore(const domain::Uuid& uuid);

private:
    Session& session_;
};

} // namespace store
