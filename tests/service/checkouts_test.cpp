#include "service/checkouts.h"

#include "fake/cart_desk.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <set>

namespace {

using namespace std::chrono_literals;
using domain::OrderStatus;
using domain::Reason;
using fake::refusal_of;
using service::Purchase;

using Desk = fake::CartDesk;

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

/// nico pays on bill.
struct BillDesk : Desk {
    BillDesk()
    {
        fake::change("DELETE FROM payment_methods WHERE member_id = ? AND type = 'card'", fake::number(nico.member));
        fake::change("UPDATE payment_methods SET default_of = member_id WHERE member_id = ?", fake::number(nico.member));
    }
};

std::string lines_of(const Purchase& purchase)
{
    return fake::text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', detail_type, quantity, unit_minor, total_minor, vat_minor) ORDER BY id"
                      " SEPARATOR '; '), '') FROM checkout_lines WHERE checkout_id = ?",
        purchase.checkout.value().id);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(checkouts, Desk)

BOOST_AUTO_TEST_CASE(a_dry_run_prices_everything_and_buys_nothing)
{
    const auto cart = complete_cart(2);
    const auto purchase = checkouts.rehearse(cart, nico);
    BOOST_TEST(!purchase.checkout.has_value());
    BOOST_TEST(purchase.first().net.minor == 2 * (9900 + 10900 + 1200));
    BOOST_TEST(purchase.first().vat.minor == 2 * (802 + 980)); // 8.1 % of the setup and of the period of each order
    BOOST_TEST(!content_of(cart).cart.frozen);
    BOOST_TEST(orders_of_nico() == 0);
}

BOOST_AUTO_TEST_CASE(O1_all_faults_are_told_at_once)
{
    fake::change("DELETE FROM payment_methods WHERE member_id = ?", fake::number(nico.member));
    fake::change("UPDATE members SET country = 'DE', customer_kind = 'consumer' WHERE id = ?", fake::number(nico.member));
    const auto cart = own_cart();
    add_server(cart);
    add_server(cart);
    service::Checkouts abroad{fake::database(), clock, {}, "CH"}; // not in the One-Stop-Shop
    BOOST_TEST((refusal_of([&] { abroad.rehearse(cart, nico); }) == Reason::cart_incomplete));
    const auto text = words_of([&] { abroad.rehearse(cart, nico); });
    BOOST_TEST(std::ranges::count(text, '\n') == 5);
    BOOST_TEST(mentions(text, "You do not have preferred payment method: register one first, POST /payment-methods"));
    const auto decision = domain::decide_vat({domain::CustomerKind::consumer, "DE"}, false);
    BOOST_TEST(mentions(text, domain::block_remedy(decision)));
    BOOST_TEST(words_of([&] { fake::in_transaction([&](store::Session& session) { abroad.place(session, cart, nico, {}); }); }) == text);
    BOOST_TEST(!content_of(cart).cart.frozen);
    BOOST_TEST((refusal_of([&] { checkouts.rehearse(own_cart(), nico); }) == Reason::cart_incomplete)); // an empty one
}

BOOST_AUTO_TEST_CASE(an_unassigned_cart_is_assigned_first)
{
    const auto cart = new_cart();
    add_complete(cart);
    BOOST_TEST((refusal_of([&] { checkouts.rehearse(cart, nico); }) == Reason::cart_unassigned));
    BOOST_TEST((refusal_of([&] { check_out(cart); }) == Reason::cart_unassigned));
    BOOST_TEST(mentions(words_of([&] { check_out(cart); }), "/order/cart/" + cart.text() + "/assign"));
    carts.assign(cart, nico);
    BOOST_TEST(check_out(cart).checkout.has_value());
}

BOOST_AUTO_TEST_CASE(a_purchase_is_an_order_for_each_piece_with_all_that_is_to_be_delivered)
{
    const auto cart = own_cart();
    const auto server = add_complete(cart, 3);
    const auto block = add_option(cart, server, plans.address);
    configure(cart, block, "ptr", "a.\"example\"");
    const auto purchase = check_out(cart);
    const auto orders = orders_of(purchase);
    BOOST_REQUIRE(orders.size() == 3u);
    BOOST_TEST((std::set<domain::Uuid>{orders.begin(), orders.end()}.size() == 3u));
    const auto order =
        fake::in_transaction([&](store::Session& session) { return store::OrderStore{session}.by_uuid(nico.member, orders[1]).value(); });
    BOOST_TEST(order.sku == "dedicated-server");
    BOOST_TEST((order.parameters.plan == plans.server));
    BOOST_TEST(order.detail == "Core, 64 GB memory, An IPv4 block, zrh");
    BOOST_TEST(order.charge.setup.minor == 9900 + 1000);
    BOOST_TEST(order.charge.recurring.minor == 10900 + 1200 + 299);
    BOOST_TEST(!order.price_includes_vat);
    BOOST_TEST((order.interval == domain::Interval{}));
    BOOST_TEST((order.status == OrderStatus::awaiting_payment));
    BOOST_TEST(jobs("order_start", orders[1]) == 1);
    BOOST_TEST(
        fake::text("SELECT CONCAT_WS(' ', unit, plan_code, pricing_mode) FROM server_orders WHERE order_id = ?", fake::number(order.id))
        == "2 " + plans.server + " default");
    BOOST_TEST(fake::text("SELECT JSON_VALUE(configuration, CONCAT('$.\"', ?, '\".ptr')) FROM server_orders WHERE order_id = ?",
                   plans.address, fake::number(order.id))
        == "a.\"example\"");
    BOOST_TEST(fake::text("SELECT JSON_VALUE(configuration, '$.dedicated_datacenter') FROM server_orders WHERE order_id = ?",
                   fake::number(order.id))
        == "zrh");
    BOOST_TEST(fake::text("SELECT options FROM server_orders WHERE order_id = ?", fake::number(order.id))
        == "[\"" + plans.small_memory + "\",\"" + plans.address + "\"]");
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM order_events WHERE order_id = ? AND reason = 'placed'", fake::number(order.id)) == 1);
}

BOOST_AUTO_TEST_CASE(O13_the_same_checkout_again_is_the_same_purchase_whatever_happens_to_prices)
{
    const auto cart = complete_cart(2);
    const auto first = check_out(cart);
    fake::ServerPlans::price(fake::ServerPlans::id_of(plans.server), "CHF", 1, 1, "default", "P1M", "2026-03-02");
    clock.set(clock.now() + 40 * 24h); // past the expiry of the cart
    fake::change("UPDATE members SET country = 'DE' WHERE id = ?", fake::number(nico.member));
    for (const auto& again : {check_out(cart, false), checkouts.rehearse(cart, nico), checkouts.summary(cart, {})}) {
        BOOST_TEST(again.checkout.value().id == first.checkout.value().id);
        BOOST_TEST(again.first().gross.minor == first.first().gross.minor);
        BOOST_TEST(again.lines.size() == first.lines.size());
        BOOST_TEST((again.content.cart.checkout == first.checkout->id));
    }
    BOOST_TEST(orders_of_nico() == 2);
    BOOST_TEST(!is_held(first)); // it was bought to be paid at once
    BOOST_TEST(
        lines_of(first) == "DURATION 2 10900 21800 1766; INSTALLATION 2 9900 19800 1604; DURATION 2 1200 2400 194; INSTALLATION 2 0 0 0");
}

BOOST_AUTO_TEST_CASE(O16_what_was_bought_never_changes)
{
    const auto cart = complete_cart();
    const auto content = content_of(cart);
    const auto item = content.items[0].id;
    const auto order = std::to_string(check_out(cart).checkout.value().id);
    const auto refused = [&](const auto& work) {
        return refusal_of(work) == Reason::cart_checked_out && mentions(words_of(work), "orderId is " + order);
    };
    BOOST_TEST(refused([&] { carts.change(cart, nico, {.description = "x"}); }));
    BOOST_TEST(refused([&] { carts.remove(cart, nico); }));
    BOOST_TEST(refused([&] { add_server(cart); }));
    BOOST_TEST(refused([&] { add_option(cart, item, plans.address); }));
    BOOST_TEST(refused([&] { carts.change_item(cart, {}, item, {.quantity = 2}); }));
    BOOST_TEST(refused([&] { carts.remove_item(cart, {}, item); }));
    BOOST_TEST(refused([&] { configure(cart, item, "comment", "x"); }));
    BOOST_TEST(refused([&] { carts.remove_configuration(cart, {}, item, content.items[0].configurations[0].id); }));
    carts.assign(cart, nico); // says what is so already
    BOOST_TEST((refusal_of([&] { carts.assign(cart, fake::new_member()); }) == Reason::not_found));
    BOOST_TEST(carts.read(cart, {}).items.size() == 2u);
}

BOOST_AUTO_TEST_CASE(eight_checkouts_at_once_and_their_repetitions_are_one)
{
    const auto cart = complete_cart(3);
    std::atomic<std::int64_t> sum{0};
    fake::at_once(8, [&](int) {
        for (int again = 0; again < 3; ++again) sum += check_out(cart).checkout.value().id;
    });
    const auto id = fake::count("SELECT k.id FROM checkouts k JOIN carts c ON c.id = k.cart_id WHERE c.uuid = ?", cart);
    BOOST_TEST(sum == 24 * id);
    BOOST_TEST(orders_of_nico() == 3);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM server_orders WHERE checkout_id = ?", id) == 3);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM checkout_lines WHERE checkout_id = ?", id) == 4);
}

