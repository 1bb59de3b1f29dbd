#include "store/snapshot_store.h"

#include "store/snapshot_row.h"
#include "store/sql.h"
#include "store/statement.h"

#include <stdexcept>

#define SELECT_SNAPSHOTS "SELECT " SNAPSHOT_COLUMNS " FROM snapshots s JOIN orders o ON o.id = s.order_id "

namespace store {
namespace {

template <class... Args> std::vector<ListedSnapshot> select_snapshots(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<SnapshotRow<>>{});
    std::vector<ListedSnapshot> snapshots;
    for (const auto& row : rows) snapshots.push_back(listed_snapshot(row));
    return snapshots;
}

std::optional<domain::Snapshot> first_of(std::vector<ListedSnapshot> snapshots)
{
    if (snapshots.empty()) return std::nullopt;
    return std::move(snapshots.front().snapshot);
}

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

std::int64_t microseconds(std::chrono::milliseconds duration) { return std::chrono::microseconds{duration}.count(); }

/// Closes the span of its use, and the billing of its order, which learns of it `today`.
void end_use(Session& session, const domain::Snapshot& snapshot, domain::Instant end, domain::Date end_day, domain::Date today)
{
    execute(session, "UPDATE usage_spans SET ended_at = ? WHERE resource_kind = 'snapshot' AND resource_uuid = ? AND ended_at IS NULL",
        to_sql(end), snapshot.uuid);
    execute(session,
        "UPDATE orders o JOIN snapshots s ON s.order_id = o.id SET o.ends_on = ?, o.end_known_on = ?,"
        " o.open_from = LEAST(o.open_from, ?), o.next_due_on = LEAST(COALESCE(o.next_due_on, ?), ?), o.version = o.version + 1"
        " WHERE s.uuid = ?",
        to_sql(end_day), to_sql(today), to_sql(end_day), to_sql(today), to_sql(today), snapshot.uuid);
}

void require_arrow(domain::SnapshotState from, domain::SnapshotState to)
{
    if (!domain::may_become(from, to)) throw std::logic_error{"the snapshot's state machine has no such arrow"};
}

} // namespace

void SnapshotStore::add(const domain::Snapshot& snapshot, domain::OrderId order)
{
    execute(session_,
        "INSERT INTO snapshots (uuid, member_id, machine_uuid, order_id, state, size_gib, require_fs, requested_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        snapshot.uuid, number_of(snapshot.member), snapshot.vm, static_cast<std::int64_t>(order), domain::to_text(snapshot.state),
        snapshot.size_gib, snapshot.require_fs, to_sql(snapshot.requested_at));
}

std::vector<ListedSnapshot> SnapshotStore::page(
    domain::MemberId member, const std::optional<domain::Uuid>& machine, std::optional<std::int64_t> before, int limit)
{
    const auto end = before.value_or(INT64_MAX);
    if (machine)
        return select_snapshots(session_,
            SELECT_SNAPSHOTS "WHERE s.machine_uuid = ? AND s.member_id = ? AND s.position < ? AND s.state <> 'deleted'"
                             " ORDER BY s.position DESC LIMIT ?",
            *machine, number_of(member), end, limit);
    return select_snapshots(session_,
        SELECT_SNAPSHOTS "WHERE s.member_id = ? AND s.position < ? AND s.state <> 'deleted' ORDER BY s.position DESC LIMIT ?",
        number_of(member), end, limit);
}

std::optional<domain::Snapshot> SnapshotStore::by_uuid(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(select_snapshots(
        session_, SELECT_SNAPSHOTS "WHERE s.uuid = ? AND s.member_id = ? AND s.state <> 'deleted'", uuid, number_of(member)));
}

std::optional<domain::Snapshot> SnapshotStore::lock(domain::MemberId member, const domain::Uuid& uuid)
{
    return first_of(select_snapshots(
        session_, SELECT_SNAPSHOTS "WHERE s.uuid = ? AND s.member_id = ? AND s.state <> 'deleted' FOR UPDATE", uuid, number_of(member)));
}

std::optional<domain::Snapshot> SnapshotStore::by_uuid(const domain::Uuid& uuid)
{
    return first_of(select_snapshots(session_, SELECT_SNAPSHOTS "WHERE s.uuid = ?", uuid));
}

std::vector<domain::Snapshot> SnapshotStore::deletable_of_machine(const domain::Uuid& machine)
{
    std::vector<domain::Snapshot> snapshots;
    for (auto& listed : select_snapshots(session_,
             SELECT_SNAPSHOTS "WHERE s.machine_uuid = ? AND s.state IN ('requested', 'ready', 'failed', 'lost') ORDER BY s.position",
             machine))
        snapshots.push_back(std::move(listed.snapshot));
    return snapshots;
}

std::optional<domain::Snapshot> SnapshotStore::of_order(domain::OrderId order)
{
    return first_of(select_snapshots(session_, SELECT_SNAPSHOTS "WHERE s.order_id = ?", static_cast<std::int64_t>(order)));
}

