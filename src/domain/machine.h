#pragma once
#include "domain/member.h"
#include "domain/order.h"
#include "domain/product.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

enum class MachineState { creating, active, stopped, suspended, deleting, deleted, failed };

std::string_view to_text(MachineState state);
MachineState machine_state_from(std::string_view text);

/// What is asked of a machine now: its member stops and starts it, its order suspends it, which goes before that; `gone` for ever.
enum class WantedState { running, stopped, suspended, gone };

std::string_view to_text(WantedState state);

/// @throws std::domain_error if there is no such state.
WantedState wanted_state_from(std::string_view text);

/// Who makes a machine: `storage`, its image alone; `exec`, the program of its product. Decided when its making begins.
enum class ProvisionDriver { storage, exec };

std::string_view to_text(ProvisionDriver driver);

/// @throws std::domain_error if there is no such driver.
ProvisionDriver provision_driver_from(std::string_view text);

/// A virtual machine, or a hosted application on one, and its image if it has one; the image's name in storage is the machine's uuid.
struct Machine {
    Uuid uuid{};
    MemberId member{};
    OrderId order{};
    Uuid order_uuid{};
    std::string sku{};
    Parameters parameters{};
    MachineState state{MachineState::creating};
    std::string error{}; ///< a slug, for people to act on; empty when all is well
    Instant created_at{};
    std::optional<ProvisionDriver> driver{}; ///< none: its making has not begun
    bool has_image{true};
    WantedState wanted{WantedState::running};
    int generation{1};                        ///< counts what was wanted
    int settled_generation{0};                ///< the last that was carried out
    int changes{0};                           ///< how often its order's parameters were changed
    int sized_for{0};                         ///< the change that it was last sized for
    std::string address{}, name{}, message{}; ///< as the program told
};

} // namespace domain
