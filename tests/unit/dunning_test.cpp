#include "domain/dunning.h"

#include "domain/scenario.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::chrono;
using domain::Day;
using domain::DunningStage;
using domain::stage_due;

const std::vector<DunningStage> ladder{{"reminder", 10}, {"warning", 20}, {"last", 40}};
constexpr Day due{year{2026} / 3 / 1};

std::string stage_on(const domain::DunningState& state, Day day)
{
    const auto stage = stage_due(ladder, state, day);
    return stage ? ladder[*stage].name : "none";
}

/// One invoice of 13.00 on 30 January, due on 1 March; then `steps`.
domain::ScenarioOutcome played(std::vector<domain::Step> steps)
{
    domain::Scenario scenario{.ladder = ladder};
    scenario.catalogue.push_back({.item = {.sku = "domain"}, .prices = {.setup_minor = 1300}});
    scenario.steps.push_back({due - days{30}, domain::SubscribeStep{.sub = "a", .sku = "domain"}});
    scenario.steps.push_back({due - days{30}, domain::RunStep{}});
    scenario.steps.insert(scenario.steps.end(), steps.begin(), steps.end());
    return domain::play(std::move(scenario));
}

domain::Step run_on(Day day) { return {day, domain::RunStep{}}; }

/// "reminder 11" is a reminder on the 11th day after the invoice fell due.
std::string notices_of(const domain::ScenarioOutcome& outcome)
{
    std::string text;
    for (const auto& notice : outcome.notices)
        text += (text.empty() ? "" : ", ") + notice.stage + " " + std::to_string((notice.day - due).count());
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dunning)

BOOST_AUTO_TEST_CASE(nothing_is_sent_before_the_first_stage)
{
    BOOST_TEST(stage_on({.due = due}, due) == "none");
    BOOST_TEST(stage_on({.due = due}, due + days{9}) == "none");
}

BOOST_AUTO_TEST_CASE(the_first_stage_is_sent_on_its_day) { BOOST_TEST(stage_on({.due = due}, due + days{10}) == "reminder"); }

BOOST_AUTO_TEST_CASE(a_late_run_begins_with_the_first_stage) { BOOST_TEST(stage_on({.due = due}, due + days{400}) == "reminder"); }

BOOST_AUTO_TEST_CASE(the_next_stage_waits_for_its_own_day)
{
    const domain::DunningState reminded{.due = due, .sent = 1, .last = due + days{10}};
    BOOST_TEST(stage_on(reminded, due + days{19}) == "none");
    BOOST_TEST(stage_on(reminded, due + days{20}) == "warning");
}

BOOST_AUTO_TEST_CASE(a_late_stage_keeps_its_distance_to_the_next_one)
{
    const domain::DunningState reminded_late{.due = due, .sent = 1, .last = due + days{35}};
    BOOST_TEST(stage_on(reminded_late, due + days{44}) == "none");
    BOOST_TEST(stage_on(reminded_late, due + days{45}) == "warning");
    const domain::DunningState warned_late{.due = due, .sent = 2, .last = due + days{45}};
    BOOST_TEST(stage_on(warned_late, due + days{64}) == "none");
    BOOST_TEST(stage_on(warned_late, due + days{65}) == "last");
}

BOOST_AUTO_TEST_CASE(after_the_last_stage_nothing_is_sent)
{
    BOOST_TEST(stage_on({.due = due, .sent = 3, .last = due + days{40}}, due + days{4000}) == "none");
}

BOOST_AUTO_TEST_CASE(without_a_ladder_nothing_is_sent) { BOOST_TEST(!stage_due({}, {.due = due}, due + days{100}).has_value()); }

BOOST_AUTO_TEST_CASE(a_stage_of_0_days_is_sent_on_the_day_it_is_due)
{
    BOOST_TEST(stage_due({{"at_once", 0}}, {.due = due}, due).has_value());
    BOOST_TEST(!stage_due({{"at_once", 0}}, {.due = due}, due - days{1}).has_value());
}

// FOSSBilling 3726: a reminder went out four times.
BOOST_AUTO_TEST_CASE(each_stage_is_sent_once_however_often_the_run_is_started)
{
    std::vector<domain::Step> steps;
    for (int day = 0; day < 60; ++day)
        for (int again = 0; again < 4; ++again) steps.push_back(run_on(due + days{day}));
    BOOST_TEST(notices_of(played(steps)) == "reminder 10, warning 20, last 40");
}

BOOST_AUTO_TEST_CASE(a_run_that_was_down_for_long_sends_one_stage_at_a_time)
{
    std::vector<domain::Step> steps;
    for (int day = 100; day < 160; ++day) steps.push_back(run_on(due + days{day}));
    BOOST_TEST(notices_of(played(steps)) == "reminder 100, warning 110, last 130");
}

BOOST_AUTO_TEST_CASE(a_paid_invoice_is_not_dunned)
{
    BOOST_TEST(notices_of(played({{due, domain::PayStep{.amount = 1300}}, run_on(due + days{10})})).empty());
}

BOOST_AUTO_TEST_CASE(an_invoice_settled_by_goodwill_is_not_dunned)
{
    BOOST_TEST(notices_of(played({{due, domain::CreditStep{.amount = 1300}}, run_on(due + days{10})})).empty());
}

BOOST_AUTO_TEST_CASE(one_rappen_left_is_dunned)
{
    BOOST_TEST(notices_of(played({{due, domain::PayStep{.amount = 1299}}, run_on(due + days{10})})) == "reminder 10");
}

BOOST_AUTO_TEST_CASE(a_payment_between_two_stages_ends_the_dunning)
{
    const auto outcome = played({run_on(due + days{10}), {due + days{15}, domain::PayStep{.amount = 1300}}, run_on(due + days{20})});
    BOOST_TEST(notices_of(outcome) == "reminder 10");
}

BOOST_AUTO_TEST_CASE(a_run_into_the_future_sends_what_is_due_today)
{
    BOOST_TEST(notices_of(played({{due, domain::RunStep{due + days{50}}}})).empty());
}

BOOST_DATA_TEST_CASE(dunning_charges_nothing, bdata::xrange(0, 60, 15), day)
{
    BOOST_TEST(played({run_on(due + days{day})}).receivables.open() == 1300);
}

BOOST_AUTO_TEST_SUITE_END()