int SnapshotStore::count_of_machine(const domain::Uuid& machine)
{
    const auto row = select_first<int>(session_,
        "SELECT COUNT(*) FROM snapshots WHERE machine_uuid = ? AND state NOT IN ('failed', 'lost', 'deleting', 'deleted')", machine);
    return row ? std::get<0>(*row) : 0;
}

std::vector<domain::Uuid> SnapshotStore::kept_of_machine(const domain::Uuid& machine)
{
    std::vector<domain::Uuid> kept;
    for (const auto& [uuid] : select<std::string>(session_,
             "SELECT uuid FROM snapshots WHERE machine_uuid = ? AND state NOT IN ('failed', 'lost', 'deleting', 'deleted') ORDER BY "
             "position",
             machine))
        kept.push_back(uuid_of(uuid));
    return kept;
}

std::optional<domain::Instant> SnapshotStore::newest_request(const domain::Uuid& machine)
{
    const auto row = select_first<std::optional<std::string>>(
        session_, "SELECT CAST(MAX(requested_at) AS CHAR) FROM snapshots WHERE machine_uuid = ?", machine);
    return row ? instant_of(std::get<0>(*row)) : std::nullopt;
}

bool SnapshotStore::change_state(const domain::Snapshot& snapshot, domain::SnapshotState to, const std::string& error)
{
    require_arrow(snapshot.state, to);
    std::uint64_t changed = 0;
    const auto busy = domain::is_busy(to) ? std::optional{snapshot.vm} : std::nullopt;
    const bool machine_was_free = unless_duplicate([&] {
        changed = execute(session_,
            "UPDATE snapshots SET state = ?, busy_machine = ?, error = ?, state_since = NOW(6)"
            " WHERE uuid = ? AND state = ? AND attempts = ?",
            domain::to_text(to), busy, error, snapshot.uuid, domain::to_text(snapshot.state), snapshot.attempts);
    });
    return machine_was_free && changed == 1;
}

bool SnapshotStore::begin_taking(const domain::Snapshot& snapshot, std::chrono::milliseconds lease)
{
    require_arrow(snapshot.state, domain::SnapshotState::freezing);
    std::uint64_t changed = 0;
    const bool machine_was_free = unless_duplicate([&] {
        changed = execute(session_,
            "UPDATE snapshots SET state = 'freezing', busy_machine = machine_uuid, error = '', attempts = attempts + 1, looks_left = 0,"
            " frozen_at = NULL, thawed_at = NULL, recovered_by = NULL, lease_until = NOW(6) + INTERVAL ? MICROSECOND,"
            " state_since = NOW(6) WHERE uuid = ? AND state = ? AND attempts = ?",
            microseconds(lease), snapshot.uuid, domain::to_text(snapshot.state), snapshot.attempts);
    });
    return machine_was_free && changed == 1;
}

bool SnapshotStore::hold_guest(const domain::Snapshot& snapshot)
{
    return execute(session_, "UPDATE snapshots SET may_be_frozen = TRUE WHERE uuid = ? AND state = 'freezing' AND attempts = ?",
               snapshot.uuid, snapshot.attempts)
        == 1;
}

bool SnapshotStore::begin_creating(
    const domain::Snapshot& snapshot, std::optional<domain::Instant> frozen_at, std::chrono::milliseconds lease)
{
    require_arrow(snapshot.state, domain::SnapshotState::creating);
    return execute(session_,
               "UPDATE snapshots SET state = 'creating', frozen_at = ?, lease_until = NOW(6) + INTERVAL ? MICROSECOND, state_since = NOW(6)"
               " WHERE uuid = ? AND state = ? AND attempts = ?",
               frozen_at ? std::optional{to_sql(*frozen_at)} : std::nullopt, microseconds(lease), snapshot.uuid,
               domain::to_text(snapshot.state), snapshot.attempts)
        == 1;
}

bool SnapshotStore::extend_lease(const domain::Snapshot& snapshot, std::chrono::milliseconds lease)
{
    return execute(session_,
               "UPDATE snapshots SET lease_until = NOW(6) + INTERVAL ? MICROSECOND WHERE uuid = ? AND state = ? AND attempts = ?",
               microseconds(lease), snapshot.uuid, domain::to_text(snapshot.state), snapshot.attempts)
        == 1;
}

bool SnapshotStore::become_unknown(const domain::Snapshot& snapshot, const std::string& error, int looks)
{
    require_arrow(snapshot.state, domain::SnapshotState::unknown);
    return execute(session_,
               "UPDATE snapshots SET state = 'unknown', error = ?, looks_left = ?, state_since = NOW(6)"
               " WHERE uuid = ? AND state = ? AND attempts = ?",
               error, looks, snapshot.uuid, domain::to_text(snapshot.state), snapshot.attempts)
        == 1;
}

