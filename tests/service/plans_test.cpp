#include "service/plans.h"

#include "fake/cart_desk.h"
#include "store/sql.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

namespace {

using domain::Currency;

struct Desk {
    fake::FixedClock clock{fake::monday};
    fake::ServerPlans catalogue{};
    service::Plans plans{fake::database(), clock, {.in_oss = true, .oss_id = "EU372012345"}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(plans_service, Desk)

BOOST_AUTO_TEST_CASE(what_is_offered_is_found_by_its_code_and_kind)
{
    const auto listing = plans.offered(Currency::chf);
    BOOST_TEST_REQUIRE(listing->server(catalogue.server));
    BOOST_TEST(listing->server(catalogue.server)->code == catalogue.server);
    BOOST_TEST(listing->option(catalogue.address));
    BOOST_TEST(!listing->option(catalogue.server));
    BOOST_TEST(!listing->server(catalogue.address));
    BOOST_TEST(!listing->server("no-such-plan"));
    BOOST_TEST(!plans.offered(Currency::eur)->option(catalogue.address)); // has no price in euros
}

BOOST_AUTO_TEST_CASE(a_listing_is_read_once_a_second_and_anew_after_it)
{
    using Clock = std::chrono::steady_clock;
    decltype(plans.offered(Currency::chf)) first, again;
    for (int round = 0; round < 20; ++round) {
        const auto began = Clock::now();
        first = plans.offered(Currency::chf);
        fake::change("UPDATE plans SET sold = FALSE WHERE code = ?", catalogue.server);
        again = plans.offered(Currency::chf);
        if (Clock::now() - began < std::chrono::seconds{1}) break; // else the machine was too slow to tell
        fake::change("UPDATE plans SET sold = TRUE WHERE code = ?", catalogue.server);
        std::this_thread::sleep_for(std::chrono::milliseconds{1100});
    }
    BOOST_TEST(again == first);
    std::this_thread::sleep_for(std::chrono::milliseconds{1100});
    BOOST_TEST(!plans.offered(Currency::chf)->server(catalogue.server));
    BOOST_TEST(first->server(catalogue.server)); // who reads the old one still does
}

BOOST_AUTO_TEST_CASE(with_the_day_the_prices_change_at_once)
{
    fake::ServerPlans::price(fake::ServerPlans::id_of(catalogue.server), "CHF", 0, 77, "default", "P1M", "2026-03-03");
    const auto monthly = [&] {
        return domain::pricing_of(*plans.offered(Currency::chf)->server(catalogue.server), "default", "P1M")->recurring.minor;
    };
    BOOST_TEST(monthly() == 10900);
    clock.set(fake::monday + std::chrono::days{1});
    BOOST_TEST(monthly() == 77);
    BOOST_TEST(plans.offered(Currency::chf)->number() == 20260303);
}

BOOST_AUTO_TEST_CASE(of_our_own_servers_we_know_what_is_left)
{
    using enum service::PlanListing::Stock;
    const auto rack = [&](int servers, const char* datacenter, const char* state) {
        for (int i = 0; i < servers; ++i)
            fake::in_transaction([&](store::Session& session) {
                const auto now = store::to_sql(clock.now());
                store::execute(session,
                    "INSERT INTO servers (name, plan_code, datacenter, state, added_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)",
                    "srv-" + fake::new_name(), catalogue.server, std::string{datacenter}, std::string{state}, now, now);
            });
    };
    rack(1, "zrh", "free");
    rack(5, "gla", "free");
    rack(1, "ber", "to_wipe");
    const auto listing = plans.offered(Currency::chf);
    const auto* server = listing->server(catalogue.server);
    BOOST_TEST((listing->stock(*server, "zrh") == few));
    BOOST_TEST((listing->stock(*server, "gla") == many));
    for (const auto* datacenter : {"ber", "rbx", ""}) BOOST_TEST((listing->stock(*server, datacenter) == none), datacenter);
    auto resold = *server;
    resold.supplier = "ovh";
    BOOST_TEST((listing->stock(resold, "zrh") == unknown));
    service::Plans sandbox{fake::database(), clock, {}, true};
    BOOST_TEST((sandbox.offered(Currency::chf)->stock(*server, "rbx") == to_be_racked));
}

BOOST_AUTO_TEST_CASE(consumers_pay_the_tax_of_their_country)
{
    const auto listing = plans.offered(Currency::eur);
    BOOST_TEST(listing->consumer_rate("CH").basis_points == 810);
    BOOST_TEST(listing->consumer_rate("DE").basis_points == 1900);
    BOOST_TEST(listing->consumer_rate("EU").basis_points == 0); // of no country
    service::Plans unregistered{fake::database(), clock};
    BOOST_TEST(unregistered.offered(Currency::eur)->consumer_rate("DE").basis_points == 0);
}

BOOST_AUTO_TEST_SUITE_END()
