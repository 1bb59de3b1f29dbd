#include "document/invoice_notes.h"

#include <boost/test/unit_test.hpp>

namespace {

using document::invoice_note;
using document::invoice_notes;
using domain::VatNote;

} // namespace

BOOST_AUTO_TEST_SUITE(vat_wording)

BOOST_AUTO_TEST_CASE(the_places_are_filled_in)
{
    BOOST_TEST(invoice_note(VatNote::ch_vat, "de", {.rate = {810}}) == "MWST 8.1 %");
    BOOST_TEST(invoice_note(VatNote::eu_oss, "fr", {{2550}, "FI", "EU372000000"}) == "TVA FI 25.5 % (guichet unique OSS, EU372000000)");
}

BOOST_AUTO_TEST_CASE(a_language_that_we_do_not_write_gets_english)
{
    BOOST_TEST(invoice_note(VatNote::ch_vat, "rm", {.rate = {810}}) == "VAT 8.1%");
    BOOST_TEST(document::vat_number_suffix("en") == "MWST");
    BOOST_TEST(document::vat_number_suffix("fr") == "TVA");
}

BOOST_AUTO_TEST_CASE(where_no_tax_is_charged_the_note_is_in_english_too)
{
    BOOST_TEST(invoice_notes(VatNote::eu_reverse_charge, "it", {}).size() == 2u);
    BOOST_TEST(invoice_notes(VatNote::abroad, "de", {}).back() == document::note_wording(VatNote::abroad, "en"));
    BOOST_TEST(invoice_notes(VatNote::abroad, "en", {}).size() == 1u);
    BOOST_TEST(invoice_notes(VatNote::ch_vat, "de", {.rate = {810}}).size() == 1u);
    BOOST_TEST(invoice_notes(VatNote::none, "de", {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
