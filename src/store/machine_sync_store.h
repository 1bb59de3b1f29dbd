#pragma once
#include "domain/machine_sync.h"
#include "store/database.h"

#include <set>
#include <string>
#include <vector>

namespace store {

/// What rows say of images and machines, in whole, so that it can be held against what is there.
class MachineSyncStore {
public:
    explicit MachineSyncStore(Session& session) : session_{session} {}

    /// The images of a pool, also of machines that are deleted.
    std::vector<domain::KnownImage> images_in(std::int64_t pool);

    /// The machines of a product that its program makes, also the deleted ones.
    std::vector<domain::KnownMachine> machines_of(const std::string& product);

    /// The uuids of the machines of all other products.
    std::set<std::string> machines_of_others(const std::string& product);

    struct NotedPower {
        domain::Uuid machine{};
        std::string power{}; ///< off, on or paused
    };

    /// What is written down of the machines of a host.
    std::vector<NotedPower> powers_on(std::int64_t host);

    /// Returns false while something is being done to the machine: whoever does it notes it then.
    bool note_power(const domain::Uuid& machine, const std::string& power);

private:
    Session& session_;
};

} // namespace store
