#pragma once
#include "domain/placement.h"
#include "gateway/clock.h"
#include "service/machines.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// What operators say of clusters, pools, hosts and where machines are. Every change leaves a row in the audit log.
class Placement {
public:
    Placement(store::Database& database, gateway::Clock& clock) : database_{database}, clock_{clock} {}

    struct Map {
        std::vector<domain::Cluster> clusters{};
        std::vector<domain::Pool> pools{};
        std::vector<domain::Host> hosts{};

        /// The name of a cluster by its number.
        const std::string& cluster_name(std::int64_t id) const;
    };

    Map map();

    /// @throws domain::Refusal reference_in_use if the name is taken
    void add(store::Session& session, const domain::Cluster& cluster, const std::string& actor);

    /// Members that are given replace those of the cluster. @throws domain::Refusal not_found
    struct ClusterChange {
        std::optional<std::string> location{}, ceph_user{};
        std::optional<bool> enabled{};
    };
    void change(store::Session& session, const std::string& name, const ClusterChange& change, const std::string& actor);

    /// @throws domain::Refusal not_found, reference_in_use
    void add_pool(store::Session& session, const std::string& cluster, const domain::Pool& pool, const std::string& actor);

    /// @throws domain::Refusal not_found
    void enable_pool(store::Session& session, const std::string& cluster, const domain::Pool& pool, const std::string& actor);

    /// @throws domain::Refusal not_found, reference_in_use
    void add_host(store::Session& session, const std::string& cluster, const domain::Host& host, const std::string& actor);

    struct HostChange {
        std::optional<domain::HostAgent> agent{};
        std::optional<std::string> endpoint{};
        std::optional<bool> enabled{};
    };
    /// @throws domain::Refusal not_found
    void change_host(
        store::Session& session, const std::string& cluster, const std::string& name, const HostChange& change, const std::string& actor);

    /// The newest images, or those of a machine.
    std::vector<domain::PlacedImage> images(const std::optional<domain::Uuid>& machine, int limit);

    struct NewImage {
        domain::Uuid machine{};
        int ordinal{0};
        std::string cluster{}, pool{}, pool_namespace{}, name{};
        int size_gib{0};
    };
    /// Says that an image that exists belongs to a machine. @throws domain::Refusal not_found, reference_in_use
    void add_image(store::Session& session, const NewImage& image, const std::string& actor);

    /// Says where a machine runs, and whether its guest may be frozen. @throws domain::Refusal not_found
    struct MachineChange {
        std::optional<std::string> host{}; ///< CLUSTER/NAME, or "none"
        std::optional<bool> freezes{};
    };
    void change_machine(store::Session& session, const domain::Uuid& machine, const MachineChange& change, const std::string& actor);

    /// Stops or starts a member's machine as its member does. @throws domain::Refusal as Machines::stop() and start()
    void switch_machine(store::Session& session, Machines& machines, const domain::Uuid& machine, bool on, const std::string& actor);

    /// Lets the worker take away what is left of a machine whose order is over: asked of its program and of storage as at its end.
    /// @throws domain::Refusal not_found, order_state if its order is not over
    void end_machine(store::Session& session, const domain::Uuid& machine, const std::string& actor);

    /// Forgets a row. Nothing is removed where it stands for. What is in use is refused, with the names of some that use it.
    /// @throws domain::Refusal not_found, still_required
    void remove_cluster(store::Session& session, const std::string& name, const std::string& actor);
    void remove_pool(store::Session& session, const std::string& cluster, const domain::Pool& pool, const std::string& actor);
    void remove_host(store::Session& session, const std::string& cluster, const std::string& name, const std::string& actor);

    /// Forgets that an image belongs to a machine: not the one that its order pays for, and none of a machine with snapshots.
    /// @throws domain::Refusal not_found, still_required
    void remove_image(store::Session& session, const domain::Uuid& machine, int ordinal, const std::string& actor);

private:
    void audit(store::Session& session, const std::string& actor, const std::string& action, const std::string& subject,
        const std::string& detail);

    store::Database& database_;
    gateway::Clock& clock_;
};

} // namespace service
