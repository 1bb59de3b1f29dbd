#include "api/scenario_answer.h"
#include "domain/proration.h"
#include "domain/scenario.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <tuple>

// What must hold for any history, tried on random ones. TEST_SEED=7 plays the one of seed 7 alone.
namespace {

using namespace std::chrono;
using domain::Day;
using domain::Scenario;
using domain::ScenarioOutcome;
using domain::Step;

constexpr Day first_day{year{2023} / 11 / 20}; // the rates change at the turn of the year

/// What a random history may have beside subscribe, change, cancel, uncancel, pause and resume.
struct Spice {
    bool money{false};          ///< credit, credit_note, pay, refund
    bool without_credit{false}; ///< ends and pauses that give nothing back
    bool prices{false};         ///< the catalogue changes
};

class Generator {
public:
    Generator(std::uint64_t seed, Spice spice) : random_{seed}, spice_{spice} {}

    int number(int least, int most) { return std::uniform_int_distribution<int>{least, most}(random_); }
    bool chance(int percent) { return number(1, 100) <= percent; }

    /// Steps over some months, without runs.
    Scenario scenario();

    /// The same with a run after some of the steps, sometimes into the future, and one at the end.
    Scenario with_runs(Scenario scenario);

    template <class Items> void shuffle(Items& items) { std::ranges::shuffle(items, random_); }

private:
    domain::ScenarioItem item(const std::string& sku, const std::vector<domain::VatHistory>& rates, bool gross);
    decltype(Step::what) action();
    decltype(Step::what) money();
    domain::SubscribeStep subscribe();
    domain::ChangeStep change();
    std::string sub() { return "s" + std::to_string(number(0, std::max(0, subs_ - 1))); }
    std::string sku() { return chance(8) ? "domain" : skus_[static_cast<std::size_t>(number(0, 4))]; }
    Day near(int most) { return today_ + days{number(0, most)}; }
    bool credit() { return !spice_.without_credit || chance(60); }

