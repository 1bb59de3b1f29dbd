#include "service/vpns.h"

#include "fake/vpn_desk.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using domain::OrderStatus;
using domain::Reason;
using domain::VpnState;
using fake::refusal_of;
using fake::VpnDesk;

} // namespace

BOOST_FIXTURE_TEST_SUITE(vpns, VpnDesk)

BOOST_AUTO_TEST_CASE(a_key_is_kept_and_the_worker_told)
{
    const auto order = given_vpn();
    const auto key = fake::new_key();
    const auto vpn = set_key(order, key);
    BOOST_TEST((vpn.public_key == key));
    BOOST_TEST((domain::state_of(vpn) == VpnState::configuring));
    BOOST_TEST(jobs("vpn_key", order.uuid) == 1);
}

BOOST_AUTO_TEST_CASE(the_same_key_again_changes_nothing_and_another_one_is_another_job)
{
    const auto order = given_vpn();
    const auto key = fake::new_key();
    const auto version = set_key(order, key).version();
    BOOST_TEST(set_key(order, key).version() == version);
    BOOST_TEST(jobs("vpn_key", order.uuid) == 1);
    set_key(order, fake::new_key());
    BOOST_TEST(jobs("vpn_key", order.uuid) == 2);
    set_key(order, key); // back to the first: the server has heard of another since
    BOOST_TEST(jobs("vpn_key", order.uuid) == 3);
}

BOOST_AUTO_TEST_CASE(a_key_of_another_member_is_refused_and_theirs_stays)
{
    const auto key = fake::new_key();
    const auto order = given_vpn();
    set_key(order, key);
    const auto other = new_paying_member();
    const auto theirs = fake::added(fake::vpn_order(other.member));
    vpns_work.create(theirs.uuid);
    BOOST_TEST((refusal_of([&] { set_key(theirs, key); }) == Reason::vpn_key_in_use));
    BOOST_TEST(jobs("vpn_key", theirs.uuid) == 0);
    BOOST_TEST((vpns.read(nico.member, order.uuid).public_key == key));
}

BOOST_AUTO_TEST_CASE(a_key_that_two_members_give_at_once_is_one_ones)
{
    const auto key = fake::new_key();
    std::vector<domain::Order> orders{given_vpn(), given_vpn(), given_vpn(), given_vpn()};
    std::atomic<int> refused{0};
    fake::at_once(
        4, [&](int i) { refused += refusal_of([&] { set_key(orders[static_cast<std::size_t>(i)], key); }) == Reason::vpn_key_in_use; });
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(the_servers_own_key_is_refused)
{
    const auto order = given_vpn();
    BOOST_TEST((refusal_of([&] { set_key(order, pool.server_key); }) == Reason::vpn_key_in_use));
}

BOOST_AUTO_TEST_CASE(without_a_prefix_there_is_neither_key_nor_configuration)
{
    const auto order = new_vpn();
    BOOST_TEST((state(order) == VpnState::awaiting_prefix));
    BOOST_TEST((refusal_of([&] { set_key(order, fake::new_key()); }) == Reason::vpn_not_ready));
    BOOST_TEST((refusal_of([&] { vpns.read_with_prefix(nico.member, order.uuid); }) == Reason::vpn_not_ready));
}

BOOST_AUTO_TEST_CASE(another_members_vpn_is_not_there)
{
    const auto order = given_vpn();
    const auto other = fake::new_member().member;
    BOOST_TEST((refusal_of([&] { vpns.read(other, order.uuid); }) == Reason::not_found));
    const auto set = [&] {
        fake::in_transaction([&](store::Session& session) { vpns.set_key(session, other, order.uuid, fake::new_key()); });
    };
    BOOST_TEST((refusal_of(set) == Reason::not_found));
    BOOST_TEST(vpns.page(other, std::nullopt, 10).empty());
}

BOOST_AUTO_TEST_CASE(who_read_an_older_version_changes_nothing)
{
    const auto order = given_vpn();
    const auto version = vpns.read(nico.member, order.uuid).version();
    const auto set = [&](const domain::WireguardKey& key) {
        fake::in_transaction([&](store::Session& session) { vpns.set_key(session, nico.member, order.uuid, key, version); });
    };
    const auto key = fake::new_key();
    set(key);
    BOOST_TEST((refusal_of([&] { set(fake::new_key()); }) == Reason::changed_meanwhile));
    BOOST_TEST((vpns.read(nico.member, order.uuid).public_key == key));
}

BOOST_AUTO_TEST_SUITE_END()
