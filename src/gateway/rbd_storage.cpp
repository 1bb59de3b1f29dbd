#include "domain/uuid.h"
#include "gateway/child_process.h"
#include "gateway/json_document.h"
#include "gateway/storage_set.h"
#include "logging/log.h"

#include <algorithm>
#include <cerrno>

namespace gateway {
namespace {

using std::chrono::seconds;

/// How long Ceph's client waits for a monitor or an OSD, and after how long the tool is killed that did not give up by itself.
/// Without the former it waits for ever.
struct Limits {
    seconds wait{5};
    seconds kill{20};
};

/// Whose work grows with the image: all its objects are deleted, or written anew.
constexpr Limits whole_image{.wait = seconds{5}, .kill = std::chrono::minutes{15}};

constexpr std::int64_t gib = std::int64_t{1} << 30;

bool is_snapshot_name(const std::string& text)
{
    const auto uuid = domain::Uuid::parse(text);
    return uuid && uuid->text() == text;
}

/// "/" and "@" part names in rbd's own notation, and "-" begins an option.
bool is_rbd_name(const std::string& text)
{
    return !text.empty() && text.size() <= 96 && text.front() != '-' && text.find_first_of("/@ \t\n") == std::string::npos;
}

bool is_place(const std::string& pool, const std::string& pool_namespace)
{
    return is_rbd_name(pool) && (pool_namespace.empty() || is_rbd_name(pool_namespace));
}

bool is_image(const Image& image) { return is_place(image.pool, image.pool_namespace) && is_rbd_name(image.name); }

bool is_done(const ChildResult& result) { return result.end == ChildEnd::exited && result.code == 0; }

bool says(const ChildResult& result, std::string_view text) { return result.errors.find(text) != std::string::npos; }

bool is_reached(const ChildResult& result) { return !says(result, "couldn't connect to the cluster"); }

/// Nothing was asked of the image yet when it failed.
bool never_began(const ChildResult& result) { return !is_reached(result) || says(result, "error opening"); }

bool is_pool_missing(const ChildResult& result)
{
    return result.end == ChildEnd::exited && result.code == ENOENT && says(result, "error opening pool");
}

/// Somebody holds the image's lock and has not been heard of since: a tool that was killed, or a machine's QEMU that hangs. Ceph fences
/// whom it takes a lock from, and our key may fence nobody.
bool is_holder_silent(const ChildResult& result) { return says(result, "failed to blocklist lock owner"); }

/// What an exit code of the tool means, which is an errno; of a change that may have happened if nobody answered.
/// `erofs`: what EROFS says, by the verb.
StorageAnswer answer_of_change(const ChildResult& result, StorageAnswer erofs)
{
    if (result.end == ChildEnd::not_started) return StorageAnswer::unavailable;
    if (result.end != ChildEnd::exited) return StorageAnswer::unknown;
    if (result.code != 0 && is_holder_silent(result)) return erofs; // whatever code the verb makes of it
    switch (result.code) {
    case 0: return StorageAnswer::done;
    case EEXIST: return StorageAnswer::exists;
    case ENOENT: return is_reached(result) ? StorageAnswer::not_found : StorageAnswer::unavailable; // also if the key's file is missing
    case EBUSY:
    case ENOTEMPTY: return StorageAnswer::busy;
    case EPERM:
    case EACCES: return StorageAnswer::denied;
    case EROFS: return erofs;
    default: return never_began(result) ? StorageAnswer::unavailable : StorageAnswer::unknown;
    }
}

StorageAnswer answer_of_question(const ChildResult& result)
{
    const auto answer = answer_of_change(result, StorageAnswer::unavailable);
    return answer == StorageAnswer::unknown ? StorageAnswer::unavailable : answer;
}

class RbdStorage final : public Storage {
public:
    RbdStorage(std::string conf, std::string user) : conf_{std::move(conf)}, user_{std::move(user)} {}

