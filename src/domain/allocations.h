#pragma once
#include "domain/payment.h"

#include <cstdint>
#include <vector>

namespace domain {

/// Up to `amount` of the allocations, from the first on; minor units.
std::vector<Allocation> part_of(const std::vector<Allocation>& allocations, std::int64_t amount);

std::int64_t sum_of(const std::vector<Allocation>& allocations);

} // namespace domain
