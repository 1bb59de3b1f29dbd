#include "domain/supply.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <set>
#include <tuple>

namespace domain {

static std::ostream& operator<<(std::ostream& out, SupplyStep step) { return out << to_text(step); }
static std::ostream& operator<<(std::ostream& out, StatusCourse course) { return out << static_cast<int>(course); }

} // namespace domain

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::chrono_literals;
using domain::CheckoutCourse;
using domain::Currency;
using domain::SearchCourse;
using domain::StatusCourse;
using domain::SupplyStep;

constexpr std::array all_steps{SupplyStep::fresh, SupplyStep::cart, SupplyStep::filled, SupplyStep::checkout_sent, SupplyStep::ordered,
    SupplyStep::delivered, SupplyStep::cancelled};

} // namespace

BOOST_AUTO_TEST_SUITE(supply)

BOOST_DATA_TEST_CASE(each_step_has_a_name, bdata::make(all_steps), step)
{
    BOOST_TEST(domain::supply_step_from(domain::to_text(step)) == step);
}

// A cart that may have been bought is the last one: whatever the order of steps, none leads back to a new cart.
BOOST_AUTO_TEST_CASE(no_way_leads_from_a_sent_checkout_back_to_a_cart)
{
    std::set<SupplyStep> reached{SupplyStep::checkout_sent};
    for (std::size_t before = 0; before != reached.size();) {
        before = reached.size();
        for (const auto from : all_steps)
            for (const auto to : all_steps)
                if (reached.contains(from) && domain::may_become(from, to)) reached.insert(to);
    }
    for (const auto step : reached) BOOST_TEST(!domain::is_unbought(step), step);
    BOOST_TEST(reached.contains(SupplyStep::delivered));
}

BOOST_AUTO_TEST_CASE(what_is_over_stays_as_it_is)
{
    for (const auto from : all_steps)
        for (const auto to : all_steps)
            if (domain::is_over(from)) BOOST_TEST(!domain::may_become(from, to));
}

// O14: terraform took every status but two for the end.
BOOST_DATA_TEST_CASE(each_status_of_the_supplier_has_its_course,
    bdata::make(std::vector<std::tuple<std::string, StatusCourse>>{{"cancelled", StatusCourse::cancelled},
        {"cancelling", StatusCourse::wait}, {"checking", StatusCourse::wait}, {"delivered", StatusCourse::delivered},
        {"delivering", StatusCourse::wait}, {"documentsRequested", StatusCourse::person}, {"notPaid", StatusCourse::person},
        {"unknown", StatusCourse::wait}, {"somethingNew", StatusCourse::wait}}),
    status, course)
{
    BOOST_TEST(domain::course_of(status) == course);
    BOOST_TEST(domain::remedy_for(status, 7).empty() == (course != StatusCourse::person));
}

BOOST_AUTO_TEST_CASE(the_supplier_is_looked_at_less_and_less_often)
{
    BOOST_TEST((domain::supply_pause(0, 10s, 600s) == 10s));
    BOOST_TEST((domain::supply_pause(1, 10s, 600s) == 10s));
    BOOST_TEST((domain::supply_pause(2, 10s, 600s) == 20s));
    BOOST_TEST((domain::supply_pause(6, 10s, 600s) == 320s));
    BOOST_TEST((domain::supply_pause(7, 10s, 600s) == 600s));
    BOOST_TEST((domain::supply_pause(1'000'000, 10s, 600s) == 600s));
}

// O13: there is no key of idempotency; the cart is all that one can ask.
BOOST_AUTO_TEST_CASE(a_checkout_without_an_answer_is_decided_by_its_cart)
{
    BOOST_TEST((domain::course_after_checkout({.is_frozen = false}) == CheckoutCourse::send_again));
    BOOST_TEST((domain::course_after_checkout({.is_frozen = true, .order = 12}) == CheckoutCourse::take_order));
    BOOST_TEST((domain::course_after_checkout({.is_frozen = true}) == CheckoutCourse::search));
    BOOST_TEST((domain::course_after_checkout({.is_there = false}) == CheckoutCourse::search));
}

BOOST_AUTO_TEST_CASE(an_order_is_taken_only_if_it_can_be_no_others)
{
    BOOST_TEST((domain::course_after_search(1, 1, 0) == SearchCourse::take_it));
    BOOST_TEST((domain::course_after_search(0, 1, 0) == SearchCourse::look_again));
    BOOST_TEST((domain::course_after_search(2, 1, 0) == SearchCourse::look_again));
    BOOST_TEST((domain::course_after_search(1, 2, 0) == SearchCourse::look_again));
    for (const auto& [matching, unresolved] : {std::pair<std::size_t, std::size_t>{0, 1}, {2, 1}, {1, 2}, {2, 2}})
        BOOST_TEST((domain::course_after_search(matching, unresolved, 4) == SearchCourse::hold));
}

// O20
BOOST_AUTO_TEST_CASE(two_refusals_after_a_delivery_mean_not_yet)
{
    BOOST_TEST(domain::is_not_ready_yet("Action impossible: there are running tasks"));
    BOOST_TEST(domain::is_not_ready_yet("This subscription is not active yet"));
    BOOST_TEST(!domain::is_not_ready_yet("This service does not exist"));
    BOOST_TEST(!domain::is_not_ready_yet(""));
}

BOOST_AUTO_TEST_CASE(a_price_above_the_cost_is_noticed)
{
    BOOST_TEST(!domain::is_too_dear({10'000}, {10'000}, 0));
    BOOST_TEST(domain::is_too_dear({10'001}, {10'000}, 0));
    BOOST_TEST(!domain::is_too_dear({10'100}, {10'000}, 10));
    BOOST_TEST(domain::is_too_dear({10'101}, {10'000}, 10));
    BOOST_TEST(!domain::is_too_dear({1}, {10'000}, 0));
    BOOST_TEST(domain::is_too_dear({10'000, Currency::eur}, {10'000, Currency::chf}, 10));
}

BOOST_AUTO_TEST_SUITE_END()