    std::mt19937_64 random_;
    Spice spice_;
    Day today_{first_day};
    int subs_{0};
    std::vector<std::string> skus_{"vm", "large vm", "vpn", "membership", "traffic", "domain"};
};

domain::ScenarioItem Generator::item(const std::string& sku, const std::vector<domain::VatHistory>& rates, bool gross)
{
    using Unit = domain::Interval::Unit;
    constexpr domain::Interval intervals[] = {
        {1, Unit::month}, {1, Unit::month}, {3, Unit::month}, {1, Unit::year}, {10, Unit::day}, {2, Unit::week}};
    domain::ScenarioItem item{.item = {.sku = sku, .vat = rates[static_cast<std::size_t>(number(0, 2))], .prices_include_vat = gross}};
    item.prices.setup_minor = chance(40) ? number(0, 5000) : 0;
    if (sku == "domain") return item;
    item.item.interval = intervals[number(0, 5)];
    item.item.mode = chance(25) ? domain::BillingMode::arrears : domain::BillingMode::advance;
    item.item.tags = sku.ends_with("vm") ? std::vector<std::string>{"vm"} : std::vector<std::string>{};
    item.item.free_while = sku == "vpn" ? "vm" : "";
    item.prices.recurring_minor = chance(10) ? 0 : number(1, chance(20) ? 20 : 50'000);
    item.prices.recurring_per["core"] = number(0, 700);
    item.trial_days = chance(20) ? number(1, 40) : 0;
    return item;
}

Scenario Generator::scenario()
{
    const Day new_year = year{2024} / 1 / 1;
    const std::vector<domain::VatHistory> rates{{}, domain::VatHistory{{{new_year - days{2000}, {770}}, {new_year, {810}}}},
        domain::VatHistory{{{first_day + days{9}, {250}}, {new_year, {260}}, {new_year + days{20}, {0}}, {new_year + days{50}, {260}}}}};
    Scenario scenario{.ladder = {{"reminder", 5}, {"warning", 15}}};
    const bool gross = chance(50);
    for (const auto& each : skus_) scenario.catalogue.push_back(item(each, rates, gross));
    for (int count = number(6, 40); count > 0; --count) {
        today_ += days{chance(50) ? 0 : number(1, 20)};
        scenario.steps.push_back({today_, action()});
        const auto* pause = std::get_if<domain::PauseStep>(&scenario.steps.back().what);
        if (pause && chance(40)) scenario.steps.push_back({today_, domain::ResumeStep{pause->sub}}); // there and back
    }
    return scenario;
}

decltype(Step::what) Generator::action()
{
    if (subs_ == 0 || (subs_ < 5 && chance(30))) return subscribe();
    if (spice_.money && chance(30)) return money();
    if (spice_.prices && chance(10))
        return domain::PriceStep{.sku = sku(), .setup_minor = number(0, 900), .recurring_per = domain::Units{{"core", number(0, 900)}}};
    const int kind = number(0, 9);
    if (kind < 4) return change();
    if (kind < 5) return domain::CancelStep{sub(), static_cast<domain::When>(number(0, 2)), near(60), credit()};
    if (kind < 6) return domain::UncancelStep{sub()};
    if (kind < 8) return domain::PauseStep{sub(), credit()};
    return domain::ResumeStep{sub()};
}

decltype(Step::what) Generator::money()
{
    const auto ref = chance(20) ? "r" + std::to_string(number(0, 3)) : "";
    const std::int64_t amount = number(1, chance(30) ? 50'000 : 500);
    switch (number(0, 3)) {
    case 0: return domain::CreditStep{amount, ref};
    case 1: return domain::PayStep{amount, chance(50) ? std::optional<std::int64_t>{number(1, 9)} : std::nullopt, ref};
    case 2: return domain::RefundStep{amount, ref};
    default: return domain::CreditNoteStep{number(1, 9), number(1, 3), chance(80) ? std::optional{amount} : std::nullopt, ref};
    }
}

domain::SubscribeStep Generator::subscribe()
{
    domain::SubscribeStep step{.sub = "s" + std::to_string(subs_++), .sku = sku(), .quantity = number(1, 3)};
    if (chance(50) && step.sku != "domain") step.units["core"] = number(0, 9);
    if (chance(30)) step.start = near(30);
    if (chance(30) && step.sku != "domain") step.anchor = today_ + days{number(-400, 400)};
    if (chance(20) && step.sku != "domain") step.trial_days = number(0, 40);
    return step;
}

domain::ChangeStep Generator::change()
{
    domain::ChangeStep step{.sub = sub(), .when = static_cast<domain::When>(number(0, 2)), .day = near(60), .setup = chance(30)};
    if (chance(60)) step.sku = sku();
    if (chance(40)) step.quantity = number(1, 3);
    if (chance(30)) step.units = domain::Units{{"core", number(0, 9)}};
    if (chance(20)) step.anchor = today_ + days{number(-400, 400)};
    else step.reset_anchor = chance(20);
    return step;
}

Scenario Generator::with_runs(Scenario scenario)
{
    std::vector<Step> steps;
    for (auto& step : scenario.steps) {
        const auto day = step.day;
        steps.push_back(std::move(step));
        if (chance(50)) steps.push_back({day, domain::RunStep{chance(20) ? std::optional{day + days{number(0, 50)}} : std::nullopt}});
    }
    const auto last = steps.back().day;
    steps.push_back({last, domain::RunStep{}});
    scenario.steps = std::move(steps);
    return scenario;
}

/// Calls `check` with each seed, and prints the one that fails.
template <class Check> void for_each_seed(Check check)
{
    const char* given = std::getenv("TEST_SEED");
    const auto first = given ? std::strtoull(given, nullptr, 10) : 1;
    for (auto seed = first; seed <= (given ? first : 200); ++seed) BOOST_TEST_CONTEXT("TEST_SEED=" << seed) check(seed);
}

bool is_run(const Step& step) { return std::holds_alternative<domain::RunStep>(step.what); }

/// The answer without what tells when and how often it was run.
std::string without_run_days(ScenarioOutcome outcome)
{
    for (auto& document : outcome.documents) document.issued_on = document.due = document.billed_on;
    for (auto& refused : outcome.refused) refused.step = 0;
    outcome.notices.clear();
    return api::answer_text(outcome);
}

/// The scenario with runs on days of which `runs_on` says so, each after all steps of its day, and on the last day.
template <class RunsOn> Scenario run_on_days(const Scenario& scenario, RunsOn runs_on)
{
    auto played = scenario;
    played.steps.clear();
    const Day last = scenario.steps.back().day + days{40};
    auto step = scenario.steps.begin();
    for (Day day = scenario.steps.front().day; day <= last; day += days{1}) {
        for (; step != scenario.steps.end() && step->day == day; ++step) played.steps.push_back(*step);
        if (day == last || runs_on(day)) played.steps.push_back({day, domain::RunStep{}});
    }
    return played;
}

/// What the prices are about: the net amount, or the gross one if they include the tax.
std::int64_t amount_of(const domain::DraftLine& line, const Scenario& scenario)
{
    return scenario.catalogue.front().item.prices_include_vat ? line.gross : line.net;
}

/// The subscriptions at the end, by the steps alone.
std::vector<domain::Subscription> held_at_the_end(Scenario& scenario)
{
    domain::Holdings holdings{scenario.catalogue};
    for (const auto& [day, what] : scenario.steps) {
        if (const auto* step = std::get_if<domain::SubscribeStep>(&what)) holdings.subscribe(day, *step);
        if (const auto* step = std::get_if<domain::ChangeStep>(&what)) holdings.change(day, *step);
        if (const auto* step = std::get_if<domain::CancelStep>(&what)) holdings.cancel(day, *step);
        if (const auto* step = std::get_if<domain::UncancelStep>(&what)) holdings.uncancel(day, *step);
        if (const auto* step = std::get_if<domain::PauseStep>(&what)) holdings.pause(day, *step);
        if (const auto* step = std::get_if<domain::ResumeStep>(&what)) holdings.resume(day, *step);
    }
    std::vector<domain::Subscription> held;
    for (const auto& entry : holdings.entries()) held.push_back(entry.subscription);
    return held;
}

/// The price of all days of an ended subscription: a price for each period and what was held in it, day by day.
std::int64_t price_of_all_days(const std::vector<domain::Subscription>& held, std::size_t index)
{
    std::int64_t sum = 0;
    for (Day day = held[index].start; day < held[index].end.value_or(day); day += days{1}) {
        const auto today = domain::stretch_from(held, index, day);
        if (today.target != domain::Stretch::Target::charge) continue;
        sum += domain::price_of_days(today.version->unit_minor * today.version->quantity, today.whole, {day, day + days{1}});
    }
    return sum;
}

/// Checks what any answer must fulfil.
void check_money(const ScenarioOutcome& outcome)
{
    std::map<domain::LineRef, std::array<std::int64_t, 3>> left;
    for (const auto& document : outcome.documents) {
        int position = 0;
        for (const auto& line : document.lines) {
            ++position;
            BOOST_TEST_REQUIRE(line.net + line.vat == line.gross);
            BOOST_TEST_REQUIRE(domain::is_charge(line.kind) != line.credits.has_value());
            BOOST_TEST_REQUIRE((line.credits ? line.gross <= 0 && line.vat <= 0 : line.gross > 0 && line.vat >= 0));
            auto& [net, vat, gross] = left[line.credits.value_or(domain::LineRef{document.number, position})];
            std::tie(net, vat, gross) = std::tuple{net + line.net, vat + line.vat, gross + line.gross};
            BOOST_TEST_REQUIRE((net >= 0 && vat >= 0 && gross >= 0), "more was given back than charged on document " << document.number);
            BOOST_TEST_REQUIRE((gross > 0 || (net == 0 && vat == 0)));
        }
    }
    for (const auto& each : outcome.receivables.documents) BOOST_TEST_REQUIRE((each.open >= 0 && each.applied >= 0 && each.paid >= 0));
    BOOST_TEST_REQUIRE(outcome.receivables.credit >= 0);
    BOOST_TEST_REQUIRE((outcome.receivables.open() == 0 || outcome.receivables.credit == 0));
}

/// Of each document and rate: the tax on the sum of its charges, rounded once.
void check_tax_of_charges(const ScenarioOutcome& outcome, const Scenario& scenario)
{
    const bool gross = scenario.catalogue.front().item.prices_include_vat;
    for (const auto& document : outcome.documents) {
        std::map<int, std::int64_t> amounts, taxes;
        for (const auto& line : document.lines) {
            if (!domain::is_charge(line.kind)) continue;
            amounts[line.rate.basis_points] += amount_of(line, scenario);
            taxes[line.rate.basis_points] += line.vat;
        }
        for (const auto& [rate, amount] : amounts) {
            const auto whole = 10'000 + (gross ? rate : 0);
            BOOST_TEST_REQUIRE(taxes[rate] == (2 * amount * rate + whole) / (2 * whole));
        }
    }
}

/// Each subscription's lines in their order, without tax and without the numbers of documents.
std::map<std::string, std::string> lines_by_name(const Scenario& scenario)
{
    const auto outcome = domain::play(scenario);
    std::map<std::string, std::string> lines;
    for (const auto& document : outcome.documents)
        for (const auto& line : document.lines)
            lines[outcome.subscriptions[line.subscription].sub] += domain::to_text(domain::Date{document.billed_on}) + " "
                + std::string{to_text(line.kind)} + " " + line.sku + " " + std::to_string(amount_of(line, scenario)) + " "
                + domain::to_text(domain::Date{line.days.start}) + ".." + domain::to_text(domain::Date{line.days.end}) + "\n";
    return lines;
}

std::string* sub_of(Step& step)
{
    return std::visit(
        [](auto& what) -> std::string* {
            if constexpr (requires { what.sub; }) return &what.sub;
            else return nullptr;
        },
        step.what);
}

/// Mixes the steps between two runs of a day; those of one subscription keep their order.
void interleave_otherwise(Generator& random, std::vector<Step>& steps)
{
    for (auto begin = steps.begin(); begin != steps.end();) {
        auto end = std::find_if(begin, steps.end(), [&](const Step& step) { return step.day != begin->day || is_run(step); });
        std::vector<std::string> turns;
        std::map<std::string, std::vector<Step>> by_name;
        for (auto step = begin; step != end; ++step) turns.push_back(*sub_of(*step));
        for (auto step = end; step != begin;) by_name[*sub_of(*--step)].push_back(*step);
        random.shuffle(turns);
        for (auto place = begin; const auto& name : turns) {
            *place++ = by_name[name].back();
            by_name[name].pop_back();
        }
        begin = end == begin ? end + 1 : end;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(billing_properties)

BOOST_AUTO_TEST_CASE(a_run_that_is_repeated_on_its_day_changes_nothing)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.money = true, .without_credit = true, .prices = true}};
        const auto once = random.with_runs(random.scenario());
        auto twice = once;
        twice.steps.clear();
        for (const auto& step : once.steps)
            for (int i = is_run(step) ? 2 : 1; i > 0; --i) twice.steps.push_back(step);
        auto expected = domain::play(once), outcome = domain::play(twice);
        for (auto* each : {&expected, &outcome})
            for (auto& refused : each->refused) refused.step = 0;
        BOOST_TEST_REQUIRE(api::answer_text(outcome) == api::answer_text(expected));
    });
}

