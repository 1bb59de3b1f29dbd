#include "fake/last_step.h"
#include "fake/vpn_desk.h"
#include "store/vpn_waiting_store.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <set>

BOOST_TEST_DONT_PRINT_LOG_VALUE(domain::OrderStatus)

namespace {

using domain::OrderStatus;
using domain::VpnState;
using fake::VpnDesk;
using service::JobOutcome;

/// All seven prefixes are given.
struct Exhausted : VpnDesk {
    std::vector<domain::Order> holders{};

    Exhausted()
    {
        forget_jobs();
        for (int i = 0; i < 7; ++i) holders.push_back(given_vpn());
    }
    domain::Order waiting()
    {
        const auto order = new_vpn();
        vpns_work.create(order.uuid);
        return order;
    }
    /// Some of them end, and are past their quarantine.
    void come_free(int prefixes)
    {
        for (; prefixes > 0; --prefixes) {
            end(holders.back());
            vpns_work.remove(holders.back().uuid);
            holders.pop_back();
        }
        clock.set(clock.now() + std::chrono::days{30});
    }
    /// What the worker does with the jobs of those who were served.
    void finish(const domain::Order& order) { vpns_work.create(order.uuid); }

    static std::int64_t in_queue() { return fake::count("SELECT COUNT(*) FROM vpn_waiting"); }
    static std::int64_t open_jobs(const domain::Order& order)
    {
        return fake::count("SELECT COUNT(*) FROM jobs WHERE target = ? AND kind = 'vpn_create' AND state = 'queued'", order.uuid);
    }
};

/// Rows that the server reads for the work, by its own count.
template <class Work> std::int64_t rows_read_by(const Work& work)
{
    return fake::database().read([&](store::Session& session) {
        const auto counted = [&] {
            return std::get<0>(store::select_first<std::int64_t>(session,
                "SELECT CAST(SUM(variable_value) AS INT) FROM information_schema.session_status WHERE variable_name LIKE 'handler_read%'")
                                   .value());
        };
        counted(); // what counting itself reads is the same from the second time on
        const auto first = counted(), second = counted();
        work(session);
        return counted() - second - (second - first);
    });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(vpn_waiting, Exhausted)

// Found with ten thousand orders and an empty pool: each of them was a job that was looked at again every minute, and nothing else was
// done.
BOOST_AUTO_TEST_CASE(an_order_without_a_free_prefix_is_no_job_that_is_looked_at_again)
{
    const auto order = new_vpn();
    for (int i = 0; i < 3; ++i) BOOST_TEST((vpns_work.create(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(open_jobs(order) == 0);
    BOOST_TEST(in_queue() == 1);
    BOOST_TEST((state(order) == VpnState::awaiting_prefix));
    BOOST_TEST(
        fake::count("SELECT COUNT(*) FROM order_events WHERE order_id = ? AND reason = 'waits for a free prefix'", fake::number(order.id))
        == 1);
}

BOOST_AUTO_TEST_CASE(it_is_served_when_a_quarantine_is_over_and_not_before)
{
    const auto order = waiting();
    end(holders[3]);
    vpns_work.remove(holders[3].uuid);
    clock.set(clock.now() + std::chrono::days{30} - std::chrono::microseconds{1});
    BOOST_TEST(vpns_work.serve_waiting() == 0u);
    BOOST_TEST(open_jobs(order) == 0);
    clock.set(clock.now() + std::chrono::microseconds{1});
    BOOST_TEST(vpns_work.serve_waiting() == 1u);
    BOOST_TEST(open_jobs(order) == 1);
    finish(order);
    BOOST_TEST(read(order).status == OrderStatus::active);
    BOOST_TEST(prefix_of(order) == "2001:db8:4::/48");
    BOOST_TEST(in_queue() == 0);
    BOOST_TEST(vpns_work.serve_waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(who_came_first_is_served_first_and_nobody_overtakes)
{
    const auto first = waiting(), second = waiting(), third = waiting();
    come_free(2);
    const auto late = new_vpn();
    vpns_work.create(late.uuid); // a prefix is free, but not for it
    BOOST_TEST(prefix_of(late) == "none");
    vpns_work.create(second.uuid); // its job once more
    BOOST_TEST(prefix_of(second) == "none");
    BOOST_TEST(vpns_work.serve_waiting() == 2u);
    BOOST_TEST(prefix_of(first) != "none");
    BOOST_TEST(prefix_of(second) != "none");
    BOOST_TEST(prefix_of(third) == "none");
    come_free(1);
    vpns_work.serve_waiting();
    BOOST_TEST(prefix_of(third) != "none");
    BOOST_TEST(prefix_of(late) == "none");
}

BOOST_AUTO_TEST_CASE(a_new_pool_is_for_those_who_wait)
{
    const auto order = waiting();
    {
        const auto name = fake::new_name();
        fake::in_transaction([&](store::Session& session) {
            BOOST_TEST(store::VpnStore{session}.add_pool(
                {name, domain::Ipv6Prefix::parse("2001:db8:10::/47").value(), {fake::new_key(), "vpn.example.ch:1", ""}}, fake::monday));
        });
        BOOST_TEST(vpns_work.serve_waiting() == 1u);
        BOOST_TEST(prefix_of(order) == "2001:db8:11::/48");
        fake::change("DELETE v FROM vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id WHERE p.name = ?", name);
        fake::change("DELETE FROM vpn_pools WHERE name = ?", name);
    }
}

BOOST_AUTO_TEST_CASE(an_order_that_is_over_waits_no_more_and_gets_nothing)
{
    const auto over = waiting(), next = waiting();
    end(over);
    vpns_work.remove(over.uuid);
    BOOST_TEST(in_queue() == 1);
    come_free(1);
    BOOST_TEST(vpns_work.serve_waiting() == 1u);
    BOOST_TEST(prefix_of(over) == "none");
    BOOST_TEST(prefix_of(next) != "none");
}

BOOST_AUTO_TEST_CASE(an_order_that_ends_while_it_is_served_keeps_no_prefix)
{
    for (int round = 0; round < 12; ++round) {
        const auto order = waiting();
        come_free(1);
        fake::at_once(3, [&](int i) {
            if (i == 0) {
                end(order);
                vpns_work.remove(order.uuid);
            }
            if (i == 1) vpns_work.serve_waiting();
            if (i == 2) vpns_work.create(order.uuid);
        });
        vpns_work.serve_waiting();
        finish(order);
        vpns_work.remove(order.uuid);
        BOOST_TEST(prefix_of(order) == "none");
        BOOST_TEST(in_queue() == 0);
        BOOST_TEST(read(order).status == OrderStatus::ended);
        clock.set(clock.now() + std::chrono::days{30});
        holders.push_back(given_vpn());
    }
    BOOST_TEST(pool.given() == 7);
}

// Orders, workers that serve and prefixes that come free, all at once: each prefix goes to one, those who waited before come first.
BOOST_AUTO_TEST_CASE(sixty_four_at_once_share_no_prefix_and_those_before_them_come_first)
{
    std::vector<domain::Order> before, orders;
    for (int i = 0; i < 3; ++i) before.push_back(waiting());
    for (int i = 0; i < 64; ++i) orders.push_back(new_vpn());
    come_free(5);
    fake::at_once(68, [&](int i) {
        if (i < 64) vpns_work.create(orders[static_cast<std::size_t>(i)].uuid);
        else
            for (int round = 0; round < 10; ++round) vpns_work.serve_waiting();
    });
    vpns_work.serve_waiting();
    BOOST_TEST(pool.given() == 7);
    std::set<std::string> prefixes;
    for (const auto& order : before) prefixes.insert(prefix_of(order));
    BOOST_TEST(prefixes.size() == 3u);
    BOOST_TEST(!prefixes.contains("none"));
    BOOST_TEST(in_queue() == 62);
    for (const auto& order : orders) BOOST_TEST((prefix_of(order) == "none" || !prefixes.contains(prefix_of(order))));
    const auto first_left = fake::count("SELECT MIN(id) FROM vpn_waiting");
    come_free(1);
    vpns_work.serve_waiting();
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM vpn_waiting WHERE id = ?", first_left) == 0);
}

BOOST_AUTO_TEST_CASE(ten_thousand_who_wait_cost_a_handful_of_rows)
{
    const auto order = waiting();
    fake::change("INSERT INTO orders (uuid, member_id, sku, currency, setup_minor, recurring_minor, price_includes_vat, billing_interval,"
                 " status, placed_at, started_on, next_due_on) SELECT UUID(), member_id, sku, currency, setup_minor, recurring_minor,"
                 " price_includes_vat, billing_interval, status, placed_at, started_on, NULL FROM orders JOIN seq_1_to_10000 WHERE id = ?",
        fake::number(order.id));
    fake::change(
        "INSERT INTO vpn_waiting (order_id, since) SELECT id, placed_at FROM orders WHERE member_id = ? AND status = 'provisioning'"
        " AND id > ?",
        fake::number(nico.member), fake::number(order.id));
    BOOST_TEST_REQUIRE(in_queue() == 10'001);
    const auto serve = [&](store::Session& session) { store::VpnWaitingStore{session}.serve(clock.now(), 250); };
    BOOST_TEST(rows_read_by(serve) <= 4);
    come_free(2);
    BOOST_TEST(rows_read_by([&](store::Session& session) {
        BOOST_TEST(store::VpnWaitingStore{session}.serve(clock.now(), 250).size() == 2u);
    }) <= 40);
    BOOST_TEST(prefix_of(order) != "none");
    BOOST_TEST(in_queue() == 9'999);

    fake::change("DELETE FROM vpn_waiting");
    fake::change("UPDATE vpn_prefixes SET order_id = NULL WHERE order_id > ?", fake::number(order.id));
    fake::change("DELETE FROM orders WHERE member_id = ? AND id > ?", fake::number(nico.member), fake::number(order.id));
}

// A process that serves, killed at everything that leaves it for the database: whoever comes after it finds all in its place.
BOOST_AUTO_TEST_CASE(a_process_killed_while_it_serves_loses_nobody_and_gives_nothing_twice)
{
    bool came_through = false;
    int step = 1;
    for (; !came_through; ++step) {
        BOOST_TEST_REQUIRE(step < 100);
        const auto first = waiting(), second = waiting();
        come_free(1);
        const auto child = ::fork();
        if (child == 0) {
            std::thread{[&] {
                store::Database own{fake::app().config.database, 2};
                service::VpnFulfilment work{own, wireguard, clock, std::chrono::days{30}};
                own.read([](store::Session& session) { store::select<std::int64_t>(session, "SELECT 1"); });
                fake::die_at(step);
                work.serve_waiting();
                work.create(first.uuid);
                ::_exit(0);
            }}.join();
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST_REQUIRE((WIFEXITED(status) ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGKILL));
        came_through = WIFEXITED(status);

        // Until the database has noticed that the process is gone, what it had locked is passed over.
        for (int look = 0; look < 1500 && prefix_of(first) == "none"; ++look) {
            vpns_work.serve_waiting();
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        BOOST_TEST(open_jobs(first) == 1);
        finish(first);
        BOOST_TEST(read(first).status == OrderStatus::active);
        BOOST_TEST(prefix_of(first) != "none");
        BOOST_TEST(prefix_of(second) == "none");
        BOOST_TEST(in_queue() == 1);
        BOOST_TEST(pool.given() == 7);
        end(second);
        vpns_work.remove(second.uuid);
        holders.push_back(first);
    }
    BOOST_TEST(step > 12);
}

BOOST_AUTO_TEST_CASE(the_worker_serves_who_waits)
{
    const auto order = waiting();
    come_free(1);
    BOOST_TEST(work_until([&] { return read(order).status == OrderStatus::active; }));
    BOOST_TEST(prefix_of(order) != "none");
}

BOOST_AUTO_TEST_SUITE_END()