bool SnapshotStore::make_ready(
    const domain::Snapshot& snapshot, const std::string& consistency, int size_gib, domain::Instant now, domain::Date today)
{
    require_arrow(snapshot.state, domain::SnapshotState::ready);
    const auto changed = execute(session_,
        "UPDATE snapshots SET state = 'ready', busy_machine = NULL, error = '', consistency = ?, size_gib = ?, ready_at = ?,"
        " looks_left = 0, state_since = NOW(6) WHERE uuid = ? AND state = ? AND attempts = ?",
        consistency, size_gib, to_sql(now), snapshot.uuid, domain::to_text(snapshot.state), snapshot.attempts);
    if (changed != 1) return false;
    execute(session_,
        "INSERT INTO usage_spans (resource_kind, resource_uuid, member_id, order_id, quantity, unit, started_at)"
        " SELECT 'snapshot', uuid, member_id, order_id, size_gib, 'gib', ready_at FROM snapshots WHERE uuid = ?",
        snapshot.uuid);
    execute(session_,
        "UPDATE orders o JOIN snapshots s ON s.order_id = o.id SET o.started_on = ?, o.next_due_on = ?, o.version = o.version + 1"
        " WHERE s.uuid = ?",
        to_sql(today), to_sql(today), snapshot.uuid);
    return true;
}

bool SnapshotStore::begin_deletion(const domain::Snapshot& snapshot, domain::Instant now, domain::Date today)
{
    require_arrow(snapshot.state, domain::SnapshotState::deleting);
    const auto changed = execute(session_,
        "UPDATE snapshots SET state = 'deleting', busy_machine = NULL, error = '', delete_requested_at = ?, state_since = NOW(6)"
        " WHERE uuid = ? AND state = ? AND attempts = ?",
        to_sql(now), snapshot.uuid, domain::to_text(snapshot.state), snapshot.attempts);
    if (changed != 1) return false;
    if (snapshot.state == domain::SnapshotState::lost) return true; // it was billed to when it was seen last
    end_use(session_, snapshot, now, today, today);
    return true;
}

bool SnapshotStore::make_lost(
    const domain::Snapshot& snapshot, domain::Instant last_seen, domain::Date last_day, domain::Instant now, domain::Date today)
{
    require_arrow(snapshot.state, domain::SnapshotState::lost);
    const auto changed = execute(session_,
        "UPDATE snapshots SET state = 'lost', error = 'lost', lost_at = ?, state_since = NOW(6) WHERE uuid = ? AND state = ?", to_sql(now),
        snapshot.uuid, domain::to_text(snapshot.state));
    if (changed != 1) return false;
    end_use(session_, snapshot, last_seen, last_day, today);
    return true;
}

bool SnapshotStore::occupy_machine(const domain::Snapshot& snapshot)
{
    return unless_duplicate([&] {
        execute(session_, "UPDATE snapshots SET busy_machine = machine_uuid WHERE uuid = ? AND state = 'deleting'", snapshot.uuid);
    });
}

void SnapshotStore::free_machine(const domain::Snapshot& snapshot, const std::string& error)
{
    execute(session_, "UPDATE snapshots SET busy_machine = NULL, error = ? WHERE uuid = ? AND state = 'deleting'", error, snapshot.uuid);
}

bool SnapshotStore::finish_deletion(const domain::Snapshot& snapshot, domain::Instant now)
{
    return execute(session_,
               "UPDATE snapshots SET state = 'deleted', busy_machine = NULL, error = '', deleted_at = ?, state_since = NOW(6)"
               " WHERE uuid = ? AND state = 'deleting'",
               to_sql(now), snapshot.uuid)
        == 1;
}

bool SnapshotStore::is_being_restored(const domain::Uuid& machine)
{
    return select_first<int>(session_, "SELECT 1 FROM snapshots WHERE busy_machine = ? AND state = 'restoring' LOCK IN SHARE MODE", machine)
        .has_value();
}

void SnapshotStore::let_go_of_guest(const domain::Snapshot& snapshot, std::optional<domain::Instant> proof)
{
    // Whatever snapshot it was frozen for: it is not any more.
    execute(session_, "UPDATE snapshots SET may_be_frozen = FALSE WHERE machine_uuid = ? AND may_be_frozen = TRUE", snapshot.vm);
    if (!proof) return;
    execute(session_, "UPDATE snapshots SET thawed_at = ? WHERE uuid = ? AND state = 'creating' AND attempts = ?", to_sql(*proof),
        snapshot.uuid, snapshot.attempts);
}

void SnapshotStore::note_looks_left(const domain::Snapshot& snapshot, int looks)
{
    execute(session_, "UPDATE snapshots SET looks_left = ? WHERE uuid = ? AND state = 'unknown'", looks, snapshot.uuid);
}

void SnapshotStore::note_error(const domain::Snapshot& snapshot, const std::string& error)
{
    execute(session_, "UPDATE snapshots SET error = ? WHERE uuid = ? AND state = ?", error, snapshot.uuid, domain::to_text(snapshot.state));
}

} // namespace store

#undef SELECT_SNAPSHOTS
