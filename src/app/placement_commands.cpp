#include "app/placement_commands.h"

#include "api/table_text.h"
#include "app/app.h"
#include "app/operator.h"
#include "gateway/guest.h"
#include "gateway/storage_set.h"
#include "service/machine_sync.h"
#include "service/machines.h"
#include "service/placement.h"

#include <algorithm>
#include <stdexcept>

namespace app {
namespace {

/// Names stand in paths, in arguments of tools and in CLUSTER/NAME.
void check_name(const std::string& name, const char* what)
{
    const bool fits = !name.empty() && name.size() <= 64 && name.front() != '-' && name != ".."
        && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == std::string::npos;
    if (!fits) throw std::invalid_argument{std::string{what} + " must be 1 to 64 letters, digits, dots, hyphens and underscores: " + name};
}

std::optional<bool> yes_of(const std::optional<std::string>& text) { return text ? std::optional{*text == "yes"} : std::nullopt; }

domain::Uuid machine_of(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    if (!uuid) throw std::invalid_argument{"this is no uuid of a machine: " + text};
    return *uuid;
}

void check_location(domain::ClusterDriver driver, const std::string& location, const std::string& ceph_user)
{
    const bool is_path = location.starts_with('/');
    if (driver == domain::ClusterDriver::local && !location.empty() && !is_path)
        throw std::invalid_argument{"--location must be a directory, from the root on; empty: the one of [storage]"};
    if (driver == domain::ClusterDriver::local && !ceph_user.empty()) throw std::invalid_argument{"--ceph-user is for --driver rbd"};
    if (driver == domain::ClusterDriver::rbd && (!is_path || ceph_user.empty()))
        throw std::invalid_argument{"--driver rbd needs --location, a ceph.conf that names the file with the key, and --ceph-user"};
    if (ceph_user.starts_with("client.")) throw std::invalid_argument{"--ceph-user is written without \"client.\""};
}

void check_endpoint(domain::HostAgent agent, const std::string& endpoint)
{
    if (agent == domain::HostAgent::qmp && !endpoint.starts_with('/'))
        throw std::invalid_argument{"--agent qmp needs --endpoint, the folder of the machines' sockets, from the root on"};
    if (agent == domain::HostAgent::virsh && endpoint.find("://") == std::string::npos)
        throw std::invalid_argument{"--agent virsh needs --endpoint, a URI of libvirt such as qemu+tls://host/system"};
}

std::string yes_or_no(bool yes) { return yes ? "yes" : "no"; }

} // namespace

struct PlacementCommands::Parts {
    App app{"uncloud", std::chrono::minutes{10}};
    service::Placement placement{app.database, *app.clock};

    template <class Work> void change(const Work& work)
    {
        app.database.transact([&](store::Session& session) { work(session, operator_name()); });
    }
};

namespace {

void print(std::ostream& out, const store::Table& table, const std::string& format)
{
    if (format == "json") out << api::json_of(table).dump() << '\n';
    else out << api::plain_of(table);
}

} // namespace

PlacementCommands::PlacementCommands(std::ostream& out) : out_{out} {}

PlacementCommands::~PlacementCommands() = default;

PlacementCommands::Parts& PlacementCommands::parts()
{
    if (!parts_) parts_ = std::make_unique<Parts>();
    return *parts_;
}

void PlacementCommands::list_clusters(const std::string& format)
{
    store::Table table{.columns = {"name", "driver", "location", "ceph_user", "enabled"}, .numeric = {false, false, false, false, false}};
    for (const auto& cluster : parts().placement.map().clusters)
        table.rows.push_back(
            {cluster.name, std::string{domain::to_text(cluster.driver)}, cluster.location, cluster.ceph_user, yes_or_no(cluster.enabled)});
    print(out_, table, format);
}

void PlacementCommands::add_cluster(const ClusterArguments& arguments)
{
    check_name(arguments.name, "the name");
    const domain::Cluster cluster{.name = arguments.name,
        .driver = domain::cluster_driver_from(arguments.driver),
        .location = arguments.location.value_or(""),
        .ceph_user = arguments.ceph_user.value_or(""),
        .enabled = yes_of(arguments.enabled).value_or(true)};
    check_location(cluster.driver, cluster.location, cluster.ceph_user);
    parts().change([&](store::Session& session, const std::string& actor) { parts().placement.add(session, cluster, actor); });
    out_ << "cluster " << cluster.name << " is added; its pools: uncloud pool add\n";
}

void PlacementCommands::set_cluster(const ClusterArguments& arguments)
{
    const auto map = parts().placement.map();
    const auto known = std::ranges::find(map.clusters, arguments.name, &domain::Cluster::name);
    if (known != map.clusters.end())
        check_location(known->driver, arguments.location.value_or(known->location), arguments.ceph_user.value_or(known->ceph_user));
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.change(session, arguments.name, {arguments.location, arguments.ceph_user, yes_of(arguments.enabled)}, actor);
    });
    out_ << "cluster " << arguments.name << " is changed\n";
}

