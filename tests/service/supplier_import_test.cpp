#include "service/supplier_import.h"

#include "fake/shop.h"
#include "store/plan_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::Currency;

/// A catalogue in euros: a server with a label and memory to choose, by the month and by the year.
struct Import {
    fake::FixedClock clock{fake::monday};
    const std::string name = fake::new_name().substr(0, 30);
    const std::string prefix = fake::new_name().substr(0, 20) + '-';
    service::SupplierImport import{fake::database(), clock,
        {.supplier = name,
            .code_prefix = prefix,
            .margins = {{"*", domain::millionths_from("10").value(), 0, 5}},
            .rates = {{Currency::chf, domain::millionths_from("0.95").value()}, {Currency::eur, domain::millionths_from("1").value()}}}};
    domain::SupplierCatalogue catalogue{.currency = Currency::eur,
        .plans = {{.code = "24core",
                      .kind = domain::PlanKind::server,
                      .name = "CORE | \"quoted\"",
                      .family = "core",
                      .product = "baremetalServers",
                      .pricings = {pricing("default", {1, domain::Interval::Unit::month}, 5'000, 9'000),
                          pricing("upfront12", {1, domain::Interval::Unit::year}, 0, 99'000)},
                      .labels = {{"dedicated_datacenter", "String", true, std::vector<std::string>{"gra", "rbx \"2\""}}},
                      .families = {{"memory", true, true, "ram-64g", {"ram-64g", "ram-not-there"}}}},
            {.code = "ram-64g",
                .kind = domain::PlanKind::option,
                .name = "64 GB",
                .family = "memory",
                .product = "baremetalServers",
                .pricings = {pricing("default", {1, domain::Interval::Unit::month}, 0, 0)}}}};

    static domain::SupplierPricing pricing(const std::string& mode, domain::Interval duration, std::int64_t setup, std::int64_t recurring)
    {
        return {mode, duration, 0, 20, {setup, Currency::eur}, {recurring, Currency::eur}};
    }
    service::ImportReport run(bool dry_run = false) { return import.run(catalogue, dry_run, "operator"); }
    domain::Plan plan(const std::string& code, Currency currency = Currency::chf)
    {
        return fake::in_transaction(
            [&](store::Session& session) { return store::PlanStore{session}.by_code(prefix + code, currency, clock.today()).value(); });
    }
    std::int64_t price_rows() const
    {
        return fake::count("SELECT COUNT(*) FROM plan_prices c JOIN plans p ON p.id = c.plan_id WHERE p.supplier = ?", name);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(supplier_import, Import)

BOOST_AUTO_TEST_CASE(a_catalogue_becomes_ours_with_our_margin)
{
    const auto report = run();
    BOOST_TEST(report.plans == 2u);
    BOOST_TEST(report.added == 2u);
    BOOST_TEST(report.new_prices == 6u);
    const auto core = plan("24core");
    BOOST_TEST(core.name == "CORE | \"quoted\"");
    BOOST_TEST(core.supplier == name);
    const auto* monthly = domain::pricing_of(core, "default", "P1M");
    BOOST_REQUIRE(monthly);
    BOOST_TEST(monthly->setup.minor == 5'225);     // 4750 and 10 %
    BOOST_TEST(monthly->recurring.minor == 9'405); // 8550 and 10 %
    BOOST_TEST(domain::pricing_of(core, "upfront12", "P12M")->recurring.minor == 103'455);
    BOOST_TEST(domain::pricing_of(plan("24core", Currency::eur), "default", "P1M")->recurring.minor == 9'900);
    BOOST_REQUIRE(core.labels.size() == 1u);
    BOOST_TEST((core.labels[0].allowed == std::vector<std::string>{"gra", "rbx \"2\""}));
    BOOST_TEST(core.labels[0].required);
    BOOST_REQUIRE(core.families.size() == 1u);
    BOOST_TEST(core.families[0].mandatory);
    BOOST_REQUIRE(core.families[0].options.size() == 1u); // what is named and not sold is left out
    BOOST_TEST(core.families[0].options[0].code == prefix + "ram-64g");
    BOOST_TEST(core.families[0].options[0].is_default);
}

BOOST_AUTO_TEST_CASE(a_second_import_changes_nothing)
{
    run();
    const auto again = run();
    BOOST_TEST(again.added == 0u);
    BOOST_TEST(again.new_prices == 0u);
    BOOST_TEST(price_rows() == 6);
    fake::at_once(4, [&](int) { run(); });
    BOOST_TEST(price_rows() == 6);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM supplier_rates WHERE supplier = ?", name) == 2);
}

BOOST_AUTO_TEST_CASE(a_changed_price_holds_from_its_day_on)
{
    run();
    clock.set(fake::at("2026-04-01T10:00:00Z"));
    catalogue.plans[0].pricings[0].recurring.minor = 9'500;
    BOOST_TEST(run().new_prices == 2u); // in two currencies
    BOOST_TEST(price_rows() == 8);
    BOOST_TEST(domain::pricing_of(plan("24core"), "default", "P1M")->recurring.minor == 9'930);
    clock.set(fake::monday);
    BOOST_TEST(domain::pricing_of(plan("24core"), "default", "P1M")->recurring.minor == 9'405);
}

BOOST_AUTO_TEST_CASE(what_vanished_is_not_sold_any_more)
{
    run();
    catalogue.plans[0].pricings.pop_back(); // the mode
    BOOST_TEST(run().new_prices == 2u);
    BOOST_TEST(!domain::pricing_of(plan("24core"), "upfront12", "P1Y"));
    BOOST_TEST(run().new_prices == 0u);

    const auto server = catalogue.plans.front();
    catalogue.plans.erase(catalogue.plans.begin());
    BOOST_TEST(run().withdrawn == 1u);
    BOOST_TEST(!plan("24core").sold);
    catalogue.plans.insert(catalogue.plans.begin(), server);
    run();
    BOOST_TEST(domain::is_offered(plan("24core"))); // it came back
}

BOOST_AUTO_TEST_CASE(a_dry_run_writes_nothing)
{
    BOOST_TEST(run(true).new_prices == 6u);
    BOOST_TEST(price_rows() == 0);
}

BOOST_AUTO_TEST_CASE(another_ones_plan_is_left_alone)
{
    fake::change("INSERT INTO plans (code, kind, name, family) VALUES (?, 'server', 'Ours', 'x')", prefix + "24core");
    BOOST_TEST((fake::refusal_of([&] { run(); }) == domain::Reason::reference_in_use));
    BOOST_TEST(plan("24core").name == "Ours");
}

BOOST_AUTO_TEST_SUITE_END()
