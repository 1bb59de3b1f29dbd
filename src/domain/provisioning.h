#pragma once
#include "domain/calendar.h"
#include "domain/job.h"
#include "domain/machine.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// One thing that is done to a machine, outside. Those on the image ask storage, the others the product's program.
enum class ProvisionStep { image, create, grow, resize, suspend, resume, terminate, image_removal };

std::string_view to_text(ProvisionStep step);

/// @throws std::domain_error if there is no such step.
ProvisionStep provision_step_from(std::string_view text);

/// True for the steps that the product's program takes.
bool is_programs(ProvisionStep step);

/// begun: the call is under way, or nobody knows what became of it; waiting: it is tried again; failed: an operator has to look.
enum class StepState { begun, waiting, done, failed };

std::string_view to_text(StepState state);
StepState step_state_from(std::string_view text);

/// How a step went, as members and operators see it.
struct StepRecord {
    ProvisionStep step{};
    int occasion{0}; ///< what of the machine it was for: see occasion_of()
    StepState state{};
    int attempts{0};
    std::string error{};   ///< a slug; empty when all is well
    std::string message{}; ///< of the program, for the member
    Instant begun_at{};
    std::optional<Instant> ended_at{};
};

/// Which of several steps of one kind it is: the generation of what is wanted, or the change of size; 0 for the first making.
int occasion_of(ProvisionStep step, const Machine& machine);

/// What is to be done next so that the machine becomes what is wanted of it; nullopt: nothing outside.
std::optional<ProvisionStep> next_step(const Machine& machine, const std::vector<StepRecord>& steps);

/// The worker's job that sees to what is wanted of a machine from now on.
JobKind job_towards(WantedState wanted);

/// What the machine is once nothing is left to be done.
MachineState settled_state(const Machine& machine);

/// True if what was wanted last is not written down as done.
bool is_unsettled(const Machine& machine);

} // namespace domain
