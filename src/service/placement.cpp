#include "service/placement.h"

#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/machine_store.h"
#include "store/placement_store.h"

#include <algorithm>

namespace service {
namespace {

using domain::Reason;
using domain::Refusal;

domain::Cluster found_cluster(store::PlacementStore& placement, const std::string& name)
{
    auto cluster = placement.cluster(name);
    if (!cluster) throw Refusal{Reason::not_found, "there is no cluster " + name + "; see `uncloud cluster list`"};
    return *std::move(cluster);
}

domain::Pool found_pool(store::PlacementStore& placement, const domain::Cluster& cluster, const domain::Pool& wanted)
{
    for (auto& pool : placement.pools(cluster.id))
        if (pool.name == wanted.name && pool.pool_namespace == wanted.pool_namespace) return pool;
    throw Refusal{Reason::not_found, "there is no pool " + domain::place_of(cluster, wanted) + "; see `uncloud pool list`"};
}

domain::Host found_host(store::PlacementStore& placement, const domain::Cluster& cluster, const std::string& name)
{
    for (auto& host : placement.hosts(cluster.id))
        if (host.name == name) return host;
    throw Refusal{Reason::not_found, "there is no host " + cluster.name + '/' + name + "; see `uncloud host list`"};
}

/// CLUSTER/NAME
domain::Host host_named(store::PlacementStore& placement, const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos) throw Refusal{Reason::not_found, "a host is named CLUSTER/NAME: " + text};
    return found_host(placement, found_cluster(placement, text.substr(0, slash)), text.substr(slash + 1));
}

[[noreturn]] void refuse_taken(const std::string& what) { throw Refusal{Reason::reference_in_use, what + " exists already"}; }

const char* text_of(bool enabled) { return enabled ? "enabled" : "disabled"; }

} // namespace

const std::string& Placement::Map::cluster_name(std::int64_t id) const
{
    return std::ranges::find(clusters, id, &domain::Cluster::id)->name;
}

Placement::Map Placement::map()
{
    return database_.read([](store::Session& session) {
        store::PlacementStore placement{session};
        return Map{placement.clusters(), placement.pools(), placement.hosts()};
    });
}

void Placement::add(store::Session& session, const domain::Cluster& cluster, const std::string& actor)
{
    if (!store::PlacementStore{session}.add(cluster)) refuse_taken("the cluster " + cluster.name);
    audit(session, actor, "cluster.add", cluster.name, std::string{domain::to_text(cluster.driver)} + ' ' + cluster.location);
}

void Placement::change(store::Session& session, const std::string& name, const ClusterChange& change, const std::string& actor)
{
    store::PlacementStore placement{session};
    auto cluster = found_cluster(placement, name);
    cluster.location = change.location.value_or(cluster.location);
    cluster.ceph_user = change.ceph_user.value_or(cluster.ceph_user);
    cluster.enabled = change.enabled.value_or(cluster.enabled);
    placement.update(cluster);
    audit(session, actor, "cluster.set", name, cluster.location + ' ' + cluster.ceph_user + ' ' + text_of(cluster.enabled));
}

void Placement::add_pool(store::Session& session, const std::string& cluster_name, const domain::Pool& pool, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto cluster = found_cluster(placement, cluster_name);
    auto placed = pool;
    placed.cluster = cluster.id;
    if (!placement.add(placed)) refuse_taken("the pool " + domain::place_of(cluster, pool));
    audit(session, actor, "pool.add", domain::place_of(cluster, pool), "");
}

void Placement::enable_pool(store::Session& session, const std::string& cluster_name, const domain::Pool& pool, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto cluster = found_cluster(placement, cluster_name);
    placement.enable_pool(found_pool(placement, cluster, pool).id, pool.enabled);
    audit(session, actor, "pool.set", domain::place_of(cluster, pool), text_of(pool.enabled));
}

void Placement::add_host(store::Session& session, const std::string& cluster_name, const domain::Host& host, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto cluster = found_cluster(placement, cluster_name);
    auto placed = host;
    placed.cluster = cluster.id;
    if (!placement.add(placed)) refuse_taken("the host " + cluster.name + '/' + host.name);
    audit(session, actor, "host.add", cluster.name + '/' + host.name, std::string{domain::to_text(host.agent)} + ' ' + host.endpoint);
}

void Placement::change_host(
    store::Session& session, const std::string& cluster_name, const std::string& name, const HostChange& change, const std::string& actor)
{
    store::PlacementStore placement{session};
    auto host = found_host(placement, found_cluster(placement, cluster_name), name);
    host.agent = change.agent.value_or(host.agent);
    host.endpoint = change.endpoint.value_or(host.endpoint);
    host.enabled = change.enabled.value_or(host.enabled);
    placement.update(host);
    audit(session, actor, "host.set", cluster_name + '/' + name,
        std::string{domain::to_text(host.agent)} + ' ' + host.endpoint + ' ' + text_of(host.enabled));
}

std::vector<domain::PlacedImage> Placement::images(const std::optional<domain::Uuid>& machine, int limit)
{
    return database_.read([&](store::Session& session) {
        store::PlacementStore placement{session};
        return machine ? placement.images_of(*machine) : placement.newest_images(limit);
    });
}

void Placement::add_image(store::Session& session, const NewImage& image, const std::string& actor)
{
    store::PlacementStore placement{session};
    if (!store::MachineStore{session}.by_uuid(image.machine))
        throw Refusal{Reason::not_found, "there is no machine " + image.machine.text()};
    const auto cluster = found_cluster(placement, image.cluster);
    const auto pool = found_pool(placement, cluster, {.name = image.pool, .pool_namespace = image.pool_namespace});
    if (!placement.add_image(image.machine, image.ordinal, pool.id, image.name, image.size_gib))
        refuse_taken("the image " + domain::place_of(cluster, pool) + '/' + image.name + ", or number " + std::to_string(image.ordinal)
            + " of the machine,");
    audit(session, actor, "image.add", domain::place_of(cluster, pool) + '/' + image.name, "of " + image.machine.text());
}

void Placement::change_machine(store::Session& session, const domain::Uuid& machine, const MachineChange& change, const std::string& actor)
{
    store::PlacementStore placement{session};
    if (!store::MachineStore{session}.by_uuid(machine)) throw Refusal{Reason::not_found, "there is no machine " + machine.text()};
    if (change.host) {
        const auto host = *change.host == "none" ? std::nullopt : std::optional{host_named(placement, *change.host).id};
        placement.move_machine(machine, host);
    }
    if (change.freezes) placement.let_freeze(machine, *change.freezes);
    const auto freeze = change.freezes ? std::string{*change.freezes ? "freeze on" : "freeze off"} : "";
    audit(session, actor, "vm.set", machine.text(), change.host.value_or("") + ' ' + freeze);
}

void Placement::audit(
    store::Session& session, const std::string& actor, const std::string& action, const std::string& subject, const std::string& detail)
{
    store::AuditStore{session}.add({.at = clock_.now(), .actor = actor, .action = action, .subject = subject, .detail = detail});
}

} // namespace service
