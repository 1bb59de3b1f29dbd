#include "domain/tax_id.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::check_tax_id;
using domain::TaxIdFault;

} // namespace

BOOST_AUTO_TEST_SUITE(tax_id)

BOOST_AUTO_TEST_CASE(the_country_says_which_form_is_right)
{
    BOOST_TEST((check_tax_id("CH", "8000", "CHE-123.456.788") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("LI", "9490", "CHE-123.456.788 MWST") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("CH", "", "CHE-123.456.789") == TaxIdFault::uid));
    BOOST_TEST((check_tax_id("CH", "", "DE123456788") == TaxIdFault::uid));
    BOOST_TEST((check_tax_id("DE", "10115", "de 123 456 788") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("DE", "10115", "DE123456789") == TaxIdFault::vat_id));
    BOOST_TEST((check_tax_id("DE", "10115", "CHE-123.456.788") == TaxIdFault::vat_id));
    BOOST_TEST((check_tax_id("DE", "10115", "ATU12345675") == TaxIdFault::none)); // registered in another state
    BOOST_TEST((check_tax_id("GR", "", "EL123456789") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("MC", "", "FR11123456782") == TaxIdFault::none));
}

BOOST_AUTO_TEST_CASE(in_buesingen_a_business_may_be_in_either_register)
{
    BOOST_TEST((check_tax_id("DE", "78266", "CHE-123.456.788") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("DE", "78266", "DE123456788") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("DE", "78266", "12") == TaxIdFault::vat_id));
}

BOOST_AUTO_TEST_CASE(elsewhere_letters_and_digits_will_do)
{
    BOOST_TEST((check_tax_id("US", "", "12-3456789") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("GB", "", "GB 123 4567 89") == TaxIdFault::none));
    BOOST_TEST((check_tax_id("US", "", "1") == TaxIdFault::other));
    BOOST_TEST((check_tax_id("US", "", "<script>") == TaxIdFault::other));
    BOOST_TEST((check_tax_id("US", "", "123456789012345678901") == TaxIdFault::other));
}

BOOST_AUTO_TEST_CASE(ids_are_stored_in_one_form)
{
    BOOST_TEST(domain::normalised_tax_id("che123456788 mwst") == "CHE-123.456.788");
    BOOST_TEST(domain::normalised_tax_id(" de 123.456-788") == "DE123456788");
}

BOOST_AUTO_TEST_SUITE_END()