// Only credit notes are left out: a late run has no invoice yet that they could name.
BOOST_AUTO_TEST_CASE(a_late_run_gives_the_documents_that_daily_runs_would_have_given)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.without_credit = true, .prices = true}};
        const auto scenario = random.scenario();
        const auto daily = without_run_days(domain::play(run_on_days(scenario, [](Day) { return true; })));
        BOOST_TEST_REQUIRE(without_run_days(domain::play(run_on_days(scenario, [](Day) { return false; }))) == daily);
        BOOST_TEST_REQUIRE(without_run_days(domain::play(run_on_days(scenario, [&](Day) { return random.chance(15); }))) == daily);
    });
}

BOOST_AUTO_TEST_CASE(a_finished_history_costs_the_price_of_its_days_and_no_rappen_more_or_less)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.prices = false}};
        auto scenario = random.with_runs(random.scenario());
        const auto last = scenario.steps.back().day + days{random.number(0, 60)};
        for (int sub = 0; sub < 5; ++sub)
            scenario.steps.push_back({last, domain::CancelStep{"s" + std::to_string(sub), domain::When::now}});
        scenario.steps.push_back({last, domain::RunStep{}});
        const auto outcome = domain::play(scenario);
        const auto held = held_at_the_end(scenario);
        std::vector<std::int64_t> charged(held.size());
        for (const auto& document : outcome.documents)
            for (const auto& line : document.lines)
                if (line.whole.start < line.whole.end) charged[line.subscription] += amount_of(line, scenario);
        for (std::size_t sub = 0; sub < held.size(); ++sub) BOOST_TEST_REQUIRE(charged[sub] == price_of_all_days(held, sub), "s" << sub);
    });
}

