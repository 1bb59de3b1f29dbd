#include "domain/subscription.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::chrono;
using domain::Date;
using domain::Day;
using domain::Interval;
using domain::Item;
using domain::never;
using domain::Period;
using domain::Stretch;
using domain::Subscription;
using Target = Stretch::Target;

constexpr Interval monthly{1, Interval::Unit::month};

const Item vm{.sku = "vm", .interval = monthly, .tags = {"vm"}};
const Item bare{.sku = "bare", .interval = Interval{1, Interval::Unit::year}};
const Item vpn{.sku = "vpn", .interval = monthly, .free_while = "vm"};
const Item domain_name{.sku = "domain"};

constexpr Day january(unsigned day) { return year{2026} / January / day; }
constexpr Day february(unsigned day) { return year{2026} / February / day; }
constexpr Day march(unsigned day) { return year{2026} / March / day; }

Subscription started(Day start, const Item& item = vm)
{
    return {.start = start, .trial_end = start, .versions = {{.from = start, .item = &item, .anchor = start, .unit_minor = 1300}}};
}

std::string text_of(Day day) { return day == never ? "never" : domain::to_text(Date{day}); }

/// "charge 1300 2026-01-01..2026-02-01": the target that begins on the day, and until when it stays.
std::string text_of(const Stretch& stretch)
{
    const auto days = " " + text_of(stretch.days.start) + ".." + text_of(stretch.days.end);
    if (stretch.target == Target::nothing) return "nothing" + days;
    if (stretch.target == Target::keep) return "keep" + days;
    return "charge " + std::to_string(stretch.version->unit_minor) + days;
}

std::string stretch_on(Day day, const std::vector<Subscription>& held) { return text_of(domain::stretch_from(held, 0, day)); }

std::uint64_t seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

bool paused_on(const Subscription& own, Day day, bool credit)
{
    return std::ranges::any_of(own.pauses,
        [&](const domain::Pause& pause) { return pause.credit == credit && pause.from <= day && day < pause.until.value_or(never); });
}

bool gives_vm_tag(const Subscription& other, Day day)
{
    const domain::Version* version = &other.versions.front();
    for (const auto& each : other.versions)
        if (each.from <= day) version = &each;
    const bool held = other.start <= day && (!other.end || day < *other.end);
    return held && !paused_on(other, day, true) && !paused_on(other, day, false) && version->item == &vm;
}

/// One day after the other, by the words of the rule: the end decides first, then trial, pause and what makes it free.
std::string naive_target(const std::vector<Subscription>& held, std::size_t index, Day day)
{
    const auto& own = held[index];
    if (own.end && day >= *own.end) return own.end_credits ? "nothing" : "keep";
    if (day < own.start || day < own.trial_end) return "nothing";
    if (paused_on(own, day, false)) return "keep";
    if (paused_on(own, day, true)) return "nothing";
    const domain::Version* version = &own.versions.front();
    for (const auto& each : own.versions)
        if (each.from <= day) version = &each;
    if (version->item == &vpn)
        for (std::size_t other = 0; other < held.size(); ++other)
            if (other != index && gives_vm_tag(held[other], day)) return "nothing";
    int k = -40;
    while (Day{boundary(version->anchor, *version->item->interval, k + 1)} <= day) ++k;
    return version->item->sku + std::to_string(version->unit_minor) + text_of(boundary(version->anchor, *version->item->interval, k));
}

std::string target_of(const Stretch& stretch)
{
    if (stretch.target == Target::nothing) return "nothing";
    if (stretch.target == Target::keep) return "keep";
    return stretch.version->item->sku + std::to_string(stretch.version->unit_minor) + text_of(stretch.whole.start);
}

