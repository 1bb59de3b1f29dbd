#include "fake/billing_desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using fake::billed;
using fake::documents_of;
using fake::lines_of;
using Desk = fake::BillingDesk;

} // namespace

// The VPN is free on days with an active machine: Kill Bill 783 and 877 stumbled over what costs nothing.
BOOST_FIXTURE_TEST_SUITE(billing_what_depends_on_others, Desk)

BOOST_AUTO_TEST_CASE(T18_the_vpn_is_paid_from_the_day_on_which_the_last_machine_goes)
{
    const auto vpn = running("2026-03-02", 500, "ipv6-vpn");
    const auto machine = running("2026-03-02", 3000);
    bill("2026-03-02");
    BOOST_TEST(lines_of(vpn.id) == "none");
    go("2026-03-10");
    cancel(machine);
    bill("2026-03-10");
    BOOST_TEST(lines_of(vpn.id) == "recurring 2026-03-10..2026-04-02 371"); // 500 - half_up(500·8/31)
    running("2026-03-15", 3000);
    bill("2026-03-15");
    BOOST_TEST(lines_of(vpn.id) == "recurring 2026-03-10..2026-04-02 371; credit 2026-03-15..2026-04-02 -290");
    BOOST_TEST(billed(vpn.id) == 81); // the five days between
    bill("2026-04-02");
    BOOST_TEST(billed(vpn.id) == 81);
}

BOOST_AUTO_TEST_CASE(T18_machines_that_come_and_go_on_one_day_leave_what_its_end_says)
{
    const auto vpn = running("2026-03-02", 500, "ipv6-vpn");
    bill("2026-03-02");
    auto machine = running("2026-03-20", 3000);
    bill("2026-03-20");
    for (int i = 0; i < 3; ++i) {
        cancel(machine);
        bill("2026-03-20");
        BOOST_TEST(billed(vpn.id) == 500);
        BOOST_TEST(billed(machine.id) == 0);
        machine = running("2026-03-20", 3000);
        bill("2026-03-20");
        BOOST_TEST(billed(vpn.id) == 290);
    }
    BOOST_TEST(!is_in_errors(nico.member));
    bill("2026-04-02");
    BOOST_TEST(billed(vpn.id) == 290);
    BOOST_TEST(billed(machine.id) == 3000); // one period of the last one
}

// Found while writing this: after a credit that ends where the open days begin, the lines of the order were not read, and
// its next charge of that day got a turn that was taken.
BOOST_AUTO_TEST_CASE(T18_the_vpn_becomes_paid_a_second_time_on_one_day)
{
    const auto vpn = running("2026-03-02", 500, "ipv6-vpn");
    bill("2026-03-02");
    for (int i = 0; i < 3; ++i) {
        const auto machine = running("2026-03-20", 3000 + 100 * i);
        bill("2026-03-20");
        cancel(machine);
        bill("2026-03-20");
        BOOST_TEST(billed(vpn.id) == 500);
        BOOST_TEST(billed(machine.id) == 0);
    }
    BOOST_TEST(!is_in_errors(nico.member));
}

// Found while writing this: lines that cancel each other out leave no entry for the ledger, and the document was refused.
BOOST_AUTO_TEST_CASE(a_machine_replaced_by_an_equal_one_on_its_first_day_costs_what_one_does)
{
    const auto first = running("2026-03-02", 3000);
    bill("2026-03-02");
    cancel(first);
    const auto second = running("2026-03-02", 3000);
    BOOST_REQUIRE_NO_THROW(bill("2026-03-02"));
    BOOST_TEST(billed(first.id) == 0);
    BOOST_TEST(billed(second.id) == 3000);
    BOOST_TEST(!is_in_errors(nico.member));
    bill("2026-04-02");
    BOOST_TEST(billed(second.id) == 6000);
}

BOOST_AUTO_TEST_CASE(a_second_machine_keeps_the_vpn_free)
{
    const auto vpn = running("2026-03-02", 500, "ipv6-vpn");
    const auto first = running("2026-03-02", 3000);
    running("2026-03-05", 3000);
    bill("2026-03-05");
    go("2026-03-10");
    cancel(first);
    bill("2026-04-10");
    BOOST_TEST(lines_of(vpn.id) == "none");
}

BOOST_AUTO_TEST_CASE(orders_in_francs_and_euros_get_documents_of_their_own)
{
    running("2026-03-02", 3000);
    auto vpn = fake::machine_order(nico.member);
    vpn.sku = "ipv6-vpn"; // free because of the machine, whatever its currency
    vpn.charge.recurring = {550, domain::Currency::eur};
    fake::added(vpn);
    auto hosting = fake::machine_order(nico.member);
    hosting.charge.recurring = {3300, domain::Currency::eur};
    fake::added(hosting);
    give_credit(nico.member, 1000); // francs
    bill("2026-03-02");
    bill("2026-04-02");
    BOOST_TEST(documents_of(nico.member)
        == "invoice 2026-03-02 CHF 3000 open 2000; invoice 2026-03-02 EUR 3300 open 3300; "
           "invoice 2026-04-02 CHF 3000 open 3000; invoice 2026-04-02 EUR 3300 open 3300");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(billing_in_arrears, Desk)

BOOST_AUTO_TEST_CASE(a_snapshot_is_billed_from_the_day_it_is_ready_to_its_deletion)
{
    const auto machine = active_machine();
    go("2026-03-04");
    const auto requested = requested_snapshot(machine);
    bill("2026-03-04"); // not ready: not billed
    go("2026-03-05");
    snapshots_work.create(requested.uuid, false);
    const auto order = ordering.page(nico.member, std::nullopt, 1).front();
    bill_daily(nico.member, "2026-03-05", "2026-03-19");
    BOOST_TEST(lines_of(order.id) == "none");
    go("2026-03-20");
    request_deletion(read(requested));
    bill("2026-03-20");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-05..2026-03-20 97"); // 20 GiB · 10 · 15/31
    bill("2026-05-20");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-05..2026-03-20 97");
    BOOST_TEST(next_due(order) == "settled");
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_stays_is_billed_after_each_month_and_then_by_days)
{
    const auto machine = active_machine();
    go("2026-03-05");
    const auto snapshot = ready_snapshot(machine);
    const auto order = ordering.page(nico.member, std::nullopt, 1).front();
    bill("2026-04-04");
    BOOST_TEST(lines_of(order.id) == "none");
    bill("2026-04-05");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-05..2026-04-05 200");
    go("2026-04-10");
    request_deletion(snapshot);
    bill("2026-04-10");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-05..2026-04-05 200; recurring 2026-04-05..2026-04-10 33");
}

BOOST_AUTO_TEST_CASE(a_snapshot_deleted_on_its_day_costs_nothing)
{
    const auto snapshot = ready_snapshot(active_machine());
    const auto order = ordering.page(nico.member, std::nullopt, 1).front();
    request_deletion(snapshot);
    bill("2026-03-02");
    bill("2026-04-02");
    BOOST_TEST(lines_of(order.id) == "none");
    BOOST_TEST(next_due(order) == "settled");
}

BOOST_AUTO_TEST_SUITE_END()
