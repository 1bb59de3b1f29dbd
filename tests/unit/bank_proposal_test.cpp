#include "domain/bank_proposal.h"

#include "domain/iban.h"
#include "domain/transfer_id.h"

#include <boost/test/unit_test.hpp>

using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(bank_proposals)

BOOST_AUTO_TEST_CASE(numbers_of_invoices_are_found_in_what_people_write)
{
    const auto found = [](const char* text) { return domain::invoice_numbers_in(text); };
    BOOST_TEST((found("Rechnung 2026-000042, danke") == Texts{"2026-000042"}));
    BOOST_TEST((found("2026-000042/2026-000043") == Texts{"2026-000042", "2026-000043"}));
    BOOST_TEST((found("Nr.2026-1234567") == Texts{"2026-1234567"}));
    BOOST_TEST(found("2026-42").empty());
    BOOST_TEST(found("12026-000042").empty());
    BOOST_TEST(found("2026 000042").empty());
    BOOST_TEST(found("2026-").empty());
    BOOST_TEST(found("").empty());
    BOOST_TEST((found("2026-11-20 2026-000042") == Texts{"2026-000042"}));
}

BOOST_AUTO_TEST_CASE(the_exact_amount_comes_before_the_oldest)
{
    const std::vector<domain::OpenInvoice> documents{{"1", "nico", 500}, {"2", "nico", 700}, {"3", "nico", 700}};
    BOOST_TEST(domain::likely_invoice(documents, 700)->number == "2");
    BOOST_TEST(domain::likely_invoice(documents, 701)->number == "1");
    BOOST_TEST(!domain::likely_invoice({}, 700));
}

BOOST_AUTO_TEST_CASE(names_are_compared_whatever_their_case)
{
    BOOST_TEST(domain::folded_name("  Vreni MUSTER ") == "vreni muster");
    BOOST_TEST(domain::folded_name("Vreni  Muster") == "vreni muster");
    BOOST_TEST(domain::folded_name("Zürich AG") == "zürich ag");
    BOOST_TEST(domain::folded_name(" ") == "");
}

BOOST_AUTO_TEST_CASE(a_transfers_id_finds_back_to_it)
{
    const auto uuid = domain::Uuid::parse("0193a1b2-0000-7000-8000-000000000012").value();
    BOOST_TEST(domain::end_to_end_id(uuid) == "0193a1b2000070008000000000000012");
    BOOST_TEST((domain::transfer_of(domain::end_to_end_id(uuid)) == uuid));
    BOOST_TEST(!domain::transfer_of("NOTPROVIDED"));
    BOOST_TEST(!domain::transfer_of("0193a1b200007000800000000000001"));
    BOOST_TEST(!domain::transfer_of("0193a1b200007000800000000000001x"));
}

BOOST_AUTO_TEST_CASE(an_account_can_be_paid_to_that_needs_no_reference)
{
    for (const auto* good : {"CH9300762011623852957", "DE89370400440532013000", "GB29NWBK60161331926819", "LI21088100002324013AA"})
        BOOST_TEST(domain::is_payable_iban(good), good);
    for (const auto* bad : {"", "CH00", "CH9300762011623852958", "ch9300762011623852957", "CH93 0076 2011 6238 5295 7",
             "DE8937040044053201300x", "CH930076201162385295", "CH7330999000000012345"})
        BOOST_TEST(!domain::is_payable_iban(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
