#include "document/swico.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using document::read_swico;
using document::SwicoBill;
using document::write_swico;

SwicoBill a_bill()
{
    return {.invoice_number = "2026-0042",
        .invoice_date = 2026y / 11 / 24,
        .customer_reference = "PO 7/2026",
        .uid_digits = "123456788",
        .supplied = domain::Period{2026y / 11 / 1, 2026y / 12 / 1},
        .taxes = {{{810}, 10000}, {{260}, 2050}},
        .import_taxes = {{{770}, 1235}},
        .conditions = {{200, 10}, {0, 30}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(swico)

BOOST_AUTO_TEST_CASE(tags_ascend_and_numbers_have_no_needless_zeros)
{
    BOOST_TEST(write_swico(a_bill(), 140)
        == "//S1/10/2026-0042/11/261124/20/PO 7\\/2026/30/123456788/31/261101261130/32/8.1:100;2.6:20.5/33/7.7:12.35/40/2:10;0:30");
}

BOOST_AUTO_TEST_CASE(a_single_rate_stands_for_the_whole_bill)
{
    auto bill = a_bill();
    bill.taxes.resize(1);
    BOOST_TEST(read_swico(write_swico(bill, 140)).value().at("32") == "8.1");
}

BOOST_AUTO_TEST_CASE(one_day_of_supply_is_one_date)
{
    auto bill = a_bill();
    bill.supplied = domain::Period{2026y / 2 / 28, 2026y / 3 / 1};
    BOOST_TEST(read_swico(write_swico(bill, 140)).value().at("31") == "260228");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_left_out_in_order_and_never_cut)
{
    const auto tags_within = [](std::size_t room) {
        const auto text = write_swico(a_bill(), room);
        BOOST_TEST(text.size() <= room);
        std::string tags;
        for (const auto& [tag, value] : read_swico(text).value_or(std::map<std::string, std::string>{})) tags += tag + ' ';
        return tags;
    };
    const auto size = write_swico(a_bill(), 140).size();
    BOOST_TEST(tags_within(size) == "10 11 20 30 31 32 33 40 ");
    BOOST_TEST(tags_within(size - 1) == "10 11 30 31 32 33 40 ");
    BOOST_TEST(tags_within(size - 15) == "10 11 30 31 32 40 ");
    BOOST_TEST(tags_within(size - 28) == "10 11 30 32 40 ");
    BOOST_TEST(tags_within(20) == "");
}

BOOST_AUTO_TEST_CASE(nothing_to_say_is_no_bill_information) { BOOST_TEST(write_swico({}, 140) == ""); }

BOOST_AUTO_TEST_CASE(values_come_back_as_they_were)
{
    for (const auto* reference : {"A/B", "A\\B", "\\/", "/", "\\", "a\\\\/b//"}) {
        SwicoBill bill{.customer_reference = reference};
        BOOST_TEST(read_swico(write_swico(bill, 140)).value().at("20") == reference);
    }
}

BOOST_AUTO_TEST_CASE(the_last_of_a_repeated_tag_counts)
{
    BOOST_TEST(read_swico("//S1/10/1/10/2").value().at("10") == "2");
    BOOST_TEST(!read_swico("//S2/10/1"));
    BOOST_TEST(!read_swico(""));
}

BOOST_AUTO_TEST_SUITE_END()
