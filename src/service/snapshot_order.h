#pragma once
#include "domain/snapshot.h"
#include "store/database.h"

#include <string>

namespace service {

/// Ends the snapshot's order, whatever it had come to, if it still runs.
void end_snapshot_order(store::Session& session, const domain::Snapshot& snapshot, const std::string& reason, domain::Instant now);

} // namespace service
