#pragma once
#include "domain/machine.h"
#include "domain/provisioning.h"
#include "store/database.h"
#include "store/machine_store.h"

#include <optional>
#include <vector>

namespace service {

/// A member's virtual machines. Never asks storage: what is told here is what the database knows.
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

private:
    store::Database& database_;
};

} // namespace service
