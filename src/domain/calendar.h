#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// A civil day, never an instant.
using Date = std::chrono::year_month_day;

/// The same civil day as a number of days, for counting and comparing; converts to and from Date by itself.
using Day = std::chrono::sys_days;

/// After every civil day that is reckoned with.
inline constexpr Day never{std::chrono::year{9999} / 12 / 31};

/// An instant in UTC, to the microsecond the database keeps.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-11-24" (ISO 8601).
std::string to_text(Date date);

/// nullopt unless the text is exactly YYYY-MM-DD and the day exists.
std::optional<Date> date_from(std::string_view text);

/// "2026-11-24T12:30:05.123456Z" (RFC 3339, UTC, fraction left out when zero).
std::string to_text(Instant instant);

/// An RFC 3339 instant with Z or a numeric offset; nullopt if it is none.
std::optional<Instant> instant_from(std::string_view text);

/// How often something recurs. Months tile by the anchor's day, weeks and days by counting.
struct Interval {
    enum class Unit { day, week, month, year };
    int count{1};
    Unit unit{Unit::month};
    friend bool operator==(Interval, Interval) = default;
};

/// "P1M" (ISO 8601 duration with one component).
std::string to_text(Interval interval);
std::optional<Interval> interval_from(std::string_view text);

/// Half-open: `start` counts, `end` does not.
struct Period {
    Day start{};
    Day end{};
    friend bool operator==(const Period&, const Period&) = default;
};

/// Boundary number `k` (any integer) of the periods anchored at `anchor`: always computed from the anchor, never from
/// the boundary before, so the 31st comes back after February.
Date boundary(Date anchor, Interval interval, int k);

/// The period that begins at boundary `k`.
Period period(Date anchor, Interval interval, int k);

/// The period that holds `day`: it begins at the last boundary that is not after it.
Period period_holding(Date anchor, Interval interval, Day day);

/// Number of civil days in the period. Daylight saving has no influence: civil days are counted, not hours.
int days_in(const Period& period);

} // namespace domain
