#include "gateway/storage_set.h"

#include "gateway/guest.h"

#include <map>
#include <mutex>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace gateway {
namespace {

class DriverSet final : public StorageSet {
public:
    explicit DriverSet(std::string local_directory) : local_directory_{std::move(local_directory)} {}

    /// One for each way to reach a cluster: an operator may change the row while we run.
    Storage& of(const domain::Cluster& cluster) override
    {
        const std::lock_guard guard{mutex_};
        auto& storage = storages_[{cluster.driver, cluster.location, cluster.ceph_user}];
        if (!storage) storage = make(cluster);
        return *storage;
    }

private:
    std::unique_ptr<Storage> make(const domain::Cluster& cluster) const
    {
        switch (cluster.driver) {
        case domain::ClusterDriver::local: return make_qcow2_storage(cluster.location.empty() ? local_directory_ : cluster.location);
        case domain::ClusterDriver::rbd: return make_rbd_storage(cluster.location, cluster.ceph_user);
        }
        throw std::logic_error{"no such cluster driver"};
    }

    std::string local_directory_;
    std::mutex mutex_{};
    std::map<std::tuple<domain::ClusterDriver, std::string, std::string>, std::unique_ptr<Storage>> storages_{};
};

} // namespace

std::unique_ptr<StorageSet> make_storage_set(const std::string& local_directory) { return std::make_unique<DriverSet>(local_directory); }

Image image_of(const domain::PlacedImage& placed)
{
    const bool has_monitor = placed.host && placed.host->agent == domain::HostAgent::qmp;
    return {.pool = placed.pool.name,
        .pool_namespace = placed.pool.pool_namespace,
        .name = placed.name,
        .monitor = has_monitor ? monitor_socket(placed.host->endpoint, placed.machine) : std::string{}};
}

} // namespace gateway
