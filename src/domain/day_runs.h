#pragma once
#include "domain/calendar.h"

#include <vector>

// Sets of days, as ascending runs that neither overlap nor touch.
namespace domain {

/// Adds days that come after all others; empty ones add nothing.
void append(std::vector<Period>& runs, const Period& days);

/// `runs` without `taken`; both ascending.
std::vector<Period> without(const std::vector<Period>& runs, const std::vector<Period>& taken);

} // namespace domain