Subscription random_subscription(std::mt19937_64& random)
{
    const auto number = [&](int least, int most) { return std::uniform_int_distribution<int>{least, most}(random); };
    const auto item = [&]() -> const Item& { return *std::array{&vm, &bare, &vpn}[static_cast<std::size_t>(number(0, 2))]; };
    const Day start = january(1) + days{number(0, 60)};
    auto own = started(start, item());
    if (number(0, 2) == 0) own.trial_end = start + days{number(0, 40)};
    for (Day day = start + days{number(0, 90)}; number(0, 2) != 0; day += days{number(0, 60)})
        own.versions.push_back({.from = day, .item = &item(), .anchor = day - days{number(0, 50)}, .unit_minor = number(0, 3)});
    for (Day day = start + days{number(0, 60)}; number(0, 2) != 0;) {
        const Day until = day + days{number(1, 40)};
        own.pauses.push_back({.from = day, .until = until, .credit = number(0, 1) == 0});
        day = until + days{number(0, 40)};
    }
    if (number(0, 1) == 0) own.end = start + days{number(0, 200)};
    own.end_credits = number(0, 1) == 0;
    return own;
}

} // namespace

BOOST_AUTO_TEST_SUITE(subscription)

BOOST_AUTO_TEST_CASE(before_the_start_there_is_nothing_to_charge)
{
    BOOST_TEST(stretch_on(january(1), {started(january(10))}) == "nothing 2026-01-01..2026-01-10");
}

BOOST_AUTO_TEST_CASE(a_charge_lasts_to_the_end_of_its_period)
{
    BOOST_TEST(stretch_on(january(10), {started(january(10))}) == "charge 1300 2026-01-10..2026-02-10");
    BOOST_TEST(stretch_on(february(9), {started(january(10))}) == "charge 1300 2026-02-09..2026-02-10");
    const std::vector held{started(january(10))};
    BOOST_TEST((domain::stretch_from(held, 0, february(9)).whole == Period{january(10), february(10)}));
}

BOOST_AUTO_TEST_CASE(the_trial_costs_nothing)
{
    auto own = started(january(10));
    own.trial_end = january(24);
    BOOST_TEST(stretch_on(january(10), {own}) == "nothing 2026-01-10..2026-01-24");
    BOOST_TEST(stretch_on(january(24), {own}) == "charge 1300 2026-01-24..2026-02-10");
}

BOOST_AUTO_TEST_CASE(after_an_end_there_is_nothing_to_charge)
{
    auto own = started(january(10));
    own.end = january(20);
    BOOST_TEST(stretch_on(january(10), {own}) == "charge 1300 2026-01-10..2026-01-20");
    BOOST_TEST(stretch_on(january(20), {own}) == "nothing 2026-01-20..never");
}

BOOST_AUTO_TEST_CASE(after_an_end_without_credit_what_is_billed_stays)
{
    auto own = started(january(10));
    own.end = january(20);
    own.end_credits = false;
    BOOST_TEST(stretch_on(january(20), {own}) == "keep 2026-01-20..never");
}

BOOST_AUTO_TEST_CASE(the_end_decides_before_trial_and_pause)
{
    auto own = started(january(10));
    own.trial_end = january(30);
    own.pauses = {{.from = january(12), .credit = true}};
    own.end = january(20);
    own.end_credits = false;
    BOOST_TEST(stretch_on(january(19), {own}) == "nothing 2026-01-19..2026-01-20");
    BOOST_TEST(stretch_on(january(20), {own}) == "keep 2026-01-20..never");
}

BOOST_AUTO_TEST_CASE(a_pause_costs_nothing_until_it_is_over)
{
    auto own = started(january(1));
    own.pauses = {{.from = january(10), .until = january(15)}};
    BOOST_TEST(stretch_on(january(1), {own}) == "charge 1300 2026-01-01..2026-01-10");
    BOOST_TEST(stretch_on(january(10), {own}) == "nothing 2026-01-10..2026-01-15");
    BOOST_TEST(stretch_on(january(15), {own}) == "charge 1300 2026-01-15..2026-02-01");
}

BOOST_AUTO_TEST_CASE(in_a_pause_without_credit_what_is_billed_stays)
{
    auto own = started(january(1));
    own.pauses = {{.from = january(10), .credit = false}};
    BOOST_TEST(stretch_on(january(12), {own}) == "keep 2026-01-12..never");
}

BOOST_AUTO_TEST_CASE(the_trial_decides_before_a_pause_without_credit)
{
    auto own = started(january(1));
    own.trial_end = january(20);
    own.pauses = {{.from = january(10), .credit = false}};
    BOOST_TEST(stretch_on(january(12), {own}) == "nothing 2026-01-12..2026-01-20");
    BOOST_TEST(stretch_on(january(20), {own}) == "keep 2026-01-20..never");
}

