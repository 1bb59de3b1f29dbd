#include "domain/snapshot.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(SnapshotState state)
{
    switch (state) {
    case SnapshotState::requested: return "requested";
    case SnapshotState::freezing: return "freezing";
    case SnapshotState::creating: return "creating";
    case SnapshotState::unknown: return "unknown";
    case SnapshotState::ready: return "ready";
    case SnapshotState::restoring: return "restoring";
    case SnapshotState::deleting: return "deleting";
    case SnapshotState::deleted: return "deleted";
    case SnapshotState::failed: return "failed";
    case SnapshotState::lost: return "lost";
    }
    throw std::domain_error{"no such snapshot state"};
}

SnapshotState snapshot_state_from(std::string_view text)
{
    using enum SnapshotState;
    for (const auto state : {requested, freezing, creating, unknown, ready, restoring, deleting, deleted, failed, lost})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such snapshot state"};
}

bool may_become(SnapshotState from, SnapshotState to)
{
    using enum SnapshotState;
    switch (from) {
    case requested: return to == freezing || to == failed || to == deleting;
    case freezing: return to == creating || to == requested || to == failed;
    case creating: return to == ready || to == unknown || to == requested || to == failed;
    case unknown: return to == ready || to == requested || to == failed;
    case ready: return to == restoring || to == deleting || to == lost;
    case restoring: return to == ready;
    case deleting: return to == deleted;
    case failed:
    case lost: return to == deleting;
    case deleted: return false;
    }
    return false;
}

bool is_busy(SnapshotState state)
{
    using enum SnapshotState;
    return state == freezing || state == creating || state == unknown || state == restoring || state == deleting;
}

} // namespace domain
