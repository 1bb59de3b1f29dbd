#include "domain/uid.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using domain::check_uid;
using domain::UidFault;

/// A right UID, its digit found by trying; empty for the numbers that are never issued.
std::string random_uid(std::mt19937& random)
{
    std::string uid = "CHE";
    for (int i = 0; i < 9; ++i) uid += static_cast<char>('0' + random() % 10);
    for (char digit = '0'; digit <= '9'; ++digit) {
        uid.back() = digit;
        if (check_uid(uid) == UidFault::none) return uid;
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(uid)

// The example that the Federal Statistical Office publishes with the algorithm.
BOOST_AUTO_TEST_CASE(the_published_example_is_right) { BOOST_TEST((check_uid("CHE-109.322.551") == UidFault::none)); }

BOOST_AUTO_TEST_CASE(the_dummy_that_is_printed_everywhere_is_wrong)
{
    BOOST_TEST((check_uid("CHE-123.456.789") == UidFault::check));
    BOOST_TEST((check_uid("CHE-123.456.788") == UidFault::none));
}

BOOST_DATA_TEST_CASE(punctuation_case_and_a_registers_suffix_make_no_difference,
    bdata::make({"CHE123456788", "CHE-123.456.788", " che-123.456.788 mwst", "CHE-123.456.788 TVA", "CHE-123.456.788 IVA",
        "CHE-123.456.788 HR", "CHE-123.456.788 RC", "CHE 123 456 788"}),
    typed)
{
    BOOST_TEST((check_uid(typed) == UidFault::none));
    BOOST_TEST(domain::normalised_uid(typed) == "CHE-123.456.788");
    BOOST_TEST(domain::uid_digits(typed) == "123456788");
}

BOOST_DATA_TEST_CASE(what_has_not_the_form_is_no_uid,
    bdata::make({"", "CHE", "CHE-123.456.78", "CHE-123.456.7888", "CHE-123.456.788 VAT", "CH-123.456.788", "DE123456788", "123456788",
        "CHE-12A.456.788", "CHE-123.456.788 MWST TVA", "CHE-123,456,788"}),
    typed)
{
    BOOST_TEST((check_uid(typed) == UidFault::format));
}

// The weights are all prime to 11, so that any wrong digit changes the check digit.
BOOST_AUTO_TEST_CASE(one_wrong_digit_is_caught)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 2000; ++i) {
        auto uid = random_uid(random);
        if (uid.empty()) continue;
        auto& digit = uid[3 + random() % 9];
        digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        BOOST_TEST((check_uid(uid) == UidFault::check), uid << ", seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()
