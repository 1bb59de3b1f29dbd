#include "domain/machine.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(MachineState state)
{
    switch (state) {
    case MachineState::creating: return "creating";
    case MachineState::active: return "active";
    case MachineState::deleting: return "deleting";
    case MachineState::deleted: return "deleted";
    case MachineState::failed: return "failed";
    }
    throw std::domain_error{"no such machine state"};
}

MachineState machine_state_from(std::string_view text)
{
    using enum MachineState;
    for (const auto state : {creating, active, deleting, deleted, failed})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such machine state"};
}

} // namespace domain
