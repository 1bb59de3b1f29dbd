#include "domain/cart.h"

#include "domain/billing.h"
#include "domain/cart_prices.h"
#include "domain/subsidiary.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace domain;
using namespace std::chrono_literals;

namespace {

const Instant now = *instant_from("2026-11-24T12:00:00Z");
const Interval monthly{1, Interval::Unit::month};
const Interval yearly{12, Interval::Unit::month};

PlanPricing pricing(std::int64_t setup, std::int64_t recurring, Interval duration = monthly, const std::string& mode = "default")
{
    return {.mode = mode, .duration = duration, .max_quantity = 20, .setup = {setup}, .recurring = {recurring}};
}

Plan option_plan(std::int64_t id, const std::string& code, const std::string& family, std::int64_t recurring)
{
    return {.id = id,
        .code = code,
        .kind = PlanKind::option,
        .name = "Option " + code,
        .family = family,
        .sold = true,
        .pricings = {pricing(100, recurring)}};
}

/// A server with two labels, a mandatory and exclusive family, and one that is neither.
Plan server_plan()
{
    Plan plan{.id = 1,
        .code = "core",
        .kind = PlanKind::server,
        .name = "Core",
        .family = "core",
        .sold = true,
        .pricings = {pricing(9900, 10900), pricing(0, 119900, yearly, "upfront12")}};
    plan.labels = {{"dedicated_datacenter", "String", true, std::vector<std::string>{"gla", "zrh"}}, {"comment", "String", false, {}}};
    plan.families = {{"memory", true, true, {{2, "ram-64", true}, {3, "ram-128", false}}}, {"ip", false, false, {{4, "ipv4", false}}}};
    return plan;
}

std::vector<Plan> all_plans()
{
    auto backup = option_plan(4, "ipv4", "ip", 300);
    backup.labels = {{"ptr", "String", true, {}}};
    return {server_plan(), option_plan(2, "ram-64", "memory", 1200), option_plan(3, "ram-128", "memory", 3600), backup};
}

CartItem item(std::int64_t id, const Plan& plan, std::optional<std::int64_t> parent = {}, int quantity = 1)
{
    return {.id = id,
        .parent = parent,
        .product = "eco",
        .plan = plan.id,
        .plan_code = plan.code,
        .name = plan.name,
        .family = plan.family,
        .pricing_mode = "default",
        .duration = monthly,
        .quantity = quantity,
        .setup = plan.pricings[0].setup,
        .recurring = plan.pricings[0].recurring};
}

CartContent empty_cart()
{
    CartContent content;
    content.cart = {.id = 1, .uuid = Uuid::version7(1, {}), .subsidiary = "CH", .expires_at = now + 24h};
    return content;
}

/// A server and one memory option, all chosen.
CartContent complete_cart()
{
    const auto plans = all_plans();
    auto content = empty_cart();
    content.items = {item(7, plans[0]), item(8, plans[1], 7)};
    content.items[0].configurations = {{3, "dedicated_datacenter", "zrh"}};
    return content;
}

Reason reason_of(const std::optional<CartFault>& fault)
{
    BOOST_REQUIRE(fault.has_value());
    return fault->reason;
}

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(cart_rules)

BOOST_AUTO_TEST_CASE(subsidiaries_have_one_currency_each)
{
    BOOST_TEST((currency_of_subsidiary("CH") == Currency::chf));
    BOOST_TEST((currency_of_subsidiary("FR") == Currency::eur));
    for (const char* other : {"US", "GB", "ch", "", "WORLD"}) BOOST_TEST(!currency_of_subsidiary(other).has_value());
    BOOST_TEST(subsidiaries_text() == "CH, DE, ES, EU, FI, FR, IE, IT, LT, NL, PT");
}

BOOST_AUTO_TEST_CASE(a_complete_cart_lacks_nothing) { BOOST_TEST(faults_of_checkout(complete_cart(), all_plans()).empty()); }

BOOST_AUTO_TEST_CASE(O1_O2_every_missing_label_and_family_is_named_with_the_call_that_mends_it)
{
    const auto plans = all_plans();
    auto content = empty_cart();
    content.items = {item(7, plans[0]), item(9, plans[3], 7), item(11, plans[0])};
    const auto faults = faults_of_checkout(content, plans);
    BOOST_REQUIRE(faults.size() == 5u);
    const auto cart = "/order/cart/" + content.cart.uuid.text();
    BOOST_TEST(faults[0]
        == "Custom field dedicated_datacenter is mandatory for product core (item 7): POST " + cart
            + "/item/7/configuration with {\"label\":\"dedicated_datacenter\",\"value\":\"…\"}; allowed: gla, zrh");
    BOOST_TEST(faults[1]
        == "An option of family memory is mandatory for product core (item 7): POST " + cart
            + "/eco/options with {\"itemId\":7,\"planCode\":\"…\",\"duration\":\"P1M\",\"pricingMode\":\"default\",\"quantity\":1};"
              " choose one of: ram-64, ram-128");
    BOOST_TEST(mentions(faults[2], "Custom field ptr is mandatory for product ipv4 (item 9)"));
    BOOST_TEST(mentions(faults[3], "(item 11)"));
    BOOST_TEST(mentions(faults[4], "(item 11)"));
}

BOOST_AUTO_TEST_CASE(an_empty_cart_says_how_to_fill_it)
{
    const auto faults = faults_of_checkout(empty_cart(), {});
    BOOST_REQUIRE(faults.size() == 1u);
    BOOST_TEST(mentions(faults[0], "The cart is empty: POST /order/cart/"));
}

BOOST_AUTO_TEST_CASE(what_is_not_possible_any_more_is_a_fault)
{
    auto content = complete_cart();
    content.items[0].configurations[0].value = "paris";
    content.items.push_back(item(10, all_plans()[2], 7)); // two of an exclusive family
    const auto faults = faults_of_checkout(content, all_plans());
    BOOST_REQUIRE(faults.size() == 2u);
    BOOST_TEST(mentions(faults[0], "may not be paris any more: DELETE"));
    BOOST_TEST(mentions(faults[1], "Only one option of family memory"));
}

BOOST_AUTO_TEST_CASE(a_server_is_put_in_as_its_plan_is_sold)
{
    const auto content = empty_cart();
    const auto plans = all_plans();
    BOOST_TEST(!fault_of_server(content, &plans[0], {"core", "default", "P1M", 20}).has_value());
    BOOST_TEST(!fault_of_server(content, &plans[0], {"core", "upfront12", "P1Y", 1}).has_value()); // P12M by another name
    BOOST_TEST((reason_of(fault_of_server(content, nullptr, {"gone", "default", "P1M", 1})) == Reason::unknown_plan));
    BOOST_TEST((reason_of(fault_of_server(content, &plans[1], {"ram-64", "default", "P1M", 1})) == Reason::unknown_plan));
    BOOST_TEST((reason_of(fault_of_server(content, &plans[0], {"core", "default", "P1M", 21})) == Reason::quantity_out_of_range));
    auto unsold = plans[0];
    unsold.sold = false;
    BOOST_TEST((reason_of(fault_of_server(content, &unsold, {"core", "default", "P1M", 1})) == Reason::unknown_plan));
}

BOOST_AUTO_TEST_CASE(O8_a_bad_duration_lists_what_the_plan_is_sold_for)
{
    const auto plan = server_plan();
    for (const char* duration : {"PT18.179651S", "P2M", "", "monthly"}) {
        const auto fault = fault_of_server(empty_cart(), &plan, {"core", "default", duration, 1});
        BOOST_TEST((reason_of(fault) == Reason::unknown_pricing));
        BOOST_TEST(mentions(fault->text, "P1M in mode default, P12M in mode upfront12"));
    }
    BOOST_TEST((reason_of(fault_of_server(empty_cart(), &plan, {"core", "upfront12", "P1M", 1})) == Reason::unknown_pricing));
}

BOOST_AUTO_TEST_CASE(an_option_goes_with_a_server_that_takes_it)
{
    const auto plans = all_plans();
    auto content = complete_cart();
    const auto& server = content.items[0];
    const auto second = fault_of_option(content, server, plans[0], &plans[2], {"ram-128", "default", "P1M", 1});
    BOOST_TEST((reason_of(second) == Reason::option_taken));
    BOOST_TEST(mentions(second->text, "DELETE /order/cart/" + content.cart.uuid.text() + "/item/8"));
    const auto foreign = fault_of_option(content, server, plans[0], nullptr, {"gpu", "default", "P1M", 1});
    BOOST_TEST((reason_of(foreign) == Reason::unknown_option));
    BOOST_TEST(mentions(foreign->text, "memory: ram-64, ram-128; ip: ipv4"));
    BOOST_TEST(!fault_of_option(content, server, plans[0], &plans[3], {"ipv4", "default", "P1M", 1}).has_value());
    BOOST_TEST(
        (reason_of(fault_of_option(content, server, plans[0], &plans[3], {"ipv4", "default", "P12M", 1})) == Reason::unknown_pricing));
    BOOST_TEST(
        (reason_of(fault_of_option(content, server, plans[0], &plans[3], {"ipv4", "default", "P1M", 2})) == Reason::quantity_out_of_range));
}

BOOST_AUTO_TEST_CASE(an_option_has_the_periods_of_its_server)
{
    auto plans = all_plans();
    plans[3].pricings.push_back(pricing(0, 3300, yearly, "upfront12"));
    const auto content = complete_cart(); // its server is monthly
    const auto fault = fault_of_option(content, content.items[0], plans[0], &plans[3], {"ipv4", "upfront12", "P12M", 1});
    BOOST_TEST((reason_of(fault) == Reason::unknown_pricing));
    BOOST_TEST(mentions(fault->text, "must be P1M"));
}

BOOST_AUTO_TEST_CASE(a_cart_is_full_some_day)
{
    auto content = empty_cart();
    const auto plan = server_plan();
    for (std::size_t i = 0; i < CartLimits::items; ++i) content.items.push_back(item(static_cast<std::int64_t>(i) + 1, plan));
    BOOST_TEST((reason_of(fault_of_server(content, &plan, {"core", "default", "P1M", 1})) == Reason::cart_full));
    content.items.pop_back();
    BOOST_TEST(!fault_of_server(content, &plan, {"core", "default", "P1M", 1}).has_value());
}

BOOST_AUTO_TEST_CASE(O4_a_label_that_is_set_names_its_configuration)
{
    const auto content = complete_cart();
    const auto fault = fault_of_configuration(content, content.items[0], all_plans(), "dedicated_datacenter", "gla");
    BOOST_TEST((reason_of(fault) == Reason::label_taken));
    BOOST_TEST(mentions(fault->text, "by configuration 3"));
    BOOST_TEST(mentions(fault->text, "/item/7/configuration/3"));
}

BOOST_AUTO_TEST_CASE(O6_a_label_of_another_item_names_it)
{
    auto content = complete_cart();
    content.items.push_back(item(9, all_plans()[3], 7));
    const auto fault = fault_of_configuration(content, content.items[0], all_plans(), "ptr", "a.example");
    BOOST_TEST((reason_of(fault) == Reason::unknown_label));
    BOOST_TEST(mentions(fault->text, "it belongs to item 9 (ipv4)"));
    const auto unknown = fault_of_configuration(content, content.items[0], all_plans(), "colour", "red");
    BOOST_TEST(mentions(unknown->text, "it has: dedicated_datacenter, comment"));
    BOOST_TEST(mentions(fault_of_configuration(content, content.items[1], all_plans(), "colour", "red")->text, "it has: none"));
}

BOOST_AUTO_TEST_CASE(a_value_is_one_of_those_allowed)
{
    auto content = complete_cart();
    content.items[0].configurations.clear();
    const auto fault = fault_of_configuration(content, content.items[0], all_plans(), "dedicated_datacenter", "paris");
    BOOST_TEST((reason_of(fault) == Reason::value_not_allowed));
    BOOST_TEST(mentions(fault->text, "gla, zrh"));
    BOOST_TEST(!fault_of_configuration(content, content.items[0], all_plans(), "dedicated_datacenter", "gla").has_value());
}

BOOST_AUTO_TEST_CASE(a_cart_expires_unless_it_was_bought)
{
    auto cart = empty_cart().cart;
    BOOST_TEST(!fault_of_change(cart, now).has_value());
    cart.expires_at = now;
    BOOST_TEST((reason_of(fault_of_use(cart, now)) == Reason::cart_expired));
    BOOST_TEST(mentions(fault_of_use(cart, now)->text, "2026-11-24T12:00:00Z"));
    cart.frozen = true;
    cart.checkout = 42;
    BOOST_TEST(!fault_of_use(cart, now).has_value());
    BOOST_TEST((reason_of(fault_of_change(cart, now)) == Reason::cart_checked_out));
    BOOST_TEST(mentions(fault_of_change(cart, now)->text, "orderId is 42"));
}

BOOST_AUTO_TEST_CASE(an_expiry_lies_in_the_next_thirty_days)
{
    BOOST_TEST(fault_of_expiry(now, now).has_value());
    BOOST_TEST(!fault_of_expiry(now + 1s, now).has_value());
    BOOST_TEST(!fault_of_expiry(now + std::chrono::days{30}, now).has_value());
    BOOST_TEST(fault_of_expiry(now + std::chrono::days{30} + 1s, now).has_value());
}

BOOST_AUTO_TEST_CASE(quantity_and_duration_are_changed_at_the_server)
{
    auto plans = all_plans();
    const auto content = complete_cart();
    BOOST_TEST((reason_of(fault_of_quantity(content, content.items[1], plans[1], 2)) == Reason::quantity_out_of_range));
    BOOST_TEST(!fault_of_quantity(content, content.items[0], plans[0], 20).has_value());
    BOOST_TEST((reason_of(fault_of_quantity(content, content.items[0], plans[0], 21)) == Reason::quantity_out_of_range));
    BOOST_TEST((reason_of(fault_of_duration(content, content.items[1], plans, "P1M")) == Reason::unknown_pricing));
    BOOST_TEST((reason_of(fault_of_duration(content, content.items[0], plans, "P12M")) == Reason::unknown_pricing)); // not in its mode

    plans[0].pricings.push_back(pricing(0, 30000, {3, Interval::Unit::month}));
    const auto fault = fault_of_duration(content, content.items[0], plans, "P3M");
    BOOST_TEST(mentions(fault->text, "ram-64"));
    BOOST_TEST(mentions(fault->text, "/item/8 first"));
    plans[1].pricings.push_back(pricing(0, 3000, {3, Interval::Unit::month}));
    BOOST_TEST(!fault_of_duration(content, content.items[0], plans, "P3M").has_value());
    const auto items = with_duration(content, content.items[0], plans, "P3M");
    BOOST_REQUIRE(items.size() == 2u);
    BOOST_TEST(items[0].recurring.minor == 30000);
    BOOST_TEST(items[1].recurring.minor == 3000);
    BOOST_TEST((items[1].duration == Interval{3, Interval::Unit::month}));
}

BOOST_AUTO_TEST_CASE(a_server_is_told_by_its_name_options_and_place)
{
    const auto content = complete_cart();
    BOOST_TEST(detail_of(content, content.items[0], 255) == "Core, Option ram-64, zrh");
    BOOST_TEST(detail_of(content, content.items[0], 6) == "Core, ");
}

BOOST_AUTO_TEST_CASE(what_is_not_delivered_has_a_number_for_a_name)
{
    auto content = complete_cart();
    content.items.push_back(item(9, all_plans()[3], 7));
    content.items.push_back(item(10, all_plans()[0]));
    BOOST_TEST(placeholder_of(content, content.items[0]) == "*001");
    BOOST_TEST(placeholder_of(content, content.items[1]) == "*001.001");
    BOOST_TEST(placeholder_of(content, content.items[2]) == "*001.002");
    BOOST_TEST(placeholder_of(content, content.items[3]) == "*002");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cart_prices)

namespace {

Item terms_of_swiss(Interval duration)
{
    Item terms{.sku = "dedicated-server", .interval = duration};
    terms.vat = VatHistory{{{Day{std::chrono::year{2024} / 1 / 1}, {810}}}};
    return terms;
}

/// What the orders of the cart are billed on the day, each for itself, as the billing run does it.
DraftTotals billed(const CartContent& content, const TermsOf& terms, Date day)
{
    BillingAccount account;
    for (const auto& server : content.items) {
        if (server.parent) continue;
        const auto charge = charge_of(content, server);
        for (int unit = 0; unit < server.quantity; ++unit) {
            Subscription order{.start = day, .trial_end = day};
            order.versions.push_back({.from = day,
                .item = &terms(server.duration),
                .anchor = day,
                .unit_minor = charge.recurring.minor,
                .once_minor = charge.setup.minor,
                .charges_once = true});
            account.add(order);
        }
    }
    return domain::totals_of(bill(account, day, 1));
}

} // namespace

BOOST_AUTO_TEST_CASE(O10_first_payment_setup_and_what_comes_afterwards_are_told_for_each_server)
{
    const auto content = complete_cart();
    const auto terms = terms_of_swiss(monthly);
    const auto lines = lines_of(
        content, [&](Interval) -> const Item& { return terms; }, *date_from("2026-11-24"));
    BOOST_REQUIRE(lines.size() == 4u);
    BOOST_TEST((lines[0].type == CartLineType::duration));
    BOOST_TEST((lines[1].type == CartLineType::installation));
    BOOST_TEST(lines[0].total.minor == 10900);
    const auto first = totals_of(lines, Currency::chf);
    BOOST_TEST(first.net.minor == 10900 + 9900 + 1200 + 100);
    BOOST_TEST(first.vat.minor == 980 + 810); // 8.1 % of 121.00 and of 100.00
    BOOST_TEST(first.gross.minor == first.net.minor + first.vat.minor);
    const auto recurring = recurring_of(lines, content).at("P1M");
    BOOST_TEST(recurring.net.minor == 12100);
    BOOST_TEST(recurring.vat.minor == 980);
    BOOST_TEST(totals_of(lines, Currency::chf, CartLineType::installation).net.minor == 10000);
    BOOST_TEST(lines_of_server(lines, content, content.items[0]).size() == 4u);
}

// Whatever is in a cart: lines add up, tax is that of the invoices, and no part of it gets lost between servers and options.
BOOST_AUTO_TEST_CASE(the_tax_of_any_cart_is_that_of_its_orders_to_the_last_cent)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    const auto number = [&](int least, int most) { return std::uniform_int_distribution{least, most}(random); };
    for (int round = 0; round < 500; ++round) {
        auto content = empty_cart();
        const int rate = number(0, 2700);
        std::map<int, Item> items;
        const TermsOf terms = [&](Interval duration) -> const Item& {
            auto [known, is_new] = items.try_emplace(duration.count, Item{.sku = "s", .interval = duration});
            if (is_new && rate > 0)
                known->second.vat =
                    VatHistory{{{Day{std::chrono::year{2024} / 1 / 1}, {rate}}, {Day{std::chrono::year{2027} / 1 / 1}, {rate + 30}}}};
            return known->second;
        };
        std::int64_t id = 1;
        for (int servers = number(0, 4); servers > 0; --servers) {
            const auto parent = id++;
            const Interval duration{number(1, 12), Interval::Unit::month};
            const int quantity = number(1, 20);
            const auto piece = [&](std::int64_t of, std::optional<std::int64_t> with) {
                return CartItem{.id = of,
                    .parent = with,
                    .duration = duration,
                    .quantity = quantity,
                    .setup = {number(0, 3) * number(0, 9999)},
                    .recurring = {number(0, 3) * number(0, 99999)}};
            };
            content.items.push_back(piece(parent, {}));
            for (int options = number(0, 5); options > 0; --options) content.items.push_back(piece(id++, parent));
        }
        const Date day{Day{std::chrono::year{2026} / 1 / 1} + std::chrono::days{number(0, 700)}};
        const auto lines = lines_of(content, terms, day);
        const auto sum = totals_of(lines, Currency::chf);
        const auto real = billed(content, terms, day);
        BOOST_TEST(sum.net.minor == real.net, "seed " << seed << ", round " << round);
        BOOST_TEST(sum.vat.minor == real.vat, "seed " << seed << ", round " << round << ": " << sum.vat.minor << " and " << real.vat);
        BOOST_TEST(sum.gross.minor == real.gross, "seed " << seed << ", round " << round);
        BOOST_TEST(lines.size() == content.items.size() * 2);
        for (const auto& [duration, totals] : recurring_of(lines, content)) {
            auto alike = content;
            std::erase_if(alike.items, [&](const CartItem& each) { return to_text(each.duration) != duration; });
            for (auto& each : alike.items) each.setup = {0};
            const auto later = billed(alike, terms, day);
            BOOST_TEST(totals.net.minor == later.net, "seed " << seed << ", round " << round);
            BOOST_TEST(totals.vat.minor == later.vat, "seed " << seed << ", round " << round);
        }
        BOOST_TEST(std::ranges::all_of(lines, [](const CartLine& line) { return line.total.minor == line.unit.minor * line.quantity; }));
    }
}

BOOST_AUTO_TEST_SUITE_END()
