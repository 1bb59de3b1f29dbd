#pragma once
#include "domain/machine.h"
#include "domain/provisioning.h"
#include "store/database.h"
#include "store/machine_store.h"

#include <optional>
#include <vector>

namespace service {

/// A member's virtual machines. Never asks storage or a program: what is told here is what the database knows.
class Machines {
public:
    explicit Machines(store::Database& database) : database_{database} {}

    /// Newest first.
    std::vector<store::ListedMachine> page(domain::MemberId member, std::optional<std::int64_t> before, int limit);

    struct MachineWithSteps {
        domain::Machine machine{};
        std::vector<domain::StepRecord> steps{};
    };

    /// @throws domain::Refusal not_found
    MachineWithSteps read(domain::MemberId member, const domain::Uuid& uuid);

    /// The machine, which is locked, shall be off, or on again: written down, and left to the worker. What is wanted already changes
    /// nothing. One that is suspended may be asked to be off, and then stays off when its order is paid.
    /// @throws domain::Refusal not_found; vm_not_ready if it is not there yet, not any more, or suspended; vm_not_switched if no program
    /// runs it
    static domain::Machine request_power(
        store::Session& session, domain::MemberId member, const domain::Uuid& uuid, domain::MachineWish wish);

    /// The same for an operator, whose machines are everybody's; leaves a row in the audit log.
    static domain::Machine request_power(
        store::Session& session, const domain::Uuid& uuid, domain::MachineWish wish, const std::string& actor, domain::Instant now);

private:
    store::Database& database_;
};

} // namespace service
