#pragma once
#include <ostream>
#include <string>

namespace app {

struct SnapshotListArguments {
    std::string state{}, machine{}; ///< empty: all
    std::string format{"table"};    ///< table or json
};

// The operator's commands on members' snapshots. They throw what the services throw, std::invalid_argument for arguments that make no
// sense.

/// The newest 100.
void list_snapshots(std::ostream& out, const SnapshotListArguments& arguments);

/// One with its images and jobs, as JSON.
void show_snapshot(std::ostream& out, const std::string& uuid);

/// Gives what was given up of it a new start.
void retry_snapshot(std::ostream& out, const std::string& uuid);

/// Holds storage against the rows at once, as the worker does each hour, and tells what is amiss.
void sweep_snapshots(std::ostream& out);

} // namespace app