BOOST_AUTO_TEST_CASE(what_is_sold_once_is_charged_once_and_in_full)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.without_credit = true}};
        auto scenario = random.with_runs(random.scenario());
        scenario.steps.push_back({scenario.steps.back().day + days{30}, domain::RunStep{}}); // no start is later
        const auto held = held_at_the_end(scenario);
        std::vector<std::vector<std::int64_t>> expected(held.size()), charged(held.size());
        for (std::size_t sub = 0; sub < held.size(); ++sub)
            for (const auto& version : held[sub].versions)
                if (held[sub].one_time() && version.once_minor > 0) expected[sub].push_back(version.once_minor * version.quantity);
        for (const auto& document : domain::play(scenario).documents)
            for (const auto& line : document.lines)
                if (line.kind == domain::LineKind::once) charged[line.subscription].push_back(amount_of(line, scenario));
        BOOST_TEST_REQUIRE((charged == expected));
    });
}

// After each run and each step of money, not only at the end.
BOOST_AUTO_TEST_CASE(nothing_is_given_back_twice_and_nobody_owes_and_has_credit_at_once)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.money = true, .without_credit = true, .prices = true}};
        auto scenario = random.with_runs(random.scenario());
        const auto steps = scenario.steps;
        for (std::size_t length = steps.size(); length > 0; length -= std::min<std::size_t>(length, 3)) {
            scenario.steps.assign(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(length));
            check_money(domain::play(scenario));
        }
    });
}

