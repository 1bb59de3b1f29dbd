#include "domain/iban.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using domain::check_iban;
using domain::IbanFault;

const std::string letters_and_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A right IBAN: the check digits are found by trying, with none of the code under test but the check itself.
std::string random_iban(std::mt19937& random)
{
    std::string iban = random() % 4 == 0 ? "LI00" : "CH00";
    for (int i = 0; i < 5; ++i) iban += static_cast<char>('0' + random() % 10);
    for (int i = 0; i < 12; ++i) iban += letters_and_digits[random() % letters_and_digits.size()];
    for (int check = 2; check <= 98; ++check) {
        iban[2] = static_cast<char>('0' + check / 10);
        iban[3] = static_cast<char>('0' + check % 10);
        if (check_iban(iban) == IbanFault::none) return iban;
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(iban)

// The Swiss example of the IBAN registry, and those of the QR-bill's guidelines.
BOOST_DATA_TEST_CASE(published_examples_are_right,
    bdata::make({"CH9300762011623852957", "CH4431999123000889012", "CH5800791123000889012", "LI21088100002324013AA"}), example)
{
    BOOST_TEST((check_iban(example) == IbanFault::none));
}

BOOST_AUTO_TEST_CASE(an_institution_from_30000_to_31999_makes_a_qr_iban)
{
    BOOST_TEST(domain::is_qr_iban("CH4431999123000889012"));
    BOOST_TEST(domain::is_qr_iban("CH0030000000000000000"));
    BOOST_TEST(!domain::is_qr_iban("CH0029999000000000000"));
    BOOST_TEST(!domain::is_qr_iban("CH0032000000000000000"));
}

BOOST_DATA_TEST_CASE(
    another_country_is_named_before_the_form_is_judged, bdata::make({"DE89370400440532013000", "DE", "FR76 too short", "AT00000"}), foreign)
{
    BOOST_TEST((check_iban(foreign) == IbanFault::country));
}

BOOST_DATA_TEST_CASE(what_has_not_the_form_is_no_iban,
    bdata::make({"", "C", "CH", "ch9300762011623852957", "CH93 0076 2011 6238 5295 7", "CH930076201162385295", "CH93007620116238529570",
        "CHX300762011623852957", "CH93A0762011623852957", "CH930076201162385295a", "CH930076201162385295\n",
        "1234567890123456789\xc3\xa9"}),
    text)
{
    BOOST_TEST((check_iban(text) == IbanFault::format));
}

// 00, 01 and 99 leave the same remainder as 97, 98 and 02 do; they are never issued.
BOOST_AUTO_TEST_CASE(only_one_of_two_check_digits_with_the_same_remainder_is_right)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 2000; ++i) {
        auto text = random_iban(random);
        BOOST_REQUIRE_MESSAGE(!text.empty(), "no check digits found, seed " << seed);
        int right = 0;
        for (int check = 0; check <= 99; ++check) {
            text[2] = static_cast<char>('0' + check / 10);
            text[3] = static_cast<char>('0' + check % 10);
            right += check_iban(text) == IbanFault::none ? 1 : 0;
        }
        BOOST_TEST(right == 1, text << ", seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(one_wrong_digit_and_two_swapped_ones_are_caught)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 2000; ++i) {
        const auto right = random_iban(random);
        const auto at = 4 + random() % (right.size() - 5);
        auto wrong = right;
        wrong[at] = static_cast<char>('0' + (right[at] - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        if (right[at] <= '9') BOOST_TEST((check_iban(wrong) == IbanFault::check), wrong << ", seed " << seed);
        wrong = right;
        std::swap(wrong[at], wrong[at + 1]);
        if (right[at] <= '9' && right[at + 1] <= '9' && right[at] != right[at + 1])
            BOOST_TEST((check_iban(wrong) == IbanFault::check), wrong << ", seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(an_iban_is_printed_in_fours)
{
    BOOST_TEST(domain::printed_iban("CH4431999123000889012") == "CH44 3199 9123 0008 8901 2");
}

BOOST_AUTO_TEST_SUITE_END()
