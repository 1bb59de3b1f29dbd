#include "service/bills.h"
#include "service/checkout_history.h"
#include "service/checkout_payments.h"
#include "service/retraction.h"
#include "service/server_fulfilment.h"

#include "fake/cart_desk.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace std::chrono_literals;
using domain::AttemptState;
using domain::Reason;
using fake::refusal_of;
using service::CheckoutView;

/// nico after a checkout.
struct Desk : fake::CartDesk {
    service::CheckoutHistory history{fake::database()};
    service::CheckoutPayments member_pays{fake::database(), clock, billing, member_payments, "https://uncloud.example"};
    service::Retraction retraction{fake::database(), clock, ordering, corrections};
    service::Bills bills{fake::database()};
    service::ServerFulfilment servers{fake::database(), clock, corrections, {.racks_by_itself = true}, nullptr};

    /// What the worker does with the jobs of the purchase, to the last.
    void deliver(const service::Purchase& purchase)
    {
        start(purchase);
        for (const auto& order : orders_of(purchase)) servers.supply(order);
    }

    static std::int64_t number_of(const service::Purchase& purchase) { return purchase.checkout.value().id; }

    CheckoutView view(const service::Purchase& purchase) { return history.view(nico.member, number_of(purchase)).value(); }
    std::string status(const service::Purchase& purchase) { return std::string{domain::to_text(view(purchase).status)}; }

    AttemptState pay(const service::Purchase& purchase, const std::optional<domain::Uuid>& card = {})
    {
        return member_pays.pay_by_card(nico.member, number_of(purchase), card).state;
    }
    service::Purchase delivered(std::int64_t quantity = 1)
    {
        const auto purchase = check_out(complete_cart(quantity));
        start(purchase);
        work_today();
        deliver(purchase);
        return purchase;
    }
    void live_in(const std::string& country) const
    {
        fake::change("UPDATE members SET country = ? WHERE id = ?", country, fake::number(nico.member));
    }
    void withdraw(const service::Purchase& purchase) { retraction.withdraw(nico, number_of(purchase), "withdrawn from (other)"); }

