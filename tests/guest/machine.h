#pragma once
#include "fake/ceph.h"
#include "fake/printed_answers.h"
#include "gateway/guest.h"
#include "gateway/qemu_monitor.h"
#include "gateway/random_uuid.h"
#include "gateway/storage_set.h"

#include <filesystem>
#include <functional>
#include <string>

namespace guest {

/// Where the bytes of a machine's disk are.
enum class Disk { qcow2, rbd };

std::ostream& operator<<(std::ostream& out, Disk disk);

bool becomes_true(const std::function<bool()>& condition, std::chrono::seconds patience);

/// A real machine under QEMU, without KVM: Debian's kernel, a disk with ext4 that is written all the time, and QEMU's agent. It is
/// reached as the worker reaches one; it and its disk go with it.
class Machine {
public:
    explicit Machine(Disk disk, const domain::Uuid& name = gateway::random_uuid());
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Returns when the agent answers.
    void boot();
    void power_off();
    void tell(const std::string& command); ///< by the monitor
    void hang() const { ::kill(pid_, SIGSTOP); }
    void wake() const { ::kill(pid_, SIGCONT); }

    /// What a later reader finds in the snapshot's file system.
    struct FileSystem {
        bool needs_recovery{false};
        int fsck{0}; ///< exit code of e2fsck -fn: 0 means clean
    };
    FileSystem file_system_of(const std::string& snapshot) const;

    const domain::Uuid uuid;
    const std::filesystem::path folder;
    const gateway::Image image;
    const std::unique_ptr<gateway::Storage> storage;
    const std::unique_ptr<gateway::Guest> agent = gateway::make_qmp_guest(folder);

private:
    void lay_disk() const;
    bool lives();
    bool answers() const;
    std::string block_device() const;
    std::string file() const { return folder / (uuid.text() + ".qcow2"); }

    Disk disk_;
    pid_t pid_{0};
};

} // namespace guest
