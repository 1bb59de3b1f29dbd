#include "domain/uuid.h"
#include "gateway/child_process.h"
#include "gateway/random_uuid.h"
#include "gateway/storage.h"
#include "logging/log.h"

#include <jansson.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto create_limit = std::chrono::seconds{30};
constexpr auto change_limit = std::chrono::seconds{60};
constexpr auto lock_patience = std::chrono::seconds{15};
constexpr auto stale_after = std::chrono::minutes{10};
constexpr std::int64_t gib = std::int64_t{1} << 30;

/// Names become parts of paths, and a snapshot's name must never look like one of qemu's own numeric ids.
bool is_name(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    return uuid && uuid->text() == text;
}

StorageAnswer answer_of(int error) { return error == EACCES || error == EPERM ? StorageAnswer::denied : StorageAnswer::unavailable; }

std::string_view name_of(ChildEnd end)
{
    switch (end) {
    case ChildEnd::exited: return "exit";
    case ChildEnd::signalled: return "signal";
    case ChildEnd::killed_at_deadline: return "deadline";
    case ChildEnd::not_started: return "not_started";
    }
    return "";
}

bool is_done(const ChildResult& result) { return result.end == ChildEnd::exited && result.code == 0; }

void log_unless_done(std::string_view verb, const fs::path& file, const ChildResult& result)
{
    if (is_done(result)) return;
    logging::event("warning", "qemu_img_failed",
        {{"verb", verb}, {"file", file.filename().string()}, {"end", name_of(result.end)}, {"code", std::to_string(result.code)},
            {"text", std::string_view{result.errors}.substr(0, 300)}});
}

