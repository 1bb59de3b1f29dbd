#pragma once
#include "domain/member.h"
#include "domain/order.h"
#include "domain/product.h"
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

namespace domain {

enum class MachineState { creating, active, deleting, deleted, failed };

std::string_view to_text(MachineState state);
MachineState machine_state_from(std::string_view text);

/// A virtual machine and its one image; the image's name in storage is the machine's uuid.
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
};

} // namespace domain
