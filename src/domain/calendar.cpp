#include "domain/calendar.h"

#include <charconv>

namespace domain {
namespace {

using namespace std::chrono;

/// Lists show many dates: this is ten times quicker than printf.
void append_digits(std::string& text, unsigned value, int width)
{
    char digits[8];
    for (int i = width - 1; i >= 0; --i, value /= 10) digits[i] = static_cast<char>('0' + value % 10);
    text.append(digits, static_cast<std::size_t>(width));
}

/// Takes `width` digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t width)
{
    if (text.size() < width) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, width)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(width);
    return value;
}

bool take(std::string_view& text, char expected)
{
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Date> take_date(std::string_view& text)
{
    const auto y = take_digits(text, 4);
    if (!y || !take(text, '-')) return std::nullopt;
    const auto m = take_digits(text, 2);
    if (!m || !take(text, '-')) return std::nullopt;
    const auto d = take_digits(text, 2);
    if (!d) return std::nullopt;
    const Date date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return std::nullopt;
    return date;
}

/// Up to six decimals of a second, as microseconds; further digits are cut off.
std::optional<microseconds> take_fraction(std::string_view& text)
{
    if (!take(text, '.')) return microseconds{0};
    long value = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1))
        if (++digits <= 6) value = value * 10 + (text.front() - '0');
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits) value *= 10;
    return microseconds{value};
}

std::optional<minutes> take_offset(std::string_view& text)
{
    if (take(text, 'Z')) return minutes{0};
    const int sign = take(text, '+') ? 1 : (take(text, '-') ? -1 : 0);
    if (sign == 0) return std::nullopt;
    const auto h = take_digits(text, 2);
    if (!h || !take(text, ':')) return std::nullopt;
    const auto m = take_digits(text, 2);
    if (!m || *h > 23 || *m > 59) return std::nullopt;
    return minutes{sign * (*h * 60 + *m)};
}

/// Rounded towards minus infinity.
int floor_div(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }

/// A boundary number whose successor is after `day`; itself it may be after it, too, by one for months and years.
int boundary_before(Date anchor, Interval interval, Day day)
{
    const int days_apart = static_cast<int>((day - Day{anchor}).count());
    const Date date{day};
    const int months_apart = (int{date.year()} - int{anchor.year()}) * 12 + static_cast<int>(unsigned{date.month()})
        - static_cast<int>(unsigned{anchor.month()});
    switch (interval.unit) {
    case Interval::Unit::day: return floor_div(days_apart, interval.count);
    case Interval::Unit::week: return floor_div(days_apart, 7 * interval.count);
    case Interval::Unit::month: return floor_div(months_apart, interval.count);
    case Interval::Unit::year: return floor_div(months_apart, 12 * interval.count);
    }
    return 0;
}

Date add_months(Date anchor, int count)
{
    const auto target = year_month{anchor.year(), anchor.month()} + months{count};
    const auto last = (target / std::chrono::last).day();
    return target / (anchor.day() < last ? anchor.day() : last);
}

} // namespace

std::string to_text(Date date)
{
    std::string text;
    append_digits(text, static_cast<unsigned>(int{date.year()}), 4);
    append_digits(text += '-', unsigned{date.month()}, 2);
    append_digits(text += '-', unsigned{date.day()}, 2);
    return text;
}

std::optional<Date> date_from(std::string_view text)
{
    const auto date = take_date(text);
    if (!text.empty()) return std::nullopt;
    return date;
}

std::string to_text(Instant instant)
{
    const auto today = floor<days>(instant);
    const hh_mm_ss time{instant - today};
    auto text = to_text(Date{today});
    append_digits(text += 'T', static_cast<unsigned>(time.hours().count()), 2);
    append_digits(text += ':', static_cast<unsigned>(time.minutes().count()), 2);
    append_digits(text += ':', static_cast<unsigned>(time.seconds().count()), 2);
    if (const auto micros = time.subseconds().count(); micros != 0) append_digits(text += '.', static_cast<unsigned>(micros), 6);
    return text += 'Z';
}

std::optional<Instant> instant_from(std::string_view text)
{
    const auto date = take_date(text);
    if (!date || (!take(text, 'T') && !take(text, 't'))) return std::nullopt;
    const auto h = take_digits(text, 2);
    if (!h || !take(text, ':')) return std::nullopt;
    const auto m = take_digits(text, 2);
    if (!m || !take(text, ':')) return std::nullopt;
    const auto s = take_digits(text, 2);
    if (!s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return sys_days{*date} + hours{*h} + minutes{*m} + seconds{*s} + *fraction - *offset;
}

std::string to_text(Interval interval)
{
    constexpr char letters[] = {'D', 'W', 'M', 'Y'};
    return "P" + std::to_string(interval.count) + letters[static_cast<int>(interval.unit)];
}

std::optional<Interval> interval_from(std::string_view text)
{
    if (!take(text, 'P') || text.starts_with('0')) return std::nullopt;
    Interval interval{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), interval.count);
    if (error != std::errc{} || interval.count < 1 || end + 1 != text.data() + text.size()) return std::nullopt;
    switch (*end) {
    case 'D': interval.unit = Interval::Unit::day; break;
    case 'W': interval.unit = Interval::Unit::week; break;
    case 'M': interval.unit = Interval::Unit::month; break;
    case 'Y': interval.unit = Interval::Unit::year; break;
    default: return std::nullopt;
    }
    return interval;
}

Date boundary(Date anchor, Interval interval, int k)
{
    const int steps = k * interval.count;
    switch (interval.unit) {
    case Interval::Unit::day: return sys_days{anchor} + days{steps};
    case Interval::Unit::week: return sys_days{anchor} + weeks{steps};
    case Interval::Unit::month: return add_months(anchor, steps);
    case Interval::Unit::year: return add_months(anchor, 12 * steps);
    }
    return anchor;
}

Period period(Date anchor, Interval interval, int k)
{
    return {.start = boundary(anchor, interval, k), .end = boundary(anchor, interval, k + 1)};
}

Period period_holding(Date anchor, Interval interval, Day day)
{
    int k = boundary_before(anchor, interval, day);
    while (Day{boundary(anchor, interval, k)} > day) --k; // the anchor's day of the month may come later in this one
    return period(anchor, interval, k);
}

int days_in(const Period& period) { return static_cast<int>((period.end - period.start).count()); }

} // namespace domain
