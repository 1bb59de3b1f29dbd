#include "domain/day_runs.h"

#include <algorithm>

namespace domain {

void append(std::vector<Period>& runs, const Period& days)
{
    if (days.start >= days.end) return;
    if (!runs.empty() && runs.back().end == days.start) runs.back().end = days.end;
    else runs.push_back(days);
}

std::vector<Period> without(const std::vector<Period>& runs, const std::vector<Period>& taken)
{
    std::vector<Period> left;
    for (auto run : runs) {
        for (const auto& hole : taken) {
            if (hole.end <= run.start || hole.start >= run.end) continue;
            append(left, {run.start, hole.start});
            run.start = std::max(run.start, hole.end);
        }
        append(left, run);
    }
    return left;
}

} // namespace domain
