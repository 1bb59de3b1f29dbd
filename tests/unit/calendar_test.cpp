#include "domain/calendar.h"

#include "store/sql.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::chrono;
using domain::boundary;
using domain::Date;
using domain::date_from;
using domain::days_in;
using domain::Instant;
using domain::instant_from;
using domain::Interval;
using domain::interval_from;
using domain::to_text;

constexpr Interval monthly{1, Interval::Unit::month};
constexpr Interval yearly{1, Interval::Unit::year};

std::string text_of(Date date) { return domain::to_text(date); }

/// The instant as it is printed, or "none".
std::string read_instant(std::string_view text)
{
    const auto instant = instant_from(text);
    return instant ? to_text(*instant) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(calendar)

// Kill Bill 127: a subscription of the 31st stopped billing after a clamped month.
BOOST_DATA_TEST_CASE(monthly_periods_tile_time_for_every_anchor_day, bdata::xrange(1u, 32u), anchor_day)
{
    const Date anchor{year{2024}, January, day{anchor_day}};
    for (int k = -12; k < 120; ++k) {
        const auto period = domain::period(anchor, monthly, k);
        BOOST_TEST_REQUIRE((period.end == domain::period(anchor, monthly, k + 1).start));
        BOOST_TEST_REQUIRE((period.start < period.end));
        BOOST_TEST_REQUIRE(days_in(period) >= 28);
        BOOST_TEST_REQUIRE(days_in(period) <= 31);
    }
}

BOOST_DATA_TEST_CASE(each_monthly_boundary_lies_on_the_anchor_day_or_the_last_before_it, bdata::xrange(1u, 32u), anchor_day)
{
    constexpr std::array lengths{31u, 28u, 31u, 30u, 31u, 30u, 31u, 31u, 30u, 31u, 30u, 31u};
    const Date anchor{year{2024}, January, day{anchor_day}};
    for (int k = 0; k < 120; ++k) {
        const auto at = boundary(anchor, monthly, k);
        const auto month_index = static_cast<std::size_t>(k % 12);
        const auto length = month_index == 1 && (2024 + k / 12) % 4 == 0 ? 29u : lengths[month_index];
        BOOST_TEST_REQUIRE(int{at.year()} == 2024 + k / 12);
        BOOST_TEST_REQUIRE(unsigned{at.month()} == month_index + 1);
        BOOST_TEST_REQUIRE(unsigned{at.day()} == std::min(anchor_day, length));
    }
}

BOOST_AUTO_TEST_CASE(the_31st_comes_back_after_february)
{
    const Date anchor{year{2026} / January / 31};
    BOOST_TEST(text_of(boundary(anchor, monthly, 1)) == "2026-02-28");
    BOOST_TEST(text_of(boundary(anchor, monthly, 2)) == "2026-03-31");
    BOOST_TEST(text_of(boundary(anchor, monthly, 3)) == "2026-04-30");
}

BOOST_AUTO_TEST_CASE(the_31st_becomes_the_29th_in_a_leap_february)
{
    const Date anchor{year{2028} / January / 31};
    BOOST_TEST(text_of(boundary(anchor, monthly, 1)) == "2028-02-29");
    BOOST_TEST(text_of(boundary(anchor, monthly, 2)) == "2028-03-31");
}

BOOST_AUTO_TEST_CASE(february_of_a_century_has_28_days_unless_400_divides_it)
{
    BOOST_TEST(text_of(boundary(Date{year{2100} / January / 30}, monthly, 1)) == "2100-02-28");
    BOOST_TEST(text_of(boundary(Date{year{2000} / January / 30}, monthly, 1)) == "2000-02-29");
}

BOOST_AUTO_TEST_CASE(a_year_from_the_29th_of_february_comes_back_to_it)
{
    const Date anchor{year{2024} / February / 29};
    BOOST_TEST(text_of(boundary(anchor, yearly, 1)) == "2025-02-28");
    BOOST_TEST(text_of(boundary(anchor, yearly, 2)) == "2026-02-28");
    BOOST_TEST(text_of(boundary(anchor, yearly, 3)) == "2027-02-28");
    BOOST_TEST(text_of(boundary(anchor, yearly, 4)) == "2028-02-29");
}

BOOST_AUTO_TEST_CASE(months_cross_the_turn_of_the_year)
{
    const Date anchor{year{2026} / November / 30};
    BOOST_TEST(text_of(boundary(anchor, monthly, 2)) == "2027-01-30");
    BOOST_TEST(text_of(boundary(anchor, monthly, 3)) == "2027-02-28");
}

BOOST_AUTO_TEST_CASE(boundaries_before_the_anchor_are_computed_from_it_too)
{
    const Date anchor{year{2026} / March / 31};
    BOOST_TEST(text_of(boundary(anchor, monthly, -1)) == "2026-02-28");
    BOOST_TEST(text_of(boundary(anchor, monthly, -3)) == "2025-12-31");
    BOOST_TEST(text_of(boundary(anchor, {1, Interval::Unit::day}, -31)) == "2026-02-28");
}

BOOST_AUTO_TEST_CASE(boundary_0_is_the_anchor)
{
    const Date anchor{year{2024} / February / 29};
    using Unit = Interval::Unit;
    for (const auto unit : {Unit::day, Unit::week, Unit::month, Unit::year}) BOOST_TEST((boundary(anchor, {3, unit}, 0) == anchor));
}

BOOST_AUTO_TEST_CASE(weeks_and_days_are_counted)
{
    const Date anchor{year{2028} / February / 22};
    BOOST_TEST(text_of(boundary(anchor, {1, Interval::Unit::week}, 1)) == "2028-02-29");
    BOOST_TEST(text_of(boundary(anchor, {2, Interval::Unit::week}, 2)) == "2028-03-21");
    BOOST_TEST(text_of(boundary(anchor, {10, Interval::Unit::day}, 1)) == "2028-03-03");
}

BOOST_AUTO_TEST_CASE(quarters_clamp_each_on_their_own)
{
    const Date anchor{year{2025} / August / 31};
    const Interval quarterly{3, Interval::Unit::month};
    BOOST_TEST(text_of(boundary(anchor, quarterly, 1)) == "2025-11-30");
    BOOST_TEST(text_of(boundary(anchor, quarterly, 2)) == "2026-02-28");
    BOOST_TEST(text_of(boundary(anchor, quarterly, 4)) == "2026-08-31");
}

BOOST_AUTO_TEST_CASE(a_period_counts_its_first_day_and_not_its_last)
{
    BOOST_TEST(days_in({Date{year{2026} / February / 1}, Date{year{2026} / March / 1}}) == 28);
    BOOST_TEST(days_in({Date{year{2028} / February / 1}, Date{year{2028} / March / 1}}) == 29);
    BOOST_TEST(days_in({Date{year{2026} / January / 1}, Date{year{2026} / January / 1}}) == 0);
}

BOOST_AUTO_TEST_CASE(dates_are_shown_as_iso_8601)
{
    BOOST_TEST(text_of(Date{year{2026} / November / 4}) == "2026-11-04");
    BOOST_TEST(text_of(Date{year{987} / January / 2}) == "0987-01-02");
}

BOOST_AUTO_TEST_CASE(every_day_of_a_leap_cycle_is_read_back_as_printed)
{
    int broken = 0;
    for (sys_days at{year{2024} / January / 1}; at < sys_days{year{2028} / March / 1}; at += days{1})
        broken += date_from(text_of(Date{at})) == Date{at} ? 0 : 1;
    BOOST_TEST(broken == 0);
}

BOOST_DATA_TEST_CASE(what_is_no_date_is_not_read_as_one,
    bdata::make({"", "2026", "2026-11", "2026-11-2", "2026-1-24", "26-11-24", "2026-11-241", "2026-11-24 ", " 2026-11-24", "2026-02-29",
        "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "2026/11/24", "20261124", "+026-11-24", "-026-11-24",
        "2026-+1-24", "2026-11-24T00:00:00Z", "abcd-ef-gh", "2100-02-29"}),
    text)
{
    BOOST_TEST(!date_from(text).has_value());
}

BOOST_AUTO_TEST_CASE(the_29th_of_february_is_read_in_leap_years)
{
    BOOST_TEST(date_from("2028-02-29").has_value());
    BOOST_TEST(date_from("2000-02-29").has_value());
}

BOOST_AUTO_TEST_CASE(instants_are_shown_in_utc_without_a_zero_fraction)
{
    const Instant at = sys_days{year{2026} / November / 24} + 12h + 30min + 5s;
    BOOST_TEST(to_text(at) == "2026-11-24T12:30:05Z");
    BOOST_TEST(to_text(at + 123'456us) == "2026-11-24T12:30:05.123456Z");
    BOOST_TEST(to_text(at + 7us) == "2026-11-24T12:30:05.000007Z");
}

BOOST_AUTO_TEST_CASE(instants_before_1970_are_shown_on_their_own_day)
{
    BOOST_TEST(to_text(Instant{} - 1us) == "1969-12-31T23:59:59.999999Z");
}

BOOST_AUTO_TEST_CASE(an_instant_is_read_back_as_printed)
{
    for (const auto* text : {"2026-11-24T12:30:05Z", "2026-11-24T12:30:05.1Z", "1969-12-31T23:59:59.999999Z", "2028-02-29T00:00:00Z"})
        BOOST_TEST((instant_from(text) == instant_from(to_text(*instant_from(text)))), text);
    BOOST_TEST(read_instant("2026-11-24T12:30:05.123456Z") == "2026-11-24T12:30:05.123456Z");
}

BOOST_AUTO_TEST_CASE(an_offset_is_taken_off)
{
    BOOST_TEST(read_instant("2026-11-24T12:30:05+01:00") == "2026-11-24T11:30:05Z");
    BOOST_TEST(read_instant("2026-11-24T12:30:05-05:30") == "2026-11-24T18:00:05Z");
    BOOST_TEST(read_instant("2026-11-24T12:30:05+00:00") == "2026-11-24T12:30:05Z");
    BOOST_TEST(read_instant("2026-01-01T00:30:00+02:00") == "2025-12-31T22:30:00Z");
}

BOOST_AUTO_TEST_CASE(digits_beyond_the_microsecond_are_cut_off)
{
    BOOST_TEST(read_instant("2026-11-24T12:30:05.1234569Z") == "2026-11-24T12:30:05.123456Z");
    BOOST_TEST(read_instant("2026-11-24T12:30:05.5Z") == "2026-11-24T12:30:05.500000Z");
}

BOOST_DATA_TEST_CASE(what_is_no_instant_is_not_read_as_one,
    bdata::make({"", "2026-11-24", "2026-11-24T12:30Z", "2026-11-24T12:30:05", "2026-11-24 12:30:05Z", "2026-11-24T24:00:00Z",
        "2026-11-24T12:60:00Z", "2026-11-24T12:30:61Z", "2026-11-24T12:30:05.Z", "2026-11-24T12:30:05,5Z", "2026-11-24T12:30:05+0100",
        "2026-11-24T12:30:05+01", "2026-11-24T12:30:05+24:00", "2026-11-24T12:30:05+01:60", "2026-11-24T12:30:05ZZ",
        "2026-11-24T12:30:05Z ", "2026-02-30T12:30:05Z", "2026-11-24T1:30:05Z", "yesterday", "1795523405"}),
    text)
{
    BOOST_TEST(read_instant(text) == "none");
}

BOOST_AUTO_TEST_CASE(intervals_are_iso_8601_durations)
{
    BOOST_TEST(to_text(monthly) == "P1M");
    BOOST_TEST(to_text(yearly) == "P1Y");
    BOOST_TEST(to_text(Interval{2, Interval::Unit::week}) == "P2W");
    BOOST_TEST(to_text(Interval{30, Interval::Unit::day}) == "P30D");
}

BOOST_AUTO_TEST_CASE(an_interval_is_read_back_as_printed)
{
    using Unit = Interval::Unit;
    for (const auto unit : {Unit::day, Unit::week, Unit::month, Unit::year})
        for (const int count : {1, 2, 12, 365}) BOOST_TEST((interval_from(to_text(Interval{count, unit})) == Interval{count, unit}));
}

BOOST_DATA_TEST_CASE(what_is_no_interval_is_not_read_as_one,
    bdata::make(
        {"", "P", "P1", "1M", "PM", "P0M", "P-1M", "P+1M", "P1H", "P1m", "p1M", "P1M1D", "PT1M", "P1.5M", " P1M", "P1M ", "P99999999999M"}),
    text)
{
    BOOST_TEST(!interval_from(text).has_value());
}

BOOST_AUTO_TEST_CASE(dates_and_instants_survive_the_database)
{
    const Date date{year{2028} / February / 29};
    BOOST_TEST(store::to_sql(date) == "2028-02-29");
    BOOST_TEST((store::date_of(store::to_sql(date)) == date));

    const Instant at = sys_days{date} + 23h + 59min + 59s + 999'999us;
    BOOST_TEST(store::to_sql(at) == "2028-02-29 23:59:59.999999");
    BOOST_TEST((store::instant_of(store::to_sql(at)) == at));
}

BOOST_AUTO_TEST_CASE(mariadb_prints_the_fraction_of_a_whole_second_too)
{
    BOOST_TEST(to_text(store::instant_of(std::string{"2026-11-24 12:30:05.000000"})) == "2026-11-24T12:30:05Z");
}

BOOST_AUTO_TEST_CASE(a_missing_date_stays_missing)
{
    BOOST_TEST(!store::to_sql(std::optional<Date>{}).has_value());
    BOOST_TEST(!store::instant_of(std::optional<std::string>{}).has_value());
    BOOST_TEST(store::to_sql(std::optional{Date{year{2026} / March / 1}}).value() == "2026-03-01");
}

BOOST_AUTO_TEST_CASE(a_column_that_holds_no_date_is_an_error)
{
    for (const auto* text : {"", "0000-00-00", "2026-11-24 00:00:00"}) BOOST_CHECK_THROW(store::date_of(text), std::runtime_error);
    for (const std::string text : {"", "2026-11-24", "0000-00-00 00:00:00"}) BOOST_CHECK_THROW(store::instant_of(text), std::runtime_error);
    BOOST_CHECK_THROW(store::uuid_of("no uuid"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
