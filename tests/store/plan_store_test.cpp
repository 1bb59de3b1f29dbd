#include "store/plan_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using domain::Currency;
using domain::Plan;
using store::PlanStore;
using store::Session;

/// Plans that only this case knows; they are gone at the end, so that no catalogue shows them.
struct Plans {
    ~Plans()
    {
        for (const auto id : ids) {
            for (const char* sql : {"DELETE FROM plan_prices WHERE plan_id = ?", "DELETE FROM plan_labels WHERE plan_id = ?",
                     "DELETE FROM plan_options WHERE plan_id = ?", "DELETE FROM plan_options WHERE option_id = ?",
                     "DELETE FROM plan_option_families WHERE plan_id = ?", "DELETE FROM plans WHERE id = ?"})
                fake::change(sql, id);
        }
    }
    Plans() = default;
    Plans(const Plans&) = delete;
    Plans& operator=(const Plans&) = delete;

    std::int64_t add(const std::string& kind, const std::string& code = "test-" + fake::new_name(), bool sold = true)
    {
        ids.push_back(fake::in_transaction([&](Session& session) {
            return store::insert(
                session, "INSERT INTO plans (code, kind, name, family, sold) VALUES (?, ?, 'Test', 'test', ?)", code, kind, sold);
        }));
        return ids.back();
    }
    static void price(std::int64_t plan, const std::string& from, std::int64_t recurring, const std::string& currency = "CHF",
        const std::string& mode = "default", const std::string& duration = "P1M", int commitment = 0)
    {
        fake::change("INSERT INTO plan_prices (plan_id, currency, pricing_mode, duration, commitment_months, valid_from, recurring_minor)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?)",
            plan, currency, mode, duration, commitment, from, recurring);
    }
    static void label(std::int64_t plan, const std::string& name, int position, const std::optional<std::string>& allowed)
    {
        fake::change(
            "INSERT INTO plan_labels (plan_id, label, position, type, required, allowed_values) VALUES (?, ?, ?, 'String', TRUE, ?)", plan,
            name, position, allowed);
    }
    static void family(std::int64_t plan, const std::string& name, int position, const std::vector<std::int64_t>& options)
    {
        fake::change("INSERT INTO plan_option_families (plan_id, family, position, mandatory, exclusive) VALUES (?, ?, ?, TRUE, FALSE)",
            plan, name, position);
        for (std::size_t i = 0; i < options.size(); ++i)
            fake::change("INSERT INTO plan_options (plan_id, family, option_id, position, is_default) VALUES (?, ?, ?, ?, ?)", plan, name,
                options[i], i, i == 0);
    }
    static Plan read(std::int64_t id, Currency currency = Currency::chf, const char* day = "2026-03-02")
    {
        return fake::in_transaction([&](Session& session) { return PlanStore{session}.by_ids({id, id}, currency, fake::day(day)).at(0); });
    }