    std::int64_t money_taken() const
    {
        return fake::count(
            "SELECT COALESCE(CAST(SUM(amount_minor) AS INT), 0) FROM payments WHERE member_id = ?", fake::number(nico.member));
    }
    std::int64_t open() const
    {
        return fake::count(
            "SELECT COALESCE(CAST(SUM(open_minor) AS INT), 0) FROM receivables WHERE member_id = ?", fake::number(nico.member));
    }
    std::int64_t billed_net() const
    {
        return fake::count("SELECT COALESCE(CAST(SUM(net_minor) AS INT), 0) FROM invoices WHERE member_id = ?", fake::number(nico.member));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bought_servers, Desk)

BOOST_AUTO_TEST_CASE(what_is_paid_at_once_is_checked_and_then_delivered)
{
    const auto purchase = check_out(complete_cart());
    BOOST_TEST(status(purchase) == "checking");
    start(purchase);
    BOOST_TEST(status(purchase) == "checking"); // the charge is planned
    work_today();
    deliver(purchase);
    BOOST_TEST(status(purchase) == "delivered");
    BOOST_TEST(money_taken() == view(purchase).checkout.gross.minor);
    const auto progress = history.progress(view(purchase));
    BOOST_TEST(progress.charges.size() == 1u);
    BOOST_TEST((progress.payment.value().means == domain::PaymentMeans::card));
    BOOST_TEST((progress.events.back().to == domain::OrderStatus::active));
}

BOOST_AUTO_TEST_CASE(what_waits_for_the_member_is_invoiced_and_not_charged)
{
    const auto purchase = check_out(complete_cart(), false);
    BOOST_TEST(status(purchase) == "notPaid");
    start(purchase);
    work_today();
    start(purchase);
    BOOST_TEST(status(purchase) == "notPaid");
    BOOST_TEST(view(purchase).documents.size() == 1u);
    BOOST_TEST(money_taken() == 0);

    BOOST_TEST((pay(purchase) == AttemptState::succeeded));
    BOOST_TEST(status(purchase) == "checking");
    deliver(purchase);
    BOOST_TEST(status(purchase) == "delivered");
    BOOST_TEST((pay(purchase) == AttemptState::succeeded)); // once more is once
    BOOST_TEST(money_taken() == view(purchase).checkout.gross.minor);
}

// The worker may be slow, or dead: a member who pays at once does not pay twice for it.
BOOST_AUTO_TEST_CASE(a_member_may_pay_before_the_worker_came_to_it)
{
    const auto purchase = check_out(complete_cart(), false);
    BOOST_TEST((pay(purchase) == AttemptState::succeeded));
    start(purchase);
    work_today();
    deliver(purchase);
    BOOST_TEST(status(purchase) == "delivered");
    BOOST_TEST(view(purchase).documents.size() == 1u);
    BOOST_TEST(money_taken() == view(purchase).checkout.gross.minor);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(eight_payments_at_once_take_the_money_once)
{
    const auto purchase = check_out(complete_cart(), false);
    std::atomic<int> failed{0};
    fake::at_once(8, [&](int) {
        try {
            const auto state = pay(purchase);
            failed += state == AttemptState::failed || state == AttemptState::canceled ? 1 : 0;
        } catch (const domain::Unavailable&) { // another one asks the gateway: its outcome is not known here
        }
    });
    BOOST_TEST(failed == 0);
    work_today();
    deliver(purchase);
    BOOST_TEST(status(purchase) == "delivered");
    BOOST_TEST(money_taken() == view(purchase).checkout.gross.minor);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_declined_card_leaves_the_order_payable_with_another)
{
    declining({.code = "card_declined", .decline_code = "insufficient_funds"});
    const auto purchase = check_out(complete_cart());
    start(purchase);
    work_today();
    BOOST_TEST(status(purchase) == "notPaid");
    const auto good = use_card("pm_good_" + fake::new_name());
    BOOST_TEST((pay(purchase, good) == AttemptState::succeeded));
    deliver(purchase);
    BOOST_TEST(status(purchase) == "delivered");
}

BOOST_AUTO_TEST_CASE(who_pays_on_bill_by_default_is_delivered_and_others_cannot_choose_it_for_one_order)
{
    const auto by_card = check_out(complete_cart(), false);
    start(by_card);
    fake::change("UPDATE jobs SET state = 'done' WHERE target = ?", orders_of(by_card)[0]);
    BOOST_TEST(!member_pays.pay_on_bill(nico.member, number_of(by_card)));
    fake::change("UPDATE payment_methods SET default_of = NULL WHERE member_id = ?", fake::number(nico.member));
    fake::change("UPDATE payment_methods SET default_of = member_id WHERE member_id = ? AND type = 'invoice'", fake::number(nico.member));
    const auto on_bill = check_out(complete_cart(), false);
    for (const auto& purchase : {by_card, on_bill}) {
        BOOST_TEST(member_pays.pay_on_bill(nico.member, number_of(purchase)));
        BOOST_TEST(
            fake::count("SELECT COUNT(*) FROM jobs WHERE kind = 'order_start' AND state = 'queued' AND target = ?", orders_of(purchase)[0])
            >= 1);
        deliver(purchase);
        BOOST_TEST(status(purchase) == "delivered");
        BOOST_TEST(member_pays.pay_on_bill(nico.member, number_of(purchase))); // once more is once
    }
    BOOST_TEST(money_taken() == 0);
}

BOOST_AUTO_TEST_CASE(another_members_purchase_is_not_there)
{
    const auto purchase = check_out(complete_cart(), false);
    const auto stranger = fake::Shop::new_paying_member();
    BOOST_TEST(!history.view(stranger.member, number_of(purchase)).has_value());
    BOOST_TEST(history.placed(stranger.member, {}, {}).empty());
    BOOST_TEST((refusal_of([&] { member_pays.pay_by_card(stranger.member, number_of(purchase), {}); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { retraction.withdraw(stranger, number_of(purchase), ""); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { retraction.waive(stranger.member, number_of(purchase)); }) == Reason::not_found));
    BOOST_TEST(status(purchase) == "notPaid");
}

BOOST_AUTO_TEST_CASE(purchases_are_found_by_their_date)
{
    const auto first = number_of(check_out(complete_cart()));
    clock.set(fake::monday + 24h);
    const auto second = number_of(check_out(complete_cart()));
    using Numbers = std::vector<std::int64_t>;
    BOOST_TEST((history.placed(nico.member, {}, {}) == Numbers{first, second}));
    BOOST_TEST((history.placed(nico.member, fake::monday, fake::monday) == Numbers{first})); // both ends count
    BOOST_TEST((history.placed(nico.member, fake::monday + 1s, {}) == Numbers{second}));
    BOOST_TEST((history.placed(nico.member, {}, fake::monday - 1s) == Numbers{}));
}

BOOST_AUTO_TEST_CASE(a_line_tells_the_names_of_its_servers_once_they_are_delivered)
{
    const auto purchase = check_out(complete_cart(2));
    start(purchase);
    auto seen = view(purchase);
    BOOST_TEST_REQUIRE(seen.servers.size() == 2u);
    const auto line_of = [&](const std::string& plan) {
        for (const auto& line : seen.lines)
            if (seen.content.find(line.item)->plan_code == plan) return line;
        throw std::out_of_range{plan};
    };
    BOOST_TEST(seen.domain_of(line_of(plans.server)) == "*001");
    BOOST_TEST(seen.domain_of(line_of(plans.small_memory)).starts_with("*001."));
    work_today();
    deliver(purchase);
    seen = view(purchase);
    const auto names = *seen.servers[0].name + ',' + *seen.servers[1].name;
    BOOST_TEST((seen.servers[0].name != seen.servers[1].name));
    BOOST_TEST(seen.domain_of(line_of(plans.server)) == names);
    BOOST_TEST(seen.domain_of(line_of(plans.small_memory)) == names); // where the option is
}

// Written in bulk, all events once went to the first order.
BOOST_AUTO_TEST_CASE(each_of_several_servers_has_its_own_history)
{
    const auto purchase = check_out(complete_cart(3), false);
    BOOST_TEST(view(purchase).servers.size() == 3u);
    for (const auto& order : orders_of(purchase))
        BOOST_TEST(
            fake::count(
                "SELECT COUNT(*) FROM order_events e JOIN orders o ON o.id = e.order_id WHERE o.uuid = ? AND e.reason = 'placed'", order)
            == 1);
}

BOOST_AUTO_TEST_CASE(a_consumer_in_the_eu_withdraws_from_what_was_not_delivered_and_owes_nothing)
{
    live_in("DE");
    const auto purchase = check_out(complete_cart(2), false);
    start(purchase);
    BOOST_TEST(open() > 0);
    withdraw(purchase);
    BOOST_TEST(status(purchase) == "cancelled");
    BOOST_TEST(open() == 0);
    BOOST_TEST(billed_net() == 0);
    withdraw(purchase); // once more is once
    BOOST_TEST(billed_net() == 0);
    BOOST_TEST((refusal_of([&] { pay(purchase); }) == Reason::order_state));
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(of_a_delivered_server_the_days_that_are_left_are_given_back)
{
    live_in("DE");
    const auto purchase = delivered();
    const auto paid = billed_net();
    go("2026-03-08");
    withdraw(purchase);
    bill("2026-03-08");
    BOOST_TEST(status(purchase) == "cancelled");
    const auto month = 10900 + 1200; // six of 31 days are used, and the setup
    BOOST_TEST(paid == 9900 + month);
    BOOST_TEST(billed_net() > 9900);
    BOOST_TEST(std::abs(billed_net() - (9900 + month * 6 / 31)) <= 2);
}

BOOST_AUTO_TEST_CASE(who_has_no_right_of_withdrawal_is_told_so)
{
    const auto purchase = check_out(complete_cart(), false);
    BOOST_TEST((refusal_of([&] { withdraw(purchase); }) == Reason::order_state)); // in Switzerland
    live_in("DE");
    clock.set(fake::monday + std::chrono::days{14} + 1s);
    BOOST_TEST((refusal_of([&] { withdraw(purchase); }) == Reason::order_state)); // too late
    clock.set(fake::monday);
    BOOST_TEST(view(purchase).retraction_until.has_value());
    retraction.waive(nico.member, number_of(purchase));
    retraction.waive(nico.member, number_of(purchase));
    BOOST_TEST((refusal_of([&] { withdraw(purchase); }) == Reason::order_state)); // waived
    BOOST_TEST(!view(purchase).retraction_until.has_value());
    BOOST_TEST(status(purchase) == "notPaid");
}

BOOST_AUTO_TEST_CASE(bills_are_told_by_what_they_are_for)
{
    const auto purchase = delivered();
    bill("2026-04-02");
    const auto all = bills.list(nico.member, {});
    BOOST_TEST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].category == "purchase-servers");
    BOOST_TEST(all[1].category == "autorenew");
    for (const auto& one : all) BOOST_TEST(one.checkout == number_of(purchase));
    BOOST_TEST(bills.list(nico.member, {.category = "autorenew"}).size() == 1u);
    BOOST_TEST(bills.list(nico.member, {.category = "purchase-cloud"}).empty());
    BOOST_TEST(bills.list(nico.member, {.checkout = number_of(purchase)}).size() == 2u);
    BOOST_TEST(bills.list(nico.member, {.checkout = number_of(purchase) + 1'000'000}).empty());
    BOOST_TEST(bills.list(nico.member, {.to = all.empty() ? fake::monday : fake::monday - 1s}).empty());
    const auto seen = bills.read(nico.member, all[0].number).value();
    BOOST_TEST((bills.payment(seen).value().means == domain::PaymentMeans::card));
    BOOST_TEST(!bills.read(fake::new_member().member, all[0].number).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
