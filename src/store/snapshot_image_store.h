#pragma once
#include "domain/placement.h"
#include "domain/snapshot_sweep.h"
#include "store/database.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// Rows of `snapshot_images`: where a snapshot's images were when it was taken.
class SnapshotImageStore {
public:
    explicit SnapshotImageStore(Session& session) : session_{session} {}

    /// Writes down what the snapshot is to be taken of, before storage is asked; of an earlier attempt nothing is left.
    void keep(const domain::Uuid& snapshot, const std::vector<domain::PlacedImage>& images);

    /// The snapshot's images by ordinal, and the host on which their machine is now; none if its taking never began.
    std::vector<domain::PlacedImage> of(const domain::Uuid& snapshot);

    /// Storage has listed all of them.
    void note_present(const domain::Uuid& snapshot, domain::Instant now);

    // For the sweep of a pool.

    /// The pools that were not swept in so long; this one sweeps them from now on.
    std::vector<domain::Pool> claim_due_pools(std::chrono::seconds every);

    /// The pool's images in which snapshots of ours may be, by name, from the first after `after`. Their cluster is left out.
    std::vector<domain::PlacedImage> images_in(const domain::Pool& pool, const std::string& after, int limit);

    /// The ready snapshots of an image.
    std::vector<domain::KnownSnapshot> ready_in(std::int64_t pool, const std::string& image);

    /// Those of an image that have one of these names, in whatever state they are; `settled_after` in it they count as settled.
    std::vector<domain::KnownSnapshot> named_in(
        std::int64_t pool, const std::string& image, const std::vector<std::string>& names, std::chrono::seconds settled_after);

    /// Of this image, storage has listed these snapshots again.
    void note_seen(std::int64_t pool, const std::string& image, const std::vector<domain::Uuid>& snapshots, domain::Instant now);

    /// When all of the snapshot's images were listed last; nullopt: never.
    std::optional<domain::Instant> last_seen(const domain::Uuid& snapshot);

    void note_gone(const domain::Uuid& snapshot, std::int64_t pool, const std::string& image);

    /// True while a snapshot is at work on the machine.
    bool is_busy(const domain::Uuid& machine);

    /// Replaces what is known of the image's strays. @returns those that are new.
    std::vector<std::string> note_strays(
        std::int64_t pool, const std::string& image, const std::vector<std::string>& names, domain::Instant now);

private:
    Session& session_;
};

} // namespace store