void PlacementCommands::remove_cluster(const ClusterArguments& arguments)
{
    parts().change(
        [&](store::Session& session, const std::string& actor) { parts().placement.remove_cluster(session, arguments.name, actor); });
    out_ << "cluster " << arguments.name << " is forgotten\n";
}

void PlacementCommands::list_pools(const std::string& format)
{
    store::Table table{.columns = {"cluster", "name", "namespace", "enabled"}, .numeric = {false, false, false, false}};
    const auto map = parts().placement.map();
    for (const auto& pool : map.pools)
        table.rows.push_back({map.cluster_name(pool.cluster), pool.name, pool.pool_namespace, yes_or_no(pool.enabled)});
    print(out_, table, format);
}

void PlacementCommands::add_pool(const PoolArguments& arguments)
{
    check_name(arguments.name, "the name");
    if (!arguments.pool_namespace.empty()) check_name(arguments.pool_namespace, "--namespace");
    const domain::Pool pool{.name = arguments.name, .pool_namespace = arguments.pool_namespace, .enabled = arguments.enabled != "no"};
    parts().change(
        [&](store::Session& session, const std::string& actor) { parts().placement.add_pool(session, arguments.cluster, pool, actor); });
    out_ << "pool " << arguments.cluster << '/' << pool.name << " is added\n";
}

void PlacementCommands::set_pool(const PoolArguments& arguments)
{
    const domain::Pool pool{.name = arguments.name, .pool_namespace = arguments.pool_namespace, .enabled = arguments.enabled == "yes"};
    parts().change(
        [&](store::Session& session, const std::string& actor) { parts().placement.enable_pool(session, arguments.cluster, pool, actor); });
    out_ << "pool " << arguments.cluster << '/' << pool.name << (pool.enabled ? " takes" : " takes no") << " new images\n";
}

void PlacementCommands::remove_pool(const PoolArguments& arguments)
{
    const domain::Pool pool{.name = arguments.name, .pool_namespace = arguments.pool_namespace};
    parts().change(
        [&](store::Session& session, const std::string& actor) { parts().placement.remove_pool(session, arguments.cluster, pool, actor); });
    out_ << "pool " << arguments.cluster << '/' << pool.name << " is forgotten; what lies in it stays\n";
}

void PlacementCommands::list_hosts(const std::string& format)
{
    store::Table table{.columns = {"cluster", "name", "agent", "endpoint", "enabled"}, .numeric = {false, false, false, false, false}};
    const auto map = parts().placement.map();
    for (const auto& host : map.hosts)
        table.rows.push_back(
            {map.cluster_name(host.cluster), host.name, std::string{domain::to_text(host.agent)}, host.endpoint, yes_or_no(host.enabled)});
    print(out_, table, format);
}

void PlacementCommands::add_host(const HostArguments& arguments)
{
    check_name(arguments.name, "the name");
    const domain::Host host{.name = arguments.name,
        .agent = domain::host_agent_from(arguments.agent.value_or("none")),
        .endpoint = arguments.endpoint.value_or(""),
        .enabled = yes_of(arguments.enabled).value_or(true)};
    check_endpoint(host.agent, host.endpoint);
    parts().change(
        [&](store::Session& session, const std::string& actor) { parts().placement.add_host(session, arguments.cluster, host, actor); });
    out_ << "host " << arguments.cluster << '/' << host.name << " is added\n";
}

void PlacementCommands::set_host(const HostArguments& arguments)
{
    const auto agent = arguments.agent ? std::optional{domain::host_agent_from(*arguments.agent)} : std::nullopt;
    const auto map = parts().placement.map();
    for (const auto& host : map.hosts)
        if (map.cluster_name(host.cluster) == arguments.cluster && host.name == arguments.name)
            check_endpoint(agent.value_or(host.agent), arguments.endpoint.value_or(host.endpoint));
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.change_host(
            session, arguments.cluster, arguments.name, {agent, arguments.endpoint, yes_of(arguments.enabled)}, actor);
    });
    out_ << "host " << arguments.cluster << '/' << arguments.name << " is changed\n";
}

