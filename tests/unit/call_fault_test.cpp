#include "domain/call_fault.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::CallFault;
using domain::CallFaultKind;

int strikes_of(const CallFault& fault)
{
    int count = 0;
    for (int call = 0; call < 10'000; ++call) count += domain::strikes(fault, std::to_string(call));
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(call_faults)

BOOST_AUTO_TEST_CASE(a_fault_is_about_the_calls_of_its_pattern)
{
    const CallFault checkouts{.method = "POST", .path = "/order/cart/*/checkout"};
    BOOST_TEST(domain::concerns(checkouts, "POST", "/order/cart/abc/checkout"));
    BOOST_TEST(!domain::concerns(checkouts, "GET", "/order/cart/abc/checkout"));
    BOOST_TEST(!domain::concerns(checkouts, "POST", "/order/cart/abc/assign"));
    BOOST_TEST(domain::concerns({}, "DELETE", "/anything"));
}

BOOST_AUTO_TEST_CASE(a_fault_strikes_as_often_as_it_says_and_the_same_for_a_seed)
{
    for (const int percent : {1, 10, 50}) {
        const auto struck = strikes_of({.kind = CallFaultKind::lost_answer, .percent = percent, .seed = 7});
        BOOST_TEST(struck > 100 * percent - 300);
        BOOST_TEST(struck < 100 * percent + 300);
    }
    BOOST_TEST(strikes_of({.percent = 100}) == 10'000);
    const CallFault one{.percent = 50, .seed = 1}, same{.percent = 50, .seed = 1}, other{.percent = 50, .seed = 2};
    int differing = 0;
    for (int call = 0; call < 1'000; ++call) {
        const auto which = std::to_string(call);
        BOOST_REQUIRE(domain::strikes(one, which) == domain::strikes(same, which));
        differing += domain::strikes(one, which) != domain::strikes(other, which);
    }
    BOOST_TEST(differing > 300);
}

BOOST_AUTO_TEST_CASE(each_kind_has_a_name)
{
    using enum CallFaultKind;
    for (const auto kind : {refuse_before, error_after_commit, lost_answer, hang, slow_delivery, cancel_order})
        BOOST_TEST((domain::call_fault_kind_from(domain::to_text(kind)) == kind));
    BOOST_TEST(!domain::call_fault_kind_from("flood"));
}

BOOST_AUTO_TEST_SUITE_END()
