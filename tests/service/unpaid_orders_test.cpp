#include "service/unpaid_orders.h"

#include "fake/card_desk.h"

#include <boost/test/unit_test.hpp>

namespace {

/// nico pays by a card that its bank refuses, unless a case gives another.
struct Unpaid : fake::CardDesk {
    Unpaid() { declining({.code = "card_declined", .decline_code = "insufficient_funds"}); }

    /// A Django hosting: something once, and something every month.
    domain::Order ordered()
    {
        join(nico);
        auto command = order_of(nico, "django-hosting", {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"});
        const auto order = place(command).order;
        orders_work.start(order.uuid);
        work_today();
        return order;
    }
    std::string documents_of(const domain::Order& order) const
    {
        return fake::text("SELECT GROUP_CONCAT(CONCAT_WS(' ', i.kind, l.kind, l.sku) ORDER BY l.invoice_id, l.position SEPARATOR '; ')"
                          " FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE l.order_id = ?",
            fake::number(order.id));
    }
    std::int64_t open() const
    {
        return fake::count("SELECT COALESCE(SUM(open_minor), 0) FROM receivables WHERE member_id = ?", fake::number(nico.member));
    }
    service::UnpaidOrders unpaid{fake::database(), clock, corrections, std::chrono::days{14}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(unpaid_orders, Unpaid)

BOOST_AUTO_TEST_CASE(an_order_that_nobody_pays_is_cancelled_and_owes_nothing)
{
    const auto order = ordered();
    BOOST_TEST((read(order).status == domain::OrderStatus::awaiting_payment));
    BOOST_TEST(open() > 0);
    go("2026-03-16");
    unpaid.give_up();
    BOOST_TEST((read(order).status == domain::OrderStatus::awaiting_payment));
    go("2026-03-17");
    fake::at_once(4, [&](int) { unpaid.give_up(); });
    BOOST_TEST((read(order).status == domain::OrderStatus::cancelled));
    BOOST_TEST(open() == 0);
    const auto documents = documents_of(order);
    bill("2026-03-17");
    bill("2026-04-02");
    BOOST_TEST(documents_of(order) == documents); // billing finds nothing left to do
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(what_is_paid_in_time_is_supplied)
{
    const auto order = ordered();
    use_card("pm_good_late_" + nico.uid);
    work_on("2026-03-10");
    orders_work.start(order.uuid);
    go("2026-03-17");
    unpaid.give_up();
    BOOST_TEST(domain::is_running(read(order).status));
    BOOST_TEST(open() == 0);
}

BOOST_AUTO_TEST_CASE(a_charge_under_way_is_waited_for)
{
    const auto card = "pm_challenge_" + nico.uid;
    gateway.challenging.insert(card);
    use_card(card);
    const auto order = ordered();
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM charges WHERE member_id = ? AND state = 'waiting'", fake::number(nico.member)) > 0);
    go("2026-03-17");
    unpaid.give_up();
    BOOST_TEST((read(order).status == domain::OrderStatus::awaiting_payment));
}

BOOST_AUTO_TEST_SUITE_END()
