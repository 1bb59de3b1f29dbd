#pragma once
#include "domain/placement.h"
#include "gateway/storage.h"

#include <memory>
#include <string>

namespace gateway {

/// qcow2 files in folders below one directory, through qemu-img, and through the machine's QEMU while it runs; snapshots are
/// internal ones.
std::unique_ptr<Storage> make_qcow2_storage(const std::string& directory);

/// Images in Ceph, through the rbd tool, as `user` of the cluster that the file `conf` describes.
std::unique_ptr<Storage> make_rbd_storage(const std::string& conf, const std::string& user);

/// The storage of each cluster.
class StorageSet {
public:
    virtual ~StorageSet() = default;

    /// Stays valid as long as the set. Safe for many threads.
    virtual Storage& of(const domain::Cluster& cluster) = 0;
};

/// `local_directory` is where local clusters are that name no directory of their own.
std::unique_ptr<StorageSet> make_storage_set(const std::string& local_directory);

/// How a driver is told of the image.
Image image_of(const domain::PlacedImage& placed);

} // namespace gateway