    std::vector<std::int64_t> ids{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(plan_store)

BOOST_FIXTURE_TEST_CASE(the_price_of_the_day_is_the_newest_that_has_begun, Plans)
{
    const auto plan = add("server");
    price(plan, "2026-01-01", 100);
    price(plan, "2026-03-02", 200);
    price(plan, "2026-03-03", 300);
    price(plan, "2026-01-01", 999, "EUR");
    const auto recurring_on = [&](const char* day) { return read(plan, Currency::chf, day).pricings.at(0).recurring.minor; };
    BOOST_TEST(read(plan, Currency::chf, "2025-12-31").pricings.empty());
    BOOST_TEST(recurring_on("2026-01-01") == 100);
    BOOST_TEST(recurring_on("2026-03-01") == 100);
    BOOST_TEST(recurring_on("2026-03-02") == 200);
    BOOST_TEST(recurring_on("2027-01-01") == 300);
    BOOST_TEST(read(plan, Currency::eur).pricings.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(each_mode_and_duration_has_its_own_price_and_those_that_bind_come_last, Plans)
{
    const auto plan = add("server");
    price(plan, "2020-01-01", 1100, "CHF", "upfront12", "P1Y", 12);
    price(plan, "2020-01-01", 100);
    price(plan, "2021-01-01", 1000, "CHF", "upfront12", "P1Y", 12);
    const auto found = read(plan);
    BOOST_TEST_REQUIRE(found.pricings.size() == 2u);
    BOOST_TEST(found.pricings[0].mode == "default");
    BOOST_TEST(found.pricings[1].mode == "upfront12");
    BOOST_TEST(found.pricings[1].recurring.minor == 1000);
    BOOST_TEST(found.pricings[1].commitment_months == 12);
    BOOST_TEST(found.pricings[1].max_quantity == 20);
}

BOOST_FIXTURE_TEST_CASE(labels_keep_their_order_and_their_values_theirs, Plans)
{
    const auto plan = add("server");
    label(plan, "b", 1, R"(["zrh","gla","a \"quoted\" one"])");
    label(plan, "a", 2, std::nullopt);
    label(plan, "c", 3, "[]");
    const auto found = read(plan);
    BOOST_TEST_REQUIRE(found.labels.size() == 3u);
    BOOST_TEST(found.labels[0].name == "b");
    BOOST_TEST((found.labels[0].allowed == std::vector<std::string>{"zrh", "gla", "a \"quoted\" one"}));
    BOOST_TEST(!found.labels[1].allowed.has_value());
    BOOST_TEST((found.labels[2].allowed == std::vector<std::string>{}));
}

BOOST_FIXTURE_TEST_CASE(options_that_are_not_sold_are_not_among_a_servers, Plans)
{
    const auto server = add("server");
    const auto sold = add("option"), withdrawn = add("option", "gone-" + fake::new_name(), false), unpriced = add("option");
    price(sold, "2020-01-01", 5);
    price(withdrawn, "2020-01-01", 5);
    family(server, "memory", 2, {withdrawn, sold, unpriced});
    family(server, "bandwidth", 1, {});
    const auto found = read(server);
    BOOST_TEST_REQUIRE(found.families.size() == 2u);
    BOOST_TEST(found.families[0].name == "bandwidth");
    BOOST_TEST(found.families[0].options.empty());
    BOOST_TEST(found.families[1].options.size() == 2u);
    BOOST_TEST((found.families[1].mandatory && !found.families[1].exclusive));
    const auto options = fake::in_transaction(
        [&](Session& session) { return PlanStore{session}.options_of(found, Currency::chf, fake::day("2026-03-02")); });
    BOOST_TEST_REQUIRE(options.size() == 1u); // the one that has a price
    BOOST_TEST(options[0].id == sold);
}

BOOST_FIXTURE_TEST_CASE(a_plan_that_is_no_longer_sold_is_found_but_not_offered, Plans)
{
    const auto code = "gone-" + fake::new_name();
    const auto plan = add("server", code, false);
    price(plan, "2020-01-01", 5);
    fake::in_transaction([&](Session& session) {
        PlanStore plans{session};
        const auto day = fake::day("2026-03-02");
        BOOST_TEST(plans.by_code(code, Currency::chf, day).value().pricings.size() == 1u);
        const auto offered = plans.offered(Currency::chf, day);
        BOOST_TEST((std::ranges::find(offered, code, &Plan::code) == offered.end()));
        BOOST_TEST(!plans.by_code("no-such-" + code, Currency::chf, day).has_value());
    });
}

// More plans than one statement takes keys: none is lost, and the statements do not grow with the plans.
BOOST_FIXTURE_TEST_CASE(hundreds_of_plans_come_whole, Plans)
{
    constexpr std::size_t many = 230;
    for (std::size_t i = 0; i < many; ++i) {
        price(add("option"), "2020-01-01", static_cast<std::int64_t>(i));
        label(ids.back(), "label", 1, R"(["x"])");
    }
    fake::in_transaction([&](Session& session) {
        const auto asked = [&] {
            return std::get<0>(store::select_first<std::int64_t>(session,
                "SELECT CAST(VARIABLE_VALUE AS INT) FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'COM_STMT_EXECUTE'")
                                   .value());
        };
        const auto before = asked();
        const auto found = PlanStore{session}.by_ids(ids, Currency::chf, fake::day("2026-03-02"));
        BOOST_TEST(asked() - before == 3 * 4 + 1); // four for each hundred plans, and this question
        BOOST_TEST_REQUIRE(found.size() == many);
        for (std::size_t i = 0; i < many; ++i) {
            BOOST_TEST(found[i].id == ids[i]);
            BOOST_TEST(found[i].pricings.at(0).recurring.minor == static_cast<std::int64_t>(i));
            BOOST_TEST(found[i].labels.size() == 1u);
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
