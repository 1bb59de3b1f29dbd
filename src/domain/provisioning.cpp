#include "domain/provisioning.h"

#include <algorithm>
#include <stdexcept>

namespace domain {
namespace {

bool is_done(ProvisionStep step, const Machine& machine, const std::vector<StepRecord>& steps)
{
    const int occasion = occasion_of(step, machine);
    return std::ranges::any_of(steps,
        [&](const StepRecord& record) { return record.step == step && record.occasion == occasion && record.state == StepState::done; });
}

/// The steps towards what is wanted, in their order. A program hears of every end, also of a machine that was never made: a creation
/// whose outcome nobody knows may have left something behind.
std::vector<ProvisionStep> way_of(const Machine& machine)
{
    using enum ProvisionStep;
    if (machine.state == MachineState::deleted) return {};
    std::vector<ProvisionStep> way;
    const auto add = [&](bool applies, ProvisionStep step) {
        if (applies) way.push_back(step);
    };
    const bool by_program = machine.driver == ProvisionDriver::exec;
    if (machine.wanted == WantedState::gone) {
        add(by_program, terminate);
        add(machine.has_image, image_removal);
        return way;
    }
    const bool is_new = machine.state == MachineState::creating || machine.state == MachineState::failed;
    add(is_new && machine.has_image, image);
    add(is_new && by_program, create);
    const bool power_changed = is_new ? machine.generation > 1 : machine.generation != machine.settled_generation;
    add(power_changed && by_program, machine.wanted == WantedState::running ? resume : suspend);
    const bool size_changed = !is_new && machine.changes != machine.sized_for;
    add(size_changed && machine.has_image, grow);
    add(size_changed && by_program, resize);
    return way;
}

} // namespace

std::string_view to_text(ProvisionStep step)
{
    switch (step) {
    case ProvisionStep::image: return "image";
    case ProvisionStep::create: return "create";
    case ProvisionStep::grow: return "grow";
    case ProvisionStep::resize: return "resize";
    case ProvisionStep::suspend: return "suspend";
    case ProvisionStep::resume: return "resume";
    case ProvisionStep::terminate: return "terminate";
    case ProvisionStep::image_removal: return "image_removal";
    }
    throw std::domain_error{"no such step"};
}

ProvisionStep provision_step_from(std::string_view text)
{
    using enum ProvisionStep;
    for (const auto step : {image, create, grow, resize, suspend, resume, terminate, image_removal})
        if (to_text(step) == text) return step;
    throw std::domain_error{"no such step"};
}

bool is_programs(ProvisionStep step)
{
    switch (step) {
    case ProvisionStep::image:
    case ProvisionStep::grow:
    case ProvisionStep::image_removal: return false;
    case ProvisionStep::create:
    case ProvisionStep::resize:
    case ProvisionStep::suspend:
    case ProvisionStep::resume:
    case ProvisionStep::terminate: return true;
    }
    throw std::domain_error{"no such step"};
}

std::string_view to_text(StepState state)
{
    switch (state) {
    case StepState::begun: return "begun";
    case StepState::waiting: return "waiting";
    case StepState::done: return "done";
    case StepState::failed: return "failed";
    }
    throw std::domain_error{"no such state of a step"};
}

StepState step_state_from(std::string_view text)
{
    using enum StepState;
    for (const auto state : {begun, waiting, done, failed})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such state of a step"};
}

int occasion_of(ProvisionStep step, const Machine& machine)
{
    switch (step) {
    case ProvisionStep::image:
    case ProvisionStep::create: return 0;
    case ProvisionStep::grow:
    case ProvisionStep::resize: return machine.changes;
    case ProvisionStep::suspend:
    case ProvisionStep::resume:
    case ProvisionStep::terminate:
    case ProvisionStep::image_removal: return machine.generation;
    }
    throw std::domain_error{"no such step"};
}

std::optional<ProvisionStep> next_step(const Machine& machine, const std::vector<StepRecord>& steps)
{
    for (const auto step : way_of(machine))
        if (!is_done(step, machine, steps)) return step;
    return std::nullopt;
}

JobKind job_towards(WantedState wanted)
{
    switch (wanted) {
    case WantedState::running: return JobKind::machine_resume;
    case WantedState::stopped:
    case WantedState::suspended: return JobKind::machine_suspend;
    case WantedState::gone: return JobKind::machine_delete;
    }
    throw std::domain_error{"no such wanted state"};
}

MachineState settled_state(const Machine& machine)
{
    switch (machine.wanted) {
    case WantedState::running: return MachineState::active;
    case WantedState::stopped: return MachineState::stopped;
    case WantedState::suspended: return MachineState::suspended;
    case WantedState::gone: return MachineState::deleted;
    }
    throw std::domain_error{"no such wanted state"};
}

bool is_unsettled(const Machine& machine)
{
    return machine.generation != machine.settled_generation || machine.changes != machine.sized_for
        || machine.state != settled_state(machine);
}

} // namespace domain
