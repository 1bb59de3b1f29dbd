#include "domain/uuid.h"
#include "gateway/qcow2_image.h"
#include "gateway/qcow2_running_image.h"
#include "gateway/random_uuid.h"
#include "gateway/storage_set.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto create_limit = std::chrono::seconds{30};
constexpr auto lock_patience = std::chrono::seconds{15};
constexpr auto stale_after = std::chrono::minutes{10};
constexpr std::int64_t gib = std::int64_t{1} << 30;
constexpr std::string_view file_suffix{".qcow2"};

/// A snapshot's name must never look like one of qemu's own numeric ids.
bool is_snapshot_name(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    return uuid && uuid->text() == text;
}

/// Names become parts of paths.
bool is_file_name(const std::string& text)
{
    constexpr std::string_view allowed{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"};
    return !text.empty() && text.size() <= 96 && text.front() != '.' && text.front() != '-'
        && text.find_first_not_of(allowed) == std::string::npos;
}

bool is_place(const Image& image) { return is_file_name(image.name) && (image.pool == "." || is_file_name(image.pool)); }

void sync_directory(const fs::path& directory)
{
    const Descriptor descriptor{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    ::fsync(descriptor.get());
}

/// Gives the part its name: whole or not at all, and never in the place of another file.
StorageAnswer publish(const fs::path& part, const fs::path& file)
{
    const Descriptor descriptor{::open(part.c_str(), O_RDWR | O_CLOEXEC)};
    if (!descriptor.is_open() || ::fsync(descriptor.get()) != 0) return storage_answer_of(errno);
    if (::link(part.c_str(), file.c_str()) == 0) return StorageAnswer::done;
    return errno == EEXIST ? StorageAnswer::exists : storage_answer_of(errno);
}

void remove_stale_parts(const fs::path& directory)
{
    std::error_code error;
    for (fs::directory_iterator entry{directory, error}, end; !error && entry != end; entry.increment(error)) {
        std::error_code gone; // by another process that cleans up
        if (entry->path().extension() != ".part") continue;
        const auto written = entry->last_write_time(gone);
        if (!gone && fs::file_time_type::clock::now() - written > stale_after) fs::remove(entry->path(), gone);
    }
}

class Qcow2Storage final : public Storage {
public:
    explicit Qcow2Storage(const std::string& directory) : directory_{fs::absolute(directory)} {}

    StorageAnswer create_image(const Image& image, int size_gib) override;
    StorageAnswer grow_image(const Image& image, int size_gib) override;
    StorageAnswer remove_image(const Image& image) override;
    StorageAnswer create_snapshot(const Image& image, const std::string& snapshot, std::chrono::seconds limit) override;
    StorageAnswer remove_snapshot(const Image& image, const std::string& snapshot) override;
    StorageAnswer restore_snapshot(const Image& image, const std::string& snapshot) override;
    SnapshotListing list_snapshots(const Image& image) override;
    ImageListing list_images(const std::string& pool, const std::string& pool_namespace) override;
    ImageSize image_size(const Image& image) override;
    StorageAnswer repair(const Image& image) override;

private:
    struct Lock {
        StorageAnswer answer{StorageAnswer::unavailable};
        Descriptor descriptor{};
    };

    fs::path folder_of(const Image& image) const { return directory_ / image.pool; }
    fs::path file_of(const Image& image) const { return folder_of(image) / (image.name + std::string{file_suffix}); }
    fs::path lock_of(const Image& image) const { return folder_of(image) / (image.name + ".lock"); }

    StorageAnswer presence(const Image& image) const;
    Lock lock(const Image& image) const;

    /// Does `work` on an image that is there, under its lock.
    template <class Work> StorageAnswer locked(const Image& image, const Work& work) const
    {
        if (!is_place(image)) return StorageAnswer::denied;
        // Looked at first, so that asking for an image that never was leaves no lock file behind.
        if (const auto found = presence(image); found != StorageAnswer::done) return found;
        const auto held = lock(image);
        return held.answer == StorageAnswer::done ? work(Qcow2Image{file_of(image), held.descriptor}) : held.answer;
    }

    fs::path directory_;
};

/// Without its folder (a mount that is missing) nothing can be said of an image, least of all that it is gone.
StorageAnswer Qcow2Storage::presence(const Image& image) const
{
    if (::access(file_of(image).c_str(), F_OK) == 0) return StorageAnswer::done;
    if (errno != ENOENT) return storage_answer_of(errno);
    return ::access(folder_of(image).c_str(), F_OK) == 0 ? StorageAnswer::not_found : StorageAnswer::unavailable;
}

Qcow2Storage::Lock Qcow2Storage::lock(const Image& image) const
{
    const auto path = lock_of(image);
    for (const auto deadline = Clock::now() + lock_patience; Clock::now() < deadline;) {
        Descriptor descriptor{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
        if (!descriptor.is_open()) return {.answer = storage_answer_of(errno), .descriptor = {}};
        if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK && errno != EINTR) return {.answer = storage_answer_of(errno), .descriptor = {}};
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
            continue;
        }
        // It may have been removed with its image while we waited, and a lock on a removed file excludes nobody.
        struct stat ours {
        }, present{};
        if (::fstat(descriptor.get(), &ours) == 0 && ::stat(path.c_str(), &present) == 0 && ours.st_ino == present.st_ino
            && ours.st_dev == present.st_dev)
            return {.answer = StorageAnswer::done, .descriptor = std::move(descriptor)};
    }
    return {.answer = StorageAnswer::busy, .descriptor = {}};
}

StorageAnswer Qcow2Storage::create_image(const Image& image, int size_gib)
{
    if (!is_place(image) || size_gib <= 0) return StorageAnswer::denied;
    const auto found = presence(image);
    if (found != StorageAnswer::not_found) return found == StorageAnswer::done ? StorageAnswer::exists : found;

    const auto folder = folder_of(image);
    remove_stale_parts(folder);
    const auto part = folder / (image.name + "." + random_uuid().text() + ".part");
    const auto size = std::to_string(size_gib) + "G";
    const auto made = run_child({"qemu-img", "create", "-q", "-f", "qcow2", "-o", "compat=1.1", part, size}, create_limit);
    log_unless_done("create", part, made);
    // A part is not the image: also of a call that was killed we know that there is none.
    auto answer = ::access(folder.c_str(), W_OK) == 0 ? StorageAnswer::unavailable : storage_answer_of(errno);
    if (is_done(made)) answer = publish(part, file_of(image));
    ::unlink(part.c_str());
    sync_directory(folder);
    return answer;
}

StorageAnswer Qcow2Storage::grow_image(const Image& image, int size_gib)
{
    if (size_gib <= 0) return StorageAnswer::denied;
    return locked(image, [&](const Qcow2Image& qcow2) {
        Qcow2RunningImage running{image.monitor, qcow2.file()};
        if (running.presence() == StorageAnswer::unavailable) return StorageAnswer::unavailable;
        if (running.presence() == StorageAnswer::done) return running.grow(size_gib * gib);
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done || state.size_bytes >= size_gib * gib) return state.answer;
        return qcow2.change({"resize", "-q", "-f", "qcow2"}, {std::to_string(size_gib) + "G"});
    });
}

