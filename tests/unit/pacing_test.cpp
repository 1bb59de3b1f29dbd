#include "gateway/pacing.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using gateway::Pacing;

const Pacing::Clock::time_point start{1h};

/// When the lane's next caller may go, in milliseconds after the start; -1 if not within a minute.
long next(Pacing& pacing, const std::string& lane, std::chrono::milliseconds now = 0ms, std::chrono::milliseconds patience = 60s)
{
    const auto turn = pacing.take(lane, start + now, start + now + patience);
    return turn.granted ? std::chrono::duration_cast<std::chrono::milliseconds>(turn.at - start).count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pacing)

BOOST_AUTO_TEST_CASE(a_burst_goes_at_once_and_the_rest_at_the_rate)
{
    Pacing pacing{10, 3};
    for (const long at : {0, 0, 0, 100, 200, 300}) BOOST_TEST(next(pacing, "a") == at);
}

BOOST_AUTO_TEST_CASE(an_idle_lane_saves_no_more_than_a_burst)
{
    Pacing pacing{10, 3};
    for (int i = 0; i < 6; ++i) next(pacing, "a");
    for (const long at : {10'000, 10'000, 10'000, 10'100}) BOOST_TEST(next(pacing, "a", 10s) == at);
}

BOOST_AUTO_TEST_CASE(lanes_do_not_wait_for_each_other)
{
    Pacing pacing{1, 1};
    BOOST_TEST(next(pacing, "a") == 0);
    BOOST_TEST(next(pacing, "a") == 1000);
    BOOST_TEST(next(pacing, "b") == 0);
}

BOOST_AUTO_TEST_CASE(who_cannot_wait_takes_nobodys_turn)
{
    Pacing pacing{1, 1};
    next(pacing, "a");
    const auto refused = pacing.take("a", start, start + 500ms);
    BOOST_TEST(!refused.granted);
    BOOST_TEST((refused.at == start + 1s));
    BOOST_TEST(next(pacing, "a") == 1000);
}

BOOST_AUTO_TEST_CASE(a_held_lane_waits_without_a_burst_behind_it)
{
    Pacing pacing{10, 3};
    pacing.hold("a", start + 2s);
    for (const long at : {2000, 2100, 2200}) BOOST_TEST(next(pacing, "a") == at);
    pacing.hold("a", start + 1s); // an earlier end shortens nothing
    BOOST_TEST(next(pacing, "a") == 2300);
}

BOOST_AUTO_TEST_CASE(a_rate_of_nothing_is_refused)
{
    BOOST_CHECK_THROW((Pacing{0, 1}), std::invalid_argument);
    BOOST_CHECK_THROW((Pacing{1, 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
