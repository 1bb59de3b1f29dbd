#include "store/placement_store.h"

#include "store/sql.h"
#include "store/statement.h"

#define CLUSTER_COLUMNS "SELECT c.id, c.name, c.driver, c.location, c.ceph_user, c.enabled FROM clusters c "
#define POOL_COLUMNS "SELECT p.id, p.cluster_id, p.name, p.pool_namespace, p.enabled FROM pools p "
#define HOST_COLUMNS "SELECT h.id, h.cluster_id, h.name, h.agent, h.endpoint, h.enabled FROM hosts h "
#define IMAGE_COLUMNS                                                                                                                      \
    "SELECT i.id, i.machine_uuid, i.ordinal, i.name, i.size_gib, p.id, p.name, p.pool_namespace, p.enabled,"                               \
    " c.id, c.name, c.driver, c.location, c.ceph_user, c.enabled, h.id, h.cluster_id, h.name, h.agent, h.endpoint, h.enabled"              \
    " FROM machine_images i JOIN pools p ON p.id = i.pool_id JOIN clusters c ON c.id = p.cluster_id"                                       \
    " JOIN machines m ON m.uuid = i.machine_uuid LEFT JOIN hosts h ON h.id = m.host_id "

namespace store {
namespace {

template <class... Args> std::vector<domain::Cluster> select_clusters(Session& session, const char* sql, const Args&... args)
{
    std::vector<domain::Cluster> clusters;
    for (const auto& [id, name, driver, location, user, enabled] :
        select<std::int64_t, std::string, std::string, std::string, std::string, int>(session, sql, args...))
        clusters.push_back({id, name, domain::cluster_driver_from(driver), location, user, enabled != 0});
    return clusters;
}

template <class... Args> std::vector<domain::Pool> select_pools(Session& session, const char* sql, const Args&... args)
{
    std::vector<domain::Pool> pools;
    for (const auto& [id, cluster, name, pool_namespace, enabled] :
        select<std::int64_t, std::int64_t, std::string, std::string, int>(session, sql, args...))
        pools.push_back({id, cluster, name, pool_namespace, enabled != 0});
    return pools;
}

template <class... Args> std::vector<domain::Host> select_hosts(Session& session, const char* sql, const Args&... args)
{
    std::vector<domain::Host> hosts;
    for (const auto& [id, cluster, name, agent, endpoint, enabled] :
        select<std::int64_t, std::int64_t, std::string, std::string, std::string, int>(session, sql, args...))
        hosts.push_back({id, cluster, name, domain::host_agent_from(agent), endpoint, enabled != 0});
    return hosts;
}

template <class... Args> std::vector<domain::PlacedImage> select_images(Session& session, const char* sql, const Args&... args)
{
    using Text = std::optional<std::string>;
    const auto rows = select<std::int64_t, std::string, int, std::string, int, std::int64_t, std::string, std::string, int, std::int64_t,
        std::string, std::string, std::string, std::string, int, std::optional<std::int64_t>, std::optional<std::int64_t>, Text, Text, Text,
        std::optional<int>>(session, sql, args...);
    std::vector<domain::PlacedImage> images;
    for (const auto& [id, machine, ordinal, name, size_gib, pool, pool_name, pool_namespace, pool_enabled, cluster, cluster_name, driver,
             location, user, cluster_enabled, host, host_cluster, host_name, agent, endpoint, host_enabled] : rows) {
        images.push_back({.id = id,
            .machine = uuid_of(machine),
            .ordinal = ordinal,
            .name = name,
            .size_gib = size_gib,
            .pool = {pool, cluster, pool_name, pool_namespace, pool_enabled != 0},
            .cluster = {cluster, cluster_name, domain::cluster_driver_from(driver), location, user, cluster_enabled != 0}});
        if (host) images.back().host = {*host, *host_cluster, *host_name, domain::host_agent_from(*agent), *endpoint, *host_enabled != 0};
    }
    return images;
}

template <class Row> std::optional<Row> first_of(std::vector<Row> rows)
{
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

/// The number of the row that `add` inserts; nullopt if there is one with its key.
template <class Add> std::optional<std::int64_t> unless_there(const Add& add)
{
    std::int64_t id = 0;
    return unless_duplicate([&] { id = add(); }) ? std::optional{id} : std::nullopt;
}

/// Runs DELETEs. Returns false if a row of another table refers to what they remove.
template <class Work> bool unless_referred(const Work& statements)
{
    constexpr unsigned row_is_referenced = 1451;
    try {
        statements();
        return true;
    } catch (const DatabaseError& error) {
        if (error.code() != row_is_referenced) throw;
        return false;
    }
}

std::vector<std::string> texts(const std::vector<std::tuple<std::string>>& rows)
{
    std::vector<std::string> all;
    for (const auto& [text] : rows) all.push_back(text);
    return all;
}

} // namespace

std::vector<domain::Cluster> PlacementStore::clusters() { return select_clusters(session_, CLUSTER_COLUMNS "ORDER BY c.name"); }

std::optional<domain::Cluster> PlacementStore::cluster(const std::string& name)
{
    return first_of(select_clusters(session_, CLUSTER_COLUMNS "WHERE c.name = ?", name));
}

std::optional<std::int64_t> PlacementStore::add(const domain::Cluster& cluster)
{
    return unless_there([&] {
        return insert(session_, "INSERT INTO clusters (name, driver, location, ceph_user, enabled) VALUES (?, ?, ?, ?, ?)", cluster.name,
            domain::to_text(cluster.driver), cluster.location, cluster.ceph_user, cluster.enabled);
    });
}

void PlacementStore::update(const domain::Cluster& cluster)
{
    execute(session_, "UPDATE clusters SET location = ?, ceph_user = ?, enabled = ? WHERE id = ?", cluster.location, cluster.ceph_user,
        cluster.enabled, cluster.id);
}

std::vector<domain::Pool> PlacementStore::pools()
{
    return select_pools(session_, POOL_COLUMNS "ORDER BY p.cluster_id, p.name, p.pool_namespace");
}

std::vector<domain::Pool> PlacementStore::pools(std::int64_t cluster)
{
    return select_pools(session_, POOL_COLUMNS "WHERE p.cluster_id = ? ORDER BY p.name, p.pool_namespace", cluster);
}

std::optional<std::int64_t> PlacementStore::add(const domain::Pool& pool)
{
    return unless_there([&] {
        return insert(session_, "INSERT INTO pools (cluster_id, name, pool_namespace, enabled) VALUES (?, ?, ?, ?)", pool.cluster,
            pool.name, pool.pool_namespace, pool.enabled);
    });
}

void PlacementStore::enable_pool(std::int64_t pool, bool enabled)
{
    execute(session_, "UPDATE pools SET enabled = ? WHERE id = ?", enabled, pool);
}

std::optional<domain::Pool> PlacementStore::pool_for_new()
{
    return first_of(
        select_pools(session_, POOL_COLUMNS "JOIN clusters c ON c.id = p.cluster_id WHERE p.enabled AND c.enabled ORDER BY p.id LIMIT 1"));
}

std::vector<domain::Host> PlacementStore::hosts() { return select_hosts(session_, HOST_COLUMNS "ORDER BY h.cluster_id, h.name"); }

std::vector<domain::Host> PlacementStore::hosts(std::int64_t cluster)
{
    return select_hosts(session_, HOST_COLUMNS "WHERE h.cluster_id = ? ORDER BY h.name", cluster);
}

std::optional<std::int64_t> PlacementStore::add(const domain::Host& host)
{
    return unless_there([&] {
        return insert(session_, "INSERT INTO hosts (cluster_id, name, agent, endpoint, enabled) VALUES (?, ?, ?, ?, ?)", host.cluster,
            host.name, domain::to_text(host.agent), host.endpoint, host.enabled);
    });
}

void PlacementStore::update(const domain::Host& host)
{
    execute(session_, "UPDATE hosts SET agent = ?, endpoint = ?, enabled = ? WHERE id = ?", domain::to_text(host.agent), host.endpoint,
        host.enabled, host.id);
}

void PlacementStore::move_machine(const domain::Uuid& machine, std::optional<std::int64_t> host)
{
    execute(session_, "UPDATE machines SET host_id = ? WHERE uuid = ?", host, machine);
}

std::optional<domain::Host> PlacementStore::host_of(const domain::Uuid& machine)
{
    return first_of(select_hosts(session_, HOST_COLUMNS "JOIN machines m ON m.host_id = h.id WHERE m.uuid = ?", machine));
}

bool PlacementStore::may_freeze(const domain::Uuid& machine)
{
    return select_first<int>(session_, "SELECT 1 FROM machines WHERE uuid = ? AND freezes", machine).has_value();
}

void PlacementStore::let_freeze(const domain::Uuid& machine, bool freezes)
{
    execute(session_, "UPDATE machines SET freezes = ? WHERE uuid = ?", freezes, machine);
}

bool PlacementStore::add_image(const domain::Uuid& machine, int ordinal, std::int64_t pool, const std::string& name, int size_gib)
{
    return unless_duplicate([&] {
        execute(session_, "INSERT INTO machine_images (machine_uuid, ordinal, pool_id, name, size_gib) VALUES (?, ?, ?, ?, ?)", machine,
            ordinal, pool, name, size_gib);
    });
}

std::vector<domain::PlacedImage> PlacementStore::images_of(const domain::Uuid& machine)
{
    return select_images(session_, IMAGE_COLUMNS "WHERE i.machine_uuid = ? ORDER BY i.ordinal", machine);
}

std::vector<domain::PlacedImage> PlacementStore::newest_images(int limit)
{
    return select_images(session_, IMAGE_COLUMNS "ORDER BY i.id DESC LIMIT ?", limit);
}

std::vector<domain::PlacedImage> PlacementStore::images_in(std::int64_t pool, std::int64_t after, int limit)
{
    return select_images(
        session_, IMAGE_COLUMNS "WHERE i.pool_id = ? AND i.id > ? AND m.state <> 'deleted' ORDER BY i.id LIMIT ?", pool, after, limit);
}

std::vector<std::string> PlacementStore::users_of_pool(std::int64_t pool, int limit)
{
    return texts(select<std::string>(session_,
        "SELECT CONCAT('image ', i.name, ' of machine ', m.uuid) FROM machine_images i JOIN machines m ON m.uuid = i.machine_uuid"
        " WHERE i.pool_id = ? AND m.state <> 'deleted' ORDER BY i.id LIMIT ?",
        pool, limit));
}

std::vector<std::string> PlacementStore::users_of_host(std::int64_t host, int limit)
{
    return texts(select<std::string>(session_,
        "SELECT CONCAT('machine ', uuid) FROM machines WHERE host_id = ? AND state <> 'deleted' ORDER BY position LIMIT ?", host, limit));
}

std::vector<std::string> PlacementStore::snapshots_of(const domain::Uuid& machine, int limit)
{
    return texts(select<std::string>(session_,
        "SELECT CONCAT('snapshot ', uuid) FROM snapshots WHERE machine_uuid = ? AND state <> 'deleted' ORDER BY position LIMIT ?", machine,
        limit));
}

bool PlacementStore::remove_cluster(std::int64_t cluster)
{
    return unless_referred([&] { execute(session_, "DELETE FROM clusters WHERE id = ?", cluster); });
}

bool PlacementStore::remove_pool(std::int64_t pool)
{
    return unless_referred([&] {
        execute(session_,
            "DELETE i FROM machine_images i JOIN machines m ON m.uuid = i.machine_uuid WHERE i.pool_id = ? AND m.state = 'deleted'", pool);
        execute(session_, "DELETE FROM pools WHERE id = ?", pool);
    });
}

bool PlacementStore::remove_host(std::int64_t host)
{
    return unless_referred([&] {
        execute(session_, "UPDATE machines SET host_id = NULL WHERE host_id = ? AND state = 'deleted'", host);
        execute(session_, "DELETE FROM hosts WHERE id = ?", host);
    });
}

bool PlacementStore::remove_image(std::int64_t image)
{
    return unless_referred([&] { execute(session_, "DELETE FROM machine_images WHERE id = ?", image); });
}

void PlacementStore::note_size(std::int64_t image, int size_gib)
{
    execute(session_, "UPDATE machine_images SET size_gib = ? WHERE id = ?", size_gib, image);
}

} // namespace store

#undef CLUSTER_COLUMNS
#undef POOL_COLUMNS
#undef HOST_COLUMNS
#undef IMAGE_COLUMNS