BOOST_AUTO_TEST_CASE(a_version_ends_the_stretch_of_the_one_before)
{
    auto own = started(january(1));
    own.versions.push_back({.from = january(16), .item = &bare, .anchor = january(16), .unit_minor = 9900});
    BOOST_TEST(stretch_on(january(1), {own}) == "charge 1300 2026-01-01..2026-01-16");
    BOOST_TEST(stretch_on(january(16), {own}) == "charge 9900 2026-01-16..2027-01-16");
}

BOOST_AUTO_TEST_CASE(of_two_versions_of_a_day_the_later_counts)
{
    auto own = started(january(1));
    own.versions.push_back({.from = january(1), .item = &vm, .anchor = january(1), .unit_minor = 1800});
    BOOST_TEST(stretch_on(january(1), {own}) == "charge 1800 2026-01-01..2026-02-01");
    BOOST_TEST(domain::version_on(own, january(1) - days{9}).unit_minor == 1300); // the first one before the start
}

BOOST_AUTO_TEST_CASE(what_is_sold_once_has_no_days)
{
    BOOST_TEST(stretch_on(january(1), {started(january(1), domain_name)}) == "nothing 2026-01-01..never");
}

BOOST_AUTO_TEST_CASE(a_vpn_is_free_as_long_as_a_vm_is_held)
{
    auto machine = started(january(10));
    machine.end = january(20);
    const std::vector held{started(january(1), vpn), machine};
    BOOST_TEST(stretch_on(january(1), held) == "charge 1300 2026-01-01..2026-01-10");
    BOOST_TEST(stretch_on(january(10), held) == "nothing 2026-01-10..2026-01-20");
    BOOST_TEST(stretch_on(january(20), held) == "charge 1300 2026-01-20..2026-02-01");
}

BOOST_AUTO_TEST_CASE(a_vm_on_trial_makes_the_vpn_free_and_a_paused_one_does_not)
{
    auto machine = started(january(1));
    machine.trial_end = february(1);
    machine.pauses = {{.from = january(15), .until = january(20)}};
    const std::vector held{started(january(1), vpn), machine};
    BOOST_TEST(stretch_on(january(1), held) == "nothing 2026-01-01..2026-01-15");
    BOOST_TEST(stretch_on(january(15), held) == "charge 1300 2026-01-15..2026-01-20");
}

BOOST_AUTO_TEST_CASE(a_vm_that_becomes_something_else_no_longer_makes_the_vpn_free)
{
    auto machine = started(january(1));
    machine.versions.push_back({.from = january(15), .item = &bare, .anchor = january(15)});
    BOOST_TEST(stretch_on(january(1), {started(january(1), vpn), machine}) == "nothing 2026-01-01..2026-01-15");
    BOOST_TEST(stretch_on(january(15), {started(january(1), vpn), machine}) == "charge 1300 2026-01-15..2026-02-01");
}

BOOST_AUTO_TEST_CASE(a_subscription_does_not_make_itself_free)
{
    const Item both{.sku = "both", .interval = monthly, .tags = {"vm"}, .free_while = "vm"};
    BOOST_TEST(stretch_on(january(1), {started(january(1), both)}) == "charge 1300 2026-01-01..2026-02-01");
    BOOST_TEST(stretch_on(january(1), {started(january(1), both), started(january(5), both)}).starts_with("charge 1300"));
    BOOST_TEST(stretch_on(january(5), {started(january(1), both), started(january(5), both)}).starts_with("nothing"));
}

BOOST_AUTO_TEST_CASE(every_day_of_a_stretch_has_the_target_of_the_rule)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int round = 0; round < 150; ++round) {
        const std::vector held{random_subscription(random), random_subscription(random), random_subscription(random)};
        for (Day day = january(1) - days{3}; day < january(1) + days{300};) {
            const auto stretch = domain::stretch_from(held, 0, day);
            BOOST_TEST_REQUIRE((stretch.days.start == day));
            BOOST_TEST_REQUIRE((stretch.days.end > day));
            for (; day < std::min(stretch.days.end, january(1) + days{300}); day += days{1})
                BOOST_TEST_REQUIRE(target_of(stretch) == naive_target(held, 0, day), text_of(day) << " " << text_of(stretch));
        }
    }
}

