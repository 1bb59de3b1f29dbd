#include "domain/vat.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

namespace bdata = boost::unit_test::data;
using domain::percent_text;
using domain::vat_of;
using domain::VatRate;

constexpr int rates[] = {770, 810};

} // namespace

BOOST_AUTO_TEST_SUITE(vat)

BOOST_AUTO_TEST_CASE(the_tax_within_108_10_at_8_1_percent_is_8_10) { BOOST_TEST(vat_of(10'810, {810}, true) == 810); }

BOOST_AUTO_TEST_CASE(the_tax_on_100_00_at_8_1_percent_is_8_10) { BOOST_TEST(vat_of(10'000, {810}, false) == 810); }

BOOST_AUTO_TEST_CASE(half_a_cent_of_tax_is_a_cent)
{
    BOOST_TEST(vat_of(500, {770}, false) == 39);   // 38.5
    BOOST_TEST(vat_of(-500, {770}, false) == -39); // and so is its credit
}

BOOST_AUTO_TEST_CASE(the_tax_within_13_00_is_rounded_once)
{
    BOOST_TEST(vat_of(1300, {810}, true) == 97); // 97.41
    BOOST_TEST(vat_of(1300, {770}, true) == 93); // 92.94
}

BOOST_AUTO_TEST_CASE(a_rate_of_0_leaves_no_tax)
{
    BOOST_TEST(vat_of(1300, {0}, true) == 0);
    BOOST_TEST(vat_of(1300, {0}, false) == 0);
}

// The exact tax is t = g·r/(100 % + r); the shown one may be off by no more than half a cent.
BOOST_DATA_TEST_CASE(the_tax_within_each_amount_to_9999_99_is_the_nearest_cent, bdata::make(rates), rate)
{
    int broken = 0;
    for (std::int64_t gross = 1; gross <= 999'999; ++gross) {
        const auto tax = vat_of(gross, {rate}, true);
        const auto twice_error = 2 * (gross * rate - tax * (10'000 + rate));
        broken += twice_error < 10'000 + rate && twice_error >= -(10'000 + rate) ? 0 : 1;
    }
    BOOST_TEST(broken == 0);
}

BOOST_AUTO_TEST_CASE(rates_are_shown_in_percent_without_trailing_zeros)
{
    BOOST_TEST(percent_text({810}) == "8.1");
    BOOST_TEST(percent_text({770}) == "7.7");
    BOOST_TEST(percent_text({255}) == "2.55");
    BOOST_TEST(percent_text({800}) == "8");
    BOOST_TEST(percent_text({0}) == "0");
    BOOST_TEST(percent_text({5}) == "0.05");
    BOOST_TEST(percent_text({1000}) == "10");
    BOOST_TEST(percent_text({2010}) == "20.1");
}

BOOST_AUTO_TEST_SUITE_END()
