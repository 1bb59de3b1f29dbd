#include "document/printed.h"

#include <boost/test/unit_test.hpp>

namespace {
using namespace std::chrono_literals;
}

BOOST_AUTO_TEST_SUITE(printed)

BOOST_AUTO_TEST_CASE(amounts_have_blanks_between_thousands)
{
    BOOST_TEST(document::printed_amount(0) == "0.00");
    BOOST_TEST(document::printed_amount(99999) == "999.99");
    BOOST_TEST(document::printed_amount(100000) == "1 000.00");
    BOOST_TEST(document::printed_amount(-123456789) == "\u22121 234 567.89");
    BOOST_TEST(document::printed_amount(INT64_MIN) == "\u221292 233 720 368 547 758.08");
}

BOOST_AUTO_TEST_CASE(a_period_is_shown_by_its_first_and_last_day)
{
    BOOST_TEST(document::printed_period({2026y / 2 / 1, 2026y / 3 / 1}, "de") == "01.02.2026 – 28.02.2026");
    BOOST_TEST(document::printed_period({2024y / 2 / 1, 2024y / 3 / 1}, "en") == "1 Feb 2024 – 29 Feb 2024");
    BOOST_TEST(document::printed_period({2026y / 2 / 1, 2026y / 2 / 2}, "fr") == "01.02.2026");
}

BOOST_AUTO_TEST_CASE(a_vat_number_ends_in_the_language_of_the_invoice)
{
    BOOST_TEST(document::printed_vat_number("CHE123456788", "de") == "CHE-123.456.788 MWST");
    BOOST_TEST(document::printed_vat_number("CHE-123.456.788", "fr") == "CHE-123.456.788 TVA");
    BOOST_TEST(document::printed_vat_number("CHE-123.456.788 MWST", "it") == "CHE-123.456.788 IVA");
    BOOST_TEST(document::printed_vat_number("CHE-123.456.788", "en") == "CHE-123.456.788 MWST");
}

BOOST_AUTO_TEST_SUITE_END()
