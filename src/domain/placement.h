#pragma once
#include "domain/uuid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// How a cluster is spoken to: qcow2 files in a directory, or Ceph's block devices.
enum class ClusterDriver { local, rbd };

std::string_view to_text(ClusterDriver driver);

/// @throws std::domain_error for any other text
ClusterDriver cluster_driver_from(std::string_view text);

/// One storage system. Holds no secret: what `location` names leads to the file with the key.
struct Cluster {
    std::int64_t id{0};
    std::string name{};
    ClusterDriver driver{ClusterDriver::local};
    std::string location{};  ///< local: a directory, empty: the configured one; rbd: a ceph.conf
    std::string ceph_user{}; ///< of rbd, without "client."
    bool enabled{true};      ///< new machines may come here

    friend auto operator<=>(const Cluster&, const Cluster&) = default;
};

struct Pool {
    std::int64_t id{0};
    std::int64_t cluster{0};
    std::string name{};           ///< local: a folder below the cluster's directory, "." is the directory itself
    std::string pool_namespace{}; ///< of rbd; empty: none
    bool enabled{true};           ///< takes new images
};

/// CLUSTER/POOL, with /NAMESPACE behind it if there is one.
std::string place_of(const Cluster& cluster, const Pool& pool);

/// How a host's machines and their guest agents are spoken to.
enum class HostAgent { none, qmp, virsh };

std::string_view to_text(HostAgent agent);

/// @throws std::domain_error for any other text
HostAgent host_agent_from(std::string_view text);

/// What runs machines.
struct Host {
    std::int64_t id{0};
    std::int64_t cluster{0};
    std::string name{};
    HostAgent agent{HostAgent::none};
    std::string endpoint{}; ///< qmp: the folder of the sockets; virsh: a connection URI
    bool enabled{true};     ///< takes new machines

    friend auto operator<=>(const Host&, const Host&) = default;
};

/// An image of a machine and all that is needed to reach it.
struct PlacedImage {
    std::int64_t id{0};
    Uuid machine{};
    int ordinal{0}; ///< 0: the one that the order sizes
    std::string name{};
    int size_gib{0};
    Pool pool{};
    Cluster cluster{};
    std::optional<Host> host{}; ///< the machine's; none: it runs nowhere that we know of
};

} // namespace domain
