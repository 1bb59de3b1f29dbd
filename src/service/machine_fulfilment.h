#pragma once
#include "domain/provisioning.h"
#include "gateway/clock.h"
#include "gateway/provisioner_set.h"
#include "gateway/storage_set.h"
#include "service/job_report.h"
#include "service/machine_images.h"
#include "store/database.h"

#include <optional>
#include <string>

namespace service {

/// The worker's side of machines: makes of them what is wanted, step by step. Where an image lies and what it is called is decided
/// before storage is asked, and a program knows the machine by its uuid, so that a step that is repeated meets its own work.
class MachineFulfilment {
public:
    MachineFulfilment(
        store::Database& database, gateway::StorageSet& storages, const gateway::ProvisionerSet& provisioners, gateway::Clock& clock)
        : database_{database}, storages_{storages}, provisioners_{provisioners}, clock_{clock}
    {
    }

    /// Takes the steps that are left towards what is wanted of the machine now, whatever was wanted when the job was made: that is why
    /// jobs may come in any order, twice, or late. After the last try, or a refusal for good, the step has failed, and so has the making
    /// of a machine; a new start of the job tries again.
    JobReport adjust(const domain::Uuid& machine, bool last_try);

    /// The same for a machine that is to be made. Of one that is gone by then, no image is left behind, however late it came.
    JobReport create(const domain::Uuid& machine, bool last_try);

private:
    /// A step that is written down and is to be asked for; without one the report says how things stand.
    struct Begun {
        JobReport report{};
        std::optional<domain::ProvisionStep> step{};
        bool is_open{false}; ///< it was asked for before, and nobody knows what became of it
        domain::Machine machine{};
        std::string username{}, host{};
        domain::Uuid turn{};
    };

    /// What was said to a step.
    struct StepAnswer {
        JobReport report{}; ///< done, or what is to become of the job
        std::string address{}, name{}, message{};
    };

    Begun begin(const domain::Uuid& machine);
    Begun begin_step(store::Session& session, const domain::Machine& machine, domain::ProvisionStep step, bool is_open);
    void settle(store::Session& session, const domain::Machine& machine);
    StepAnswer take(const Begun& begun);
    StepAnswer ask_storage(const Begun& begun);
    gateway::StorageAnswer create_images(const domain::Machine& machine);
    gateway::StorageAnswer grow_image(const domain::Machine& machine);
    gateway::StorageAnswer remove_images(const domain::Uuid& machine);
    StepAnswer ask_program(const Begun& begun);
    static std::optional<StepAnswer> ask_status(
        gateway::Provisioner& program, const gateway::ProvisionRequest& request, domain::ProvisionStep step);
    static StepAnswer answer_of(const gateway::ProvisionReport& told, domain::ProvisionStep step);
    std::optional<JobReport> end(const Begun& begun, const StepAnswer& answer, bool last_try);
    void give_up(store::Session& session, const Begun& begun, const StepAnswer& answer);

    store::Database& database_;
    gateway::StorageSet& storages_;
    const gateway::ProvisionerSet& provisioners_;
    gateway::Clock& clock_;
};

} // namespace service
