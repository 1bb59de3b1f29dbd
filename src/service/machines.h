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

    /// The machine shall be off until it is started again; it is paid for as before. Asked again it changes nothing.
    /// @throws domain::Refusal not_found, vm_not_ready, vm_run_by_hand
    domain::Machine stop(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

    /// The machine shall run; one that is being put back to a snapshot does so afterwards. Asked again it changes nothing.
    /// @throws domain::Refusal not_found, vm_not_ready, vm_run_by_hand
    domain::Machine start(store::Session& session, domain::MemberId member, const domain::Uuid& uuid);

private:
    static domain::Machine switched(store::Session& session, const domain::Machine& machine, bool stopped);

    store::Database& database_;
};

} // namespace service