void PlacementCommands::remove_host(const HostArguments& arguments)
{
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.remove_host(session, arguments.cluster, arguments.name, actor);
    });
    out_ << "host " << arguments.cluster << '/' << arguments.name << " is forgotten\n";
}

void PlacementCommands::list_images(const std::string& machine, const std::string& format)
{
    const auto uuid = machine.empty() ? std::nullopt : std::optional{machine_of(machine)};
    store::Table table{
        .columns = {"machine", "ordinal", "place", "name", "size_gib", "host"}, .numeric = {false, true, false, false, true, false}};
    for (const auto& image : parts().placement.images(uuid, 100))
        table.rows.push_back({image.machine.text(), std::to_string(image.ordinal), domain::place_of(image.cluster, image.pool), image.name,
            std::to_string(image.size_gib), image.host ? image.host->name : ""});
    print(out_, table, format);
}

void PlacementCommands::add_image(const ImageArguments& arguments)
{
    if (arguments.name.empty() || arguments.name.size() > 96 || arguments.name.find_first_of("/@ ") != std::string::npos)
        throw std::invalid_argument{"--name must be 1 to 96 characters without / @ and blanks: " + arguments.name};
    const auto machine = machine_of(arguments.machine);
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.add_image(session,
            {machine, arguments.ordinal, arguments.cluster, arguments.pool, arguments.pool_namespace, arguments.name, arguments.size_gib},
            actor);
    });
    out_ << "image " << arguments.name << " belongs to machine " << machine.text() << '\n';
}

void PlacementCommands::remove_image(const ImageArguments& arguments)
{
    const auto machine = machine_of(arguments.machine);
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.remove_image(session, machine, arguments.ordinal, actor);
    });
    out_ << "image " << arguments.ordinal << " of machine " << machine.text() << " is forgotten; its bytes stay\n";
}

void PlacementCommands::set_machine(const MachineArguments& arguments)
{
    const auto machine = machine_of(arguments.machine);
    if (!arguments.host && !arguments.freeze) throw std::invalid_argument{"nothing is to be changed: give --host or --freeze"};
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.change_machine(session, machine, {arguments.host, yes_of(arguments.freeze)}, actor);
    });
    out_ << "machine " << machine.text() << " is changed\n";
}

void PlacementCommands::switch_machine(const MachineArguments& arguments, bool on)
{
    const auto machine = machine_of(arguments.machine);
    service::Machines machines{parts().app.database};
    parts().change([&](store::Session& session, const std::string& actor) {
        parts().placement.switch_machine(session, machines, machine, on, actor);
    });
    out_ << "machine " << machine.text() << (on ? " is being started\n" : " is being stopped\n");
}

void PlacementCommands::end_machine(const MachineArguments& arguments)
{
    const auto machine = machine_of(arguments.machine);
    parts().change([&](store::Session& session, const std::string& actor) { parts().placement.end_machine(session, machine, actor); });
    out_ << "what is left of machine " << machine.text() << " is being taken away\n";
}

int PlacementCommands::sync(bool apply, const std::string& format)
{
    auto& app = parts().app;
    const auto storages = gateway::make_storage_set(app.config.storage_directory);
    const auto guests = gateway::make_guest_set();
    const auto provisioners = app.provisioners();
    service::MachineSync machines{app.database, *storages, *guests, provisioners, *app.clock};
    auto findings = machines.look();
    if (apply)
        for (auto& finding : findings) machines.repair(finding, operator_name());

    store::Table table{
        .columns = {"fault", "place", "name", "machine", "detail", "repair"}, .numeric = {false, false, false, false, false, false}};
    for (const auto& finding : findings) {
        table.rows.push_back(
            {std::string{domain::to_text(finding.fault)}, finding.place, finding.name, finding.machine ? finding.machine->text() : "",
                finding.detail, finding.repair.empty() ? domain::remedy_of(finding) : finding.repair});
    }
    if (format == "json" || !findings.empty()) print(out_, table, format);
    if (format == "table" && findings.empty()) out_ << "all agree\n";
    return std::ranges::all_of(findings, &domain::SyncFinding::repaired) ? 0 : 1;
}

} // namespace app
