#include "app/day_argument.h"

#include <stdexcept>

namespace app {

domain::Date day_argument(const std::string& text, const char* option)
{
    const auto day = domain::date_from(text);
    if (!day) throw std::invalid_argument{std::string{option} + " must be a day that exists, YYYY-MM-DD: " + text};
    return *day;
}

} // namespace app
