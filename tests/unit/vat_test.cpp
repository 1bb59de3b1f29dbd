#include "domain/vat.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <random>
#include <stdexcept>

namespace {

namespace bdata = boost::unit_test::data;
using domain::Currency;
using domain::Money;
using domain::percent_text;
using domain::RunningVat;
using domain::vat_on;
using domain::vat_within;
using domain::VatRate;

unsigned seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

constexpr int rates[] = {770, 810};

} // namespace

BOOST_AUTO_TEST_SUITE(vat)

BOOST_AUTO_TEST_CASE(the_tax_within_108_10_at_8_1_percent_is_8_10) { BOOST_TEST(vat_within({10'810}, {810}).minor == 810); }

BOOST_AUTO_TEST_CASE(the_tax_on_100_00_at_8_1_percent_is_8_10) { BOOST_TEST(vat_on({10'000}, {810}).minor == 810); }

BOOST_AUTO_TEST_CASE(half_a_cent_of_tax_is_a_cent)
{
    BOOST_TEST(vat_on({500}, {770}).minor == 39);   // 38.5
    BOOST_TEST(vat_on({-500}, {770}).minor == -39); // and so is its credit
}

BOOST_AUTO_TEST_CASE(the_tax_within_13_00_is_rounded_once)
{
    BOOST_TEST(vat_within({1300}, {810}).minor == 97); // 97.41
    BOOST_TEST(vat_within({1300}, {770}).minor == 93); // 92.94
}

BOOST_AUTO_TEST_CASE(a_rate_of_0_leaves_no_tax)
{
    BOOST_TEST(vat_within({1300}, {0}).minor == 0);
    BOOST_TEST(vat_on({1300}, {0}).minor == 0);
}

BOOST_AUTO_TEST_CASE(tax_has_the_currency_of_its_amount)
{
    BOOST_TEST((vat_within({1300, Currency::eur}, {810}).currency == Currency::eur));
    BOOST_TEST((vat_on({1300, Currency::eur}, {810}).currency == Currency::eur));
}

// The exact tax is t = g·r/(100 % + r); the shown one may be off by no more than half a cent.
BOOST_DATA_TEST_CASE(the_tax_within_each_amount_to_9999_99_is_the_nearest_cent, bdata::make(rates), rate)
{
    int broken = 0;
    for (std::int64_t gross = 1; gross <= 999'999; ++gross) {
        const auto tax = vat_within({gross}, {rate}).minor;
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

BOOST_AUTO_TEST_CASE(each_line_of_a_gross_document_costs_what_its_price_says)
{
    RunningVat vat{{810}, true};
    for (const std::int64_t price : {1300, 50, 1, 99'999}) {
        const auto share = vat.next({price});
        BOOST_TEST(share.gross.minor == price);
        BOOST_TEST((share.net + share.vat).minor == price);
    }
}

BOOST_AUTO_TEST_CASE(each_line_of_a_net_document_has_the_net_its_price_says)
{
    RunningVat vat{{810}, false};
    for (const std::int64_t price : {1300, 50, 1, 99'999}) {
        const auto share = vat.next({price});
        BOOST_TEST(share.net.minor == price);
        BOOST_TEST((share.gross - share.vat).minor == price);
    }
}

// Rounded line by line, three lines of 0.06 would bear no tax, although 0.18 bears one cent.
BOOST_AUTO_TEST_CASE(small_lines_bear_the_tax_of_their_sum_together)
{
    RunningVat vat{{810}, false};
    std::int64_t together = 0;
    for (int line = 0; line < 3; ++line) together += vat.next({6}).vat.minor;
    BOOST_TEST(vat_on({6}, {810}).minor == 0);
    BOOST_TEST(together == 1);
}

BOOST_AUTO_TEST_CASE(a_line_taken_back_leaves_no_tax_behind)
{
    RunningVat vat{{770}, true};
    const auto charged = vat.next({1299});
    const auto taken_back = vat.next({-1299});
    BOOST_TEST((charged.vat + taken_back.vat).minor == 0);
}

BOOST_AUTO_TEST_CASE(a_document_in_euros_stays_in_euros)
{
    RunningVat vat{{810}, true};
    const auto share = vat.next({1300, Currency::eur});
    BOOST_TEST((share.net.currency == Currency::eur));
    BOOST_TEST((share.vat.currency == Currency::eur));
    BOOST_TEST((share.gross.currency == Currency::eur));
}

BOOST_AUTO_TEST_CASE(a_document_does_not_mix_currencies)
{
    RunningVat vat{{810}, true};
    vat.next({1300, Currency::eur});
    BOOST_CHECK_THROW(vat.next({1300, Currency::chf}), std::domain_error);
}

BOOST_DATA_TEST_CASE(
    the_lines_of_any_document_add_up_to_the_tax_on_its_sum, bdata::make(rates) * bdata::make({true, false}), rate, prices_include_vat)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int document = 0; document < 2'000; ++document) {
        RunningVat vat{{rate}, prices_include_vat};
        Money priced{}, net{}, tax{}, gross{};
        const auto lines = std::uniform_int_distribution<int>{1, 30}(random);
        for (int line = 0; line < lines; ++line) {
            const Money amount{std::uniform_int_distribution<std::int64_t>{-2'000, 20'000}(random)};
            const auto share = vat.next(amount);
            priced = priced + amount;
            net = net + share.net;
            tax = tax + share.vat;
            gross = gross + share.gross;
        }
        const auto whole = prices_include_vat ? vat_within(priced, {rate}) : vat_on(priced, {rate});
        BOOST_TEST_REQUIRE(tax.minor == whole.minor);
        BOOST_TEST_REQUIRE((prices_include_vat ? gross : net).minor == priced.minor);
        BOOST_TEST_REQUIRE((net + tax).minor == gross.minor);
    }
}

BOOST_AUTO_TEST_SUITE_END()
