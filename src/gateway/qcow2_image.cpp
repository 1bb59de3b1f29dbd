#include "gateway/qcow2_image.h"

#include "gateway/json_document.h"
#include "logging/log.h"

#include <cerrno>
#include <unistd.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;

constexpr auto change_limit = std::chrono::seconds{60};

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

Qcow2State parse_info(const std::string& text)
{
    const JsonDocument info{text};
    const auto size = info.root().number({"virtual-size"});
    if (!size) return {};
    Qcow2State state{.answer = StorageAnswer::done, .size_bytes = *size, .snapshots = {}};
    for (const auto& snapshot : info.root().items({"snapshots"})) state.snapshots.push_back(snapshot.text({"name"}));
    return state;
}

} // namespace

StorageAnswer storage_answer_of(int error)
{
    return error == EACCES || error == EPERM ? StorageAnswer::denied : StorageAnswer::unavailable;
}

bool is_done(const ChildResult& result) { return result.end == ChildEnd::exited && result.code == 0; }

void log_unless_done(std::string_view verb, const fs::path& file, const ChildResult& result)
{
    if (is_done(result)) return;
    logging::event("warning", "qemu_img_failed",
        {{"verb", verb}, {"file", file.filename().string()}, {"end", name_of(result.end)}, {"code", std::to_string(result.code)},
            {"text", std::string_view{result.errors}.substr(0, 300)}});
}

StorageAnswer Qcow2Image::change(std::vector<std::string> command, const std::vector<std::string>& last) const
{
    const auto result = run(std::move(command), last);
    if (result.end == ChildEnd::not_started) return storage_answer_of(result.code);
    if (result.end != ChildEnd::exited) return StorageAnswer::unknown;
    return is_done(result) ? StorageAnswer::done : reason_of(result);
}

StorageAnswer Qcow2Image::remove() const
{
    const auto found = state();
    if (found.answer != StorageAnswer::done) return found.answer;
    if (!found.snapshots.empty()) return StorageAnswer::busy;
    return ::unlink(file_.c_str()) == 0 ? StorageAnswer::done : storage_answer_of(errno);
}

Qcow2State Qcow2Image::read(std::vector<std::string> command) const
{
    const auto result = run(std::move(command), {});
    if (result.end != ChildEnd::exited) return {};
    if (result.code == 0) return parse_info(result.output);
    return {.answer = reason_of(result), .size_bytes = 0, .snapshots = {}};
}

/// The child holds the lock, too: nobody starts anew while a child is still at work whose parent was killed.
ChildResult Qcow2Image::run(std::vector<std::string> argv, const std::vector<std::string>& last) const
{
    argv.insert(argv.begin(), "qemu-img");
    argv.push_back(file_);
    argv.insert(argv.end(), last.begin(), last.end());
    auto result = run_child(argv, change_limit, &lock_);
    log_unless_done(argv[1], file_, result);
    return result;
}

/// All of qemu-img's failures have exit code 1, so the state counts, and its text only for what no state shows.
StorageAnswer Qcow2Image::reason_of(const ChildResult& result) const
{
    std::error_code error;
    if (!fs::exists(file_, error) && !error) return StorageAnswer::not_found;
    const bool open_elsewhere =
        result.errors.find("Failed to get ") != std::string::npos && result.errors.find(" lock") != std::string::npos;
    return open_elsewhere ? StorageAnswer::busy : StorageAnswer::unavailable;
}

} // namespace gateway
