#pragma once
#include <memory>
#include <string>
#include <vector>

namespace gateway {

/// What storage said. `unknown`: it may have happened or may still happen; list and act on what is there.
enum class StorageAnswer { done, exists, not_found, busy, denied, unavailable, unknown };

struct SnapshotListing {
    StorageAnswer answer{StorageAnswer::unknown};
    std::vector<std::string> names{};
};

/// Images and their snapshots, all named by uuids of ours. Every verb may be repeated: create is "make it so".
/// Calls block up to their deadline and never throw for what storage does.
class Storage {
public:
    virtual ~Storage() = default;

    /// An empty image of that size; `exists` if there is one of the name, whatever its size.
    virtual StorageAnswer create_image(const std::string& image, int size_gib) = 0;

    /// Grows an image to that size; done if it is as large already.
    virtual StorageAnswer grow_image(const std::string& image, int size_gib) = 0;

    /// Removes an image that has no snapshots; `busy` if it has, `not_found` if it is gone.
    virtual StorageAnswer remove_image(const std::string& image) = 0;

    virtual StorageAnswer create_snapshot(const std::string& image, const std::string& snapshot) = 0;
    virtual StorageAnswer remove_snapshot(const std::string& image, const std::string& snapshot) = 0;

    /// Puts the image back to what it was at the snapshot. The machine must be off.
    virtual StorageAnswer restore_snapshot(const std::string& image, const std::string& snapshot) = 0;

    virtual SnapshotListing list_snapshots(const std::string& image) = 0;

    /// Repairs what a killed call may have left behind (leaked clusters). The machine must be off.
    virtual StorageAnswer repair(const std::string& image) = 0;
};

/// qcow2 files in one directory, through qemu-img; snapshots are internal ones.
std::unique_ptr<Storage> make_qcow2_storage(const std::string& directory);

} // namespace gateway
