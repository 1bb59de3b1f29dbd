#pragma once
#include "gateway/guest.h"
#include "store/database.h"

namespace service {

/// A machine and who can be asked about it.
struct MachineGuest {
    domain::Uuid machine{};
    gateway::Guest* guest{nullptr};                      ///< null: nobody can be asked
    gateway::GuestPower noted{gateway::GuestPower::off}; ///< what rows say, for when nobody can be asked
    bool may_freeze{false};

    /// What its host says; if it has none that tells, what is written down.
    gateway::GuestPower power() const { return guest ? guest->power(machine) : noted; }

    /// A machine about which nobody can be asked is taken for thawed: nobody could have frozen it.
    gateway::Thaw thaw() const { return guest ? guest->thaw(machine) : gateway::Thaw{true, 0}; }
};

MachineGuest guest_of(store::Database& database, gateway::GuestSet& guests, const domain::Uuid& machine);

} // namespace service
