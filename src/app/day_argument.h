#pragma once
#include "domain/calendar.h"

#include <string>

namespace app {

/// The day that `option` names. @throws std::invalid_argument unless it is one that exists, YYYY-MM-DD
domain::Date day_argument(const std::string& text, const char* option);

} // namespace app
