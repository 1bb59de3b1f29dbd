#pragma once
#include <memory>
#include <optional>
#include <ostream>
#include <string>

namespace app {

struct ClusterArguments {
    std::string name{}, driver{"local"};
    std::optional<std::string> location{}, ceph_user{};
    std::optional<std::string> enabled{}; ///< yes or no
};

struct PoolArguments {
    std::string cluster{}, name{}, pool_namespace{};
    std::string enabled{}; ///< yes or no
};

struct HostArguments {
    std::string cluster{}, name{};
    std::optional<std::string> agent{}, endpoint{};
    std::optional<std::string> enabled{}; ///< yes or no
};

struct ImageArguments {
    std::string machine{}, cluster{}, pool{}, pool_namespace{}, name{};
    int ordinal{0};
    int size_gib{0};
};

struct MachineArguments {
    std::string machine{};
    std::optional<std::string> host{};   ///< CLUSTER/NAME or none
    std::optional<std::string> freeze{}; ///< yes or no
};

/// The operator's commands on clusters, pools, hosts, images and machines. Throws what the services throw, std::invalid_argument for
/// arguments that make no sense. `format` is table or json.
class PlacementCommands {
public:
    explicit PlacementCommands(std::ostream& out);
    ~PlacementCommands();

    void list_clusters(const std::string& format);
    void add_cluster(const ClusterArguments& arguments);
    void set_cluster(const ClusterArguments& arguments);
    void remove_cluster(const ClusterArguments& arguments);
    void list_pools(const std::string& format);
    void add_pool(const PoolArguments& arguments);
    void set_pool(const PoolArguments& arguments);
    void remove_pool(const PoolArguments& arguments);
    void list_hosts(const std::string& format);
    void add_host(const HostArguments& arguments);
    void set_host(const HostArguments& arguments);
    void remove_host(const HostArguments& arguments);

    /// Of a machine, or the newest 100.
    void list_images(const std::string& machine, const std::string& format);
    void add_image(const ImageArguments& arguments);
    void remove_image(const ImageArguments& arguments);
    void set_machine(const MachineArguments& arguments);

    /// The machine shall be off, or on again.
    void switch_machine(const MachineArguments& arguments, bool on);

    /// What is left of a machine whose order is over is taken away.
    void end_machine(const MachineArguments& arguments);

    /// Returns what the program ends with: 1 if something is left that does not agree.
    int sync(bool apply, const std::string& format);

private:
    struct Parts;
    Parts& parts();

    std::ostream& out_;
    std::unique_ptr<Parts> parts_;
};

} // namespace app
