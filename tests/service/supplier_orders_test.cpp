#include "service/supplier_orders.h"

#include "fake/cart_desk.h"
#include "fake/fake_supplier.h"
#include "service/server_fulfilment.h"
#include "service/supply_decisions.h"
#include "service/undelivered_orders.h"
#include "store/supply_store.h"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <random>

namespace domain {

static std::ostream& operator<<(std::ostream& out, OrderStatus status) { return out << to_text(status); }
static std::ostream& operator<<(std::ostream& out, SupplyStep step) { return out << to_text(step); }

} // namespace domain

namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;
using domain::SupplyStep;
using service::JobOutcome;
using Trouble = fake::FakeSupplier::Trouble;

/// The desk's plans are delivered by a supplier of the case's own, which takes 100.00 francs for a server with its memory.
struct Resale : fake::CartDesk {
    fake::FakeSupplier supplier{};
    const std::string name = fake::new_name().substr(0, 30);
    service::SupplierOrders supplies{
        fake::database(), clock, supplier, corrections, {.name = name, .first_pause = 1ms, .longest_pause = 4ms}};
    service::ServerFulfilment servers{fake::database(), clock, corrections, {}, &supplies};
    service::SupplyDecisions decisions{fake::database(), clock, corrections};

    Resale()
    {
        fake::change("UPDATE plans SET supplier = ?, supplier_code = CONCAT('their-', code), supplier_product = 'eco' WHERE code IN (?, ?)",
            name, plans.server, plans.small_memory);
        cost(plans.server, 9'000);
        cost(plans.small_memory, 1'000);
    }
    static void cost(const std::string& plan, std::int64_t minor)
    {
        fake::change("UPDATE plan_prices c JOIN plans p ON p.id = c.plan_id SET c.cost_currency = 'CHF', c.cost_setup_minor = 0,"
                     " c.cost_recurring_minor = ? WHERE p.code = ?",
            minor, plan);
    }

    /// An order that is paid, and to be delivered.
    domain::Uuid ordered()
    {
        const auto purchase = check_out(complete_cart());
        start(purchase);
        work_today();
        start(purchase);
        return orders_of(purchase).front();
    }
    static domain::Supply supply_of(const domain::Uuid& order)
    {
        return fake::in_transaction([&](store::Session& session) { return store::SupplyStore{session}.of(order).value(); });
    }
    static OrderStatus status_of(const domain::Uuid& order)
    {
        return fake::in_transaction([&](store::Session& session) { return store::OrderStore{session}.by_uuid(order).value().status; });
    }
    /// What the worker does, whatever becomes of its process.
    bool work(const domain::Uuid& order, int tries = 200)
    {
        for (int i = 0; i < tries; ++i) {
            try {
                if (servers.supply(order).outcome == JobOutcome::done) return true;
            } catch (const fake::Killed&) {
            }
        }
        return false;
    }
    std::size_t bought() const { return supplier.orders.size(); }
    static Trouble quiet(const std::string&) { return Trouble::none; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(supplier_orders, Resale)

BOOST_AUTO_TEST_CASE(an_order_is_delivered_by_the_supplier)
{
    const auto order = ordered();
    BOOST_TEST(status_of(order) == OrderStatus::provisioning);
    BOOST_TEST(jobs("server_supply", order) == 1);
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::done));
    const auto supply = supply_of(order);
    BOOST_TEST(supply.step == SupplyStep::delivered);
    BOOST_TEST(status_of(order) == OrderStatus::active);
    BOOST_TEST(fake::text("SELECT s.server_name FROM server_orders s JOIN orders o ON o.id = s.order_id WHERE o.uuid = ?", order)
        == supply.server_name);
    BOOST_TEST(supplier.carts.begin()->second.name == order.text());
    const auto& wish = supplier.orders.begin()->second;
    BOOST_TEST(wish.product == "eco");
    BOOST_TEST(wish.plan == "their-" + plans.server);
    BOOST_TEST(wish.configuration.at("dedicated_datacenter") == "zrh");
    BOOST_REQUIRE(wish.options.size() == 1u);
    BOOST_TEST(wish.options[0].plan == "their-" + plans.small_memory);
    BOOST_TEST(findings().empty());
}

// What may have been bought is not given up behind the supplier's back; what cannot is, and is not bought afterwards.
BOOST_AUTO_TEST_CASE(an_order_is_given_up_only_while_nothing_can_have_been_bought)
{
    service::UndeliveredOrders undelivered{fake::database(), clock, corrections, refunds, std::chrono::days{7}};
    const auto give_up = [&](const domain::Uuid& order) {
        return fake::refusal_of(
            [&] { fake::in_transaction([&](store::Session& session) { undelivered.give_up(session, order, "cli:test"); }); });
    };
    for (const auto step : {SupplyStep::fresh, SupplyStep::cart, SupplyStep::filled, SupplyStep::checkout_sent, SupplyStep::ordered})
        BOOST_TEST_CONTEXT(domain::to_text(step))
        {
            const auto order = ordered();
            const auto reached = step == SupplyStep::filled ? SupplyStep::cart : step;
            supplier.trouble = [&](const std::string&) { return supply_of(order).step == reached ? Trouble::unheard : Trouble::none; };
            for (int i = 0; i < 20 && supply_of(order).step != reached; ++i) servers.supply(order);
            if (step != reached) // where only a kill stops
                fake::change("UPDATE supplies s JOIN orders o ON o.id = s.order_id SET s.step = 'filled' WHERE o.uuid = ?", order);
            BOOST_TEST_REQUIRE(supply_of(order).step == step);
            const bool may = domain::is_unbought(step);
            const auto before = bought();
            BOOST_TEST((give_up(order) == (may ? std::nullopt : std::optional{domain::Reason::order_state})));
            BOOST_TEST(status_of(order) == (may ? OrderStatus::cancelled : OrderStatus::provisioning));
            supplier.trouble = quiet;
            BOOST_TEST(work(order));
            if (may) BOOST_TEST(bought() == before);
            BOOST_TEST(supply_of(order).step == (may ? SupplyStep::cancelled : SupplyStep::delivered));
            if (!may) BOOST_TEST(status_of(order) == OrderStatus::active);
        }
}

// The worker is about to buy what is just being given up: one of both is first, never both.
BOOST_AUTO_TEST_CASE(given_up_in_the_middle_nothing_is_bought_for_nobody)
{
    service::UndeliveredOrders undelivered{fake::database(), clock, corrections, refunds, std::chrono::days{7}};
    for (const auto* call : {"find_cart", "open_cart", "fill", "dry_run", "check_out"}) BOOST_TEST_CONTEXT(call)
        {
            const auto order = ordered();
            const auto before = bought();
            std::optional<domain::Reason> refused{};
            bool asked = false;
            supplier.trouble = [&](const std::string& method) {
                if (method != call || std::exchange(asked, true)) return Trouble::none;
                refused = fake::refusal_of(
                    [&] { fake::in_transaction([&](store::Session& session) { undelivered.give_up(session, order, "cli:test"); }); });
                return Trouble::none;
            };
            BOOST_TEST(work(order));
            supplier.trouble = quiet;
            BOOST_TEST(bought() == before + (refused ? 1 : 0));
            BOOST_TEST(status_of(order) == (refused ? OrderStatus::active : OrderStatus::cancelled));
            BOOST_TEST(refused.has_value() == (call == std::string{"check_out"}));
        }
}

// O12, O13: whatever call fails, and whenever the worker dies, there is one order of the supplier.
BOOST_AUTO_TEST_CASE(no_fault_and_no_kill_makes_a_second_order)
{
    const unsigned seed = std::random_device{}();
    std::mt19937 random{seed};
    BOOST_TEST_CONTEXT("seed " << seed)
    {
        supplier.trouble = [&](const std::string&) {
            const auto dice = random() % 10;
            return dice < 4 ? static_cast<Trouble>(dice + 1) : Trouble::none;
        };
        for (std::size_t n = 1; n <= 25; ++n) {
            supplier.carts_tell_their_order = random() % 2 == 0;
            const auto order = ordered();
            BOOST_REQUIRE(work(order));
            const auto supply = supply_of(order);
            BOOST_TEST_CONTEXT("held: " << supply.held_reason)
            {
                BOOST_REQUIRE(bought() == n);
                BOOST_REQUIRE(supply.step == SupplyStep::delivered);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_kill_before_or_after_each_call_is_made_good_by_the_next_run)
{
    std::size_t orders = 0;
    for (const auto* call : {"find_cart", "open_cart", "fill", "dry_run", "check_out", "look_at_cart", "status", "server_name"})
        for (const auto befalls : {Trouble::unheard, Trouble::lost, Trouble::killed, Trouble::killed_after})
            BOOST_TEST_CONTEXT(call << ' ' << static_cast<int>(befalls))
            {
                int left = 1;
                supplier.trouble = [&](const std::string& made) { return made == call && left-- == 1 ? befalls : Trouble::none; };
                const auto order = ordered();
                BOOST_REQUIRE(work(order));
                BOOST_TEST(bought() == ++orders);
                BOOST_TEST(supply_of(order).step == SupplyStep::delivered);
            }
}

BOOST_AUTO_TEST_CASE(several_workers_at_one_order_buy_it_once)
{
    for (int round = 1; round <= 5; ++round) {
        const auto order = ordered();
        fake::at_once(4, [&](int) { servers.supply(order); });
        BOOST_REQUIRE(work(order));
        BOOST_TEST(bought() == static_cast<std::size_t>(round));
        BOOST_TEST(supply_of(order).step == SupplyStep::delivered);
    }
}

BOOST_AUTO_TEST_CASE(a_price_above_the_cost_waits_for_a_decision)
{
    supplier.price = {{10'001}, {10'811}};
    const auto order = ordered();
    BOOST_REQUIRE(work(order));
    BOOST_TEST(bought() == 0u);
    BOOST_TEST(supply_of(order).held_reason.find("100.01 CHF, reckoned was 100.00 CHF") != std::string::npos);
    BOOST_REQUIRE(work(order)); // held is held
    BOOST_TEST(bought() == 0u);

    decisions.retry(order, true, "operator");
    BOOST_TEST(jobs("server_supply", order) == 2);
    BOOST_REQUIRE(work(order));
    BOOST_TEST(bought() == 1u);
    BOOST_TEST(status_of(order) == OrderStatus::active);
}

BOOST_AUTO_TEST_CASE(what_the_dry_run_refuses_is_not_bought)
{
    supplier.dry_run_refusal = "Custom field region is mandatory for product x";
    const auto order = ordered();
    BOOST_REQUIRE(work(order));
    BOOST_TEST(supply_of(order).held_reason == supplier.dry_run_refusal);
    BOOST_TEST(supplier.calls["check_out"] == 0);
    supplier.dry_run_refusal.clear();
    decisions.retry(order, false, "operator");
    BOOST_REQUIRE(work(order));
    BOOST_TEST(status_of(order) == OrderStatus::active);
}

BOOST_AUTO_TEST_CASE(a_cart_that_expired_before_its_checkout_is_replaced)
{
    supplier.trouble = [&](const std::string& call) { return call == "dry_run" ? Trouble::unheard : Trouble::none; };
    const auto order = ordered();
    servers.supply(order);
    BOOST_TEST(supply_of(order).step == SupplyStep::cart);
    supplier.carts.clear();
    supplier.trouble = [](const std::string&) { return Trouble::none; };
    BOOST_REQUIRE(work(order));
    BOOST_TEST(bought() == 1u);
    BOOST_TEST(supply_of(order).step == SupplyStep::delivered);
}

// O13, O16
BOOST_AUTO_TEST_CASE(a_cart_that_is_gone_after_its_checkout_is_never_replaced)
{
    supplier.trouble = [&](const std::string& call) { return call == "check_out" ? Trouble::unheard : Trouble::none; };
    const auto order = ordered();
    servers.supply(order);
    supplier.carts.clear();
    BOOST_REQUIRE(work(order));
    BOOST_TEST(supply_of(order).step == SupplyStep::checkout_sent);
    BOOST_TEST(!supply_of(order).held_reason.empty());
    BOOST_TEST(supplier.calls["open_cart"] == 1);

    decisions.give_up(order, "operator");
    BOOST_TEST(status_of(order) == OrderStatus::cancelled);
    BOOST_TEST(supplier.carts.empty());
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(an_order_that_could_be_another_is_settled_by_a_person)
{
    supplier.carts_tell_their_order = false;
    supplier.trouble = [&](const std::string& call) { return call == "check_out" ? Trouble::lost : Trouble::none; };
    const auto order = ordered();
    servers.supply(order);
    const auto twin = ++fake::FakeSupplier::next_number; // somebody ordered the same by hand
    supplier.orders[twin] = supplier.orders.begin()->second;
    BOOST_REQUIRE(work(order));
    BOOST_TEST(supply_of(order).held_reason.find("2 orders of the supplier could be it") != std::string::npos);

    supplier.trouble = [](const std::string&) { return Trouble::none; };
    decisions.settle(order, supplier.orders.begin()->first, "operator");
    BOOST_REQUIRE(work(order));
    BOOST_TEST(status_of(order) == OrderStatus::active);
    BOOST_TEST(bought() == 2u);

    supplier.trouble = [&](const std::string& call) { return call == "check_out" ? Trouble::unheard : Trouble::none; };
    const auto next = ordered();
    servers.supply(next);
    supplier.carts.clear();
    supplier.orders.erase(twin);
    BOOST_REQUIRE(work(next));
    BOOST_TEST((fake::refusal_of([&] { decisions.settle(next, *supply_of(order).supplier_order, "operator"); })
        == domain::Reason::reference_in_use)); // that one is taken
}

// O19
BOOST_AUTO_TEST_CASE(an_order_that_needs_documents_goes_on_when_they_are_there)
{
    supplier.delivery_status = "documentsRequested";
    const auto order = ordered();
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::postponed));
    BOOST_TEST(supply_of(order).held_reason.find("send them") != std::string::npos);
    supplier.delivery_status = "delivering";
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::postponed));
    BOOST_TEST(supply_of(order).held_reason.empty());
    supplier.delivery_status = "delivered";
    BOOST_REQUIRE(work(order, 1));
    BOOST_TEST(status_of(order) == OrderStatus::active);
}

// O20
BOOST_AUTO_TEST_CASE(not_ready_yet_is_waited_for_ten_minutes_and_no_other_refusal_is)
{
    supplier.details_refusal = "This subscription is not active yet";
    const auto order = ordered();
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::postponed));
    clock.set(clock.now() + 9min);
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::postponed));
    BOOST_TEST(supply_of(order).held_reason.empty());
    clock.set(clock.now() + 2min);
    BOOST_TEST((servers.supply(order).outcome == JobOutcome::done));
    BOOST_TEST(supply_of(order).held_reason == supplier.details_refusal);

    supplier.details_refusal = "This call has not been granted";
    const auto other = ordered();
    BOOST_TEST((servers.supply(other).outcome == JobOutcome::done));
    BOOST_TEST(supply_of(other).held_reason == supplier.details_refusal);
    supplier.details_refusal.clear();
    decisions.retry(other, false, "operator");
    BOOST_REQUIRE(work(other));
    BOOST_TEST(status_of(other) == OrderStatus::active);
}

