#include "store/snapshot_image_store.h"

#include "store/keys.h"
#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>

namespace store {
namespace {

using Text = std::optional<std::string>;

} // namespace

void SnapshotImageStore::keep(const domain::Uuid& snapshot, const std::vector<domain::PlacedImage>& images)
{
    execute(session_, "DELETE FROM snapshot_images WHERE snapshot_uuid = ?", snapshot);
    std::vector<std::string> uuids, names;
    std::vector<std::int64_t> ordinals, pools, sizes;
    for (const auto& image : images) {
        uuids.push_back(snapshot.text());
        ordinals.push_back(image.ordinal);
        pools.push_back(image.pool.id);
        names.push_back(image.name);
        sizes.push_back(image.size_gib);
    }
    execute_bulk(session_, "INSERT INTO snapshot_images (snapshot_uuid, ordinal, pool_id, name, size_gib) VALUES (?, ?, ?, ?, ?)", uuids,
        ordinals, pools, names, sizes);
}

std::vector<domain::PlacedImage> SnapshotImageStore::of(const domain::Uuid& snapshot)
{
    const auto rows = select<std::string, int, std::string, int, std::int64_t, std::string, std::string, std::int64_t, std::string,
        std::string, std::string, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>, Text, Text, Text>(session_,
        "SELECT s.machine_uuid, i.ordinal, i.name, i.size_gib, p.id, p.name, p.pool_namespace, c.id, c.name, c.driver, c.location,"
        " c.ceph_user, h.id, h.cluster_id, h.name, h.agent, h.endpoint"
        " FROM snapshot_images i JOIN snapshots s ON s.uuid = i.snapshot_uuid JOIN pools p ON p.id = i.pool_id"
        " JOIN clusters c ON c.id = p.cluster_id JOIN machines m ON m.uuid = s.machine_uuid LEFT JOIN hosts h ON h.id = m.host_id"
        " WHERE i.snapshot_uuid = ? ORDER BY i.ordinal",
        snapshot);
    std::vector<domain::PlacedImage> images;
    for (const auto& [machine, ordinal, name, size_gib, pool, pool_name, pool_namespace, cluster, cluster_name, driver, location, user,
             host, host_cluster, host_name, agent, endpoint] : rows) {
        images.push_back({.machine = uuid_of(machine),
            .ordinal = ordinal,
            .name = name,
            .size_gib = size_gib,
            .pool = {pool, cluster, pool_name, pool_namespace},
            .cluster = {cluster, cluster_name, domain::cluster_driver_from(driver), location, user}});
        if (host) images.back().host = {*host, *host_cluster, *host_name, domain::host_agent_from(*agent), *endpoint};
    }
    return images;
}

void SnapshotImageStore::note_present(const domain::Uuid& snapshot, domain::Instant now)
{
    execute(session_, "UPDATE snapshot_images SET state = 'present', seen_at = ? WHERE snapshot_uuid = ?", to_sql(now), snapshot);
}

std::vector<domain::Pool> SnapshotImageStore::claim_due_pools(std::chrono::seconds every)
{
    const auto rows = select<std::int64_t, std::int64_t, std::string, std::string>(session_,
        "SELECT id, cluster_id, name, pool_namespace FROM pools WHERE swept_at IS NULL OR swept_at <= NOW(6) - INTERVAL ? SECOND"
        " ORDER BY id FOR UPDATE SKIP LOCKED",
        every.count());
    std::vector<domain::Pool> pools;
    std::vector<std::int64_t> ids;
    for (const auto& [id, cluster, name, pool_namespace] : rows) {
        pools.push_back({id, cluster, name, pool_namespace});
        ids.push_back(id);
    }
    execute_bulk(session_, "UPDATE pools SET swept_at = NOW(6) WHERE id = ?", ids);
    return pools;
}

std::vector<domain::PlacedImage> SnapshotImageStore::images_in(const domain::Pool& pool, const std::string& after, int limit)
{
    const auto rows = select<std::string, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>, Text, Text, Text>(session_,
        "SELECT n.name, m.uuid, h.id, h.cluster_id, h.name, h.agent, h.endpoint FROM ("
        " (SELECT i.name, i.machine_uuid FROM machine_images i JOIN machines m ON m.uuid = i.machine_uuid"
        "   WHERE i.pool_id = ? AND i.name > ? AND m.state <> 'deleted' ORDER BY i.name LIMIT ?)"
        " UNION (SELECT i.name, s.machine_uuid FROM snapshot_images i JOIN snapshots s ON s.uuid = i.snapshot_uuid"
        "   WHERE i.pool_id = ? AND i.name > ? AND s.state <> 'deleted' GROUP BY i.name ORDER BY i.name LIMIT ?)"
        ") n JOIN machines m ON m.uuid = n.machine_uuid LEFT JOIN hosts h ON h.id = m.host_id ORDER BY n.name LIMIT ?",
        pool.id, after, limit, pool.id, after, limit, limit);
    std::vector<domain::PlacedImage> images;
    for (const auto& [name, machine, host, cluster, host_name, agent, endpoint] : rows) {
        images.push_back({.machine = uuid_of(machine), .name = name, .pool = pool});
        if (host) images.back().host = {*host, *cluster, *host_name, domain::host_agent_from(*agent), *endpoint};
    }
    return images;
}

std::vector<domain::KnownSnapshot> SnapshotImageStore::ready_in(std::int64_t pool, const std::string& image)
{
    const auto rows = select<std::string, std::string>(session_,
        "SELECT s.uuid, s.machine_uuid FROM snapshot_images i JOIN snapshots s ON s.uuid = i.snapshot_uuid"
        " WHERE i.pool_id = ? AND i.name = ? AND s.state = 'ready'",
        pool, image);
    std::vector<domain::KnownSnapshot> snapshots;
    for (const auto& [uuid, machine] : rows)
        snapshots.push_back({.uuid = uuid_of(uuid), .machine = uuid_of(machine), .state = domain::SnapshotState::ready});
    return snapshots;
}

std::vector<domain::KnownSnapshot> SnapshotImageStore::named_in(
    std::int64_t pool, const std::string& image, const std::vector<std::string>& names, std::chrono::seconds settled_after)
{
    std::vector<domain::KnownSnapshot> snapshots;
    for_keys(names, [&](const auto&... group) {
        const auto rows = select<std::string, std::string, std::string, int>(session_,
            "SELECT s.uuid, s.machine_uuid, s.state, s.state_since <= NOW(6) - INTERVAL ? SECOND"
            " FROM snapshots s JOIN snapshot_images i ON i.snapshot_uuid = s.uuid"
            " WHERE i.pool_id = ? AND i.name = ? AND s.uuid IN " STORE_KEYS,
            settled_after.count(), pool, image, group...);
        for (const auto& [uuid, machine, state, settled] : rows)
            snapshots.push_back({uuid_of(uuid), uuid_of(machine), domain::snapshot_state_from(state), settled != 0});
    });
    return snapshots;
}

void SnapshotImageStore::note_seen(
    std::int64_t pool, const std::string& image, const std::vector<domain::Uuid>& snapshots, domain::Instant now)
{
    std::vector<std::string> uuids;
    for (const auto& snapshot : snapshots) uuids.push_back(snapshot.text());
    const auto count = uuids.size();
    execute_bulk(session_, "UPDATE snapshot_images SET seen_at = ? WHERE snapshot_uuid = ? AND pool_id = ? AND name = ?",
        std::vector<std::string>(count, to_sql(now)), uuids, std::vector<std::int64_t>(count, pool),
        std::vector<std::string>(count, image));
}

std::optional<domain::Instant> SnapshotImageStore::last_seen(const domain::Uuid& snapshot)
{
    const auto row =
        select_first<Text>(session_, "SELECT CAST(MIN(seen_at) AS CHAR) FROM snapshot_images WHERE snapshot_uuid = ?", snapshot);
    return row ? instant_of(std::get<0>(*row)) : std::nullopt;
}

void SnapshotImageStore::note_gone(const domain::Uuid& snapshot, std::int64_t pool, const std::string& image)
{
    execute(
        session_, "UPDATE snapshot_images SET state = 'gone' WHERE snapshot_uuid = ? AND pool_id = ? AND name = ?", snapshot, pool, image);
}

bool SnapshotImageStore::is_busy(const domain::Uuid& machine)
{
    return select_first<int>(session_, "SELECT 1 FROM snapshots WHERE busy_machine = ?", machine).has_value();
}

std::vector<std::string> SnapshotImageStore::note_strays(
    std::int64_t pool, const std::string& image, const std::vector<std::string>& names, domain::Instant now)
{
    std::vector<std::string> known, gone, fresh;
    for (const auto& [name] :
        select<std::string>(session_, "SELECT name FROM stray_snapshots WHERE pool_id = ? AND image = ? FOR UPDATE", pool, image))
        known.push_back(name);
    std::ranges::copy_if(known, std::back_inserter(gone), [&](const auto& name) { return !std::ranges::count(names, name); });
    std::ranges::copy_if(names, std::back_inserter(fresh), [&](const auto& name) { return !std::ranges::count(known, name); });
    const auto pools_of = [&](const auto& list) { return std::vector<std::int64_t>(list.size(), pool); };
    const auto images_of = [&](const auto& list) { return std::vector<std::string>(list.size(), image); };
    const std::vector<std::string> times(names.size(), to_sql(now));
    execute_bulk(
        session_, "DELETE FROM stray_snapshots WHERE pool_id = ? AND image = ? AND name = ?", pools_of(gone), images_of(gone), gone);
    execute_bulk(session_,
        "INSERT INTO stray_snapshots (pool_id, image, name, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE last_seen_at = VALUES(last_seen_at)",
        pools_of(names), images_of(names), names, times, times);
    return fresh;
}

} // namespace store
