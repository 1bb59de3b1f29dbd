#include "domain/machine.h"

#include <stdexcept>

namespace domain {

std::string_view to_text(MachineState state)
{
    switch (state) {
    case MachineState::creating: return "creating";
    case MachineState::active: return "active";
    case MachineState::stopped: return "stopped";
    case MachineState::suspended: return "suspended";
    case MachineState::deleting: return "deleting";
    case MachineState::deleted: return "deleted";
    case MachineState::failed: return "failed";
    }
    throw std::domain_error{"no such machine state"};
}

MachineState machine_state_from(std::string_view text)
{
    using enum MachineState;
    for (const auto state : {creating, active, stopped, suspended, deleting, deleted, failed})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such machine state"};
}

std::string_view to_text(WantedState state)
{
    switch (state) {
    case WantedState::running: return "running";
    case WantedState::stopped: return "stopped";
    case WantedState::suspended: return "suspended";
    case WantedState::gone: return "gone";
    }
    throw std::domain_error{"no such wanted state"};
}

WantedState wanted_state_from(std::string_view text)
{
    using enum WantedState;
    for (const auto state : {running, stopped, suspended, gone})
        if (to_text(state) == text) return state;
    throw std::domain_error{"no such wanted state"};
}

std::string_view to_text(ProvisionDriver driver)
{
    switch (driver) {
    case ProvisionDriver::storage: return "storage";
    case ProvisionDriver::exec: return "exec";
    }
    throw std::domain_error{"no such driver"};
}

ProvisionDriver provision_driver_from(std::string_view text)
{
    using enum ProvisionDriver;
    for (const auto driver : {storage, exec})
        if (to_text(driver) == text) return driver;
    throw std::domain_error{"no such driver"};
}

} // namespace domain
