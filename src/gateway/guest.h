#pragma once
#include "domain/placement.h"

#include <memory>
#include <string>

namespace gateway {

/// `unknown`: nobody answered in time, or the host does not tell.
enum class GuestPower { off, on, paused, unknown };

/// What came of asking the guest to hold its file systems still. After `unknown` it may be frozen, or may still freeze.
enum class FreezeAnswer { frozen, not_possible, unknown };

struct Freeze {
    FreezeAnswer answer{FreezeAnswer::unknown};
    int file_systems{0}; ///< how many are frozen
};

struct Thaw {
    bool answered{false};
    int file_systems{0}; ///< how many were frozen until now: 0 means that they were not any more
};

enum class FreezeStatus { thawed, frozen, unknown };

/// The machines of one host, and the agents in their guests. Every call has a deadline of a few seconds and never throws for
/// what the host does. One user of a machine's agent at a time.
class Guest {
public:
    virtual ~Guest() = default;

    virtual GuestPower power(const domain::Uuid& machine) = 0;

    /// Freezes the file systems of a running guest; `not_possible` of any other, and without asking its agent (paused guests
    /// do not answer). Whatever comes of it, thaw() must follow: hooks in the guest may have run.
    virtual Freeze freeze(const domain::Uuid& machine) = 0;

    /// Safe at any time; a thawed guest answers 0.
    virtual Thaw thaw(const domain::Uuid& machine) = 0;

    virtual FreezeStatus status(const domain::Uuid& machine) = 0;
};

/// Through the sockets in the folder: MACHINE.qmp of QEMU itself, MACHINE.agent of the guest's agent.
std::unique_ptr<Guest> make_qmp_guest(const std::string& folder);

/// Through libvirt, whose domains have the uuids of machines; `uri` as virsh --connect takes it.
std::unique_ptr<Guest> make_virsh_guest(const std::string& uri);

/// Nothing is known of the host's machines: power unknown, freezing not possible.
std::unique_ptr<Guest> make_no_guest();

/// The socket of a machine's QEMU in such a folder.
std::string monitor_socket(const std::string& folder, const domain::Uuid& machine);

/// The guests of each host.
class GuestSet {
public:
    virtual ~GuestSet() = default;

    /// Stays valid as long as the set. Safe for many threads.
    virtual Guest& of(const domain::Host& host) = 0;
};

std::unique_ptr<GuestSet> make_guest_set();

} // namespace gateway
