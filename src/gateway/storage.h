#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway {

/// What storage said. `unknown`: it may have happened or may still happen; list and act on what is there.
enum class StorageAnswer { done, exists, not_found, busy, denied, unavailable, unknown };

/// A disk of a machine: where it lies, and what it is called there.
struct Image {
    std::string pool{};           ///< local: a folder, "." is the storage's own
    std::string pool_namespace{}; ///< of rbd; empty: none
    std::string name{};
    std::string monitor{}; ///< the socket under which the machine's QEMU takes commands while it runs; empty: none is known
    bool is_off{false};    ///< its machine is known to be: a lock whose holder is silent is then a killed tool's, and is broken
};

struct SnapshotListing {
    StorageAnswer answer{StorageAnswer::unknown};
    std::vector<std::string> names{};
};

struct ImageListing {
    StorageAnswer answer{StorageAnswer::unknown};
    std::vector<std::string> names{};
};

struct ImageSize {
    StorageAnswer answer{StorageAnswer::unknown};
    std::int64_t bytes{0}; ///< what the machine sees, not what is used
};

/// After so long a snapshot that is being taken of a running machine is given up: the answer is then `unknown`.
inline constexpr std::chrono::seconds snapshot_limit{60};

/// One cluster's images and their snapshots, which are all named by uuids of ours. Every verb may be repeated: create is
/// "make it so". Calls block up to their deadline and never throw for what storage does.
class Storage {
public:
    virtual ~Storage() = default;

    /// An empty image of that size; `exists` if there is one of the name, whatever its size.
    virtual StorageAnswer create_image(const Image& image, int size_gib) = 0;

    /// Grows an image to that size; done if it is as large already.
    virtual StorageAnswer grow_image(const Image& image, int size_gib) = 0;

    /// Removes an image that has no snapshots; `busy` if it has, `not_found` if it is gone.
    virtual StorageAnswer remove_image(const Image& image) = 0;

    /// The image as it is at this moment; also while its machine runs, where the guest should be frozen meanwhile.
    virtual StorageAnswer create_snapshot(const Image& image, const std::string& snapshot, std::chrono::seconds limit = snapshot_limit) = 0;
    virtual StorageAnswer remove_snapshot(const Image& image, const std::string& snapshot) = 0;

    /// Puts the image back to what it was at the snapshot, its size included. `busy` while the machine runs.
    virtual StorageAnswer restore_snapshot(const Image& image, const std::string& snapshot) = 0;

    virtual SnapshotListing list_snapshots(const Image& image) = 0;
    virtual ImageListing list_images(const std::string& pool, const std::string& pool_namespace) = 0;
    virtual ImageSize image_size(const Image& image) = 0;

    /// Repairs what a killed call may have left behind (leaked clusters). The machine must be off.
    virtual StorageAnswer repair(const Image& image) = 0;
};

} // namespace gateway
