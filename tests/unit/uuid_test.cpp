#include "domain/uuid.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

namespace bdata = boost::unit_test::data;
using domain::Uuid;

constexpr std::array<std::uint8_t, 10> all_ones{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr std::array<std::uint8_t, 10> counting{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x10, 0x32};

} // namespace

BOOST_AUTO_TEST_SUITE(uuid)

// The example of RFC 9562, appendix A.6: 2022-02-22 14:22:22.00 -05:00.
BOOST_AUTO_TEST_CASE(a_version_7_uuid_has_the_layout_of_rfc_9562)
{
    const auto uuid = Uuid::version7(0x017F22E279B0, {0xcc, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f});
    BOOST_TEST(uuid.text() == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

BOOST_AUTO_TEST_CASE(the_version_and_the_variant_are_set_over_any_random_bits)
{
    BOOST_TEST(Uuid::version7(0, all_ones).text() == "00000000-0000-7fff-bfff-ffffffffffff");
    BOOST_TEST(Uuid::version7(0, {}).text() == "00000000-0000-7000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(each_random_byte_takes_its_place)
{
    BOOST_TEST(Uuid::version7(0, counting).text() == "00000000-0000-7123-8567-89abcdef1032");
}

BOOST_AUTO_TEST_CASE(the_time_takes_48_bits)
{
    BOOST_TEST(Uuid::version7(0xffff'ffff'ffff, {}).text() == "ffffffff-ffff-7000-8000-000000000000");
    BOOST_TEST(Uuid::version7(0x1'0000'0000'0000, {}).text() == "00000000-0000-7000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(uuids_sort_by_their_time)
{
    BOOST_TEST((Uuid::version7(1'795'523'405'000, all_ones) < Uuid::version7(1'795'523'405'001, {})));
}

BOOST_AUTO_TEST_CASE(what_we_make_we_can_read)
{
    const auto uuid = Uuid::version7(1'795'523'405'123, counting);
    BOOST_TEST((Uuid::parse(uuid.text()) == uuid));
}

BOOST_AUTO_TEST_CASE(upper_case_is_the_same_uuid)
{
    const auto upper = Uuid::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
    BOOST_REQUIRE(upper.has_value());
    BOOST_TEST(upper->text() == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

BOOST_AUTO_TEST_CASE(the_nil_uuid_names_nothing)
{
    BOOST_TEST(!Uuid::parse("00000000-0000-0000-0000-000000000000").has_value());
    BOOST_TEST(Uuid{}.text() == "00000000-0000-0000-0000-000000000000");
}

BOOST_DATA_TEST_CASE(what_is_no_uuid_is_not_read_as_one,
    bdata::make({"", "017f22e2", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2_79b0_7cc3_98c4_dc0c0c07398f", "017f22e27-9b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398 ",
        " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4--c0c0c07398f", "'; DROP TABLE orders; --            "}),
    text)
{
    BOOST_TEST(!Uuid::parse(text).has_value());
}

BOOST_AUTO_TEST_CASE(a_uuid_with_a_nul_in_it_is_none)
{
    std::string text{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f"};
    text[20] = '\0';
    BOOST_TEST(!Uuid::parse(text).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
