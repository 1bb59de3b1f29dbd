#include "gateway/qcow2_running_image.h"

#include "logging/log.h"

namespace gateway {
namespace {

namespace fs = std::filesystem;

constexpr auto question_limit = std::chrono::seconds{5};
constexpr auto change_limit = std::chrono::seconds{30};

} // namespace

Qcow2RunningImage::Qcow2RunningImage(const std::string& monitor, const fs::path& file) : file_{file}
{
    if (monitor.empty()) return;
    monitor_ = std::make_unique<QemuMonitor>(monitor);
    if (monitor_->is_absent()) return;
    presence_ = StorageAnswer::unavailable;
    if (monitor_->is_ready()) look();
}

void Qcow2RunningImage::look()
{
    const auto nodes = monitor_->execute("query-named-block-nodes", R"({"flat":true})", question_limit);
    if (nodes.answer != MonitorAnswer::done) return;
    presence_ = StorageAnswer::not_found;
    for (const auto& node : nodes.document.root().items({"return"})) {
        std::error_code error;
        if (node.text({"drv"}) != "qcow2" || !fs::equivalent(node.text({"image", "filename"}), file_, error)) continue;
        presence_ = StorageAnswer::done;
        node_ = node.text({"node-name"});
        state_ = {.answer = StorageAnswer::done, .size_bytes = node.number({"image", "virtual-size"}).value_or(0), .snapshots = {}};
        for (const auto& snapshot : node.items({"image", "snapshots"})) state_.snapshots.push_back(snapshot.text({"name"}));
    }
}

StorageAnswer Qcow2RunningImage::create_snapshot(const std::string& snapshot, std::chrono::milliseconds limit)
{
    if (state_.has(snapshot)) return StorageAnswer::exists;
    return change("blockdev-snapshot-internal-sync", R"({"device":")" + node_ + R"(","name":")" + snapshot + "\"}", limit);
}

StorageAnswer Qcow2RunningImage::remove_snapshot(const std::string& snapshot)
{
    if (!state_.has(snapshot)) return StorageAnswer::not_found;
    return change("blockdev-snapshot-delete-internal-sync", R"({"device":")" + node_ + R"(","name":")" + snapshot + "\"}", change_limit);
}

StorageAnswer Qcow2RunningImage::grow(std::int64_t size_bytes)
{
    if (state_.size_bytes >= size_bytes) return StorageAnswer::done;
    return change("block_resize", R"({"node-name":")" + node_ + R"(","size":)" + std::to_string(size_bytes) + "}", change_limit);
}

StorageAnswer Qcow2RunningImage::change(std::string_view command, const std::string& arguments, std::chrono::milliseconds limit)
{
    const auto reply = monitor_->execute(command, arguments, limit);
    if (reply.answer == MonitorAnswer::done) return StorageAnswer::done;
    logging::event("warning", "qemu_monitor_failed", {{"command", command}, {"file", file_.filename().string()}, {"text", reply.refusal}});
    return reply.answer == MonitorAnswer::refused ? StorageAnswer::unavailable : StorageAnswer::unknown;
}

} // namespace gateway
