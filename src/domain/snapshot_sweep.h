#pragma once
#include "domain/snapshot.h"

#include <set>
#include <string>
#include <vector>

namespace domain {

/// A snapshot of an image, as its row says.
struct KnownSnapshot {
    Uuid uuid{};
    Uuid machine{};
    SnapshotState state{};
    bool settled{false}; ///< in this state for so long that nothing that was asked for earlier is under way
};

/// What is to be done about an image's snapshots.
struct SweepFindings {
    std::vector<KnownSnapshot> late{};    ///< in storage, and failed or deleted by our rows: to be removed
    std::vector<std::string> strays{};    ///< in storage under a name like ours, of which our rows know nothing, or otherwise
    std::vector<KnownSnapshot> present{}; ///< ready, and there
    std::vector<KnownSnapshot> missing{}; ///< ready, and not there
};

/// Holds what storage lists of an image against the rows: those that were ready before it was asked, and those of the listed names as
/// they are now. (A row is always written before storage is asked for its snapshot, and after it was asked to take one away.) Names that
/// are no uuids are others' business.
SweepFindings compare_snapshots(
    const std::vector<KnownSnapshot>& ready_before, const std::set<std::string>& listed, const std::vector<KnownSnapshot>& of_listed_names);

/// In exactly the form in which we name snapshots.
bool is_snapshot_name(const std::string& name);

} // namespace domain
