#include "service/bank_imports.h"

#include "fake/bank_desk.h"

#include <boost/test/unit_test.hpp>

using domain::BankOutcome;
using fake::BankEntry;

BOOST_FIXTURE_TEST_SUITE(bank_imports, fake::BankDesk)

BOOST_AUTO_TEST_CASE(a_payment_with_its_reference_settles_the_invoice)
{
    const auto invoice = invoice_over(3000);
    const auto imported = take({entry("TX1", "30.00", reference_of(invoice), "Nico Brunner")});
    BOOST_TEST((imported.outcomes == service::OutcomeCounts{{BankOutcome::paid, 1}}));
    BOOST_TEST(imported.file.new_bookings == 1);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(outcomes() == "PAID done 0");
    BOOST_TEST(balance() == 3000);
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', means, source, booked_on, payer_name) FROM payments WHERE invoice_id = ?", invoice)
        == "bank booking:" + iban + ":D:TX1 2026-11-20 Nico Brunner");
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(the_same_file_again_changes_nothing)
{
    const auto invoice = invoice_over(3000);
    const std::vector entries{entry("TX1", "30.00", reference_of(invoice)), entry("TX2", "7.00", "")};
    take(entries);
    const auto again = take(entries);
    BOOST_TEST((again.outcomes == service::OutcomeCounts{{BankOutcome::already_seen, 2}}));
    BOOST_TEST(again.file.new_bookings == 0);
    BOOST_TEST(outcomes() == "PAID done 0; NO_REFERENCE open 700");
    BOOST_TEST(balance() == 3700);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_CASE(who_pays_twice_gets_credit)
{
    const auto invoice = invoice_over(3000);
    take({entry("TX1", "30.00", reference_of(invoice)), entry("TX2", "30.00", reference_of(invoice))});
    BOOST_TEST(outcomes() == "PAID done 0; DUPLICATE_PAYMENT done 0");
    BOOST_TEST(credit() == 3000);
    BOOST_TEST(bank_findings().empty());
}

BOOST_AUTO_TEST_SUITE_END()