void sync_directory(const fs::path& directory)
{
    const Descriptor descriptor{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    ::fsync(descriptor.get());
}

/// Gives the part its name: whole or not at all, and never in the place of another file.
StorageAnswer publish(const fs::path& part, const fs::path& file)
{
    const Descriptor descriptor{::open(part.c_str(), O_RDWR | O_CLOEXEC)};
    if (!descriptor.is_open() || ::fsync(descriptor.get()) != 0) return answer_of(errno);
    if (::link(part.c_str(), file.c_str()) == 0) return StorageAnswer::done;
    return errno == EEXIST ? StorageAnswer::exists : answer_of(errno);
}

/// What `qemu-img info` tells; the rest holds only if the answer is `done`.
struct ImageState {
    StorageAnswer answer{StorageAnswer::unavailable};
    std::int64_t size_bytes{0};
    std::vector<std::string> snapshots{};

    bool has(const std::string& snapshot) const { return std::ranges::find(snapshots, snapshot) != snapshots.end(); }
};

ImageState parse_info(const std::string& text)
{
    struct Release {
        void operator()(json_t* value) const noexcept { json_decref(value); }
    };
    const std::unique_ptr<json_t, Release> info{json_loadb(text.data(), text.size(), 0, nullptr)};
    const auto* size = json_object_get(info.get(), "virtual-size");
    if (!json_is_integer(size)) return {};

    ImageState state{.answer = StorageAnswer::done, .size_bytes = json_integer_value(size), .snapshots = {}};
    std::size_t at = 0;
    const json_t* snapshot = nullptr;
    json_array_foreach(json_object_get(info.get(), "snapshots"), at, snapshot)
    {
        const char* name = json_string_value(json_object_get(snapshot, "name"));
        if (name) state.snapshots.emplace_back(name);
    }
    return state;
}

/// One image while no other call is about it, in this process or another.
class LockedImage {
public:
    LockedImage(fs::path file, const Descriptor& lock) : file_{std::move(file)}, lock_{lock} {}

    /// `busy` while a machine has the image open.
    ImageState state() const { return read({"info", "--output=json", "-f", "qcow2"}); }

    /// Also while a machine has the image open.
    ImageState shared_state() const { return read({"info", "-U", "--output=json", "-f", "qcow2"}); }

    /// Runs `qemu-img COMMAND… FILE LAST…`.
    StorageAnswer change(std::vector<std::string> command, const std::vector<std::string>& last = {}) const
    {
        const auto result = run(std::move(command), last);
        if (result.end == ChildEnd::not_started) return answer_of(result.code);
        if (result.end != ChildEnd::exited) return StorageAnswer::unknown;
        return is_done(result) ? StorageAnswer::done : reason_of(result);
    }

    /// Removes the file if it has no snapshots.
    StorageAnswer remove() const
    {
        const auto found = state();
        if (found.answer != StorageAnswer::done) return found.answer;
        if (!found.snapshots.empty()) return StorageAnswer::busy;
        return ::unlink(file_.c_str()) == 0 ? StorageAnswer::done : answer_of(errno);
    }

private:
    ImageState read(std::vector<std::string> command) const
    {
        const auto result = run(std::move(command), {});
        if (result.end != ChildEnd::exited) return {};
        if (result.code == 0) return parse_info(result.output);
        return {.answer = reason_of(result), .size_bytes = 0, .snapshots = {}};
    }

    /// The child holds the lock, too: nobody starts anew while a child is still at work whose parent was killed.
    ChildResult run(std::vector<std::string> argv, const std::vector<std::string>& last) const
    {
        argv.insert(argv.begin(), "qemu-img");
        argv.push_back(file_);
        argv.insert(argv.end(), last.begin(), last.end());
        auto result = run_child(argv, change_limit, &lock_);
        log_unless_done(argv[1], file_, result);
        return result;
    }

    /// All of qemu-img's failures have exit code 1, so the state counts, and its text only for what no state shows.
    StorageAnswer reason_of(const ChildResult& result) const
    {
        std::error_code error;
        if (!fs::exists(file_, error) && !error) return StorageAnswer::not_found;
        const bool open_elsewhere =
            result.errors.find("Failed to get ") != std::string::npos && result.errors.find(" lock") != std::string::npos;
        return open_elsewhere ? StorageAnswer::busy : StorageAnswer::unavailable;
    }

    fs::path file_;
    const Descriptor& lock_;
};

class Qcow2Storage final : public Storage {
public:
    explicit Qcow2Storage(const std::string& directory) : directory_{fs::absolute(directory)} { remove_stale_parts(); }

    StorageAnswer create_image(const std::string& image, int size_gib) override;
    StorageAnswer grow_image(const std::string& image, int size_gib) override;
    StorageAnswer remove_image(const std::string& image) override;
    StorageAnswer create_snapshot(const std::string& image, const std::string& snapshot) override;
    StorageAnswer remove_snapshot(const std::string& image, const std::string& snapshot) override;
    StorageAnswer restore_snapshot(const std::string& image, const std::string& snapshot) override;
    SnapshotListing list_snapshots(const std::string& image) override;
    StorageAnswer repair(const std::string& image) override;

private:
    struct Lock {
        StorageAnswer answer{StorageAnswer::unavailable};
        Descriptor descriptor{};
    };

    fs::path file_of(const std::string& image) const { return directory_ / (image + ".qcow2"); }
    fs::path lock_of(const std::string& image) const { return directory_ / (image + ".lock"); }

    StorageAnswer presence(const std::string& image) const;
    Lock lock(const std::string& image) const;
    void remove_stale_parts() const;

    /// Does `work` on an image that is there, under its lock.
    template <class Work> StorageAnswer locked(const std::string& image, const Work& work) const
    {
        if (!is_name(image)) return StorageAnswer::denied;
        // Looked at first, so that asking for an image that never was leaves no lock file behind.
        if (const auto found = presence(image); found != StorageAnswer::done) return found;
        const auto held = lock(image);
        return held.answer == StorageAnswer::done ? work(LockedImage{file_of(image), held.descriptor}) : held.answer;
    }

    fs::path directory_;
};

/// Without its directory (a mount that is missing) nothing can be said of an image, least of all that it is gone.
StorageAnswer Qcow2Storage::presence(const std::string& image) const
{
    if (::access(file_of(image).c_str(), F_OK) == 0) return StorageAnswer::done;
    if (errno != ENOENT) return answer_of(errno);
    return ::access(directory_.c_str(), F_OK) == 0 ? StorageAnswer::not_found : StorageAnswer::unavailable;
}

Qcow2Storage::Lock Qcow2Storage::lock(const std::string& image) const
{
    const auto path = lock_of(image);
    for (const auto deadline = Clock::now() + lock_patience; Clock::now() < deadline;) {
        Descriptor descriptor{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
        if (!descriptor.is_open()) return {.answer = answer_of(errno), .descriptor = {}};
        if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK && errno != EINTR) return {.answer = answer_of(errno), .descriptor = {}};
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

void Qcow2Storage::remove_stale_parts() const
{
    std::error_code error;
    for (fs::directory_iterator entry{directory_, error}, end; !error && entry != end; entry.increment(error)) {
        std::error_code gone; // by another process that cleans up
        if (entry->path().extension() != ".part") continue;
        const auto written = entry->last_write_time(gone);
        if (!gone && fs::file_time_type::clock::now() - written > stale_after) fs::remove(entry->path(), gone);
    }
}

StorageAnswer Qcow2Storage::create_image(const std::string& image, int size_gib)
{
    if (!is_name(image) || size_gib <= 0) return StorageAnswer::denied;
    const auto found = presence(image);
    if (found != StorageAnswer::not_found) return found == StorageAnswer::done ? StorageAnswer::exists : found;

    const auto part = directory_ / (image + "." + random_uuid().text() + ".part");
    const auto size = std::to_string(size_gib) + "G";
    const auto made = run_child({"qemu-img", "create", "-q", "-f", "qcow2", "-o", "compat=1.1", part, size}, create_limit);
    log_unless_done("create", part, made);
    // A part is not the image: also of a call that was killed we know that there is none.
    auto answer = ::access(directory_.c_str(), W_OK) == 0 ? StorageAnswer::unavailable : answer_of(errno);
    if (is_done(made)) answer = publish(part, file_of(image));
    ::unlink(part.c_str());
    sync_directory(directory_);
    return answer;
}

StorageAnswer Qcow2Storage::grow_image(const std::string& image, int size_gib)
{
    if (size_gib <= 0) return StorageAnswer::denied;
    return locked(image, [&](const LockedImage& qcow2) {
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done || state.size_bytes >= size_gib * gib) return state.answer;
        return qcow2.change({"resize", "-q", "-f", "qcow2"}, {std::to_string(size_gib) + "G"});
    });
}

StorageAnswer Qcow2Storage::remove_image(const std::string& image)
{
    if (!is_name(image)) return StorageAnswer::denied;
    const auto held = lock(image); // also if the image is gone: a call killed half way left its lock file
    if (held.answer != StorageAnswer::done) return held.answer;
    auto answer = presence(image);
    if (answer == StorageAnswer::done) answer = LockedImage{file_of(image), held.descriptor}.remove();
    if (answer == StorageAnswer::done || answer == StorageAnswer::not_found) ::unlink(lock_of(image).c_str());
    sync_directory(directory_);
    return answer;
}

/// qemu-img makes a second snapshot of the same name without a word, hence the look before.
StorageAnswer Qcow2Storage::create_snapshot(const std::string& image, const std::string& snapshot)
{
    if (!is_name(snapshot)) return StorageAnswer::denied;
    return locked(image, [&](const LockedImage& qcow2) {
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done) return state.answer;
        if (state.has(snapshot)) return StorageAnswer::exists;
        return qcow2.change({"snapshot", "-q", "-c", snapshot});
    });
}

StorageAnswer Qcow2Storage::remove_snapshot(const std::string& image, const std::string& snapshot)
{
    if (!is_name(snapshot)) return StorageAnswer::denied;
    return locked(image, [&](const LockedImage& qcow2) {
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done) return state.answer;
        if (!state.has(snapshot)) return StorageAnswer::not_found;
        return qcow2.change({"snapshot", "-q", "-d", snapshot});
    });
}

