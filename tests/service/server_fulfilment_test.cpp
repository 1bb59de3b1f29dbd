#include "service/server_fulfilment.h"

#include "fake/cart_desk.h"
#include "store/server_store.h"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <set>

namespace domain {

static std::ostream& operator<<(std::ostream& out, OrderStatus status) { return out << to_text(status); }

} // namespace domain

namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;
using service::JobOutcome;

struct Racks : fake::CartDesk {
    service::ServerFulfilment servers{fake::database(), clock, corrections, {}, nullptr};

    std::vector<domain::Uuid> ordered(std::int64_t quantity)
    {
        const auto purchase = check_out(complete_cart(quantity));
        start(purchase);
        work_today();
        start(purchase);
        return orders_of(purchase);
    }
    std::string rack(const std::string& datacenter = "zrh")
    {
        auto name = "ns" + fake::new_name();
        fake::in_transaction(
            [&](store::Session& session) { return store::ServerStore{session}.add(name, plans.server, datacenter, clock.now()); });
        return name;
    }
    static OrderStatus status_of(const domain::Uuid& order)
    {
        return fake::in_transaction([&](store::Session& session) { return store::OrderStore{session}.by_uuid(order).value().status; });
    }
    static std::string server_of(const domain::Uuid& order)
    {
        return fake::text(
            "SELECT COALESCE(s.server_name, '') FROM server_orders s JOIN orders o ON o.id = s.order_id WHERE o.uuid = ?", order);
    }
    static std::string state_of(const std::string& server) { return fake::text("SELECT state FROM servers WHERE name = ?", server); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(server_fulfilment, Racks)

BOOST_AUTO_TEST_CASE(an_order_gets_a_free_server_where_it_was_wanted)
{
    const auto order = ordered(1).front();
    rack("gla");
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::postponed));
    BOOST_TEST(status_of(order) == OrderStatus::provisioning);
    const auto server = rack("zrh");
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::done));
    BOOST_TEST(status_of(order) == OrderStatus::active);
    BOOST_TEST(server_of(order) == server);
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::done)); // twice is once
    BOOST_TEST(server_of(order) == server);
}

BOOST_AUTO_TEST_CASE(a_server_goes_to_one_order)
{
    const auto orders = ordered(4);
    for (int i = 0; i < 3; ++i) rack();
    fake::at_once(8, [&](int i) { servers.supply(orders[static_cast<std::size_t>(i) % 4]); });
    for (const auto& order : orders) servers.supply(order); // one that met a lock comes again
    std::set<std::string> names;
    int waiting = 0;
    for (const auto& order : orders) {
        if (status_of(order) == OrderStatus::active) names.insert(server_of(order));
        else ++waiting;
    }
    BOOST_TEST(names.size() == 3u);
    BOOST_TEST(waiting == 1);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(an_orders_end_gives_its_server_back_to_be_wiped)
{
    const auto server = rack();
    const auto order = ordered(1).front();
    servers.supply(order);
    const auto active = fake::in_transaction([&](store::Session& session) { return store::OrderStore{session}.by_uuid(order).value(); });
    cancel(active);
    orders_work.end(order);
    BOOST_TEST(state_of(server) == "to_wipe");

    const auto next = ordered(1).front();
    BOOST_TEST((servers.supply(next).outcome == JobOutcome::postponed));
    fake::in_transaction([&](store::Session& session) { return store::ServerStore{session}.wiped(server, clock.now()); });
    BOOST_TEST((servers.supply(next).outcome == JobOutcome::done));
    BOOST_TEST(server_of(next) == server);
}

BOOST_AUTO_TEST_CASE(a_sandbox_racks_what_is_wanted_after_a_while)
{
    service::ServerFulfilment sandbox{fake::database(), clock, corrections, {.racks_by_itself = true, .delivery = 5s}, nullptr};
    const auto orders = ordered(2);
    BOOST_TEST((sandbox.supply(orders[0]).outcome == JobOutcome::postponed));
    clock.set(clock.now() + 6s);
    for (const auto& order : orders) BOOST_TEST((sandbox.supply(order).outcome == JobOutcome::done));
    BOOST_TEST(server_of(orders[0]).starts_with("ns3"));
    BOOST_TEST(server_of(orders[0]).ends_with(".demo.example"));
    BOOST_TEST(server_of(orders[0]) != server_of(orders[1]));
}

BOOST_AUTO_TEST_SUITE_END()
