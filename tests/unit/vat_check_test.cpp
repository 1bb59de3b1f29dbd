#include "domain/vat_check.h"

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using namespace std::chrono_literals;
using domain::after_answer;
using domain::Instant;
using domain::RegisterAnswer;
using domain::VatIdStanding;
using domain::VatIdState;

const Instant start{domain::Day{domain::date_from("2026-11-02").value()}};
const domain::VatCheckRules rules{};
const VatIdStanding fresh{.waiting_since = start, .next_check_at = start};

VatIdStanding confirmed() { return after_answer(fresh, RegisterAnswer::valid, start, rules); }

} // namespace

BOOST_AUTO_TEST_SUITE(vat_check)

BOOST_AUTO_TEST_CASE(a_clear_answer_counts_and_is_asked_for_anew_before_it_runs_out)
{
    const auto valid = confirmed();
    BOOST_TEST((valid.state == VatIdState::valid));
    BOOST_TEST((valid.confirmed_at == start));
    BOOST_TEST((valid.next_check_at > start + 30 * 24h));
    BOOST_TEST((valid.next_check_at < start + rules.valid_for));
    BOOST_TEST((after_answer(fresh, RegisterAnswer::invalid, start, rules).state == VatIdState::invalid));
    BOOST_TEST((after_answer(valid, RegisterAnswer::invalid, start + 1h, rules).state == VatIdState::invalid));
}

// T23: silence was read as "valid", or as "invalid", elsewhere.
BOOST_AUTO_TEST_CASE(t23_silence_alone_never_makes_valid_or_invalid)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int i = 0; i < 1000; ++i) {
        auto standing = fresh;
        for (auto now = start; now < start + 200 * 24h; now = standing.next_check_at + std::chrono::minutes{random() % 600}) {
            standing = after_answer(standing, RegisterAnswer::unknown, now, rules);
            BOOST_TEST((standing.state == VatIdState::unknown || standing.state == VatIdState::given_up), "seed " << seed);
            BOOST_TEST((standing.next_check_at > now), "seed " << seed);
        }
        BOOST_TEST((standing.state == VatIdState::given_up), "seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(pauses_grow_and_the_last_one_ends_with_the_hold)
{
    auto standing = fresh;
    auto now = start;
    std::chrono::microseconds longest{};
    while (standing.state != VatIdState::given_up) {
        standing = after_answer(standing, RegisterAnswer::unknown, now, rules);
        if (standing.state == VatIdState::given_up) break;
        longest = std::max<std::chrono::microseconds>(longest, standing.next_check_at - now);
        now = standing.next_check_at;
    }
    BOOST_TEST((now == start + rules.hold));
    BOOST_TEST((longest == 4h));
    BOOST_TEST((after_answer(fresh, RegisterAnswer::unknown, start, rules).next_check_at == start + 1min));
}

BOOST_AUTO_TEST_CASE(an_answer_ends_the_waiting_at_any_time)
{
    auto standing = fresh;
    for (int i = 0; i < 40; ++i) standing = after_answer(standing, RegisterAnswer::unknown, start + i * 12h, rules);
    BOOST_TEST((standing.state == VatIdState::given_up));
    standing = after_answer(standing, RegisterAnswer::valid, start + 30 * 24h, rules);
    BOOST_TEST((standing.state == VatIdState::valid));
    BOOST_TEST(standing.attempts == 0);
}

BOOST_AUTO_TEST_CASE(a_yes_stands_while_vies_is_silent_until_it_runs_out)
{
    auto standing = confirmed();
    standing = after_answer(standing, RegisterAnswer::unknown, start + 80 * 24h, rules);
    BOOST_TEST((standing.state == VatIdState::valid));
    standing = after_answer(standing, RegisterAnswer::unknown, start + 90 * 24h, rules);
    BOOST_TEST((standing.state == VatIdState::unknown));
    BOOST_TEST((standing.waiting_since == start + 90 * 24h)); // the hold begins now
    BOOST_TEST((after_answer(standing, RegisterAnswer::unknown, start + 96 * 24h, rules).state == VatIdState::unknown));
    BOOST_TEST((after_answer(standing, RegisterAnswer::unknown, start + 97 * 24h, rules).state == VatIdState::given_up));
}

BOOST_AUTO_TEST_CASE(a_no_stands_while_vies_is_silent)
{
    const auto refused = after_answer(fresh, RegisterAnswer::invalid, start, rules);
    BOOST_TEST((after_answer(refused, RegisterAnswer::unknown, start + 100 * 24h, rules).state == VatIdState::invalid));
}

BOOST_AUTO_TEST_SUITE_END()
