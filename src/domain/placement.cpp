#include "domain/placement.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(ClusterDriver driver)
{
    switch (driver) {
    case ClusterDriver::local: return "local";
    case ClusterDriver::rbd: return "rbd";
    }
    throw std::domain_error{"no such cluster driver"};
}

ClusterDriver cluster_driver_from(std::string_view text)
{
    for (const auto driver : {ClusterDriver::local, ClusterDriver::rbd})
        if (to_text(driver) == text) return driver;
    throw std::domain_error{"no such cluster driver"};
}

std::string_view to_text(HostAgent agent)
{
    switch (agent) {
    case HostAgent::none: return "none";
    case HostAgent::qmp: return "qmp";
    case HostAgent::virsh: return "virsh";
    }
    throw std::domain_error{"no such host agent"};
}

HostAgent host_agent_from(std::string_view text)
{
    for (const auto agent : {HostAgent::none, HostAgent::qmp, HostAgent::virsh})
        if (to_text(agent) == text) return agent;
    throw std::domain_error{"no such host agent"};
}

std::string place_of(const Cluster& cluster, const Pool& pool)
{
    return cluster.name + '/' + pool.name + (pool.pool_namespace.empty() ? "" : '/' + pool.pool_namespace);
}

} // namespace domain