BOOST_AUTO_TEST_CASE(a_member_fills_and_buys_many_carts_at_once)
{
    std::atomic<int> bought{0};
    fake::at_once(8, [&](int) {
        for (int again = 0; again < 6; ++again) bought += check_out(complete_cart()).checkout.has_value();
    });
    BOOST_TEST(bought == 48);
    BOOST_TEST(orders_of_nico() == 48);
}

BOOST_AUTO_TEST_CASE(what_is_added_while_it_is_bought_is_bought_or_refused)
{
    fake::change("UPDATE plan_labels SET required = FALSE WHERE plan_id = ?", plans.id_of(plans.address));
    for (int round = 0; round < 10; ++round) {
        const auto cart = complete_cart();
        std::atomic<int> added{0};
        fake::at_once(6, [&](int i) {
            if (i < 2) check_out(cart);
            else if (!refusal_of([&] { add_option(cart, content_of(cart).items[0].id, plans.address); })) ++added;
        });
        const auto content = content_of(cart);
        BOOST_TEST(content.cart.frozen);
        BOOST_TEST(content.items.size() == 2u + static_cast<std::size_t>(added));
        const auto lines = fake::count("SELECT COUNT(*) FROM checkout_lines WHERE checkout_id = ?", content.cart.checkout.value());
        BOOST_TEST(lines == 2 * static_cast<std::int64_t>(content.items.size()));
    }
}

