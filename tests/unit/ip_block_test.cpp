#include "domain/ip_block.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using domain::IpBlock;

BOOST_AUTO_TEST_SUITE(ip_blocks)

BOOST_AUTO_TEST_CASE(a_block_has_its_addresses_and_no_others)
{
    const struct {
        std::string block;
        std::vector<std::string> inside, outside;
    } cases[]{
        {"192.0.2.0/24", {"192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7"}, {"192.0.3.0", "192.0.1.255", "::1", "::c000:200"}},
        {"192.0.2.7", {"192.0.2.7"}, {"192.0.2.6", "192.0.2.8"}},
        {"10.0.0.0/9", {"10.127.255.255"}, {"10.128.0.0"}},
        {"10.1.2.3/31", {"10.1.2.2", "10.1.2.3"}, {"10.1.2.1", "10.1.2.4"}},
        {"0.0.0.0/0", {"0.0.0.0", "255.255.255.255"}, {"::", "2001:db8::1"}},
        {"::/0", {"::", "ffff::", "2001:db8::1"}, {"192.0.2.1"}},
        {"2001:db8::/33", {"2001:db8::1", "2001:db8:7fff::"}, {"2001:db8:8000::", "2001:db9::", "10.0.0.1"}},
        {"2001:db8::1", {"2001:0DB8:0:0::1"}, {"2001:db8::2"}},
        {"::ffff:10.0.0.0/104", {"10.9.9.9"}, {"11.0.0.0"}},
    };
    for (const auto& [text, inside, outside] : cases) {
        const auto block = IpBlock::parse(text);
        BOOST_TEST_REQUIRE(block.has_value(), text);
        for (const auto& address : inside) BOOST_TEST(block->contains(address), address << " in " << text);
        for (const auto& address : outside) BOOST_TEST(!block->contains(address), address << " in " << text);
        for (const std::string nothing : {"", "nobody", "1.2.3", "192.0.2.0/24", "unix:"}) BOOST_TEST(!block->contains(nothing));
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_block_is_refused)
{
    for (const std::string text :
        {"", "/", "/24", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+1", "192.0.2.0/024", "192.0.2.0/24/1", "192.0.2",
            "192.0.2.256", "2001:db8::/129", "example.ch", "*", " 192.0.2.0", "192.0.2.0/24 ", "192.0.2.0/2a", "fe80::1%eth0"})
        BOOST_TEST(!IpBlock::parse(text), text);
    BOOST_TEST(!IpBlock::parse(std::string{"192.0.2.1\0.9", 12}));
}

BOOST_AUTO_TEST_CASE(a_block_is_told_in_one_form)
{
    const std::pair<std::string, std::string> forms[]{{"192.0.2.77/24", "192.0.2.0/24"}, {"192.0.2.77", "192.0.2.77/32"},
        {"2001:0DB8:0:0:0:0:0:1/64", "2001:db8::/64"}, {"::1", "::1/128"}, {"::ffff:192.0.2.1", "192.0.2.1/32"}};
    for (const auto& [given, told] : forms) BOOST_TEST(IpBlock::parse(given).value().text() == told);
    const std::vector<IpBlock> blocks{IpBlock::parse("10.0.0.0/8").value(), IpBlock::parse("::1").value()};
    BOOST_TEST((domain::ip_blocks_of(domain::to_text(blocks)) == blocks));
    BOOST_TEST(domain::ip_blocks_of("").empty());
    BOOST_CHECK_THROW(domain::ip_blocks_of("10.0.0.0/8\nnothing"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
