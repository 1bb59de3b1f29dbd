#include "service/vpn_fulfilment.h"

#include "fake/last_step.h"
#include "fake/vpn_desk.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

BOOST_TEST_DONT_PRINT_LOG_VALUE(domain::OrderStatus)
BOOST_TEST_DONT_PRINT_LOG_VALUE(gateway::WireguardAnswer)

namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;
using domain::VpnState;
using fake::FakeWireguard;
using fake::VpnDesk;
using gateway::WireguardAnswer;
using service::JobOutcome;

/// Whether what ran was cut off.
template <class Work> bool was_killed(const Work& work)
{
    try {
        work();
        return false;
    } catch (const fake::Killed&) {
        return true;
    }
}

struct Folder {
    const std::filesystem::path path = std::filesystem::temp_directory_path() / fake::new_name();
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file() const { return path / "peers.conf"; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vpn_fulfilment, VpnDesk)

BOOST_AUTO_TEST_CASE(an_order_becomes_active_with_the_lowest_prefix)
{
    const auto order = new_vpn();
    BOOST_TEST((vpns_work.create(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(prefix_of(order) == "2001:db8:1::/48");
    BOOST_TEST(read(order).status == OrderStatus::active);
    BOOST_TEST((vpns_work.create(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(pool.given() == 1);
}

BOOST_AUTO_TEST_CASE(jobs_of_one_order_at_once_give_one_prefix)
{
    const auto order = new_vpn();
    fake::at_once(8, [&](int) { vpns_work.create(order.uuid); });
    BOOST_TEST(pool.given() == 1);
    BOOST_TEST(read(order).status == OrderStatus::active);
}

BOOST_AUTO_TEST_CASE(orders_at_once_get_a_prefix_each)
{
    std::vector<domain::Order> orders;
    for (int i = 0; i < 7; ++i) orders.push_back(new_vpn());
    fake::at_once(7, [&](int i) { vpns_work.create(orders[static_cast<std::size_t>(i)].uuid); });
    BOOST_TEST(pool.given() == 7);
}

BOOST_AUTO_TEST_CASE(an_order_that_is_unpaid_over_or_unknown_gets_none)
{
    for (const auto status : {OrderStatus::placed, OrderStatus::awaiting_payment, OrderStatus::cancelled, OrderStatus::ended}) {
        const auto order = fake::added(fake::vpn_order(nico.member, status));
        BOOST_TEST((vpns_work.create(order.uuid).outcome == JobOutcome::done));
        BOOST_TEST(read(order).status == status);
    }
    BOOST_TEST((vpns_work.create(gateway::random_uuid()).outcome == JobOutcome::done));
    BOOST_TEST(pool.given() == 0);
}

BOOST_AUTO_TEST_CASE(an_active_order_from_before_there_were_prefixes_gets_one)
{
    const auto order = fake::added(fake::vpn_order(nico.member, OrderStatus::active));
    vpns_work.create(order.uuid);
    BOOST_TEST(prefix_of(order) == "2001:db8:1::/48");
    BOOST_TEST(read(order).status == OrderStatus::active);
}

BOOST_AUTO_TEST_CASE(a_key_brings_the_peer_and_a_new_one_replaces_it)
{
    const auto key = fake::new_key(), next = fake::new_key();
    const auto order = configured_vpn(key);
    BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix_of(order));
    BOOST_TEST((state(order) == VpnState::active));
    set_key(order, next);
    BOOST_TEST((state(order) == VpnState::configuring));
    BOOST_TEST((vpns_work.settle(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(wireguard.allowed_ips(next.text()) == prefix_of(order));
    BOOST_TEST(wireguard.allowed_ips(key.text()) == "no peer");
    BOOST_TEST((state(order) == VpnState::active));
}

BOOST_AUTO_TEST_CASE(keys_that_change_places_end_where_they_belong)
{
    const auto one = fake::new_key(), two = fake::new_key();
    const auto first = configured_vpn(one), second = configured_vpn(two);
    set_key(first, fake::new_key());
    set_key(second, one);
    set_key(first, two);
    vpns_work.settle(second.uuid); // in whatever order
    vpns_work.settle(first.uuid);
    BOOST_TEST(wireguard.allowed_ips(one.text()) == prefix_of(second));
    BOOST_TEST(wireguard.allowed_ips(two.text()) == prefix_of(first));
    BOOST_TEST(wireguard.size() == 2u);
}

// S27: the server moved the prefix to somebody else without a word.
BOOST_AUTO_TEST_CASE(S27_a_prefix_that_another_peer_took_is_taken_back)
{
    const auto key = fake::new_key();
    const auto order = configured_vpn(key);
    wireguard.put(fake::new_key().text(), {prefix_of(order)});
    BOOST_TEST(wireguard.allowed_ips(key.text()) == "");
    vpns_work.settle(order.uuid);
    BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix_of(order));
    BOOST_TEST(wireguard.size() == 1u);
}

BOOST_AUTO_TEST_CASE(S27_a_change_that_does_not_hold_is_noticed)
{
    const auto order = given_vpn();
    set_key(order, fake::new_key());
    wireguard.meanwhile([&] { wireguard.put(fake::new_key().text(), {prefix_of(order)}); }); // by hand, without our lock
    const auto report = vpns_work.settle(order.uuid);
    BOOST_TEST((report.outcome == JobOutcome::again));
    BOOST_TEST(report.error == "vpn_server_differs");
    BOOST_TEST((state(order) == VpnState::configuring));
    BOOST_TEST((vpns_work.settle(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST((state(order) == VpnState::active));
}

BOOST_DATA_TEST_CASE_F(VpnDesk, what_the_server_does_not_do_is_tried_again,
    boost::unit_test::data::make({WireguardAnswer::denied, WireguardAnswer::unavailable, WireguardAnswer::unknown}), answer)
{
    const auto key = fake::new_key();
    const auto order = given_vpn();
    set_key(order, key);
    wireguard.answer_next(answer);
    BOOST_TEST((vpns_work.settle(order.uuid).outcome == JobOutcome::again));
    BOOST_TEST((state(order) == VpnState::configuring));
    BOOST_TEST((vpns_work.settle(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix_of(order));
}

BOOST_AUTO_TEST_CASE(who_is_suspended_loses_the_peer_and_gets_it_back_with_the_money)
{
    const auto key = fake::new_key();
    const auto order = configured_vpn(key);
    const auto keys = jobs("vpn_key", order.uuid);
    fake::change("UPDATE orders SET status = 'suspended', version = version + 1 WHERE uuid = ?", order.uuid);
    fake::in_transaction([&](store::Session& session) { service::settle_vpns(session, {nico.member}); });
    BOOST_TEST(jobs("vpn_key", order.uuid) == keys + 1);
    vpns_work.settle(order.uuid);
    BOOST_TEST(wireguard.allowed_ips(key.text()) == "no peer");
    BOOST_TEST((state(order) == VpnState::suspended));
    const auto next = fake::new_key();
    set_key(order, next); // waits with the member
    vpns_work.settle(order.uuid);
    BOOST_TEST(wireguard.size() == 0u);
    fake::change("UPDATE orders SET status = 'active', version = version + 1 WHERE uuid = ?", order.uuid);
    vpns_work.settle(order.uuid);
    BOOST_TEST(wireguard.allowed_ips(next.text()) == prefix_of(order));
    BOOST_TEST((state(order) == VpnState::active));
}

// By the way that money takes: the VPN's own invoice is not paid, reminded, and the member suspended; then it pays.
BOOST_AUTO_TEST_CASE(dunning_takes_the_peer_and_a_payment_brings_it_back)
{
    join(nico);
    const auto order = place(order_of(nico, "ipv6-vpn")).order;
    orders_work.start(order.uuid);
    vpns_work.create(order.uuid);
    const auto key = fake::new_key();
    set_key(order, key);
    vpns_work.settle(order.uuid);
    const std::atomic<bool> never{false};
    for (const char* on : {"2026-04-15T10:00:00Z", "2026-04-25T10:00:00Z", "2026-05-05T10:00:00Z"}) {
        clock.set(fake::at(on));
        collection.work(never);
    }
    BOOST_TEST(read(order).status == OrderStatus::suspended);
    const auto told = jobs("vpn_key", order.uuid);
    BOOST_TEST(told == 2);
    vpns_work.settle(order.uuid);
    BOOST_TEST(wireguard.allowed_ips(key.text()) == "no peer");

    pay(10'000); // all that is open
    collection.work(never);
    BOOST_TEST(read(order).status == OrderStatus::active);
    BOOST_TEST(jobs("vpn_key", order.uuid) == told + 1);
    vpns_work.settle(order.uuid);
    BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix_of(order));
}

BOOST_AUTO_TEST_CASE(the_end_takes_the_peer_and_then_the_prefix)
{
    const auto key = fake::new_key();
    const auto order = configured_vpn(key);
    const auto prefix = prefix_of(order);
    BOOST_TEST((vpns_work.remove(order.uuid).outcome == JobOutcome::done)); // it still runs
    BOOST_TEST(prefix_of(order) == prefix);
    end(order);
    BOOST_TEST(jobs("vpn_delete", order.uuid) == 1);
    BOOST_TEST((state(order) == VpnState::ending));

    wireguard.answer_next(WireguardAnswer::unavailable);
    BOOST_TEST((vpns_work.remove(order.uuid).outcome == JobOutcome::again));
    BOOST_TEST(prefix_of(order) == prefix); // nobody gets it while its peer may be there
    BOOST_TEST((vpns_work.remove(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(prefix_of(order) == "none");
    BOOST_TEST(wireguard.size() == 0u);
    BOOST_TEST((vpns_work.remove(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST((vpns_work.settle(order.uuid).outcome == JobOutcome::done));
    BOOST_TEST(
        fake::text("SELECT CAST(quarantined_until AS CHAR) FROM vpn_prefixes WHERE prefix = ?", prefix) == "2026-04-01 10:00:00.123456");
}

// A late job about a prefix that is another's by now lets that one's peer alone.
BOOST_AUTO_TEST_CASE(a_job_of_who_had_the_prefix_before_does_not_touch_who_has_it_now)
{
    const auto before = given_vpn();
    for (int i = 0; i < 6; ++i) given_vpn(); // all others
    const auto prefix = prefix_of(before);
    const auto key = fake::new_key();
    domain::Order after;
    set_key(before, fake::new_key());
    wireguard.meanwhile([&] {
        fake::change("UPDATE orders SET status = 'ended' WHERE uuid = ?", before.uuid);
        fake::in_transaction([&](store::Session& session) { store::VpnStore{session}.release_prefix(before.id, fake::monday); });
        after = given_vpn();
        set_key(after, key);
    });
    vpns_work.settle(before.uuid);
    BOOST_TEST(prefix_of(after) == prefix);
    vpns_work.settle(after.uuid);
    BOOST_TEST((vpns_work.settle(before.uuid).outcome == JobOutcome::done));
    BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix);
    BOOST_TEST((state(after) == VpnState::active));
}

// Cut off before and after each call to the server, and then done again.
BOOST_AUTO_TEST_CASE(a_worker_killed_at_any_call_leaves_what_an_undisturbed_one_leaves)
{
    int killed = 0;
    for (int step = 1; step <= 6; ++step) {
        const auto old_key = fake::new_key(), key = fake::new_key();
        const auto order = configured_vpn(old_key);
        const auto prefix = prefix_of(order);
        set_key(order, key);
        wireguard.die_at(step);
        killed += was_killed([&] { vpns_work.settle(order.uuid); });
        wireguard.die_at(0);
        vpns_work.settle(order.uuid);
        BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix);
        BOOST_TEST(wireguard.size() == 1u);
        BOOST_TEST((state(order) == VpnState::active));

        end(order);
        wireguard.die_at(step);
        killed += was_killed([&] { vpns_work.remove(order.uuid); });
        wireguard.die_at(0);
        vpns_work.remove(order.uuid);
        BOOST_TEST(wireguard.size() == 0u);
        BOOST_TEST(prefix_of(order) == "none");
    }
    BOOST_TEST(killed == 12);
}

// A process of its own that dies at everything that leaves it for the database, with a real file of peers.
BOOST_AUTO_TEST_CASE(a_process_killed_at_any_statement_loses_nothing_and_gives_nothing_twice)
{
    const Folder folder;
    const auto life = [&](const domain::Order& order, int step) { // true if it came through
        const auto child = ::fork();
        if (child == 0) {
            std::thread{[&] {
                store::Database own{fake::app().config.database, 2};
                const auto file = gateway::make_peer_file(folder.file());
                service::VpnFulfilment work{own, *file, clock, std::chrono::days{30}};
                own.read([](store::Session& session) { store::select<std::int64_t>(session, "SELECT 1"); });
                fake::die_at(step);
                work.create(order.uuid);
                work.settle(order.uuid);
                work.remove(order.uuid);
                ::_exit(0);
            }}.join();
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST_REQUIRE((WIFEXITED(status) ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGKILL));
        return WIFEXITED(status);
    };
    const auto file = gateway::make_peer_file(folder.file());
    for (const bool ends : {false, true}) {
        bool came_through = false;
        int step = 1;
        for (; !came_through; ++step) {
            BOOST_TEST_REQUIRE(step < 200);
            const auto order = ends ? given_vpn() : new_vpn();
            const auto key = fake::new_key();
            if (ends) {
                set_key(order, key);
                life(order, 0);
                BOOST_TEST_REQUIRE(file->list().peers.size() == 1u);
                end(order);
            }
            came_through = life(order, step);
            life(order, 0); // the worker that comes after it
            BOOST_TEST(pool.given() == (ends ? 0 : 1));
            BOOST_TEST(file->list().peers.empty());
            BOOST_TEST(read(order).status == (ends ? OrderStatus::ended : OrderStatus::active));
            if (ends) {
                BOOST_TEST(prefix_of(order) == "none");
            } else {
                end(order);
                life(order, 0);
            }
            fake::change(
                "UPDATE vpn_prefixes v JOIN vpn_pools p ON p.id = v.pool_id SET v.quarantined_until = '2000-01-01' WHERE p.name = ?",
                pool.name);
        }
        BOOST_TEST(step > 8);
    }
}

// Workers, members who change their keys, and orders that end, all at once: in the end server and database agree.
BOOST_AUTO_TEST_CASE(whatever_happens_at_once_server_and_database_agree_in_the_end)
{
    const Folder folder;
    const auto file = gateway::make_peer_file(folder.file());
    service::VpnFulfilment work{fake::database(), *file, clock, std::chrono::days{30}};
    std::vector<domain::Order> orders;
    for (int i = 0; i < 6; ++i) orders.push_back(given_vpn());
    fake::at_once(6, [&](int i) {
        const auto& order = orders[static_cast<std::size_t>(i)];
        for (int round = 0; round < 5; ++round) {
            set_key(order, fake::new_key());
            work.settle(order.uuid);
        }
        if (i % 3 == 0) {
            end(order);
            work.remove(order.uuid);
        }
    });
    BOOST_TEST(pool.given() == 4);
    BOOST_TEST(file->list().peers.size() == 4u);
    const auto found = work.compare(false);
    BOOST_TEST((found.answer == WireguardAnswer::done));
    BOOST_TEST(found.found.strays.empty());
    for (const auto& order : orders)
        if (const auto prefix = prefix_of(order); prefix != "none")
            BOOST_TEST((domain::state_of(vpns.read(nico.member, order.uuid)) == VpnState::active));
}

BOOST_AUTO_TEST_CASE(comparing_tells_strays_both_ways_and_changes_nothing_until_it_is_told_to)
{
    const auto key = fake::new_key(), stray = fake::new_key(), foreign = fake::new_key();
    const auto order = configured_vpn(key);
    wireguard.forget(); // as after the server's machine came up again
    wireguard.put(stray.text(), {"2001:db8:7::/48"});
    wireguard.put(foreign.text(), {"192.0.2.0/24"});
    wireguard.own_key = pool.server_key.text();
    const auto ours = [&](const service::VpnComparison& comparison) {
        return std::ranges::count_if(comparison.found.missing, [&](const auto& peer) { return peer.key == key; });
    };
    const auto changes = wireguard.changes();
    const auto told = vpns_work.compare(false);
    BOOST_TEST(ours(told) == 1);
    BOOST_TEST((told.found.strays == std::vector<domain::ServerPeer>{{stray.text(), {"2001:db8:7::/48"}}}));
    BOOST_TEST(told.found.foreign.size() == 1u);
    BOOST_TEST(wireguard.changes() == changes);

    BOOST_TEST((vpns_work.compare(true).answer == WireguardAnswer::done));
    BOOST_TEST(wireguard.allowed_ips(key.text()) == prefix_of(order));
    BOOST_TEST(wireguard.allowed_ips(stray.text()) == "no peer");
    BOOST_TEST(wireguard.allowed_ips(foreign.text()) == "192.0.2.0/24");
    BOOST_TEST(vpns_work.compare(false).found.change().empty());
}

BOOST_AUTO_TEST_CASE(a_pool_that_tells_another_key_than_the_servers_is_named)
{
    wireguard.own_key = fake::new_key().text();
    const auto wrong = vpns_work.compare(false).wrong_pools;
    BOOST_TEST((std::ranges::find(wrong, pool.name) != wrong.end()));
}

BOOST_AUTO_TEST_CASE(the_worker_does_it_all)
{
    forget_jobs();
    join(nico);
    const auto order = place(order_of(nico, "ipv6-vpn")).order;
    BOOST_TEST(work_until([&] { return read(order).status == OrderStatus::active; }));
    const auto key = fake::new_key();
    set_key(order, key);
    BOOST_TEST(work_until([&] { return state(order) == VpnState::active; }));
    BOOST_TEST(wireguard.allowed_ips(key.text()) == "2001:db8:1::/48");
    cancel(order);
    BOOST_TEST(work_until([&] { return prefix_of(order) == "none"; }));
    BOOST_TEST(wireguard.allowed_ips(key.text()) == "no peer");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(peer_file)

BOOST_AUTO_TEST_CASE(it_is_written_whole_in_the_form_of_wg)
{
    const Folder folder;
    const auto file = gateway::make_peer_file(folder.file());
    BOOST_TEST((file->list().answer == WireguardAnswer::done)); // before the first peer there is no file
    const auto one = fake::new_key().text(), two = fake::new_key().text();
    const auto set = [&](const std::string& key, std::vector<std::string> prefixes) {
        bool is_done = false;
        return file->revise([&](const auto&) {
            return std::exchange(is_done, true) ? domain::PeerChange{} : domain::PeerChange{{}, {{key, prefixes}}};
        });
    };
    BOOST_TEST((set(one, {"2001:db8:1::/48", "2001:db8:2::/48"}) == WireguardAnswer::done));
    BOOST_TEST((set(two, {"2001:db8:2::/48"}) == WireguardAnswer::done)); // as at a server, it is taken from the other
    std::map<std::string, std::vector<std::string>> there;
    for (const auto& peer : file->list().peers) there[peer.key] = peer.allowed_ips;
    BOOST_TEST((there[one] == std::vector<std::string>{"2001:db8:1::/48"}));
    BOOST_TEST((there[two] == std::vector<std::string>{"2001:db8:2::/48"}));
    std::stringstream text;
    text << std::ifstream{folder.file()}.rdbuf();
    BOOST_TEST(text.str().find("\n[Peer]\nPublicKey = " + one + "\nAllowedIPs = 2001:db8:1::/48\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_its_folder_it_is_unavailable)
{
    const auto file = gateway::make_peer_file("/nowhere/at/all/peers.conf");
    BOOST_TEST((file->revise([](const auto&) { return domain::PeerChange{}; }) == WireguardAnswer::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
