#include "domain/allocations.h"

#include <algorithm>

namespace domain {

std::vector<Allocation> part_of(const std::vector<Allocation>& allocations, std::int64_t amount)
{
    std::vector<Allocation> part;
    for (const auto& [invoice, available] : allocations) {
        if (amount == 0) break;
        const auto taken = std::min(available, amount);
        part.push_back({invoice, taken});
        amount -= taken;
    }
    return part;
}

std::int64_t sum_of(const std::vector<Allocation>& allocations)
{
    std::int64_t sum = 0;
    for (const auto& allocation : allocations) sum += allocation.amount;
    return sum;
}

} // namespace domain
