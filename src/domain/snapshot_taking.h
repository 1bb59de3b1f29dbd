#pragma once
#include "domain/snapshot.h"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace domain {

/// How a machine's data are in a snapshot: `fs`, file systems at rest, held still by their guest; `offline`, of a machine that
/// was off; `crash`, as after a loss of power.
enum class Consistency { fs, offline, crash };

std::string_view to_text(Consistency consistency);

/// A guest is frozen for so long at most, from before it is asked to freeze. (A Windows guest thaws by itself after ten seconds.)
inline constexpr std::chrono::seconds frozen_limit{10};

/// So often a snapshot is begun anew, at most.
inline constexpr int taking_limit{5};

/// So often storage is asked after an outcome that nobody knows, before the snapshot counts as absent; what storage was asked for
/// may still appear meanwhile.
inline constexpr int looks_after_unknown{3};

/// How long to wait before the next look: they come 1, 5 and 15 minutes after the outcome became unknown.
std::chrono::minutes pause_before_look(int looks_left);

/// What was seen of the machine while its snapshot was taken.
struct TakingEvidence {
    bool was_off{false};        ///< the power, just before
    bool is_off{false};         ///< and just after
    bool froze{false};          ///< its guest told that file systems are frozen
    bool made_in_window{false}; ///< each image's snapshot was made, none found, before the guest was to be thawed
    bool thawed_by_us{false};   ///< and it told afterwards that they had been frozen until then
};

/// The strongest thing that may be said of the snapshot.
Consistency consistency_of(const TakingEvidence& evidence);

/// How many of a snapshot's images storage has.
enum class Presence { all, some, none };

Presence presence_of(std::size_t images, std::size_t present);

/// What follows from a listing. `again`: whatever of it is there is removed, and it is taken anew.
enum class AfterListing { ready, again, look_later, failed };

/// What is to become of a snapshot that was asked for. `proven`: it may be called `fs` or `offline`. `mixed`: its images may be of
/// different moments, as some were found and not made.
AfterListing after_listing(const Snapshot& snapshot, Presence presence, bool proven, bool mixed);

} // namespace domain
