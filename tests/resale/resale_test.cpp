#include "two_stacks.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

using namespace resale;
using namespace std::chrono_literals;

namespace {

/// RESALE_SEED repeats the faults of an earlier run.
std::string seed()
{
    static const std::string chosen = [] {
        const char* given = std::getenv("RESALE_SEED");
        return given ? std::string{given} : std::to_string(std::random_device{}() % 1'000'000);
    }();
    return chosen;
}

struct Both {
    Stack& reseller{two_stacks().reseller};
    Stack& supplier{two_stacks().supplier};

    ~Both() { supplier.uncloud("sandbox fault clear"); }

    void fault(const std::string& what) const { supplier.uncloud("sandbox fault add " + what + " --seed " + seed()); }

    std::int64_t supplies(const std::string& condition) const { return reseller.count("SELECT COUNT(*) FROM supplies WHERE " + condition); }
    /// What is on its way or held, for a message.
    std::string left() const { return reseller.uncloud("supplier orders | grep -v ' delivered ' || true"); }

    std::string order_of(const std::string& purchase) const
    {
        return reseller.query("SELECT o.uuid FROM server_orders s JOIN orders o ON o.id = s.order_id WHERE s.checkout_id = " + purchase);
    }
    std::string status_of(const std::string& order) const
    {
        return reseller.query("SELECT status FROM orders WHERE uuid = '" + order + "'");
    }

