#pragma once
#include "domain/uuid.h"

#include <optional>
#include <string>
#include <string_view>

// What a transfer of ours is called on its way through the banks (EndToEndId: at most 35 characters).
namespace domain {

/// The uuid without its hyphens.
std::string end_to_end_id(const Uuid& transfer);

/// Which transfer of ours an id may name; nullopt if it is none that we give.
std::optional<Uuid> transfer_of(std::string_view end_to_end_id);

} // namespace domain
