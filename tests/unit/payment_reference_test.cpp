#include "domain/payment_reference.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using domain::check_reference;
using domain::make_creditor_reference;
using domain::make_qr_reference;
using domain::ReferenceFault;
using domain::ReferenceType;

const std::string letters_and_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string random_text(std::mt19937& random, std::size_t longest, std::size_t characters)
{
    std::string text(1 + random() % longest, '0');
    for (auto& c : text) c = letters_and_digits[random() % characters];
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(payment_reference)

// The example of the QR-bill's guidelines.
BOOST_AUTO_TEST_CASE(the_check_digit_of_a_qr_reference_is_that_of_the_guidelines)
{
    BOOST_TEST(make_qr_reference("21000000000313947143000901").value() == "210000000003139471430009017");
    BOOST_TEST(make_qr_reference("313947143000901").value() == "000000000003139471430009018");
}

// The example of ISO 11649.
BOOST_AUTO_TEST_CASE(the_check_digits_of_a_creditor_reference_are_those_of_the_standard)
{
    BOOST_TEST(make_creditor_reference("539007547034").value() == "RF18539007547034");
    BOOST_TEST(make_creditor_reference("D3").value() == "RF02D3"); // one digit: with a zero in front
}

BOOST_DATA_TEST_CASE(no_qr_reference_is_made_of,
    bdata::make({"", "0", "00000000000000000000000000", "123456789012345678901234567", "12A", "1 2", "-1"}), raw)
{
    BOOST_TEST(!make_qr_reference(raw).has_value());
}

BOOST_DATA_TEST_CASE(no_creditor_reference_is_made_of, bdata::make({"", "abc", "A-1", "A 1", "1234567890123456789012"}), body)
{
    BOOST_TEST(!make_creditor_reference(body).has_value());
}

// A much copied example whose check digits are wrong.
BOOST_AUTO_TEST_CASE(a_wrong_example_that_is_copied_everywhere_is_wrong)
{
    BOOST_TEST((check_reference(ReferenceType::scor, "RF720191230100405JSH0438") == ReferenceFault::check));
}

BOOST_AUTO_TEST_CASE(check_digits_that_are_never_issued_are_wrong_whatever_they_leave)
{
    BOOST_TEST((check_reference(ReferenceType::scor, "RF01B21") == ReferenceFault::check));
    BOOST_TEST((check_reference(ReferenceType::scor, "RF98B21") == ReferenceFault::none));
    BOOST_TEST((check_reference(ReferenceType::scor, "RF99D3") == ReferenceFault::check));
    BOOST_TEST((check_reference(ReferenceType::scor, "RF02D3") == ReferenceFault::none));
}

BOOST_DATA_TEST_CASE(what_has_not_the_form_is_no_creditor_reference,
    bdata::make({"", "RF", "RF18", "rf18539007547034", "RF1A539007547034", "RF18 5390 0754 7034", "RF001111111111111111111111"}), text)
{
    BOOST_TEST((check_reference(ReferenceType::scor, text) == ReferenceFault::format));
}

BOOST_AUTO_TEST_CASE(a_bill_without_reference_has_none)
{
    BOOST_TEST((check_reference(ReferenceType::non, "") == ReferenceFault::none));
    BOOST_TEST((check_reference(ReferenceType::non, "1") == ReferenceFault::format));
}

BOOST_AUTO_TEST_CASE(one_wrong_digit_of_a_qr_reference_is_caught)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 2000; ++i) {
        const auto made = make_qr_reference(random_text(random, 26, 10));
        if (!made) continue; // zeros alone
        BOOST_TEST((check_reference(ReferenceType::qrr, *made) == ReferenceFault::none), *made << ", seed " << seed);
        auto wrong = *made;
        auto& digit = wrong[random() % wrong.size()];
        digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        BOOST_TEST((check_reference(ReferenceType::qrr, wrong) != ReferenceFault::none), wrong << ", seed " << seed);
    }
}

// A digit for a digit, a letter for a letter: a letter counts as two digits, so that one for the other may go unseen.
BOOST_AUTO_TEST_CASE(one_wrong_character_of_a_creditor_reference_is_caught)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 2000; ++i) {
        const auto made = make_creditor_reference(random_text(random, 21, 36)).value();
        BOOST_TEST((check_reference(ReferenceType::scor, made) == ReferenceFault::none), made << ", seed " << seed);
        auto wrong = made;
        auto& c = wrong[2 + random() % (made.size() - 2)];
        const char first = c <= '9' ? '0' : 'A';
        const int known = c <= '9' ? 10 : 26;
        c = static_cast<char>(first + (c - first + 1 + static_cast<int>(random() % static_cast<unsigned>(known - 1))) % known);
        BOOST_TEST((check_reference(ReferenceType::scor, wrong) == ReferenceFault::check), wrong << ", seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(the_type_is_told_by_the_form)
{
    BOOST_TEST((domain::reference_type("210000000003139471430009017") == ReferenceType::qrr));
    BOOST_TEST((domain::reference_type("210000000003139471430009010") == ReferenceType::qrr)); // wrong, but one
    BOOST_TEST((domain::reference_type("RF18539007547034") == ReferenceType::scor));
    BOOST_TEST((domain::reference_type("") == ReferenceType::non));
    BOOST_TEST(!domain::reference_type("INV-2026-17").has_value());
    BOOST_TEST(!domain::reference_type("21000000000313947143000901").has_value());
}

BOOST_AUTO_TEST_CASE(what_was_typed_is_stored_without_blanks_in_upper_case)
{
    BOOST_TEST(domain::normalised_reference(" 21 00000 00003 13947\t14300 09017\n") == "210000000003139471430009017");
    BOOST_TEST(domain::normalised_reference("rf18 5390 0754 7034") == "RF18539007547034");
    BOOST_TEST(domain::normalised_reference(" ") == "");
}

BOOST_AUTO_TEST_CASE(references_are_printed_in_groups)
{
    BOOST_TEST(domain::printed_reference(ReferenceType::qrr, "210000000003139471430009017") == "21 00000 00003 13947 14300 09017");
    BOOST_TEST(domain::printed_reference(ReferenceType::scor, "RF18539007547034") == "RF18 5390 0754 7034");
    BOOST_TEST(domain::printed_reference(ReferenceType::non, "") == "");
}

BOOST_AUTO_TEST_SUITE_END()
