#include "domain/snapshot_taking.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(Consistency consistency)
{
    switch (consistency) {
    case Consistency::fs: return "fs";
    case Consistency::offline: return "offline";
    case Consistency::crash: return "crash";
    }
    throw std::domain_error{"no such consistency"};
}

std::chrono::minutes pause_before_look(int looks_left)
{
    if (looks_left >= 3) return std::chrono::minutes{1};
    return looks_left == 2 ? std::chrono::minutes{4} : std::chrono::minutes{10};
}

Consistency consistency_of(const TakingEvidence& evidence)
{
    if (evidence.froze && evidence.made_in_window && evidence.thawed_by_us) return Consistency::fs;
    // A machine that was switched on meanwhile may have written between two of its images, or into one that was being copied.
    if (evidence.was_off && evidence.is_off && evidence.made_in_window) return Consistency::offline;
    return Consistency::crash;
}

Presence presence_of(std::size_t images, std::size_t present)
{
    if (present == 0) return Presence::none;
    return present < images ? Presence::some : Presence::all;
}

AfterListing after_listing(const Snapshot& snapshot, Presence presence, bool proven, bool mixed)
{
    const bool good = presence == Presence::all && !mixed && (proven || !snapshot.require_fs);
    if (good) return AfterListing::ready;
    // Part of it, or nothing yet: the rest may still come. This was one of the looks, the last one decides.
    if (presence != Presence::all && snapshot.looks_left > 1) return AfterListing::look_later;
    return snapshot.attempts < taking_limit ? AfterListing::again : AfterListing::failed;
}

} // namespace domain
