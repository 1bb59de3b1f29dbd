#include "store/snapshot_record_store.h"

#include "domain/placement.h"
#include "store/snapshot_row.h"
#include "store/sql.h"
#include "store/statement.h"

#define SELECT_RECORDS                                                                                                                     \
    "SELECT " SNAPSHOT_COLUMNS ", u.uid, CAST(s.deleted_at AS CHAR), CAST(s.lost_at AS CHAR), s.may_be_frozen"                             \
    " FROM snapshots s JOIN orders o ON o.id = s.order_id JOIN members u ON u.id = s.member_id "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Row = SnapshotRow<std::string, Text, Text, bool>;
constexpr std::size_t more = std::tuple_size_v<SnapshotRow<>>; // where the columns of a record's own begin

SnapshotRecord record_of(const Row& row)
{
    auto [position, snapshot] = listed_snapshot(row);
    return {.position = position,
        .snapshot = std::move(snapshot),
        .username = std::get<more>(row),
        .deleted_at = instant_of(std::get<more + 1>(row)),
        .lost_at = instant_of(std::get<more + 2>(row)),
        .may_be_frozen = std::get<more + 3>(row)};
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
            SELECT_RECORDS "WHERE s.machine_uuid = ? AND (? = '' OR s.state = ?) ORDER BY s.position DESC LIMIT ?", *filter.machine,
            filter.state, filter.state, limit);
    if (!filter.state.empty())
        return select_records(session_, SELECT_RECORDS "WHERE s.state = ? ORDER BY s.position DESC LIMIT ?", filter.state, limit);
    return select_records(session_, SELECT_RECORDS "ORDER BY s.position DESC LIMIT ?", limit);
}

std::optional<SnapshotRecord> SnapshotRecordStore::by_uuid(const domain::Uuid& uuid)
{
    auto records = select_records(session_, SELECT_RECORDS "WHERE s.uuid = ?", uuid);
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

bool SnapshotRecordStore::end_dead_restore(const domain::Uuid& uuid)
{
    std::vector<std::int64_t> dead;
    for (const auto& [id, state] : select<std::int64_t, std::string>(
             session_, "SELECT id, state FROM jobs WHERE dedupe_key LIKE CONCAT('snapshot_restore:', ?, '%') FOR UPDATE", uuid)) {
        if (state == "queued" || state == "leased") return false;
        if (state == "dead") dead.push_back(id);
    }
    execute_bulk(session_, "UPDATE jobs SET state = 'done', finished_at = NOW(6) WHERE id = ?", dead);
    return !dead.empty();
}

} // namespace store

#undef SELECT_RECORDS