    /// Every document of the supplier's is a cost of the reseller's, once, and its lines are known to be of which order.
    bool bills_agree() const
    {
        const auto billed = supplier.query("SELECT CONCAT_WS(' ', COUNT(*), SUM(net_minor), SUM(total_minor)) FROM invoices i"
                                           " JOIN members m ON m.id = i.member_id WHERE m.uid = 'nicocustomer' AND i.status = 'issued'");
        return billed == reseller.query("SELECT CONCAT_WS(' ', COUNT(*), SUM(net_minor), SUM(gross_minor)) FROM supplier_bills");
    }
    bool costs_agree() const
    {
        return reseller.query("SELECT SUM(debit_minor - credit_minor) FROM ledger_totals WHERE account = 'server_costs'")
            == supplier.query("SELECT SUM(net_minor) FROM invoices i JOIN members m ON m.id = i.member_id WHERE m.uid = 'nicocustomer'");
    }
    void check_books() const
    {
        BOOST_TEST(comes_true(120s, [&] { return bills_agree() && costs_agree(); })); // the supplier may issue another one meanwhile
        for (const auto* stack : {&reseller, &supplier}) {
            BOOST_TEST(stack->query("SELECT COUNT(*) FROM (SELECT currency FROM ledger_totals GROUP BY currency"
                                    " HAVING SUM(debit_minor) <> SUM(credit_minor)) x")
                == "0");
            BOOST_TEST(stack->uncloud("verify || true").find("all agree") != std::string::npos, stack->uncloud("verify || true"));
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(resale, Both)

BOOST_AUTO_TEST_CASE(a_hundred_orders_with_faults_at_every_call_are_a_hundred_orders_of_the_supplier)
{
    BOOST_TEST_MESSAGE("seed " << seed());
    for (const auto* kind : {"refuse_before", "error_after_commit", "lost_answer"}) {
        fault(std::string{kind} + " --percent 5");
        fault(std::string{kind} + " --percent 15 --method POST --path '/order/cart/*/checkout'");
        fault(std::string{kind} + " --percent 15 --method POST --path /order/cart");
    }
    fault("hang --percent 1 --seconds 3");
    fault("slow_delivery --percent 30 --seconds 4");

    std::atomic<int> failed{0};
    site::at_once(5, [&](int) {
        try {
            const auto client = customer();
            for (int i = 0; i < 4; ++i) buy(client, "s-mini-1", 4);
            buy(client, "s-core-1", 4);
        } catch (const std::exception& error) {
            std::cerr << error.what() << '\n';
            ++failed;
        }
    });
    BOOST_REQUIRE(failed == 0);
    BOOST_TEST(reseller.count("SELECT COUNT(*) FROM server_orders") == 100);
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(4s);
        two_stacks().kill_worker();
    }
    BOOST_TEST(comes_true(300s, [&] { return supplies("step = 'delivered'") == 100; }), "seed " << seed() << '\n' << left());

    BOOST_TEST(supplies("step = 'delivered' AND held_reason = ''") == 100);
    BOOST_TEST(reseller.count("SELECT COUNT(DISTINCT supplier_order_id) FROM supplies") == 100);
    BOOST_TEST(reseller.count("SELECT COUNT(DISTINCT s.server_name) FROM server_orders s JOIN orders o ON o.id = s.order_id"
                              " WHERE o.status = 'active'")
        == 100);
    BOOST_TEST(supplier.count("SELECT COUNT(*) FROM checkouts") == 100); // no more, no fewer
    BOOST_TEST(supplier.count("SELECT COUNT(*) FROM server_orders s JOIN orders o ON o.id = s.order_id WHERE o.status = 'active'") == 100);
    BOOST_TEST(supplier.count("SELECT COUNT(*) FROM servers WHERE state = 'in_use'") == 100);
    BOOST_TEST(supplier.count("SELECT COUNT(*) FROM call_faults WHERE kind <> 'slow_delivery' AND hits = 0") == 0); // each did strike
    check_books();
    supplier.uncloud("sandbox fault clear"); // each bill is many calls
    BOOST_TEST(comes_true(120s, [&] { return reseller.count("SELECT COUNT(*) FROM supplier_bill_lines WHERE order_id IS NULL") == 0; }),
        reseller.query("SELECT service, COUNT(*) FROM supplier_bill_lines WHERE order_id IS NULL GROUP BY service"));
    const auto margin = reseller.uncloud("report margin --format csv");
    BOOST_TEST(margin.find("other-stack,s-core-1,CHF") != std::string::npos, margin);
}

BOOST_AUTO_TEST_CASE(what_the_supplier_cancels_is_cancelled_and_credited)
{
    fault("cancel_order");
    const auto order = order_of(buy(customer(), "s-mini-1", 1));
    BOOST_TEST(comes_true(120s, [&] { return status_of(order) == "cancelled"; }), left());
    BOOST_TEST(
        reseller.query(
            "SELECT CAST(SUM(l.gross_minor) AS INT) FROM invoice_lines l JOIN orders o ON o.id = l.order_id WHERE o.uuid = '" + order + "'")
        == "0");
    BOOST_TEST(supplies("step = 'cancelled'") == 1);
    check_books();
}

BOOST_AUTO_TEST_CASE(a_supplier_that_became_dearer_waits_for_a_decision)
{
    supplier.query("INSERT INTO plan_prices (plan_id, currency, pricing_mode, duration, valid_from, recurring_minor) SELECT id, 'CHF',"
                   " 'default', 'P1M', CURDATE(), 9900 FROM plans WHERE code = 'mini-1'");
    const auto order = order_of(buy(customer(), "s-mini-1", 1));
    BOOST_TEST(comes_true(120s, [&] { return supplies("held_reason LIKE '%99.00 CHF%'") == 1; }), left());
    BOOST_TEST(supplier.count("SELECT COUNT(*) FROM carts WHERE NOT frozen AND description = '" + order + "'") == 1);

    reseller.uncloud("supplier retry " + order + " --accept-price");
    BOOST_TEST(comes_true(120s, [&] { return status_of(order) == "active"; }), left());
    check_books();

    BOOST_TEST(reseller.uncloud("supplier import").find(" 0 new, 0 withdrawn, 2 new prices") != std::string::npos); // in two currencies
    BOOST_TEST(reseller.uncloud("supplier import").find(" 0 new, 0 withdrawn, 0 new prices") != std::string::npos);
    const auto next = order_of(buy(customer(), "s-mini-1", 1));
    BOOST_TEST(comes_true(120s, [&] { return status_of(next) == "active"; }), left());
}

BOOST_AUTO_TEST_SUITE_END()