StorageAnswer Qcow2Storage::restore_snapshot(const std::string& image, const std::string& snapshot)
{
    if (!is_name(snapshot)) return StorageAnswer::denied;
    return locked(image, [&](const LockedImage& qcow2) {
        const auto state = qcow2.state();
        if (state.answer != StorageAnswer::done) return state.answer;
        if (!state.has(snapshot)) return StorageAnswer::not_found;
        return qcow2.change({"snapshot", "-q", "-a", snapshot});
    });
}

/// Waits for changes under way: what a child still at work is about to make must not be listed as absent.
SnapshotListing Qcow2Storage::list_snapshots(const std::string& image)
{
    SnapshotListing listing;
    listing.answer = locked(image, [&](const LockedImage& qcow2) {
        auto state = qcow2.shared_state();
        listing.names = std::move(state.snapshots);
        return state.answer;
    });
    return listing;
}

/// qemu-img ends with 0 only if a second check after the repair found nothing; corruption (2) and leaks that stayed (3)
/// are logged with their exit code.
StorageAnswer Qcow2Storage::repair(const std::string& image)
{
    return locked(image, [](const LockedImage& qcow2) { return qcow2.change({"check", "-q", "-f", "qcow2", "-r", "leaks"}); });
}

} // namespace

std::unique_ptr<Storage> make_qcow2_storage(const std::string& directory) { return std::make_unique<Qcow2Storage>(directory); }

} // namespace gateway
