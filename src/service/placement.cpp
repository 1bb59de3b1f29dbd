#include "service/placement.h"

#include "domain/provisioning.h"
#include "domain/refusal.h"
#include "store/audit_store.h"
#include "store/job_store.h"
#include "store/machine_store.h"
#include "store/placement_store.h"
#include "store/provisioning_store.h"

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

constexpr int some = 5; // of what uses a thing, to be named

/// @throws domain::Refusal still_required, with the names, if there are any
void refuse_used(const std::string& what, const std::vector<std::string>& users)
{
    if (users.empty()) return;
    std::string names;
    for (const auto& user : users) names += (names.empty() ? "" : ", ") + user;
    throw Refusal{Reason::still_required, what + " is in use by " + names};
}

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

void Placement::switch_machine(store::Session& session, Machines& machines, const domain::Uuid& uuid, bool on, const std::string& actor)
{
    const auto machine = store::MachineStore{session}.by_uuid(uuid);
    if (!machine) throw Refusal{Reason::not_found, "there is no machine " + uuid.text()};
    if (on) machines.start(session, machine->member, uuid);
    else machines.stop(session, machine->member, uuid);
    audit(session, actor, on ? "vm.start" : "vm.stop", uuid.text(), "");
}

void Placement::end_machine(store::Session& session, const domain::Uuid& machine, const std::string& actor)
{
    if (!store::MachineStore{session}.lock(machine)) throw Refusal{Reason::not_found, "there is no machine " + machine.text()};
    const auto wish = store::ProvisioningStore{session}.want_gone_again(machine);
    if (!wish) throw Refusal{Reason::order_state, "the order of this machine is not over; cancel it first, and its machine ends with it"};
    store::JobStore{session}.add(domain::job_towards(wish->wanted), machine, std::to_string(wish->generation));
    audit(session, actor, "vm.end", machine.text(), "again");
}

void Placement::remove_cluster(store::Session& session, const std::string& name, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto cluster = found_cluster(placement, name);
    std::vector<std::string> users;
    for (const auto& pool : placement.pools(cluster.id)) users.push_back("pool " + domain::place_of(cluster, pool));
    for (const auto& host : placement.hosts(cluster.id)) users.push_back("host " + name + '/' + host.name);
    refuse_used("the cluster " + name, users);
    if (!placement.remove_cluster(cluster.id)) refuse_used("the cluster " + name, {"a pool or a host that was added meanwhile"});
    audit(session, actor, "cluster.remove", name, "");
}

void Placement::remove_pool(store::Session& session, const std::string& cluster_name, const domain::Pool& wanted, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto cluster = found_cluster(placement, cluster_name);
    const auto pool = found_pool(placement, cluster, wanted);
    const auto place = domain::place_of(cluster, pool);
    refuse_used("the pool " + place, placement.users_of_pool(pool.id, some));
    if (!placement.remove_pool(pool.id)) refuse_used("the pool " + place, {"an image that was added meanwhile"});
    audit(session, actor, "pool.remove", place, "");
}

void Placement::remove_host(store::Session& session, const std::string& cluster, const std::string& name, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto host = found_host(placement, found_cluster(placement, cluster), name);
    refuse_used("the host " + cluster + '/' + name, placement.users_of_host(host.id, some));
    if (!placement.remove_host(host.id)) refuse_used("the host " + cluster + '/' + name, {"a machine that was moved there meanwhile"});
    audit(session, actor, "host.remove", cluster + '/' + name, "");
}

void Placement::remove_image(store::Session& session, const domain::Uuid& machine, int ordinal, const std::string& actor)
{
    store::PlacementStore placement{session};
    const auto images = placement.images_of(machine);
    const auto image = std::ranges::find(images, ordinal, &domain::PlacedImage::ordinal);
    if (image == images.end())
        throw Refusal{Reason::not_found,
            "the machine has no image " + std::to_string(ordinal) + "; see `uncloud image list --vm " + machine.text() + "`"};
    const auto name = domain::place_of(image->cluster, image->pool) + '/' + image->name;
    if (ordinal == 0 && store::MachineStore{session}.lock(machine)->state != domain::MachineState::deleted)
        throw Refusal{
            Reason::still_required, "the image " + name + " is the one that the order of machine " + machine.text() + " pays for"};
    refuse_used("the image " + name, placement.snapshots_of(machine, some));
    if (!placement.remove_image(image->id)) refuse_used("the image " + name, {"a snapshot that was taken meanwhile"});
    audit(session, actor, "image.remove", name, "of " + machine.text());
}

void Placement::audit(
    store::Session& session, const std::string& actor, const std::string& action, const std::string& subject, const std::string& detail)
{
    store::AuditStore{session}.add({.at = clock_.now(), .actor = actor, .action = action, .subject = subject, .detail = detail});
}

} // namespace service
