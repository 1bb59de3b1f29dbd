#include "domain/proration.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>
#include <vector>

namespace {

namespace bdata = boost::unit_test::data;
using domain::Day;
using domain::Period;
using domain::price_of_days;
using std::chrono::days;

constexpr Day first{std::chrono::year{2026} / 1 / 1};

/// The days [from, until) of a period, counted from its start.
Period part(int from, int until) { return {first + days{from}, first + days{until}}; }

std::int64_t price(std::int64_t whole, int length, int from, int until) { return price_of_days(whole, part(0, length), part(from, until)); }

std::uint64_t seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// The ends of a random cut of [0, length), the last one `length`.
std::vector<int> random_cut(std::mt19937_64& random, int length)
{
    std::vector<int> ends(std::uniform_int_distribution<std::size_t>{0, 6}(random));
    for (auto& end : ends) end = std::uniform_int_distribution<int>{0, length}(random);
    ends.push_back(length);
    std::ranges::sort(ends);
    return ends;
}

} // namespace

BOOST_AUTO_TEST_SUITE(proration)

BOOST_AUTO_TEST_CASE(a_whole_period_costs_its_price) { BOOST_TEST(price(1300, 31, 0, 31) == 1300); }

BOOST_AUTO_TEST_CASE(no_days_cost_nothing)
{
    BOOST_TEST(price(1300, 31, 0, 0) == 0);
    BOOST_TEST(price(1300, 31, 7, 7) == 0);
    BOOST_TEST(price(1300, 31, 31, 31) == 0);
}

BOOST_AUTO_TEST_CASE(days_are_a_share_of_the_whole_period_and_not_of_a_month_of_30_days)
{
    BOOST_TEST(price(3100, 31, 10, 31) == 2100);
    BOOST_TEST(price(2800, 28, 14, 28) == 1400);
    BOOST_TEST(price(36'500, 365, 0, 1) == 100);
}

// Kill Bill rounds each part by itself: 224.96 for 27/30 of 249.95, and 25.00 for the other 3 days.
BOOST_AUTO_TEST_CASE(the_last_part_takes_the_remainder)
{
    BOOST_TEST(price(24'995, 30, 0, 3) == 2500);
    BOOST_TEST(price(24'995, 30, 3, 30) == 22'495);
    BOOST_TEST(price(24'995, 30, 0, 27) == 22'496); // its half is the first one here
    BOOST_TEST(price(24'995, 30, 27, 30) == 2499);
}

BOOST_AUTO_TEST_CASE(a_rappen_is_charged_on_the_day_that_makes_it_half)
{
    BOOST_TEST(price(1, 30, 0, 14) == 0);
    BOOST_TEST(price(1, 30, 14, 15) == 1);
    BOOST_TEST(price(1, 30, 15, 30) == 0);
}

BOOST_AUTO_TEST_CASE(what_costs_nothing_costs_nothing_on_any_days) { BOOST_TEST(price(0, 366, 3, 77) == 0); }

BOOST_AUTO_TEST_CASE(a_negative_price_is_the_mirror_of_a_positive_one)
{
    for (int day = 0; day < 30; ++day) BOOST_TEST_REQUIRE(price(-24'995, 30, day, 30) == -price(24'995, 30, day, 30));
}

BOOST_DATA_TEST_CASE(two_parts_add_up_wherever_a_period_is_cut, bdata::make({1, 7, 28, 29, 30, 31, 90, 92, 181, 365, 366, 3653}), length)
{
    for (const std::int64_t whole : {1, 5, 99, 500, 1300, 24'995, 33'333, 1'000'000'000})
        for (int cut = 0; cut <= length; ++cut)
            BOOST_TEST_REQUIRE(price(whole, length, 0, cut) + price(whole, length, cut, length) == whole);
}

BOOST_AUTO_TEST_CASE(the_single_days_of_every_price_to_20_francs_add_up_to_it)
{
    for (int whole = 0; whole <= 2000; ++whole) {
        std::int64_t sum = 0;
        for (int day = 0; day < 31; ++day) sum += price(whole, 31, day, day + 1);
        BOOST_TEST_REQUIRE(sum == whole);
    }
}

BOOST_AUTO_TEST_CASE(no_two_days_of_a_period_differ_by_more_than_a_rappen)
{
    for (const std::int64_t whole : {1, 29, 1300, 24'995}) {
        std::vector<std::int64_t> each;
        for (int day = 0; day < 30; ++day) each.push_back(price(whole, 30, day, day + 1));
        const auto [least, most] = std::ranges::minmax(each);
        BOOST_TEST(most - least <= 1);
        BOOST_TEST(least >= 0);
    }
}

BOOST_AUTO_TEST_CASE(the_parts_of_any_random_cut_add_up_to_the_price)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int round = 0; round < 20'000; ++round) {
        const auto length = std::uniform_int_distribution<int>{1, 3653}(random);
        const auto whole = std::uniform_int_distribution<std::int64_t>{0, 1'000'000'000}(random);
        std::int64_t sum = 0;
        int from = 0;
        for (const int until : random_cut(random, length)) {
            sum += price(whole, length, from, until);
            from = until;
        }
        BOOST_TEST_REQUIRE(sum == whole);
    }
}

// What was charged at once comes back in pieces, or the other way round.
BOOST_AUTO_TEST_CASE(a_credit_for_days_is_exactly_what_they_were_charged)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int round = 0; round < 20'000; ++round) {
        const auto length = std::uniform_int_distribution<int>{1, 366}(random);
        const auto whole = std::uniform_int_distribution<std::int64_t>{0, 100'000}(random);
        const auto start = std::uniform_int_distribution<int>{0, length}(random);
        const auto end = std::uniform_int_distribution<int>{start, length}(random);
        const auto cut = std::uniform_int_distribution<int>{start, end}(random);
        const auto charged = price(whole, length, start, end);
        BOOST_TEST_REQUIRE(charged - price(whole, length, start, cut) - price(whole, length, cut, end) == 0);
        BOOST_TEST_REQUIRE(charged >= 0);
    }
}

BOOST_AUTO_TEST_CASE(the_greatest_price_of_the_longest_period_still_fits)
{
    BOOST_TEST(price(1'000'000'000, 3653, 1, 3653) == 1'000'000'000 - 273'748); // 273,747.6
}

BOOST_AUTO_TEST_CASE(a_price_that_leaves_int64_is_an_error_and_not_a_wrong_amount)
{
    BOOST_CHECK_THROW(price(std::numeric_limits<std::int64_t>::max() / 2, 30, 0, 3), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
