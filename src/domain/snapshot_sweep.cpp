#include "domain/snapshot_sweep.h"

namespace domain {
namespace {

void judge(const KnownSnapshot& snapshot, SweepFindings& findings)
{
    switch (snapshot.state) {
    case SnapshotState::failed:
    case SnapshotState::deleted:
        if (snapshot.settled) findings.late.push_back(snapshot);
        return;
    case SnapshotState::lost: findings.strays.push_back(snapshot.uuid.text()); return; // found again: a person decides
    case SnapshotState::ready: findings.present.push_back(snapshot); return;
    case SnapshotState::requested:
    case SnapshotState::freezing:
    case SnapshotState::creating:
    case SnapshotState::unknown:
    case SnapshotState::restoring:
    case SnapshotState::deleting: return; // at work
    }
}

} // namespace

bool is_snapshot_name(const std::string& name)
{
    const auto uuid = Uuid::parse(name);
    return uuid && uuid->text() == name;
}

SweepFindings compare_snapshots(
    const std::vector<KnownSnapshot>& ready_before, const std::set<std::string>& listed, const std::vector<KnownSnapshot>& of_listed_names)
{
    SweepFindings findings;
    std::set<std::string> known;
    for (const auto& snapshot : of_listed_names) {
        known.insert(snapshot.uuid.text());
        judge(snapshot, findings);
    }
    for (const auto& name : listed)
        if (is_snapshot_name(name) && !known.contains(name)) findings.strays.push_back(name);
    for (const auto& snapshot : ready_before)
        if (!listed.contains(snapshot.uuid.text())) findings.missing.push_back(snapshot);
    return findings;
}

} // namespace domain
