#pragma once
#include "domain/member.h"
#include "domain/order.h"
#include "domain/product.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

enum class MachineState { creating, active, suspended, deleting, deleted, failed };

std::string_view to_text(MachineState state);
MachineState machine_state_from(std::string_view text);

/// What is asked of the machine now: `stopped` by its member, `suspended` by its order, which goes first; `gone` for ever.
enum class WantedState { running, stopped, suspended, gone };

std::string_view to_text(WantedState state);

/// @throws std::domain_error if there is no such state.
WantedState wanted_state_from(std::string_view text);

/// Whether a machine runs, as far as is known.
enum class MachinePower { off, on, paused };

std::string_view to_text(MachinePower power);

/// @throws std::domain_error if there is no such power.
MachinePower machine_power_from(std::string_view text);

/// What a member may ask of its machine.
enum class MachineWish { off, on };

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
    MachinePower power{MachinePower::off};
    WantedState wanted{WantedState::running};
    bool stopped{false};                      ///< by its member: it is not started when its order is paid
    int generation{1};                        ///< counts what was wanted
    int settled_generation{0};                ///< the last that was carried out
    int changes{0};                           ///< how often its order's parameters were changed
    int sized_for{0};                         ///< the change that it was last sized for
    std::string address{}, name{}, message{}; ///< as the program told
};

} // namespace domain
