#include "domain/plan.h"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace {

using domain::Interval;
using domain::Plan;
using domain::PlanLabel;

Plan server()
{
    return {.code = "core-1",
        .sold = true,
        .pricings = {{.mode = "default", .duration = {1, Interval::Unit::month}, .setup = {9900}, .recurring = {10900}},
            {.mode = "upfront12", .duration = {1, Interval::Unit::year}, .commitment_months = 12, .recurring = {119900}}},
        .labels = {{.name = "dedicated_os", .type = "String", .required = true}},
        .families = {{.name = "memory", .mandatory = true, .exclusive = true, .options = {{7, "ram-64g", true}, {8, "ram-128g", false}}},
            {.name = "ip", .options = {{9, "ipv4-29", false}}}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_AUTO_TEST_CASE(a_pricing_is_found_by_mode_and_length)
{
    const auto plan = server();
    BOOST_TEST(domain::pricing_of(plan, "default", "P1M")->recurring.minor == 10900);
    for (const auto* year : {"P1Y", "P12M"}) BOOST_TEST(domain::pricing_of(plan, "upfront12", year)->recurring.minor == 119900);
}

BOOST_AUTO_TEST_CASE(what_is_not_sold_so_has_no_pricing)
{
    const auto plan = server();
    for (const auto& [mode, duration] :
        std::vector<std::pair<const char*, const char*>>{{"default", "P1Y"}, {"upfront12", "P1M"}, {"degressivity12", "P1M"}, {"", "P1M"},
            {"default", ""}, {"default", "P0M"}, {"default", "P30D"}, {"default", "PT18.179651S"}, {"default", "P1M "}, {"DEFAULT", "P1M"}})
        BOOST_TEST(!domain::pricing_of(plan, mode, duration), mode << ' ' << duration);
}

BOOST_AUTO_TEST_CASE(the_pricings_are_told_as_they_are_asked_for)
{
    BOOST_TEST(domain::pricings_text(server()) == "P1M in mode default, P1Y in mode upfront12");
    BOOST_TEST(domain::pricings_text({}).empty());
}

BOOST_AUTO_TEST_CASE(a_plan_is_offered_while_it_is_sold_and_has_a_price)
{
    auto plan = server();
    BOOST_TEST(domain::is_offered(plan));
    plan.sold = false;
    BOOST_TEST(!domain::is_offered(plan));
    plan.sold = true;
    plan.pricings.clear();
    BOOST_TEST(!domain::is_offered(plan));
}

BOOST_AUTO_TEST_CASE(a_label_with_allowed_values_takes_these_alone)
{
    const PlanLabel label{.name = "dedicated_datacenter", .type = "String", .allowed = {{"zrh", "gla"}}};
    BOOST_TEST(domain::may_be(label, "zrh"));
    for (const auto* value : {"", "ZRH", "zrh ", "zrh,gla", "rbx"}) BOOST_TEST(!domain::may_be(label, value), value);
    BOOST_TEST(domain::values_text(label) == "zrh, gla");
    BOOST_TEST(!domain::may_be({.type = "String", .allowed = {std::vector<std::string>{}}}, "zrh")); // nothing is allowed
}

BOOST_AUTO_TEST_CASE(a_free_label_takes_what_fits_its_type)
{
    const PlanLabel boolean{.type = "Boolean"}, integer{.type = "Integer"}, text{.type = "String"};
    for (const auto* value : {"true", "false"}) BOOST_TEST(domain::may_be(boolean, value));
    for (const auto* value : {"", "yes", "1", "True"}) BOOST_TEST(!domain::may_be(boolean, value), value);
    for (const auto* value : {"0", "42", "-7", "123456789012345678"}) BOOST_TEST(domain::may_be(integer, value), value);
    for (const auto* value : {"", "-", "4.2", "0x10", " 1", "1234567890123456789"}) BOOST_TEST(!domain::may_be(integer, value), value);
    BOOST_TEST(domain::may_be(text, "anything"));
    BOOST_TEST(!domain::may_be(text, ""));
    BOOST_TEST(domain::values_text(boolean) == "true, false");
    BOOST_TEST(domain::values_text(integer) == "an integer");
    BOOST_TEST(domain::values_text(text) == "any text");
}

BOOST_AUTO_TEST_CASE(an_option_is_known_by_the_family_through_which_the_server_takes_it)
{
    const auto plan = server();
    BOOST_TEST(domain::family_of(plan, "ram-128g")->name == "memory");
    BOOST_TEST(domain::family_of(plan, "ipv4-29")->name == "ip");
    BOOST_TEST(!domain::family_of(plan, "ram-512g"));
    BOOST_TEST(domain::options_text(plan.families[0]) == "ram-64g, ram-128g");
    BOOST_TEST(domain::label_of(plan, "dedicated_os")->required);
    BOOST_TEST(!domain::label_of(plan, "region"));
}

BOOST_AUTO_TEST_CASE(durations_of_plans_are_in_months)
{
    BOOST_TEST(domain::months_in({1, Interval::Unit::month}).value() == 1);
    BOOST_TEST(domain::months_in({2, Interval::Unit::year}).value() == 24);
    BOOST_TEST(!domain::months_in({4, Interval::Unit::week}));
    BOOST_TEST(!domain::months_in({30, Interval::Unit::day}));
}

BOOST_AUTO_TEST_CASE(kinds_are_told_and_read)
{
    BOOST_TEST((domain::plan_kind_from("server") == domain::PlanKind::server));
    BOOST_TEST((domain::plan_kind_from("option") == domain::PlanKind::option));
    BOOST_CHECK_THROW(domain::plan_kind_from("rack"), std::domain_error);
}

BOOST_AUTO_TEST_SUITE_END()
