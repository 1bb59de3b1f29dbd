#include "domain/margin.h"

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using domain::Currency;
using domain::MarginRule;
using domain::Millionths;
using domain::Money;

Millionths number(const char* text) { return domain::millionths_from(text).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(margin)

BOOST_AUTO_TEST_CASE(decimals_are_read_exactly)
{
    BOOST_TEST(number("1").value == 1'000'000);
    BOOST_TEST(number("0.95").value == 950'000);
    BOOST_TEST(number("1.000001").value == 1'000'001);
    for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1,5", "1.0000001", "1e3", "1000000", " 1", "1 "})
        BOOST_TEST(!domain::millionths_from(text), text);
    for (const char* text : {"0", "1", "0.95", "12.5", "999999.999999"}) BOOST_TEST(domain::to_text(number(text)) == text);
}

BOOST_AUTO_TEST_CASE(a_pattern_has_stars)
{
    BOOST_TEST(domain::fits_pattern("core-1", "core-1"));
    BOOST_TEST(domain::fits_pattern("core-1", "*"));
    BOOST_TEST(domain::fits_pattern("core-1", "core-*"));
    BOOST_TEST(domain::fits_pattern("24sk10-eu", "*sk*-eu"));
    BOOST_TEST(domain::fits_pattern("", "*"));
    BOOST_TEST(!domain::fits_pattern("core-1", "core"));
    BOOST_TEST(!domain::fits_pattern("core-1", "c*-2"));
    BOOST_TEST(!domain::fits_pattern("", "?"));
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_fits_counts)
{
    const std::vector<MarginRule> rules{{"core-*", number("20")}, {"*", number("10")}};
    BOOST_TEST(domain::margin_rule_for(rules, "core-1").percent.value == 20'000'000);
    BOOST_TEST(domain::margin_rule_for(rules, "mini-1").percent.value == 10'000'000);
    BOOST_TEST(domain::margin_rule_for({}, "mini-1").percent.value == 0);
}

BOOST_AUTO_TEST_CASE(a_price_is_the_cost_with_its_margin)
{
    const auto cost = domain::converted({10'000, Currency::eur}, Currency::chf, number("0.945"));
    BOOST_TEST((cost == Money{9'450, Currency::chf}));
    BOOST_TEST(domain::price_with_margin(cost, {"*", number("12.5"), 200, 1}, true).minor == 9'450 + 1'181 + 200);
    BOOST_TEST(domain::price_with_margin(cost, {"*", number("12.5"), 200, 1}, false).minor == 9'450 + 1'181);
    BOOST_TEST(domain::price_with_margin(cost, {"*", number("12.5"), 200, 100}, true).minor == 10'900);
    BOOST_TEST(domain::price_with_margin({0}, {"*", number("12.5"), 200, 100}, true).minor == 0); // what is included stays so
}

BOOST_AUTO_TEST_CASE(halves_are_rounded_up)
{
    BOOST_TEST(domain::converted({1, Currency::eur}, Currency::chf, number("0.5")).minor == 1);
    BOOST_TEST(domain::price_with_margin({10}, {"*", number("5"), 0, 1}, true).minor == 11);
}

BOOST_AUTO_TEST_CASE(a_price_is_never_below_its_cost)
{
    const unsigned seed = std::random_device{}();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        std::mt19937 random{seed};
        const auto up_to = [&](std::int64_t most) { return std::uniform_int_distribution<std::int64_t>{0, most}(random); };
        for (int i = 0; i < 20'000; ++i) {
            const Money cost{up_to(10'000'000)};
            const MarginRule rule{"*", {up_to(200'000'000)}, up_to(5'000), 1 + up_to(500)};
            const auto price = domain::price_with_margin(cost, rule, up_to(1) == 1);
            BOOST_REQUIRE_GE(price.minor, cost.minor);
            BOOST_REQUIRE_EQUAL(price.minor % rule.step_minor, 0);
            const auto dearer = domain::price_with_margin({cost.minor + 1}, rule, true);
            BOOST_REQUIRE_GE(dearer.minor, domain::price_with_margin(cost, rule, true).minor); // it grows with the cost
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
