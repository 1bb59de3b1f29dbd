#include "service/memberships.h"

#include "fake/shop.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

using domain::OrderStatus;
using domain::Reason;
using fake::refusal_of;

BOOST_FIXTURE_TEST_SUITE(memberships, fake::Shop)

BOOST_AUTO_TEST_CASE(joining_is_an_order_of_5_00_a_month)
{
    BOOST_TEST((refusal_of([&] { memberships.read(nico.member); }) == Reason::not_found));
    const auto joined = join(nico);
    BOOST_TEST(joined.is_new);
    BOOST_TEST(joined.order.charge.recurring.minor == 500);
    BOOST_TEST((memberships.read(nico.member).uuid == joined.order.uuid));
}

BOOST_AUTO_TEST_CASE(joining_again_finds_the_same_membership)
{
    const auto first = join(nico).order;
    const auto again = join(nico);
    BOOST_TEST(!again.is_new);
    BOOST_TEST((again.order.uuid == first.uuid));
    const auto ordered = place(order_of(nico, "membership")); // by PUT /orders, too
    BOOST_TEST(!ordered.is_new);
    BOOST_TEST((ordered.order.uuid == first.uuid));
    BOOST_TEST(orders_of_nico() == 1);
}

BOOST_AUTO_TEST_CASE(sixteen_who_join_at_once_are_one_membership)
{
    std::atomic<int> joined{0};
    fake::at_once(16, [&](int) { joined += join(nico).is_new ? 1 : 0; });
    BOOST_TEST(joined == 1);
    BOOST_TEST(orders_of_nico() == 1);
}

BOOST_AUTO_TEST_CASE(who_cannot_pay_does_not_join)
{
    const auto poor = fake::new_member();
    BOOST_TEST((refusal_of([&] { join(poor); }) == Reason::payment_method_required));
}

BOOST_AUTO_TEST_CASE(who_left_may_join_again)
{
    const auto first = join(nico).order;
    cancel(first);
    BOOST_TEST((refusal_of([&] { memberships.read(nico.member); }) == Reason::not_found));
    const auto second = join(nico);
    BOOST_TEST(second.is_new);
    BOOST_TEST((second.order.uuid != first.uuid));
}

BOOST_AUTO_TEST_CASE(one_members_membership_is_nobody_elses)
{
    join(nico);
    BOOST_TEST(join(new_paying_member()).is_new);
}

BOOST_AUTO_TEST_SUITE_END()
