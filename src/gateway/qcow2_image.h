#pragma once
#include "gateway/child_process.h"
#include "gateway/storage.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace gateway {

/// What is told of a qcow2 file; the rest holds only if the answer is `done`.
struct Qcow2State {
    StorageAnswer answer{StorageAnswer::unavailable};
    std::int64_t size_bytes{0};
    std::vector<std::string> snapshots{};

    bool has(const std::string& snapshot) const { return std::ranges::find(snapshots, snapshot) != snapshots.end(); }
};

/// `denied` or `unavailable`, by what the system said.
StorageAnswer storage_answer_of(int error);

bool is_done(const ChildResult& result);
void log_unless_done(std::string_view verb, const std::filesystem::path& file, const ChildResult& result);

/// A qcow2 file while no other call is about it, in this process or another; through qemu-img, which QEMU's own locks keep
/// out while a machine runs.
class Qcow2Image {
public:
    Qcow2Image(std::filesystem::path file, const Descriptor& lock) : file_{std::move(file)}, lock_{lock} {}

    const std::filesystem::path& file() const { return file_; }

    /// `busy` while a machine has the image open.
    Qcow2State state() const { return read({"info", "--output=json", "-f", "qcow2"}); }

    /// Also while a machine has the image open.
    Qcow2State shared_state() const { return read({"info", "-U", "--output=json", "-f", "qcow2"}); }

    /// Runs `qemu-img COMMAND… FILE LAST…`.
    StorageAnswer change(std::vector<std::string> command, const std::vector<std::string>& last = {}) const;

    /// Removes the file if it has no snapshots.
    StorageAnswer remove() const;

private:
    Qcow2State read(std::vector<std::string> command) const;
    ChildResult run(std::vector<std::string> argv, const std::vector<std::string>& last) const;
    StorageAnswer reason_of(const ChildResult& result) const;

    std::filesystem::path file_;
    const Descriptor& lock_;
};

} // namespace gateway
