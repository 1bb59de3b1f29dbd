#include "domain/money.h"

#include "http/form.h"
#include "http/json_text.h"
#include "store/sql.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>

namespace {

using domain::Currency;
using domain::half_up;
using domain::Money;

constexpr auto max_minor = std::numeric_limits<std::int64_t>::max();
constexpr auto min_minor = std::numeric_limits<std::int64_t>::min();

/// The seed of a random test; TEST_SEED repeats a run.
unsigned seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

/// "1234" → "12.34": written without the code under test.
std::string decimal(int minor)
{
    const auto cents = std::to_string(minor % 100);
    return std::to_string(minor / 100) + (cents.size() == 1 ? ".0" : ".") + cents;
}

/// How many of 0.01 … 9999.99 the predicate does not hold for.
template <class Predicate> int broken_amounts(Predicate holds)
{
    int broken = 0;
    for (int minor = 1; minor <= 999'999; ++minor) broken += holds(minor) ? 0 : 1;
    return broken;
}

} // namespace

BOOST_AUTO_TEST_SUITE(money)

BOOST_AUTO_TEST_CASE(less_than_a_half_is_rounded_towards_zero)
{
    BOOST_TEST(half_up(49, 1, 100) == 0);
    BOOST_TEST(half_up(149, 1, 100) == 1);
    BOOST_TEST(half_up(4, 1, 3) == 1);
}

BOOST_AUTO_TEST_CASE(a_half_is_rounded_away_from_zero)
{
    BOOST_TEST(half_up(50, 1, 100) == 1);
    BOOST_TEST(half_up(150, 1, 100) == 2); // not to even
    BOOST_TEST(half_up(250, 1, 100) == 3);
    BOOST_TEST(half_up(1, 1, 2) == 1);
}

BOOST_AUTO_TEST_CASE(more_than_a_half_is_rounded_away_from_zero)
{
    BOOST_TEST(half_up(51, 1, 100) == 1);
    BOOST_TEST(half_up(5, 1, 3) == 2);
}

BOOST_AUTO_TEST_CASE(negative_amounts_round_as_their_mirror_image)
{
    BOOST_TEST(half_up(-49, 1, 100) == 0);
    BOOST_TEST(half_up(-50, 1, 100) == -1);
    BOOST_TEST(half_up(-150, 1, 100) == -2);
    BOOST_TEST(half_up(-51, 1, 100) == -1);
    BOOST_TEST(half_up(50, -1, 100) == -1);
    BOOST_TEST(half_up(-50, -1, 100) == 1);
}

BOOST_AUTO_TEST_CASE(a_half_of_an_odd_denominator_does_not_exist)
{
    BOOST_TEST(half_up(1, 1, 3) == 0);
    BOOST_TEST(half_up(2, 1, 3) == 1);
    BOOST_TEST(half_up(-1, 1, 3) == 0);
    BOOST_TEST(half_up(-2, 1, 3) == -1);
}

BOOST_AUTO_TEST_CASE(whole_quotients_stay_as_they_are)
{
    BOOST_TEST(half_up(0, 810, 10'000) == 0);
    BOOST_TEST(half_up(-300, 1, 100) == -3);
    BOOST_TEST(half_up(max_minor, 1, 1) == max_minor);
    BOOST_TEST(half_up(min_minor, 1, 1) == min_minor);
}

BOOST_AUTO_TEST_CASE(the_largest_denominator_does_not_overflow_the_comparison)
{
    BOOST_TEST(half_up(max_minor - 1, 1, max_minor) == 1);
    BOOST_TEST(half_up(max_minor / 2, 1, max_minor) == 0);
    BOOST_TEST(half_up(-(max_minor - 1), 1, max_minor) == -1);
}

BOOST_AUTO_TEST_CASE(random_quotients_are_the_nearest_integers)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 20'000; ++i) {
        const auto a = std::uniform_int_distribution<std::int64_t>{-10'000'000, 10'000'000}(random);
        const auto b = std::uniform_int_distribution<std::int64_t>{-2'000, 2'000}(random);
        const auto denominator = std::uniform_int_distribution<std::int64_t>{1, 12'000}(random);
        const auto rounded = half_up(a, b, denominator);
        // |2·(exact − rounded)| <= 1, and at exactly one half the result is the outer neighbour.
        const auto twice_error = 2 * (a * b - rounded * denominator);
        const bool nearest = std::abs(twice_error) < denominator;
        const bool outer_half = std::abs(twice_error) == denominator && std::abs(rounded * denominator) > std::abs(a * b);
        BOOST_TEST_REQUIRE((nearest || outer_half), a << " * " << b << " / " << denominator << " = " << rounded);
    }
}

BOOST_AUTO_TEST_CASE(a_product_beyond_int64_throws_instead_of_wrapping)
{
    BOOST_CHECK_THROW(half_up(max_minor, 2, 100), std::domain_error);
    BOOST_CHECK_THROW(half_up(min_minor, 2, 100), std::domain_error);
    BOOST_CHECK_THROW(half_up(min_minor, -1, 1), std::domain_error);
}

BOOST_AUTO_TEST_CASE(sums_and_differences_keep_the_currency)
{
    BOOST_TEST((Money{130, Currency::eur} + Money{20, Currency::eur} == Money{150, Currency::eur}));
    BOOST_TEST((Money{130, Currency::eur} - Money{200, Currency::eur} == Money{-70, Currency::eur}));
    BOOST_TEST((Money{130, Currency::eur} * -3 == Money{-390, Currency::eur}));
}

BOOST_AUTO_TEST_CASE(a_sum_beyond_int64_throws)
{
    BOOST_TEST((Money{max_minor - 1} + Money{1}).minor == max_minor);
    BOOST_CHECK_THROW(Money{max_minor} + Money{1}, std::domain_error);
    BOOST_CHECK_THROW(Money{min_minor} + Money{-1}, std::domain_error);
}

BOOST_AUTO_TEST_CASE(a_difference_beyond_int64_throws)
{
    BOOST_CHECK_THROW(Money{min_minor} - Money{1}, std::domain_error);
    BOOST_CHECK_THROW(Money{0} - Money{min_minor}, std::domain_error);
}

BOOST_AUTO_TEST_CASE(a_multiple_beyond_int64_throws)
{
    BOOST_CHECK_THROW(Money{max_minor / 2} * 3, std::domain_error);
    BOOST_CHECK_THROW(Money{min_minor} * -1, std::domain_error);
}

BOOST_AUTO_TEST_CASE(francs_and_euros_are_never_added)
{
    BOOST_CHECK_THROW((Money{1, Currency::chf} + Money{1, Currency::eur}), std::domain_error);
    BOOST_CHECK_THROW((Money{1, Currency::eur} - Money{1, Currency::chf}), std::domain_error);
}

BOOST_AUTO_TEST_CASE(the_same_number_of_francs_and_euros_is_not_the_same_amount)
{
    BOOST_TEST((Money{1, Currency::chf} != Money{1, Currency::eur}));
}

BOOST_AUTO_TEST_CASE(amounts_are_shown_with_two_decimals)
{
    BOOST_TEST(to_text(Money{1300}) == "13.00 CHF");
    BOOST_TEST(to_text(Money{1305, Currency::eur}) == "13.05 EUR");
    BOOST_TEST(to_text(Money{0}) == "0.00 CHF");
    BOOST_TEST(to_text(Money{7}) == "0.07 CHF");
}

BOOST_AUTO_TEST_CASE(a_credit_below_one_franc_keeps_its_sign)
{
    BOOST_TEST(to_text(Money{-5}) == "-0.05 CHF");
    BOOST_TEST(to_text(Money{-1234}) == "-12.34 CHF");
}

BOOST_AUTO_TEST_CASE(the_smallest_amount_can_be_shown) { BOOST_TEST(to_text(Money{min_minor}) == "-92233720368547758.08 CHF"); }

BOOST_AUTO_TEST_CASE(currencies_are_known_by_their_exact_codes)
{
    BOOST_TEST((domain::currency_from("CHF") == Currency::chf));
    BOOST_TEST((domain::currency_from("EUR") == Currency::eur));
    for (const auto* code : {"", "chf", "USD", "CHF ", "EURO"}) BOOST_TEST(!domain::currency_from(code).has_value(), code);
}

// Cents kept as floating point numbers lose some of them: 1.15 * 100 is 114.99999999999999.
BOOST_AUTO_TEST_CASE(each_amount_to_9999_99_is_shown_exactly)
{
    BOOST_TEST(broken_amounts([](int minor) { return to_text(Money{minor}) == decimal(minor) + " CHF"; }) == 0);
}

BOOST_AUTO_TEST_CASE(each_amount_to_9999_99_goes_out_in_json_as_the_integer_it_is)
{
    BOOST_TEST(broken_amounts([](int minor) { return http::JsonText{Money{minor}.minor}.dump() == std::to_string(minor); }) == 0);
}

BOOST_AUTO_TEST_CASE(each_amount_to_9999_99_written_with_decimals_comes_in_exactly)
{
    const auto read = [](int minor) {
        http::Form form{http::Json{json_pack("{s:s}", "amount", decimal(minor).c_str())}};
        return form.thousandths("amount", 0, 10'000'000);
    };
    BOOST_TEST(broken_amounts([&](int minor) { return read(minor) == minor * 10; }) == 0);
}

BOOST_AUTO_TEST_CASE(each_amount_to_9999_99_sent_as_a_json_number_comes_in_exactly)
{
    const auto read = [](int minor) {
        http::Form form{http::Json{json_pack("{s:f}", "amount", std::strtod(decimal(minor).c_str(), nullptr))}};
        return form.thousandths("amount", 0, 10'000'000);
    };
    BOOST_TEST(broken_amounts([&](int minor) { return read(minor) == minor * 10; }) == 0);
}

BOOST_AUTO_TEST_CASE(each_amount_to_9999_99_comes_back_from_one_hundredfold_unchanged)
{
    BOOST_TEST(broken_amounts([](int minor) { return half_up(minor, 100, 100) == minor && half_up(-minor, 100, 100) == -minor; }) == 0);
}

BOOST_AUTO_TEST_CASE(an_amount_of_an_unknown_currency_in_the_database_is_an_error)
{
    BOOST_TEST((store::money_of(1300, "EUR") == Money{1300, Currency::eur}));
    BOOST_CHECK_THROW(store::money_of(1300, "USD"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
