#include "domain/ipv6_prefix.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <stdexcept>

namespace {

using domain::Ipv6Prefix;

Ipv6Prefix prefix(const std::string& text) { return Ipv6Prefix::parse(text).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(ipv6_prefix)

BOOST_AUTO_TEST_CASE(it_is_read_and_printed_in_its_canonical_form)
{
    BOOST_TEST(prefix("2001:db8::/32").text() == "2001:db8::/32");
    BOOST_TEST(prefix("2001:0DB8:0100:0:0:0:0:0/40").text() == "2001:db8:100::/40");
    BOOST_TEST(prefix("::/0").text() == "::/0");
    BOOST_TEST(prefix("2001:db8::1/128").text() == "2001:db8::1/128");
}

BOOST_AUTO_TEST_CASE(what_is_no_prefix_is_none)
{
    for (const std::string text : {"", "/", "/48", "2001:db8::", "2001:db8::/", "2001:db8::/129", "2001:db8::/-1", "2001:db8::/+48",
             "2001:db8::/048", "2001:db8::/4 8", "2001:db8::/48 ", " 2001:db8::/48", "2001:db8::1/48", "2001:db8:1::/40", "10.0.0.0/8",
             "2001:db8::/48/48", "2001:db8:::/48", "fe80::%eth0/64", "[2001:db8::]/48", "2001:db8::/99999999999999999999"})
        BOOST_TEST(!Ipv6Prefix::parse(text).has_value(), text);
    BOOST_TEST(!Ipv6Prefix::parse(std::string{"2001:db8::\0/48", 14}).has_value());
}

BOOST_AUTO_TEST_CASE(its_parts_come_in_the_order_of_their_numbers)
{
    const auto pool = prefix("2001:db8:100::/40");
    BOOST_TEST(pool.parts(48) == 256);
    BOOST_TEST(pool.part(48, 0).text() == "2001:db8:100::/48");
    BOOST_TEST(pool.part(48, 1).text() == "2001:db8:101::/48");
    BOOST_TEST(pool.part(48, 255).text() == "2001:db8:1ff::/48");
    BOOST_TEST(prefix("2001:db8::/32").part(48, 65535).text() == "2001:db8:ffff::/48");
    BOOST_TEST(prefix("2001:db8::/32").parts(48) == 65536);
    BOOST_TEST(pool.parts(40) == 1);
    BOOST_TEST(pool.part(40, 0).text() == pool.text());
    BOOST_CHECK_THROW(pool.part(48, 256), std::out_of_range);
    BOOST_CHECK_THROW(pool.part(48, -1), std::out_of_range);
    BOOST_CHECK_THROW(pool.part(39, 0), std::out_of_range);
    BOOST_CHECK_THROW(pool.parts(129), std::out_of_range);
    BOOST_CHECK_THROW(prefix("::/0").parts(31), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(its_first_host_is_behind_the_address_of_the_routers)
{
    BOOST_TEST(prefix("2001:db8:101::/48").first_host() == "2001:db8:101::1");
    BOOST_TEST(prefix("2001:db8::2/127").first_host() == "2001:db8::3");
    BOOST_TEST(prefix("2001:db8::2/128").first_host() == "2001:db8::2");
}

// Whatever the pool: its parts are in it, all different, none contains another, and their text is read back.
BOOST_AUTO_TEST_CASE(parts_are_disjoint_and_inside)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        std::mt19937 random{seed};
        for (int i = 0; i < 200; ++i) {
            const int length = 32 + static_cast<int>(random() % 16);
            const auto pool = prefix("2001:db8::/32").part(length, static_cast<std::int32_t>(random() % (1u << (length - 32))));
            const auto count = pool.parts(48);
            for (int k = 0; k < 50; ++k) {
                const auto number = static_cast<std::int32_t>(random() % static_cast<unsigned>(count));
                const auto part = pool.part(48, number);
                BOOST_TEST(pool.contains(part));
                BOOST_TEST(!part.contains(pool));
                BOOST_TEST((Ipv6Prefix::parse(part.text()) == part));
                const auto other = static_cast<std::int32_t>(random() % static_cast<unsigned>(count));
                BOOST_TEST(part.contains(pool.part(48, other)) == (number == other));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
