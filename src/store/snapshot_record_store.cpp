#include "store/snapshot_record_store.h"

#include "domain/placement.h"
#include "store/sql.h"
#include "store/statement.h"

#define RECORD_COLUMNS                                                                                                                     \
    "SELECT s.position, s.uuid, s.machine_uuid, o.uuid, u.uid, s.state, s.consistency, s.error, s.size_gib, s.require_fs, s.attempts,"     \
    " s.looks_left, CAST(s.requested_at AS CHAR), CAST(s.frozen_at AS CHAR), CAST(s.thawed_at AS CHAR), CAST(s.ready_at AS CHAR),"         \
    " CAST(s.delete_requested_at AS CHAR), CAST(s.deleted_at AS CHAR), CAST(s.lost_at AS CHAR), s.may_be_frozen"                           \
    " FROM snapshots s JOIN orders o ON o.id = s.order_id JOIN members u ON u.id = s.member_id "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Row = std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, std::string, int, bool,
    int, int, std::string, Text, Text, Text, Text, Text, Text, bool>;

SnapshotRecord record_of(const Row& row)
{
    const auto& [position, uuid, machine, order, username, state, consistency, error, size_gib, require_fs, attempts, looks_left,
        requested_at, frozen_at, thawed_at, ready_at, delete_requested_at, deleted_at, lost_at, may_be_frozen] = row;
    return {.position = position,
        .snapshot = {.uuid = uuid_of(uuid),
            .vm = uuid_of(machine),
            .order_uuid = uuid_of(order),
            .state = domain::snapshot_state_from(state),
            .consistency = consistency,
            .error = error,
            .size_gib = size_gib,
            .require_fs = require_fs,
            .attempts = attempts,
            .looks_left = looks_left,
            .requested_at = instant_of(requested_at),
            .frozen_at = instant_of(frozen_at),
            .thawed_at = instant_of(thawed_at),
            .ready_at = instant_of(ready_at),
            .delete_requested_at = instant_of(delete_requested_at)},
        .username = username,
        .deleted_at = instant_of(deleted_at),
        .lost_at = instant_of(lost_at),
        .may_be_frozen = may_be_frozen};
}

template <class... Args> std::vector<SnapshotRecord> select_records(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<SnapshotRecord> records;
    for (const auto& row : rows) records.push_back(record_of(row));
    return records;
}

} // namespace

std::vector<SnapshotRecord> SnapshotRecordStore::list(const SnapshotFilter& filter, int limit)
{
    if (filter.machine)
        return select_records(session_,
            RECORD_COLUMNS "WHERE s.machine_uuid = ? AND (? = '' OR s.state = ?) ORDER BY s.position DESC LIMIT ?", *filter.machine,
            filter.state, filter.state, limit);
    if (!filter.state.empty())
        return select_records(session_, RECORD_COLUMNS "WHERE s.state = ? ORDER BY s.position DESC LIMIT ?", filter.state, limit);
    return select_records(session_, RECORD_COLUMNS "ORDER BY s.position DESC LIMIT ?", limit);
}

std::optional<SnapshotRecord> SnapshotRecordStore::by_uuid(const domain::Uuid& uuid)
{
    auto records = select_records(session_, RECORD_COLUMNS "WHERE s.uuid = ?", uuid);
    if (records.empty()) return std::nullopt;
    return std::move(records.front());
}

std::vector<SnapshotImageRecord> SnapshotRecordStore::images_of(const domain::Uuid& uuid)
{
    std::vector<SnapshotImageRecord> images;
    for (const auto& [ordinal, cluster, pool, pool_namespace, name, size_gib, state, seen_at] :
        select<int, std::string, std::string, std::string, std::string, int, std::string, Text>(session_,
            "SELECT i.ordinal, c.name, p.name, p.pool_namespace, i.name, i.size_gib, i.state, CAST(i.seen_at AS CHAR)"
            " FROM snapshot_images i JOIN pools p ON p.id = i.pool_id JOIN clusters c ON c.id = p.cluster_id"
            " WHERE i.snapshot_uuid = ? ORDER BY i.ordinal",
            uuid))
        images.push_back({.ordinal = ordinal,
            .place = domain::place_of({.name = cluster}, {.name = pool, .pool_namespace = pool_namespace}),
            .name = name,
            .size_gib = size_gib,
            .state = state,
            .seen_at = instant_of(seen_at)});
    return images;
}

std::vector<JobRecord> SnapshotRecordStore::jobs_of(const domain::Uuid& uuid)
{
    std::vector<JobRecord> jobs;
    for (const auto& [id, kind, target, state, attempts, not_before, last_error] :
        select<std::int64_t, std::string, std::string, std::string, int, std::string, std::string>(session_,
            "SELECT id, kind, target, state, attempts, CAST(not_before AS CHAR), last_error FROM jobs"
            " WHERE dedupe_key LIKE CONCAT('snapshot_create:', ?, '%') OR dedupe_key LIKE CONCAT('snapshot_restore:', ?, '%')"
            " OR dedupe_key LIKE CONCAT('snapshot_delete:', ?, '%') ORDER BY id DESC",
            uuid, uuid, uuid))
        jobs.push_back({id, kind, target, state, attempts, instant_of(not_before), last_error});
    return jobs;
}

} // namespace store

#undef RECORD_COLUMNS
