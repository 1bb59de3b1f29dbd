#pragma once
#include <stdexcept>

namespace fake {

/// The process that asked was killed here.
struct Killed : std::runtime_error {
    Killed() : std::runtime_error{"killed"} {}
};

} // namespace fake
