#include "app/commands.h"

#include "app/placement_parts.h"
#include "app/print_table.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {
namespace {

struct HostArguments {
    std::string cluster{}, name{};
    std::optional<std::string> agent{}, endpoint{};
    std::optional<std::string> enabled{}; ///< yes or no
};

void check_endpoint(domain::HostAgent agent, const std::string& endpoint)
{
    if (agent == domain::HostAgent::qmp && !endpoint.starts_with('/'))
        throw std::invalid_argument{"--agent qmp needs --endpoint, the folder of the machines' sockets, from the root on"};
    if (agent == domain::HostAgent::virsh && endpoint.find("://") == std::string::npos)
        throw std::invalid_argument{"--agent virsh needs --endpoint, a URI of libvirt such as qemu+tls://host/system"};
}

void list_hosts(std::ostream& out, const std::string& format)
{
    store::Table table{.columns = {"cluster", "name", "agent", "endpoint", "enabled"}, .numeric = {false, false, false, false, false}};
    PlacementParts parts;
    const auto map = parts.placement.map();
    for (const auto& host : map.hosts)
        table.rows.push_back(
            {map.cluster_name(host.cluster), host.name, std::string{domain::to_text(host.agent)}, host.endpoint, yes_or_no(host.enabled)});
    print_table(out, table, format);
}

void add_host(std::ostream& out, const HostArguments& arguments)
{
    check_name(arguments.name, "the name");
    const domain::Host host{.name = arguments.name,
        .agent = domain::host_agent_from(arguments.agent.value_or("none")),
        .endpoint = arguments.endpoint.value_or(""),
        .enabled = yes_of(arguments.enabled).value_or(true)};
    check_endpoint(host.agent, host.endpoint);
    PlacementParts parts;
    parts.change(
        [&](store::Session& session, const std::string& actor) { parts.placement.add_host(session, arguments.cluster, host, actor); });
    out << "host " << arguments.cluster << '/' << host.name << " is added\n";
}

void set_host(std::ostream& out, const HostArguments& arguments)
{
    const auto agent = arguments.agent ? std::optional{domain::host_agent_from(*arguments.agent)} : std::nullopt;
    PlacementParts parts;
    const auto map = parts.placement.map();
    for (const auto& host : map.hosts)
        if (map.cluster_name(host.cluster) == arguments.cluster && host.name == arguments.name)
            check_endpoint(agent.value_or(host.agent), arguments.endpoint.value_or(host.endpoint));
    parts.change([&](store::Session& session, const std::string& actor) {
        parts.placement.change_host(
            session, arguments.cluster, arguments.name, {agent, arguments.endpoint, yes_of(arguments.enabled)}, actor);
    });
    out << "host " << arguments.cluster << '/' << arguments.name << " is changed\n";
}

void remove_host(std::ostream& out, const HostArguments& arguments)
{
    PlacementParts parts;
    parts.change([&](store::Session& session, const std::string& actor) {
        parts.placement.remove_host(session, arguments.cluster, arguments.name, actor);
    });
    out << "host " << arguments.cluster << '/' << arguments.name << " is forgotten\n";
}

} // namespace

void add_host_commands(CLI::App& cli, std::ostream& out)
{
    static HostArguments host;
    static std::string format{"table"};

    auto* hosts = cli.add_subcommand("host", "what runs machines")->require_subcommand(1);
    add_list(*hosts, "all of them", format)->callback([&out] { list_hosts(out, format); });
    const auto host_command = [=](const char* name, const char* what) {
        auto* command = hosts->add_subcommand(name, what);
        command->add_option("cluster", host.cluster)->required();
        command->add_option("name", host.name)->required();
        command->add_option("--agent", host.agent, "how its guests are spoken to")->check(CLI::IsMember({"none", "qmp", "virsh"}));
        command->add_option("--endpoint", host.endpoint, "qmp: the folder of the sockets; virsh: a URI");
        command->add_option("--enabled", host.enabled, "yes: it takes new machines")->check(CLI::IsMember({"yes", "no"}));
        return command;
    };
    host_command("add", "make one known")->callback([&out] { add_host(out, host); });
    host_command("set", "change one; what is not given stays")->callback([&out] { set_host(out, host); });
    auto* remove = hosts->add_subcommand("remove", "forget one on which no machine runs");
    remove->add_option("cluster", host.cluster)->required();
    remove->add_option("name", host.name)->required();
    remove->callback([&out] { remove_host(out, host); });
}

} // namespace app
