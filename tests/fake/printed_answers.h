#pragma once
#include "gateway/storage.h"

#include <ostream>

namespace gateway {

/// For failed checks.
inline std::ostream& operator<<(std::ostream& out, StorageAnswer answer)
{
    constexpr const char* names[] = {"done", "exists", "not_found", "busy", "denied", "unavailable", "unknown"};
    return out << names[static_cast<int>(answer)];
}

} // namespace gateway
