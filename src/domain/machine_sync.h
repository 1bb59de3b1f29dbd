#pragma once
#include "domain/machine.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// What storage or a hypervisor has and our rows do not, or the other way round. `…_left` is of a machine that a row of ours says is
/// deleted; `…_stray` is nobody's that we know.
enum class SyncFault {
    storage_unreadable,
    image_missing,
    image_left,
    image_stray,
    program_unreadable,
    machine_missing,
    machine_left,
    machine_stray,
    power_differs,
    host_differs,
    power_unnoted,
    host_unreadable
};

std::string_view to_text(SyncFault fault);

/// True if it can be put right by noting it, or by asking a machine for what is wanted of it: without deleting or making anything.
bool is_repairable(SyncFault fault);

/// Where and what.
struct SyncFinding {
    SyncFault fault{};
    std::string place{};           ///< CLUSTER/POOL, CLUSTER/HOST or product
    std::string name{};            ///< of the image or the machine
    std::optional<Uuid> machine{}; ///< of ours
    std::string detail{};
    bool repaired{false};
    std::string repair{}; ///< what --apply did about it, or why it could not
};

/// What an operator can do about it, in a few words.
std::string remedy_of(const SyncFinding& finding);

/// An image as a row says it.
struct KnownImage {
    std::int64_t id{0};
    Uuid machine{};
    std::string name{};
    MachineState state{}; ///< of its machine
};

/// A machine by a program, as its row says it.
struct KnownMachine {
    Uuid machine{};
    std::string product{};
    MachineState state{};
    WantedState wanted{};
    bool settled{false};
    std::string host{}; ///< empty: none is known
};

/// A machine as a program or a host tells it.
struct SeenMachine {
    Uuid machine{};
    bool running{false};
    std::string host{}; ///< empty: not told
};

/// Holds what a pool has against the rows as they were read before and after it was asked, so that what is made or taken away meanwhile
/// is no fault.
std::vector<SyncFinding> compare_images(const std::string& place, const std::vector<KnownImage>& before,
    const std::set<std::string>& listed, const std::vector<KnownImage>& after);

/// The same for the machines of a product.
std::vector<SyncFinding> compare_machines(const std::string& place, const std::vector<KnownMachine>& before,
    const std::vector<SeenMachine>& listed, const std::vector<KnownMachine>& after);

} // namespace domain
