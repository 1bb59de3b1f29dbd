#include "domain/vat_id.h"

#include "domain/check_digits.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using domain::check_vat_id;
using domain::VatIdFault;

/// A right id of the prefix: random digits, of which the last ones are found by trying.
std::string random_id(std::mt19937& random, const std::string& prefix, std::size_t digits)
{
    while (true) {
        auto id = prefix;
        for (std::size_t i = 0; i < digits; ++i) id += static_cast<char>('0' + random() % 10);
        for (int tries = 0; tries < 10'000; ++tries) {
            if (check_vat_id(id) == VatIdFault::none) return id;
            for (int i = 0; i < 4; ++i) id[id.size() - 1 - static_cast<std::size_t>(i)] = static_cast<char>('0' + random() % 10);
        }
    }
}

struct Sample {
    const char* prefix;
    std::size_t digits;
    friend std::ostream& operator<<(std::ostream& out, const Sample& sample) { return out << sample.prefix; }
};

const Sample checked[] = {{"DE", 9}, {"ATU", 8}, {"IT", 11}};

} // namespace

BOOST_AUTO_TEST_SUITE(vat_id)

// Numbers that their owners print on every invoice.
BOOST_DATA_TEST_CASE(ids_in_public_use_are_right,
    bdata::make({"DE136695976", "ATU13585627", "FR40303265045", "FR83404833048", "FRK7399859412", "IT00743110157", "BE0428759497",
        "NL004495445B01", "SE556188840401", "EL094259216", "CY10259033P", "IE6433435F", "IE3628739UA", "LU15027442", "ESB58378431"}),
    id)
{
    BOOST_TEST((check_vat_id(id) == VatIdFault::none));
}

BOOST_DATA_TEST_CASE(only_member_states_have_a_prefix,
    bdata::make({"GR123456789", "GB123456789", "XI123456789", "EU372000000", "CHE123456788", "US1", "ZZ123456789"}), id)
{
    BOOST_TEST((check_vat_id(id) == VatIdFault::country));
}

BOOST_DATA_TEST_CASE(what_has_not_the_form_is_no_vat_id,
    bdata::make({"", "D", "DE", "123456788", "DE012345678", "DE12345678", "DE1234567888", "AT12345675", "ATU1234567", "BE2123456789",
        "FRIO123456782", "CY123456789", "NL123456789B0", "RO1", "RO12345678901", "IE1234567ABC",
        "D\xc3\x84"
        "123456788"}),
    id)
{
    BOOST_TEST((check_vat_id(id) == VatIdFault::format));
}

BOOST_AUTO_TEST_CASE(a_vat_id_is_stored_without_punctuation)
{
    BOOST_TEST(domain::normalised_vat_id(" de 123.456-788 ") == "DE123456788");
    BOOST_TEST((check_vat_id("de 123 456 788") == VatIdFault::none));
}

BOOST_DATA_TEST_CASE(one_wrong_digit_is_caught, bdata::make(checked), sample)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 500; ++i) {
        auto id = random_id(random, sample.prefix, sample.digits);
        auto& digit = id[id.size() - 1 - random() % sample.digits];
        digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        BOOST_TEST((check_vat_id(id) != VatIdFault::none), id << ", seed " << seed);
    }
}

// The key alone would miss it in 1 of 97; the number behind it has a check digit of its own.
BOOST_AUTO_TEST_CASE(one_wrong_digit_of_a_french_id_is_caught)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 500; ++i) {
        std::string siren;
        while (siren.empty() || !domain::passes_luhn(siren) || siren.starts_with("000")) {
            siren.clear();
            for (int k = 0; k < 9; ++k) siren += static_cast<char>('0' + random() % 10);
        }
        const auto key = (12 + 3 * (std::stol(siren) % 97)) % 97;
        const auto id = "FR" + std::string{static_cast<char>('0' + key / 10), static_cast<char>('0' + key % 10)} + siren;
        BOOST_TEST((check_vat_id(id) == VatIdFault::none), id << ", seed " << seed);
        auto wrong = id;
        auto& digit = wrong[2 + random() % 11];
        digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        BOOST_TEST((check_vat_id(wrong) == VatIdFault::check), wrong << ", seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(a_monegasque_number_needs_the_key_alone)
{
    BOOST_TEST(!domain::passes_luhn("000000019"));
    BOOST_TEST((check_vat_id("FR69000000019") == VatIdFault::none));
    BOOST_TEST((check_vat_id("FR68000000019") == VatIdFault::check));
}

BOOST_AUTO_TEST_CASE(an_italian_number_names_a_tax_office_that_exists)
{
    BOOST_TEST((check_vat_id("IT12345670017") == VatIdFault::none));
    BOOST_TEST((check_vat_id("IT12345672005") == VatIdFault::check)); // office 200
    BOOST_TEST((check_vat_id("IT00000000018") == VatIdFault::check)); // nobody's number
}

BOOST_AUTO_TEST_SUITE_END()