BOOST_AUTO_TEST_CASE(O10_O11_the_first_invoice_is_the_checkout_to_the_last_cent)
{
    struct Home {
        const char *country, *kind, *subsidiary;
    };
    for (const auto& [country, kind, subsidiary] : {Home{"CH", "consumer", "CH"}, Home{"CH", "business", "FR"},
             Home{"DE", "consumer", "DE"}, Home{"FI", "consumer", "CH"}, Home{"US", "business", "FR"}}) {
        Desk desk;
        fake::change("UPDATE members SET country = ?, customer_kind = ? WHERE id = ?", std::string{country}, std::string{kind},
            fake::number(desk.nico.member));
        const auto cart = desk.complete_cart(3, subsidiary);
        desk.add_complete(cart);
        const auto shown = desk.checkouts.rehearse(cart, desk.nico).first();
        const auto purchase = desk.check_out(cart);
        desk.start(purchase);
        const auto invoices = fake::CartDesk::invoices_of(purchase);
        BOOST_REQUIRE(invoices.size() == 1u);
        BOOST_TEST(fake::CartDesk::total_of(invoices[0]) == purchase.first().gross.minor, country);
        BOOST_TEST(shown.gross.minor == purchase.first().gross.minor);
        BOOST_TEST(fake::text("SELECT CONCAT_WS('/', net_minor, vat_minor, gross_minor, currency) FROM checkouts WHERE id = ?",
                       purchase.checkout.value().id)
            == fake::text(
                "SELECT CONCAT_WS('/', SUM(net_minor), SUM(vat_minor), SUM(gross_minor), ?) FROM invoice_lines WHERE invoice_id = ?",
                std::string{domain::to_text(shown.net.currency)}, invoices[0]));
        BOOST_TEST(
            fake::count("SELECT COUNT(*) FROM invoice_lines WHERE invoice_id = ? AND text = 'Dedicated server, Core, 64 GB memory, zrh'",
                invoices[0])
            == 4);
        BOOST_TEST(fake::count("SELECT COUNT(*) FROM invoice_lines WHERE invoice_id = ? AND text = 'Dedicated server, setup of Core, 64 GB "
                               "memory, zrh'",
                       invoices[0])
            == 4);
    }
}