StorageAnswer Qcow2Storage::remove_image(const Image& image)
{
    if (!is_place(image)) return StorageAnswer::denied;
    const auto held = lock(image); // also if the image is gone: a call killed half way left its lock file
    if (held.answer != StorageAnswer::done) return held.answer;
    auto answer = presence(image);
    if (answer == StorageAnswer::done) answer = Qcow2Image{file_of(image), held.descriptor}.remove();
    if (answer == StorageAnswer::done || answer == StorageAnswer::not_found) ::unlink(lock_of(image).c_str());
    sync_directory(folder_of(image));
    return answer;
}

/// qemu-img makes a second snapshot of the same name without a word, hence the look before.
StorageAnswer Qcow2Storage::create_snapshot(const Image& image, const std::string& snapshot, std::chrono::seconds limit)
{
    if (!is_snapshot_name(snapshot)) return StorageAnswer::denied;
    return locked(image, [&](const Qcow2Image& qcow2) {
        Qcow2RunningImage running{image.monitor, qcow2.file()};
        if (running.presence() == StorageAnswer::unavailable) return StorageAnswer::unavailable;
        if (running.presence() == StorageAnswer::done) return running.create_snapshot(snapshot, limit);
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done) return state.answer;
        if (state.has(snapshot)) return StorageAnswer::exists;
        return qcow2.change({"snapshot", "-q", "-c", snapshot});
    });
}