BOOST_AUTO_TEST_CASE(what_the_supplier_cancels_is_cancelled_and_credited)
{
    supplier.delivery_status = "cancelled";
    const auto order = ordered();
    BOOST_REQUIRE(work(order));
    BOOST_TEST(status_of(order) == OrderStatus::cancelled);
    BOOST_TEST(supply_of(order).step == SupplyStep::cancelled);
    BOOST_TEST(fake::count(
                   "SELECT CAST(SUM(l.gross_minor) AS INT) FROM invoice_lines l JOIN orders o ON o.id = l.order_id WHERE o.uuid = ?", order)
        == 0);
    BOOST_TEST(credit() > 0); // the card had paid
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(what_is_cancelled_before_it_is_bought_is_not_bought)
{
    supplier.price = {{20'000}, {21'620}};
    const auto order = ordered();
    BOOST_REQUIRE(work(order));
    BOOST_TEST(supplier.carts.size() == 1u);
    decisions.give_up(order, "operator");
    BOOST_TEST(status_of(order) == OrderStatus::cancelled);
    BOOST_REQUIRE(work(order));
    BOOST_TEST(bought() == 0u);
}

BOOST_AUTO_TEST_CASE(what_a_member_cancels_while_it_is_held_is_dropped)
{
    supplier.dry_run_refusal = "not available";
    const auto order = ordered();
    BOOST_REQUIRE(work(order));
    BOOST_TEST(supplier.carts.size() == 1u);
    cancel(fake::in_transaction([&](store::Session& session) { return store::OrderStore{session}.by_uuid(order).value(); }));
    orders_work.end(order);
    BOOST_REQUIRE(work(order));
    BOOST_TEST(supplier.carts.empty());
    BOOST_TEST(supply_of(order).step == SupplyStep::cancelled);
    BOOST_TEST(supply_of(order).held_reason.empty());
}

BOOST_AUTO_TEST_CASE(without_its_supplier_an_order_waits)
{
    const auto order = ordered();
    service::ServerFulfilment alone{fake::database(), clock, corrections, {}, nullptr};
    BOOST_TEST((alone.supply(order).outcome == JobOutcome::postponed));
    BOOST_TEST(supply_of(order).step == SupplyStep::fresh);
}

BOOST_AUTO_TEST_SUITE_END()