BOOST_AUTO_TEST_CASE(a_nobodys_cart_shows_the_tax_of_the_providers_country)
{
    const auto cart = new_cart();
    add_complete(cart);
    BOOST_TEST(checkouts.summary(cart, {}).first().vat.minor == 802 + 980);
    fake::change("UPDATE members SET country = 'US', customer_kind = 'business' WHERE id = ?", fake::number(nico.member));
    BOOST_TEST(checkouts.summary(cart, nico).first().vat.minor == 0); // signed: as this member would be taxed
    BOOST_TEST(checkouts.summary(new_cart(), {}).first().gross.minor == 0);
}

BOOST_AUTO_TEST_CASE(who_waits_for_vies_may_buy_and_is_invoiced_later)
{
    fake::change(
        "UPDATE members SET country = 'DE', customer_kind = 'business', vat_id = 'DE136695976' WHERE id = ?", fake::number(nico.member));
    fake::change("INSERT INTO vat_ids (member_id, vat_id, state, waiting_since, next_check_at)"
                 " VALUES (?, 'DE136695976', 'pending', '2026-03-02 10:00:00', '2026-03-02 10:00:00')",
        fake::number(nico.member));
    const auto purchase = check_out(complete_cart(1, "DE"));
    BOOST_TEST(purchase.first().vat.minor == 0);
    start(purchase);
    BOOST_TEST(invoices_of(purchase).empty());
    BOOST_TEST(statuses_of(purchase) == "awaiting_payment");
}

BOOST_FIXTURE_TEST_CASE(a_server_is_not_ordered_without_a_cart, BillDesk)
{
    const auto by_order = words_of([&] { place(order_of(nico, "dedicated-server", {.plan = plans.server})); });
    BOOST_TEST(mentions(by_order, "POST /1.0/order/cart"));
    BOOST_TEST((refusal_of([&] { place(order_of(nico, "dedicated-server")); }) == Reason::product_not_sold));
    const auto purchase = check_out(complete_cart());
    start(purchase);
    const auto order = orders_of(purchase).front();
    const auto changing = [&](const domain::Parameters& changes) {
        return words_of([&] { fake::in_transaction([&](store::Session& session) { ordering.change(session, nico, order, changes); }); });
    };
    BOOST_TEST(mentions(changing({.cores = 4}), "POST /1.0/order/cart"));
    BOOST_TEST(mentions(changing({.plan = "other"}), "POST /1.0/order/cart"));
    const auto machine = active_machine();
    BOOST_TEST((refusal_of([&] { change(machine, {.plan = plans.server}); }) == Reason::order_state));
}

BOOST_AUTO_TEST_CASE(a_server_is_cancelled_as_anything_else)
{
    const auto purchase = check_out(complete_cart());
    const auto uuid = orders_of(purchase).front();
    const auto cancelled =
        fake::in_transaction([&](store::Session& session) { return ordering.cancel(session, nico, uuid, service::CancelWhen::now); });
    BOOST_TEST((cancelled.status == OrderStatus::cancelled));
    BOOST_TEST(jobs("order_end", uuid) == 1);
    start(purchase);
    BOOST_TEST(statuses_of(purchase) == "cancelled");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hold_of_charges, Desk)

