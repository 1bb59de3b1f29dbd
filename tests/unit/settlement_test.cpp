#include "domain/settlement.h"

#include "domain/payment_reference.h"

#include <boost/test/unit_test.hpp>

#include <random>

using domain::BillNumber;

BOOST_AUTO_TEST_SUITE(settlement)

BOOST_AUTO_TEST_CASE(a_bill_is_named_by_its_number)
{
    BOOST_TEST((domain::bill_number_from("2026-000042") == BillNumber{2026, 42}));
    BOOST_TEST(domain::bill_qr_reference("", {2026, 42}).starts_with("00000000000020260000000042"));
    BOOST_TEST(domain::bill_qr_reference("123456", {2026, 42}).starts_with("12345600000020260000000042"));
    BOOST_TEST(domain::bill_creditor_reference({2026, 42}).ends_with("2026000042"));
    for (const auto* text : {"", "CN-2026-000042", "2026", "2026-", "-42", "2026-0x2", "2026-0", "26-000042", "0000-000001", "2026--42"})
        BOOST_TEST(!domain::bill_number_from(text), text);
    BOOST_CHECK_THROW(domain::bill_qr_reference("1234567890123", {2026, 42}), std::domain_error);
}

BOOST_AUTO_TEST_CASE(a_reference_names_its_bill_and_no_other)
{
    const unsigned seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random{seed};
    for (int i = 0; i < 2000; ++i) {
        const BillNumber bill{2000 + static_cast<int>(random() % 100), 1 + static_cast<std::int64_t>(random() % 9'999'999)};
        const std::string prefix(random() % 13, static_cast<char>('0' + random() % 10));
        const auto qr = domain::bill_qr_reference(prefix, bill);
        const auto creditor = domain::bill_creditor_reference(bill);
        BOOST_TEST((domain::check_reference(domain::ReferenceType::qrr, qr) == domain::ReferenceFault::none), "seed " << seed);
        BOOST_TEST((domain::check_reference(domain::ReferenceType::scor, creditor) == domain::ReferenceFault::none), "seed " << seed);
        BOOST_TEST((domain::bill_of_reference(prefix, domain::printed_reference(domain::ReferenceType::qrr, qr)) == bill), "seed " << seed);
        BOOST_TEST((domain::bill_of_reference(prefix, creditor) == bill), "seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(others_references_name_no_bill_of_ours)
{
    BOOST_TEST(!domain::bill_of_reference("123456", domain::bill_qr_reference("654321", {2026, 42})));
    BOOST_TEST(!domain::bill_of_reference("", domain::bill_qr_reference("654321", {2026, 42})));
    BOOST_TEST(!domain::bill_of_reference("", "RF18539007547034X"));
    BOOST_TEST(!domain::bill_of_reference("", "RF181"));
    BOOST_TEST(!domain::bill_of_reference("", ""));
    BOOST_TEST(!domain::bill_of_reference("", "thanks"));
}

BOOST_AUTO_TEST_SUITE_END()
