#include "app/commands.h"

#include "app/placement_parts.h"
#include "app/print_table.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <stdexcept>

namespace app {
namespace {

struct ClusterArguments {
    std::string name{}, driver{"local"};
    std::optional<std::string> location{}, ceph_user{};
    std::optional<std::string> enabled{}; ///< yes or no
};

struct PoolArguments {
    std::string cluster{}, name{}, pool_namespace{};
    std::string enabled{}; ///< yes or no
};

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

void list_clusters(std::ostream& out, const std::string& format)
{
    store::Table table{.columns = {"name", "driver", "location", "ceph_user", "enabled"}, .numeric = {false, false, false, false, false}};
    PlacementParts parts;
    for (const auto& cluster : parts.placement.map().clusters)
        table.rows.push_back(
            {cluster.name, std::string{domain::to_text(cluster.driver)}, cluster.location, cluster.ceph_user, yes_or_no(cluster.enabled)});
    print_table(out, table, format);
}

void add_cluster(std::ostream& out, const ClusterArguments& arguments)
{
    check_name(arguments.name, "the name");
    const domain::Cluster cluster{.name = arguments.name,
        .driver = domain::cluster_driver_from(arguments.driver),
        .location = arguments.location.value_or(""),
        .ceph_user = arguments.ceph_user.value_or(""),
        .enabled = yes_of(arguments.enabled).value_or(true)};
    check_location(cluster.driver, cluster.location, cluster.ceph_user);
    PlacementParts parts;
    parts.change([&](store::Session& session, const std::string& actor) { parts.placement.add(session, cluster, actor); });
    out << "cluster " << cluster.name << " is added; its pools: uncloud pool add\n";
}

void set_cluster(std::ostream& out, const ClusterArguments& arguments)
{
    PlacementParts parts;
    const auto map = parts.placement.map();
    const auto known = std::ranges::find(map.clusters, arguments.name, &domain::Cluster::name);
    if (known != map.clusters.end())
        check_location(known->driver, arguments.location.value_or(known->location), arguments.ceph_user.value_or(known->ceph_user));
    parts.change([&](store::Session& session, const std::string& actor) {
        parts.placement.change(session, arguments.name, {arguments.location, arguments.ceph_user, yes_of(arguments.enabled)}, actor);
    });
    out << "cluster " << arguments.name << " is changed\n";
}

void remove_cluster(std::ostream& out, const ClusterArguments& arguments)
{
    PlacementParts parts;
    parts.change(
        [&](store::Session& session, const std::string& actor) { parts.placement.remove_cluster(session, arguments.name, actor); });
    out << "cluster " << arguments.name << " is forgotten\n";
}

void list_pools(std::ostream& out, const std::string& format)
{
    store::Table table{.columns = {"cluster", "name", "namespace", "enabled"}, .numeric = {false, false, false, false}};
    PlacementParts parts;
    const auto map = parts.placement.map();
    for (const auto& pool : map.pools)
        table.rows.push_back({map.cluster_name(pool.cluster), pool.name, pool.pool_namespace, yes_or_no(pool.enabled)});
    print_table(out, table, format);
}

void add_pool(std::ostream& out, const PoolArguments& arguments)
{
    check_name(arguments.name, "the name");
    if (!arguments.pool_namespace.empty()) check_name(arguments.pool_namespace, "--namespace");
    const domain::Pool pool{.name = arguments.name, .pool_namespace = arguments.pool_namespace, .enabled = arguments.enabled != "no"};
    PlacementParts parts;
    parts.change(
        [&](store::Session& session, const std::string& actor) { parts.placement.add_pool(session, arguments.cluster, pool, actor); });
    out << "pool " << arguments.cluster << '/' << pool.name << " is added\n";
}

void set_pool(std::ostream& out, const PoolArguments& arguments)
{
    const domain::Pool pool{.name = arguments.name, .pool_namespace = arguments.pool_namespace, .enabled = arguments.enabled == "yes"};
    PlacementParts parts;
    parts.change(
        [&](store::Session& session, const std::string& actor) { parts.placement.enable_pool(session, arguments.cluster, pool, actor); });
    out << "pool " << arguments.cluster << '/' << pool.name << (pool.enabled ? " takes" : " takes no") << " new images\n";
}

void remove_pool(std::ostream& out, const PoolArguments& arguments)
{
    const domain::Pool pool{.name = arguments.name, .pool_namespace = arguments.pool_namespace};
    PlacementParts parts;
    parts.change(
        [&](store::Session& session, const std::string& actor) { parts.placement.remove_pool(session, arguments.cluster, pool, actor); });
    out << "pool " << arguments.cluster << '/' << pool.name << " is forgotten; what lies in it stays\n";
}

void add_clusters(CLI::App& cli, std::ostream& out)
{
    static ClusterArguments cluster;
    static std::string format{"table"};

    auto* clusters = cli.add_subcommand("cluster", "storage systems")->require_subcommand(1);
    add_list(*clusters, "all of them", format)->callback([&out] { list_clusters(out, format); });
    const auto cluster_command = [=](const char* name, const char* what) {
        auto* command = clusters->add_subcommand(name, what);
        command->add_option("name", cluster.name)->required();
        command->add_option("--location", cluster.location, "local: a directory; rbd: a ceph.conf");
        command->add_option("--ceph-user", cluster.ceph_user, "of rbd, without \"client.\"; one that cannot blocklist");
        command->add_option("--enabled", cluster.enabled, "yes: new machines may come here")->check(CLI::IsMember({"yes", "no"}));
        return command;
    };
    auto* add = cluster_command("add", "make one known");
    add->add_option("--driver", cluster.driver, "local or rbd")->check(CLI::IsMember({"local", "rbd"}));
    add->callback([&out] { add_cluster(out, cluster); });
    cluster_command("set", "change one; what is not given stays")->callback([&out] { set_cluster(out, cluster); });
    auto* remove = clusters->add_subcommand("remove", "forget one without pools and hosts");
    remove->add_option("name", cluster.name)->required();
    remove->callback([&out] { remove_cluster(out, cluster); });
}

void add_pools(CLI::App& cli, std::ostream& out)
{
    static PoolArguments pool;
    static std::string format{"table"};

    auto* pools = cli.add_subcommand("pool", "parts of clusters that hold images")->require_subcommand(1);
    add_list(*pools, "all of them", format)->callback([&out] { list_pools(out, format); });
    const auto pool_command = [=](const char* name, const char* what) {
        auto* command = pools->add_subcommand(name, what);
        command->add_option("cluster", pool.cluster)->required();
        command->add_option("name", pool.name, "local: a folder below the cluster's directory, . is the directory itself")->required();
        command->add_option("--namespace", pool.pool_namespace, "of rbd");
        return command;
    };
    auto* add = pool_command("add", "make one known");
    add->add_option("--enabled", pool.enabled, "no: it takes no new images yet")->check(CLI::IsMember({"yes", "no"}));
    add->callback([&out] { add_pool(out, pool); });
    auto* set = pool_command("set", "let one take new images, or no more");
    set->add_option("--enabled", pool.enabled)->required()->check(CLI::IsMember({"yes", "no"}));
    set->callback([&out] { set_pool(out, pool); });
    pool_command("remove", "forget one without images; what lies in it stays")->callback([&out] { remove_pool(out, pool); });
}

} // namespace

void add_cluster_commands(CLI::App& cli, std::ostream& out)
{
    add_clusters(cli, out);
    add_pools(cli, out);
}

} // namespace app