BOOST_AUTO_TEST_CASE(the_tax_of_a_document_is_computed_on_the_sum_of_its_charges_per_rate)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.money = true, .without_credit = true, .prices = true}};
        const auto scenario = random.with_runs(random.scenario());
        check_tax_of_charges(domain::play(scenario), scenario);
    });
}

BOOST_AUTO_TEST_CASE(the_order_of_steps_of_one_day_on_different_subscriptions_does_not_matter)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.without_credit = true}};
        auto scenario = random.with_runs(random.scenario());
        const auto expected = lines_by_name(scenario);
        interleave_otherwise(random, scenario.steps);
        BOOST_TEST_REQUIRE((lines_by_name(scenario) == expected));
    });
}

BOOST_AUTO_TEST_CASE(the_names_of_subscriptions_do_not_matter)
{
    for_each_seed([](std::uint64_t seed) {
        Generator random{seed, {.money = true, .without_credit = true}};
        auto scenario = random.with_runs(random.scenario());
        auto expected = domain::play(scenario);
        const auto renamed = [](const std::string& name) { return std::string(3, static_cast<char>('z' - (name.back() - '0'))); };
        for (auto& step : scenario.steps)
            if (auto* name = sub_of(step)) *name = renamed(*name);
        for (auto& report : expected.subscriptions) report.sub = renamed(report.sub);
        BOOST_TEST_REQUIRE(api::answer_text(domain::play(scenario)) == api::answer_text(expected));
    });
}

BOOST_AUTO_TEST_SUITE_END()