StorageAnswer Qcow2Storage::remove_snapshot(const Image& image, const std::string& snapshot)
{
    if (!is_snapshot_name(snapshot)) return StorageAnswer::denied;
    return locked(image, [&](const Qcow2Image& qcow2) {
        Qcow2RunningImage running{image.monitor, qcow2.file()};
        if (running.presence() == StorageAnswer::unavailable) return StorageAnswer::unavailable;
        if (running.presence() == StorageAnswer::done) return running.remove_snapshot(snapshot);
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done) return state.answer;
        if (!state.has(snapshot)) return StorageAnswer::not_found;
        return qcow2.change({"snapshot", "-q", "-d", snapshot});
    });
}

/// QEMU's lock on the file refuses it while a machine runs.
StorageAnswer Qcow2Storage::restore_snapshot(const Image& image, const std::string& snapshot)
{
    if (!is_snapshot_name(snapshot)) return StorageAnswer::denied;
    return locked(image, [&](const Qcow2Image& qcow2) {
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done) return state.answer;
        if (!state.has(snapshot)) return StorageAnswer::not_found;
        return qcow2.change({"snapshot", "-q", "-a", snapshot});
    });
}

/// Waits for changes under way: what a child still at work is about to make must not be listed as absent.
SnapshotListing Qcow2Storage::list_snapshots(const Image& image)
{
    SnapshotListing listing;
    listing.answer = locked(image, [&](const Qcow2Image& qcow2) {
        auto state = qcow2.shared_state();
        listing.names = std::move(state.snapshots);
        return state.answer;
    });
    return listing;
}

ImageListing Qcow2Storage::list_images(const std::string& pool, const std::string&)
{
    if (pool != "." && !is_file_name(pool)) return {.answer = StorageAnswer::denied, .names = {}};
    ImageListing listing{.answer = StorageAnswer::done, .names = {}};
    std::error_code error;
    for (fs::directory_iterator entry{directory_ / pool, error}, end; !error && entry != end; entry.increment(error))
        if (entry->path().extension() == file_suffix) listing.names.push_back(entry->path().stem());
    if (error) return {.answer = storage_answer_of(error.value()), .names = {}};
    return listing;
}

ImageSize Qcow2Storage::image_size(const Image& image)
{
    ImageSize size;
    size.answer = locked(image, [&](const Qcow2Image& qcow2) {
        const auto state = qcow2.shared_state();
        size.bytes = state.size_bytes;
        return state.answer;
    });
    return size;
}

/// qemu-img ends with 0 only if a second check after the repair found nothing; corruption (2) and leaks that stayed (3)
/// are logged with their exit code.
StorageAnswer Qcow2Storage::repair(const Image& image)
{
    return locked(image, [](const Qcow2Image& qcow2) { return qcow2.change({"check", "-q", "-f", "qcow2", "-r", "leaks"}); });
}

} // namespace

std::unique_ptr<Storage> make_qcow2_storage(const std::string& directory) { return std::make_unique<Qcow2Storage>(directory); }

} // namespace gateway