    StorageAnswer create_image(const Image& image, int size_gib) override;
    StorageAnswer grow_image(const Image& image, int size_gib) override;
    StorageAnswer remove_image(const Image& image) override;
    StorageAnswer create_snapshot(const Image& image, const std::string& snapshot, seconds limit) override;
    StorageAnswer remove_snapshot(const Image& image, const std::string& snapshot) override;
    StorageAnswer restore_snapshot(const Image& image, const std::string& snapshot) override;
    SnapshotListing list_snapshots(const Image& image) override;
    ImageListing list_images(const std::string& pool, const std::string& pool_namespace) override;
    ImageSize image_size(const Image& image) override;
    StorageAnswer repair(const Image& image) override;

private:
    ChildResult rbd(std::vector<std::string> command, const std::string& pool, const std::string& pool_namespace, Limits limits = {}) const;
    ChildResult rbd(std::vector<std::string> command, const Image& image, Limits limits = {}) const;
    ChildResult change(std::vector<std::string> command, const Image& image, Limits limits = {}) const;

    std::string conf_;
    std::string user_;
};

ChildResult RbdStorage::rbd(
    std::vector<std::string> command, const std::string& pool, const std::string& pool_namespace, Limits limits) const
{
    const auto wait = std::to_string(limits.wait.count());
    std::vector<std::string> argv{"rbd"};
    if (!conf_.empty()) argv.insert(argv.end(), {"--conf", conf_});
    if (!user_.empty()) argv.insert(argv.end(), {"--id", user_});
    argv.insert(argv.end(), {"--client-mount-timeout", wait, "--rados-mon-op-timeout", wait, "--rados-osd-op-timeout", wait});
    argv.insert(argv.end(), command.begin(), command.end());
    argv.insert(argv.end(), {"--pool", pool});
    if (!pool_namespace.empty()) argv.insert(argv.end(), {"--namespace", pool_namespace});
    auto result = run_child(argv, limits.kill);
    if (!is_done(result))
        logging::event("warning", "rbd_failed",
            {{"command", command[0] + (command.size() > 1 && command[1][0] != '-' ? " " + command[1] : "")}, {"pool", pool},
                {"in_time", result.end == ChildEnd::exited ? "yes" : "no"}, {"code", std::to_string(result.code)},
                {"text", std::string_view{result.errors}.substr(0, 300)}});
    return result;
}

ChildResult RbdStorage::rbd(std::vector<std::string> command, const Image& image, Limits limits) const
{
    command.insert(command.end(), {"--image", image.name});
    return rbd(std::move(command), image.pool, image.pool_namespace, limits);
}

/// Takes the image over from a silent holder where that cannot be its machine, without fencing anybody: there is nobody left.
ChildResult RbdStorage::change(std::vector<std::string> command, const Image& image, Limits limits) const
{
    auto result = rbd(command, image, limits);
    if (is_done(result) || !image.is_off || !is_holder_silent(result)) return result;
    logging::event("warning", "rbd_lock_of_killed_tool_broken", {{"pool", image.pool}, {"image", image.name}});
    command.emplace_back("--rbd-blocklist-on-break-lock=false");
    return rbd(std::move(command), image, limits);
}

/// A creation that was cut off may leave a name without an image behind it, which the tool then calls taken.
StorageAnswer RbdStorage::create_image(const Image& image, int size_gib)
{
    if (!is_image(image) || size_gib <= 0) return StorageAnswer::denied;
    const auto create = [&] {
        return answer_of_change(rbd({"create", "--size", std::to_string(size_gib) + "G"}, image), StorageAnswer::unknown);
    };
    const auto answer = create();
    if (answer != StorageAnswer::exists || image_size(image).answer != StorageAnswer::not_found) return answer;
    const auto removed = remove_image(image);
    return removed == StorageAnswer::done || removed == StorageAnswer::not_found ? create() : removed;
}

StorageAnswer RbdStorage::grow_image(const Image& image, int size_gib)
{
    if (size_gib <= 0) return StorageAnswer::denied;
    const auto size = image_size(image);
    if (size.answer != StorageAnswer::done || size.bytes >= size_gib * gib) return size.answer;
    return answer_of_change(change({"resize", "--no-progress", "--size", std::to_string(size_gib) + "G"}, image), StorageAnswer::busy);
}

StorageAnswer RbdStorage::remove_image(const Image& image)
{
    if (!is_image(image)) return StorageAnswer::denied;
    auto unused = image;
    unused.is_off = true; // nobody removes the image of a machine that runs
    const auto result = change({"rm", "--no-progress"}, unused, whole_image);
    // Without its pool nothing can be said of an image, least of all that it is gone.
    if (is_pool_missing(result)) return StorageAnswer::unavailable;
    return answer_of_change(result, StorageAnswer::busy);
}

/// While a machine runs it has the image's lock, and the snapshot is its QEMU's work: if that hangs, the tool ends with EROFS
/// after half a minute, and the snapshot may appear once QEMU wakes up.
StorageAnswer RbdStorage::create_snapshot(const Image& image, const std::string& snapshot, seconds limit)
{
    if (!is_image(image) || !is_snapshot_name(snapshot)) return StorageAnswer::denied;
    const Limits limits{.wait = std::max(seconds{1}, limit * 2 / 3), .kill = limit};
    return answer_of_change(change({"snap", "create", "--no-progress", "--snap", snapshot}, image, limits), StorageAnswer::unknown);
}

StorageAnswer RbdStorage::remove_snapshot(const Image& image, const std::string& snapshot)
{
    if (!is_image(image) || !is_snapshot_name(snapshot)) return StorageAnswer::denied;
    const Limits limits{.wait = snapshot_limit * 2 / 3, .kill = snapshot_limit}; // as when it is created
    const auto result = change({"snap", "rm", "--no-progress", "--snap", snapshot}, image, limits);
    if (is_pool_missing(result)) return StorageAnswer::unavailable;
    return answer_of_change(result, StorageAnswer::unknown);
}

StorageAnswer RbdStorage::restore_snapshot(const Image& image, const std::string& snapshot)
{
    if (!is_image(image) || !is_snapshot_name(snapshot)) return StorageAnswer::denied;
    return answer_of_change(change({"snap", "rollback", "--no-progress", "--snap", snapshot}, image, whole_image), StorageAnswer::busy);
}

SnapshotListing RbdStorage::list_snapshots(const Image& image)
{
    if (!is_image(image)) return {.answer = StorageAnswer::denied, .names = {}};
    const auto result = rbd({"snap", "ls", "--format", "json"}, image, Limits{});
    SnapshotListing listing{.answer = answer_of_question(result), .names = {}};
    if (listing.answer != StorageAnswer::done) return listing;
    const JsonDocument document{result.output};
    if (!document.root().is_array()) return {.answer = StorageAnswer::unavailable, .names = {}};
    for (const auto& snapshot : document.root().items({})) listing.names.push_back(snapshot.text({"name"}));
    return listing;
}

ImageListing RbdStorage::list_images(const std::string& pool, const std::string& pool_namespace)
{
    if (!is_place(pool, pool_namespace)) return {.answer = StorageAnswer::denied, .names = {}};
    const auto result = rbd({"ls", "--format", "json"}, pool, pool_namespace);
    ImageListing listing{.answer = answer_of_question(result), .names = {}};
    if (listing.answer != StorageAnswer::done) return listing;
    const JsonDocument document{result.output};
    if (!document.root().is_array()) return {.answer = StorageAnswer::unavailable, .names = {}};
    for (const auto& name : document.root().items({})) listing.names.push_back(name.text({}));
    return listing;
}

ImageSize RbdStorage::image_size(const Image& image)
{
    if (!is_image(image)) return {.answer = StorageAnswer::denied, .bytes = 0};
    const auto result = rbd({"info", "--format", "json"}, image, Limits{});
    const auto bytes = JsonDocument{result.output}.root().number({"size"});
    const auto answer = answer_of_question(result);
    if (answer == StorageAnswer::done && !bytes) return {.answer = StorageAnswer::unavailable, .bytes = 0};
    return {.answer = answer, .bytes = bytes.value_or(0)};
}

/// A change leaves nothing half done in Ceph, and the lock that a killed tool leaves is broken by the next change.
StorageAnswer RbdStorage::repair(const Image&) { return StorageAnswer::done; }

} // namespace

std::unique_ptr<Storage> make_rbd_storage(const std::string& conf, const std::string& user)
{
    return std::make_unique<RbdStorage>(conf, user);
}

} // namespace gateway