BOOST_AUTO_TEST_CASE(bought_with_autopay_the_card_is_charged_once)
{
    const auto purchase = check_out(complete_cart(2), true);
    start(purchase);
    work_today();
    const auto invoice = invoices_of(purchase).front();
    BOOST_TEST(charges_of(invoice) == "2026-03-02 succeeded");
    start(purchase);
    work_today();
    BOOST_TEST(charges_of(invoice) == "2026-03-02 succeeded");
    BOOST_TEST(statuses_of(purchase).find("awaiting") == std::string::npos);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(without_autopay_no_card_is_charged_before_the_member_asks)
{
    const auto purchase = check_out(complete_cart(2), false);
    BOOST_TEST(is_held(purchase));
    start(purchase);
    const auto invoice = invoices_of(purchase).front();
    for (int day = 2; day < 9; ++day) work_on("2026-03-0" + std::to_string(day));
    BOOST_TEST(charges_of(invoice) == "");
    BOOST_TEST(gateway.calls == 0);
    BOOST_TEST(statuses_of(purchase) == "awaiting_payment");
    BOOST_TEST(is_held(purchase));

    BOOST_TEST(
        (member_payments.pay(nico.member, number_of(invoice), {}, "http://localhost/paid").state == domain::AttemptState::succeeded));
    BOOST_TEST(!is_held(purchase));
    start(purchase);
    BOOST_TEST(statuses_of(purchase).find("awaiting") == std::string::npos);
    work_on("2026-03-09");
    BOOST_TEST(charges_of(invoice) == "2026-03-08 succeeded");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(the_hold_ends_in_the_transaction_that_plans_the_charge)
{
    const auto purchase = check_out(complete_cart(), false);
    start(purchase);
    const auto invoice = invoices_of(purchase).front();
    const auto refused = refusal_of([&] { member_payments.pay(nico.member, number_of(invoice), gateway::random_uuid(), ""); });
    BOOST_TEST((refused == Reason::payment_method_required)); // another's card: nothing is planned, so nothing is released
    BOOST_TEST(is_held(purchase));
    std::atomic<int> asked{0};
    fake::at_once(6, [&](int i) {
        if (i % 2 == 0) member_payments.pay(nico.member, number_of(invoice), {}, "");
        else work_today();
        ++asked;
    });
    BOOST_TEST(asked == 6);
    BOOST_TEST(!is_held(purchase));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM charges WHERE invoice_id = ?", invoice) == 1);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_refused_after_the_member_asked_is_tried_again_as_ever)
{
    declining({.code = "card_declined", .decline_code = "insufficient_funds"});
    const auto purchase = check_out(complete_cart(), false);
    start(purchase);
    const auto invoice = invoices_of(purchase).front();
    BOOST_TEST((member_payments.pay(nico.member, number_of(invoice), {}, "").state == domain::AttemptState::failed));
    BOOST_TEST(!is_held(purchase));
    use_card("pm_good_again_" + nico.uid);
    work_on("2026-03-03");
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed; 2026-03-03 succeeded");
}

BOOST_AUTO_TEST_CASE(paid_into_the_account_it_is_delivered_and_later_periods_are_charged)
{
    const auto purchase = check_out(complete_cart(), false);
    start(purchase);
    const auto invoice = invoices_of(purchase).front();
    pay(total_of(invoice), invoice);
    BOOST_TEST(is_held(purchase));
    start(purchase);
    BOOST_TEST(!is_held(purchase));
    BOOST_TEST(statuses_of(purchase).find("awaiting") == std::string::npos);
    bill("2026-04-02");
    work_on("2026-04-02");
    const auto renewal = newest();
    BOOST_TEST(renewal != invoice);
    BOOST_TEST(charges_of(renewal) == "2026-04-02 succeeded");
}

BOOST_AUTO_TEST_CASE(never_paid_it_is_given_up_and_credited)
{
    const auto purchase = check_out(complete_cart(2), false);
    start(purchase);
    clock.set(clock.now() + 15 * 24h);
    unpaid.give_up();
    BOOST_TEST(statuses_of(purchase) == "cancelled");
    BOOST_TEST(standing(invoices_of(purchase).front()).starts_with("0/"));
    BOOST_TEST(gateway.calls == 0);
}

BOOST_FIXTURE_TEST_CASE(who_pays_on_bill_is_served_at_once, BillDesk)
{
    const auto purchase = check_out(complete_cart(), false);
    BOOST_TEST(!is_held(purchase));
    BOOST_TEST(statuses_of(purchase) == "provisioning");
    start(purchase);
    BOOST_TEST(invoices_of(purchase).size() == 1u);
    work_today();
    BOOST_TEST(charges_of(invoices_of(purchase).front()) == "");
}

BOOST_AUTO_TEST_SUITE_END()