BOOST_DATA_TEST_CASE(the_period_of_a_day_is_the_one_that_a_search_finds, bdata::xrange(1u, 32u), anchor_day)
{
    const Date anchor = year{2024} / January / anchor_day;
    using Unit = Interval::Unit;
    for (const Interval interval : {monthly, Interval{3, Unit::month}, Interval{1, Unit::year}, Interval{10, Unit::year},
             Interval{1, Unit::day}, Interval{31, Unit::day}, Interval{2, Unit::week}}) {
        int k = -1500;
        for (Day day = Day{anchor} - days{1200}; day < Day{anchor} + days{1500}; day += days{1}) {
            while (Day{boundary(anchor, interval, k + 1)} <= day) ++k;
            BOOST_TEST_REQUIRE((domain::period_holding(anchor, interval, day) == domain::period(anchor, interval, k)),
                to_text(interval) << " from " << text_of(anchor) << " on " << text_of(day));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_day_that_is_a_boundary_belongs_to_the_period_that_it_begins)
{
    const Date anchor = year{2024} / January / 31;
    BOOST_TEST((domain::period_holding(anchor, monthly, february(28)) == Period{february(28), march(31)}));
    BOOST_TEST((domain::period_holding(anchor, monthly, february(27)) == Period{january(31), february(28)}));
}

BOOST_AUTO_TEST_CASE(a_version_discards_those_that_begin_on_its_day_or_later)
{
    auto own = started(january(1));
    for (const auto from : {january(10), january(20), february(1)})
        amend(own, domain::BeginVersion{{.from = from, .item = &vm, .unit_minor = 1}});
    amend(own, domain::BeginVersion{{.from = january(20), .item = &vm, .unit_minor = 2}});
    BOOST_TEST_REQUIRE(own.versions.size() == 3u);
    BOOST_TEST((own.versions[1].from == january(10)));
    BOOST_TEST(own.versions[2].unit_minor == 2);
}

BOOST_AUTO_TEST_CASE(the_first_version_is_never_discarded)
{
    auto own = started(january(1));
    amend(own, domain::BeginVersion{{.from = january(1), .item = &vm, .unit_minor = 1}});
    amend(own, domain::BeginVersion{{.from = january(1), .item = &vm, .unit_minor = 2}});
    BOOST_TEST_REQUIRE(own.versions.size() == 2u);
    BOOST_TEST(own.versions[0].unit_minor == 1300);
    BOOST_TEST(own.versions[1].unit_minor == 2);
}

BOOST_AUTO_TEST_CASE(an_end_is_set_moved_and_removed)
{
    auto own = started(january(1));
    amend(own, domain::SetEnd{february(1), false});
    BOOST_TEST((own.end == february(1) && !own.end_credits));
    amend(own, domain::SetEnd{january(20), true});
    BOOST_TEST((own.end == january(20) && own.end_credits));
    amend(own, domain::RemoveEnd{});
    BOOST_TEST(!own.end.has_value());
}

BOOST_AUTO_TEST_CASE(a_pause_begins_and_ends)
{
    auto own = started(january(1));
    amend(own, domain::BeginPause{january(10), false});
    BOOST_TEST(!is_active(own, january(10)));
    BOOST_TEST(!is_active(own, march(10)));
    amend(own, domain::EndPause{january(12)});
    BOOST_TEST(is_active(own, january(9)));
    BOOST_TEST(!is_active(own, january(11)));
    BOOST_TEST(is_active(own, january(12)));
    BOOST_TEST(!own.pauses.front().credit);
}

BOOST_AUTO_TEST_CASE(a_pause_that_ends_on_its_first_day_is_none)
{
    auto own = started(january(1));
    amend(own, domain::BeginPause{january(10), true});
    amend(own, domain::EndPause{january(10)});
    BOOST_TEST(own.pauses.empty());
    BOOST_TEST(is_active(own, january(10)));
}

BOOST_AUTO_TEST_SUITE_END()
