#pragma once
#include "gateway/qcow2_image.h"
#include "gateway/qemu_monitor.h"

#include <filesystem>
#include <string>

namespace gateway {

/// A qcow2 file that a running machine has open: only its QEMU may change it (CloudStack 3193: another program corrupted it).
class Qcow2RunningImage {
public:
    /// Asks the QEMU behind the socket, if one is there, for the file. An empty socket is nobody's.
    Qcow2RunningImage(const std::string& monitor, const std::filesystem::path& file);

    /// `done`: it has the file open; `not_found`: it has not, or nobody is there; `unavailable`: somebody is, and does not answer.
    StorageAnswer presence() const { return presence_; }

    const Qcow2State& state() const { return state_; }

    StorageAnswer create_snapshot(const std::string& snapshot, std::chrono::milliseconds limit);
    StorageAnswer remove_snapshot(const std::string& snapshot);
    StorageAnswer grow(std::int64_t size_bytes);

private:
    void look();
    StorageAnswer change(std::string_view command, const std::string& arguments, std::chrono::milliseconds limit);

    std::filesystem::path file_;
    std::unique_ptr<QemuMonitor> monitor_{};
    StorageAnswer presence_{StorageAnswer::not_found};
    std::string node_{}; ///< QEMU's name for the file as a disk
    Qcow2State state_{};
};

} // namespace gateway
