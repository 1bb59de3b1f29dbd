#include "domain/zone.h"

#include <algorithm>
#include <cctype>

namespace domain {
namespace {

/// A name of the tz database; the library would also take paths, fixed offsets and copies of the database.
bool is_zone_name(const std::string& name)
{
    const auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '+' || c == '-'; };
    if (name.empty() || !std::isupper(static_cast<unsigned char>(name.front()))) return false;
    return std::ranges::all_of(name, allowed) && !name.starts_with("Fixed/");
}

} // namespace

std::optional<Zone> Zone::named(const std::string& name)
{
    cctz::time_zone zone;
    if (!is_zone_name(name) || !cctz::load_time_zone(name, &zone)) return std::nullopt;
    return Zone{zone};
}

Date Zone::day_of(Instant instant) const
{
    const auto local = zone_.lookup(std::chrono::floor<std::chrono::seconds>(instant)).cs;
    return std::chrono::year{static_cast<int>(local.year())} / local.month() / local.day();
}

} // namespace domain
