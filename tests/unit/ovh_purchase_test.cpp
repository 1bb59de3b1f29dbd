#include "client/cart_commands.h"
#include "client/catalogue.h"
#include "client/item_setup.h"
#include "client/order_payment.h"
#include "client/purchase.h"
#include "fake/ovh_shop.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using namespace std::chrono_literals;
namespace bdata = boost::unit_test::data;
using client::Exit;
using client::Failure;
using fake::OvhShop;
using fake::Reaction;

constexpr auto checkout_path = "/order/cart/cart-1/checkout";

/// Somebody with keys, a journal and nobody to ask.
struct Buyer {
    explicit Buyer(OvhShop& ovh, std::string journal = "")
        : shop{ovh},
          folder{journal.empty() ? fresh_folder() : std::move(journal)},
          ovh_client{{.url = shop.url(),
              .credentials = {.application_key = "ak", .application_secret = "as-secret-as-can-be", .consumer_key = "ck-secret-as-can-be"},
              .timeout = 20s,
              .tries = 2,
              .first_pause = 1ms}}
    {
    }

    static std::string fresh_folder()
    {
        static int number = 0;
        const auto folder =
            std::filesystem::temp_directory_path() / ("ovh-order." + std::to_string(::getpid()) + '.' + std::to_string(++number));
        std::filesystem::remove_all(folder);
        return folder.string();
    }

    client::Purchase purchase()
    {
        return {api, console, folder,
            {.first_wait = 1ms, .longest_wait = 1ms, .patience = patience, .sleep = [](std::chrono::milliseconds) {}}};
    }
    Exit order(client::PurchaseWish wish) { return purchase().order(std::move(wish), decisions); }
    Exit resume() { return purchase().resume("", decisions); }

    /// What a failing order says, and how it ends.
    Failure failure_of(const std::function<void()>& work)
    {
        try {
            work();
        } catch (const Failure& failure) {
            return failure;
        }
        BOOST_FAIL("no failure");
        std::abort();
    }

    Failure failure_of_order(const client::PurchaseWish& wanted)
    {
        return failure_of([&] { order(wanted); });
    }

    std::string told() const { return out.str() + notes.str(); }

    OvhShop& shop;
    std::string folder;
    gateway::OvhClient ovh_client;
    client::OrderApi api{ovh_client};
    std::ostringstream out{}, notes{};
    client::Console console{.out = out, .notes = notes};
    std::optional<std::chrono::milliseconds> patience{1s};
    client::PurchaseDecisions decisions{.yes = true, .auto_pay = true, .cheapest = true};
};

const client::PurchaseWish wish{.plan_code = "s1", .configuration = {{"dedicated_datacenter", "gra"}}};

/// Does this to the first calls of that kind.
OvhShop::Interfere once(const std::string& wanted_method, const std::string& wanted_path, OvhShop::Interference meddling, int times = 1)
{
    return [=, left = std::make_shared<std::atomic<int>>(times)](const std::string& method, const std::string& path) {
        return method == wanted_method && path == wanted_path && (*left)-- > 0 ? meddling : OvhShop::Interference{};
    };
}

const OvhShop::Interference answer_is_lost{.carried_out = true, .reaction = Reaction{.mode = Reaction::Mode::close}};
const OvhShop::Interference request_is_lost{.carried_out = false, .reaction = Reaction{.mode = Reaction::Mode::close}};

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_purchase)

BOOST_AUTO_TEST_CASE(the_whole_way_from_a_plan_to_a_server)
{
    OvhShop shop;
    Buyer buyer{shop};
    BOOST_TEST((buyer.order(wish) == Exit::done));
    BOOST_TEST(shop.order_count() == 1U);
    BOOST_TEST(shop.checkouts() == 1);
    BOOST_TEST(buyer.out.str().find("ns1000.example.net") != std::string::npos);
    BOOST_TEST(client::unfinished_purchases(buyer.folder).empty());
}

// manager 2011, mngr 2135: a base price misled buyers.
BOOST_AUTO_TEST_CASE(first_payment_setup_tax_and_what_follows_are_shown_before_anybody_is_asked)
{
    OvhShop shop;
    Buyer buyer{shop};
    std::string shown;
    buyer.decisions = {.auto_pay = false, .cheapest = true};
    buyer.console.ask = [&](const std::string&) { return shown = buyer.notes.str(), "n"; };
    BOOST_TEST((buyer.failure_of([&] { buyer.order(wish); }).exit() == Exit::refused));
    for (const char* text :
        {"setup, once", "5.00 EUR", "FIRST PAYMENT", "19.20 EUR", "tax", "3.20 EUR", "afterwards each month", "11.00 EUR"})
        BOOST_TEST(shown.find(text) != std::string::npos, text);
    BOOST_TEST(shop.order_count() == 0U);
    BOOST_TEST(shop.cart_count() == 0U); // never ordered, so it is not left behind
    BOOST_TEST(client::unfinished_purchases(buyer.folder).empty());
}

// O11: what has become dearer than the buyer allows is not ordered.
BOOST_AUTO_TEST_CASE(a_price_above_the_limit_is_not_ordered)
{
    OvhShop shop;
    Buyer buyer{shop};
    auto limited = wish;
    limited.max_total = client::Amount{19'19'000'000 - 1, ""};
    BOOST_TEST((buyer.failure_of([&] { buyer.order(limited); }).exit() == Exit::refused));
    limited.max_total = client::Amount{100'00'000'000, "CHF"};
    BOOST_TEST((buyer.failure_of([&] { buyer.order(limited); }).exit() == Exit::refused));
    BOOST_TEST(shop.checkouts() == 0);
    limited.max_total = client::Amount{19'20'000'000, "EUR"};
    BOOST_TEST((buyer.order(limited) == Exit::done));
}

// O11: promotions and stock change between dry run and checkout.
BOOST_AUTO_TEST_CASE(an_order_dearer_than_agreed_is_told_to_somebody)
{
    OvhShop shop;
    shop.price_change = 1;
    Buyer buyer{shop};
    BOOST_TEST((buyer.order(wish) == Exit::needs_human));
    BOOST_TEST(buyer.told().find("19.21 EUR, but 19.20 EUR was agreed to") != std::string::npos);
    BOOST_TEST(client::unfinished_purchases(buyer.folder).size() == 1U);
}

// O3, ovhcloud-cli 246: `required` is wrong both ways. O2, order-cart-examples 5, node-ovh 30: nobody knew where to set the label.
BOOST_AUTO_TEST_CASE(what_the_dry_run_misses_is_told_with_the_command_that_sets_it)
{
    OvhShop shop;
    Buyer buyer{shop};
    const auto failure = buyer.failure_of([&] { buyer.order({.plan_code = "s1"}); });
    BOOST_TEST(failure.remedy() == "ovh-order configure cart-1 1 dedicated_datacenter=gra   (or rbx)");
    BOOST_TEST(shop.checkouts() == 0);

    client::configure_item(buyer.api, buyer.console, "cart-1", 1, {{"dedicated_datacenter", "rbx"}});
    BOOST_TEST((buyer.resume() == Exit::done)); // in the same cart
    BOOST_TEST(shop.cart_count() == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_dry_run_misses_is_asked_for_where_somebody_sits)
{
    OvhShop shop;
    Buyer buyer{shop};
    std::vector<std::string> answers{"paris", "rbx", "y"}; // not allowed, allowed, agreed
    buyer.decisions.yes = false;
    buyer.console.ask = [&](const std::string&) {
        const auto answer = answers.front();
        answers.erase(answers.begin());
        return answer;
    };
    BOOST_TEST((buyer.order({.plan_code = "s1"}) == Exit::done));
    BOOST_TEST(answers.empty());
}

// kimsufi-notifier 30, 36: set twice, refused at checkout.
BOOST_AUTO_TEST_CASE(setting_a_label_replaces_it)
{
    OvhShop shop;
    Buyer buyer{shop};
    const auto cart = buyer.api.create_cart("FR", "").id;
    client::add_to_cart(buyer.api, buyer.console, cart, {.plan_code = "s1", .cheapest = true});
    for (const char* value : {"gra", "gra", "rbx", "gra"})
        client::configure_item(buyer.api, buyer.console, cart, 1, {{"dedicated_datacenter", value}});
    const auto standing = buyer.api.configurations(cart, 1);
    BOOST_TEST_REQUIRE(standing.size() == 1U);
    BOOST_TEST(standing.front().value == "gra");
    BOOST_TEST(shop.count("POST", "/order/cart/cart-1/item/1/configuration") == 3); // the second time it stood already
    BOOST_TEST(
        (buyer.failure_of([&] {
                  client::configure_item(buyer.api, buyer.console, cart, 1, {{"dedicated_datacenter", "paris"}});
              }).exit()
            == Exit::usage));
}

// O17, mngr F1: validation that ran only after paying.
BOOST_AUTO_TEST_CASE(what_cannot_be_ordered_is_refused_before_anything_is_sent)
{
    OvhShop shop;
    Buyer buyer{shop};
    const auto exit_of = [&](client::PurchaseWish wrong) { return buyer.failure_of([&] { buyer.order(std::move(wrong)); }).exit(); };
    BOOST_TEST((exit_of({.plan_code = "s2"}) == Exit::not_found));
    BOOST_TEST((exit_of({.plan_code = "s1", .term = {"P7M", ""}}) == Exit::usage));
    BOOST_TEST((exit_of({.plan_code = "s1", .options = {"ram-9"}}) == Exit::usage));
    BOOST_TEST((exit_of({.plan_code = "s1", .options = {"ram-8", "ram-32"}}) == Exit::usage));
    buyer.decisions.cheapest = false;
    const auto missing = buyer.failure_of([&] { buyer.order({.plan_code = "s1"}); });
    BOOST_TEST((missing.exit() == Exit::usage));
    for (const char* text : {"--cheapest", "ram-8  1.00 EUR", "ram-32  3.00 EUR"})
        BOOST_TEST(missing.remedy().find(text) != std::string::npos);
    buyer.decisions.auto_pay.reset();
    BOOST_TEST((exit_of(wish) == Exit::usage)); // how it is paid is said, never guessed
    buyer.decisions = {.auto_pay = true, .cheapest = true};
    BOOST_TEST((exit_of(wish) == Exit::usage)); // nobody agrees
    BOOST_TEST(shop.checkouts() == 0);
    BOOST_TEST(shop.cart_count() == 0U);
}

// O27, terraform 217: a list of subsidiaries refused "us", where orders tell by operations what others tell by an extension.
BOOST_AUTO_TEST_CASE(an_account_of_any_subsidiary_orders)
{
    OvhShop shop;
    shop.fixed["GET /me"] = Reaction{.body = R"({"nichandle":"xx1-ovh","ovhSubsidiary":"US","currency":{"code":"USD"}})"};
    const std::string line = "GET /me/order/1000/details/10000";
    shop.fixed[line + "/extension"] = Reaction{.status = 404, .body = R"({"message":"Got an invalid (or empty) URL"})"};
    shop.fixed[line + "/operations"] = Reaction{.body = "[1]"};
    shop.fixed[line + "/operations/1"] = Reaction{.body = R"({"id":1,"resource":{"name":"ns1.ovh.us"}})"};
    Buyer buyer{shop};
    BOOST_TEST((buyer.order(wish) == Exit::done));
    BOOST_TEST(buyer.out.str().find("ns1.ovh.us") != std::string::npos);
    const auto calls = shop.calls();
    const auto cart =
        std::ranges::find_if(calls, [](const auto& call) { return call.method == "POST" && call.target == "/1.0/order/cart"; });
    BOOST_TEST_REQUIRE((cart != calls.end()));
    BOOST_TEST(cart->body.find(R"("ovhSubsidiary":"US")") != std::string::npos, cart->body);
}

// O22, manager 2591, 3138: paid at once without anything to pay with.
BOOST_AUTO_TEST_CASE(paying_at_once_needs_a_preferred_method_before_anything_is_made)
{
    OvhShop shop;
    shop.fixed["GET /me/payment/method"] = Reaction{.body = "[]"};
    Buyer buyer{shop};
    BOOST_TEST((buyer.failure_of([&] { buyer.order(wish); }).exit() == Exit::refused));
    BOOST_TEST(shop.cart_count() == 0U);
}

struct LostCheckout {
    OvhShop::Interference meddling{};
    bool tells_order{false};
    int checkouts{1};
    friend std::ostream& operator<<(std::ostream& out, const LostCheckout& lost)
    {
        return out << (lost.meddling.carried_out ? "answer" : "request") << " lost, cart "
                   << (lost.tells_order ? "tells" : "does not tell");
    }
};

const LostCheckout lost_checkouts[] = {
    {answer_is_lost, true, 1},
    {answer_is_lost, false, 1},
    {request_is_lost, true, 2},
    {request_is_lost, false, 2},
    {{.carried_out = true, .reaction = Reaction{.status = 500, .body = R"({"message":"Internal server error"})"}}, false, 1},
    {{.carried_out = true, .reaction = Reaction{.status = 504, .body = "<html>"}}, true, 1},
    {{.carried_out = true, .reaction = Reaction{.body = "{}"}}, false, 1},
    {{.carried_out = false, .reaction = Reaction{.status = 503}}, false, 2},
};

BOOST_DATA_TEST_CASE(a_checkout_without_an_answer_is_looked_up_and_makes_one_order, bdata::make(lost_checkouts), lost)
{
    OvhShop shop;
    shop.tells_order_of_cart = lost.tells_order;
    shop.order_by_somebody_else("s1", 1920, "rbx"); // the same plan at the same price, elsewhere
    shop.order_by_somebody_else("s1", 9999, "gra");
    shop.interfere = once("POST", checkout_path, lost.meddling);
    Buyer buyer{shop};
    BOOST_TEST((buyer.order(wish) == Exit::done));
    BOOST_TEST(shop.order_count() == 3U);
    BOOST_TEST(shop.cart_count() == 1U);
    BOOST_TEST(shop.checkouts() == lost.checkouts);
    BOOST_TEST(buyer.out.str().find("ns1002.example.net") != std::string::npos);
}

// Killed after the request was written, or before: what a process leaves is its journal.
BOOST_DATA_TEST_CASE(
    a_killed_purchase_is_resumed_without_a_second_order, bdata::make({true, false}) * bdata::make({true, false}), carried_out, tells)
{
    OvhShop shop;
    shop.tells_order_of_cart = tells;
    Buyer buyer{shop};
    {
        auto journal = client::PurchaseJournal::begin(buyer.folder, shop.url(), wish);
        Buyer before{shop, buyer.folder};
        const auto cart = before.api.create_cart("FR", "").id;
        journal.note_cart(cart, true);
        client::add_to_cart(before.api, before.console, cart, {.plan_code = "s1", .options = {"ram-8"}});
        client::configure_item(before.api, before.console, cart, 1, wish.configuration);
        before.api.assign(cart);
        auto whole = wish;
        whole.options = {"ram-8"};
        whole.term = {"P1M", "default"};
        journal.note_wish(whole);
        journal.note_shown({19'20'000'000, "EUR"});
        journal.note_checkout_sent();
        if (carried_out) static_cast<void>(before.api.checkout(cart, {}));
    }
    BOOST_TEST((buyer.failure_of_order(wish).exit() == Exit::conflict)); // the next run does not order again
    BOOST_TEST((buyer.resume() == Exit::done));
    BOOST_TEST(shop.order_count() == 1U);
    BOOST_TEST(shop.checkouts() == 1);
}

BOOST_AUTO_TEST_CASE(an_order_that_cannot_be_told_is_held_for_a_human_and_no_other_cart_is_made)
{
    OvhShop shop;
    shop.order_by_somebody_else("s1", 1920, "gra"); // like ours in all that can be seen
    shop.interfere = once("POST", checkout_path, answer_is_lost);
    Buyer buyer{shop};
    for (int time = 0; time < 2; ++time) {
        BOOST_TEST(((time == 0 ? buyer.order(wish) : buyer.resume()) == Exit::needs_human));
        BOOST_TEST(shop.order_count() == 2U);
        BOOST_TEST(shop.cart_count() == 1U);
        BOOST_TEST(shop.checkouts() == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_falls_silent_after_the_checkout_is_asked_later)
{
    OvhShop shop;
    std::atomic<bool> silent{false};
    shop.interfere = [&](const std::string& method, const std::string& path) {
        if (method == "POST" && path == checkout_path) return silent = true, answer_is_lost;
        return silent ? request_is_lost : OvhShop::Interference{};
    };
    Buyer buyer{shop};
    const auto failure = buyer.failure_of([&] { buyer.order(wish); });
    BOOST_TEST((failure.exit() == Exit::temporary));
    BOOST_TEST(failure.remedy().starts_with("ovh-order order dedicated --resume "));
    silent = false;
    shop.interfere = {};
    BOOST_TEST((buyer.resume() == Exit::done));
    BOOST_TEST(shop.order_count() == 1U);
}

// terraform 741, 985, 1118: the order was there, its number was not.
BOOST_AUTO_TEST_CASE(the_order_is_written_down_before_anything_else_can_fail)
{
    OvhShop shop;
    Buyer buyer{shop};
    std::optional<std::int64_t> noted_before_next_call;
    std::atomic<bool> placed{false};
    shop.interfere = [&](const std::string& method, const std::string& path) {
        if (method == "POST" && path == checkout_path) placed = true;
        else if (placed && !noted_before_next_call) noted_before_next_call = client::unfinished_purchases(buyer.folder).front().order;
        return OvhShop::Interference{};
    };
    buyer.order(wish);
    BOOST_TEST(noted_before_next_call.value() == 1000);
}

BOOST_AUTO_TEST_CASE(a_checkout_is_written_down_before_it_is_sent)
{
    OvhShop shop;
    Buyer buyer{shop};
    bool was_open = false;
    shop.interfere = [&](const std::string& method, const std::string& path) {
        if (method == "POST" && path == checkout_path) was_open = client::unfinished_purchases(buyer.folder).front().is_checkout_open();
        return OvhShop::Interference{};
    };
    buyer.order(wish);
    BOOST_TEST(was_open);
}

BOOST_AUTO_TEST_CASE(a_second_process_keeps_its_hands_off)
{
    OvhShop shop;
    Buyer buyer{shop};
    const auto journal = client::PurchaseJournal::begin(buyer.folder, shop.url(), wish);
    BOOST_TEST((buyer.failure_of([&] { buyer.resume(); }).exit() == Exit::conflict));
    BOOST_TEST(shop.calls().empty());
}

BOOST_AUTO_TEST_CASE(a_refused_checkout_leaves_the_cart_to_be_mended)
{
    OvhShop shop;
    shop.interfere = once("POST", checkout_path,
        {.carried_out = false, .reaction = Reaction{.status = 400, .body = R"({"message":"s1 is not available in gra"})"}});
    Buyer buyer{shop};
    BOOST_TEST((buyer.failure_of([&] { buyer.order(wish); }).exit() == Exit::refused));
    BOOST_TEST(shop.checkouts() == 1);
    BOOST_TEST((buyer.resume() == Exit::done));
    BOOST_TEST(shop.order_count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_cart_that_was_ordered_is_not_ordered_again)
{
    OvhShop shop;
    shop.tells_order_of_cart = true;
    Buyer buyer{shop};
    buyer.order(wish);
    const auto failure = buyer.failure_of([&] { buyer.purchase().checkout("cart-1", {}, buyer.decisions); });
    BOOST_TEST((failure.exit() == Exit::conflict));
    BOOST_TEST(failure.remedy() == "ovh-order order follow 1000");
    BOOST_TEST(shop.checkouts() == 1);
}

BOOST_AUTO_TEST_CASE(a_cart_that_somebody_filled_is_bought_and_resumed_as_it_is)
{
    OvhShop shop;
    Buyer buyer{shop};
    const auto cart = buyer.api.create_cart("FR", "").id;
    for (int servers = 0; servers < 2; ++servers)
        client::add_to_cart(buyer.api, buyer.console, cart, {.plan_code = "s1", .cheapest = true});
    for (const std::int64_t item : {1, 3}) client::configure_item(buyer.api, buyer.console, cart, item, {{"dedicated_datacenter", "gra"}});
    shop.interfere = once("POST", checkout_path, {.carried_out = false, .reaction = Reaction{.status = 400}});
    BOOST_TEST((buyer.failure_of([&] { buyer.purchase().checkout(cart, {}, buyer.decisions); }).exit() == Exit::refused));
    BOOST_TEST((buyer.failure_of([&] { buyer.purchase().checkout(cart, {}, buyer.decisions); }).exit() == Exit::conflict)); // resume that
    BOOST_TEST((buyer.resume() == Exit::done));
    BOOST_TEST(buyer.api.cart(cart).items.size() == 4U);
    BOOST_TEST(shop.order_count() == 1U);
}

BOOST_AUTO_TEST_CASE(clean_takes_only_carts_that_were_never_ordered)
{
    OvhShop shop;
    Buyer buyer{shop};
    buyer.order(wish);
    for (int i = 0; i < 3; ++i) buyer.api.assign(buyer.api.create_cart("FR", "left behind").id);
    client::clean_carts(buyer.api, buyer.console, "", {"cart-3"}, true);
    BOOST_TEST(shop.cart_count() == 2U); // the ordered one, and the one that is kept
    BOOST_TEST(shop.count("DELETE", "/order/cart/cart-1") == 0);
    BOOST_TEST((buyer.failure_of([&] { client::clean_carts(buyer.api, buyer.console, "", {}, false); }).exit() == Exit::usage));
}

struct StatusCase {
    const char* name{};
    Exit exit{};
    friend std::ostream& operator<<(std::ostream& out, const StatusCase& status) { return out << status.name; }
};

// O14: terraform's wait takes every status but two for an error, while the order lives.
const StatusCase all_statuses[] = {{"cancelled", Exit::refused}, {"cancelling", Exit::pending}, {"checking", Exit::pending},
    {"delivered", Exit::done}, {"delivering", Exit::pending}, {"documentsRequested", Exit::needs_human}, {"notPaid", Exit::needs_human},
    {"unknown", Exit::pending}, {"brandNew", Exit::pending}};

BOOST_DATA_TEST_CASE(each_status_ends_waiting_or_does_not, bdata::make(all_statuses), status)
{
    OvhShop shop;
    shop.statuses = {status.name};
    const auto order = shop.order_by_somebody_else("s1", 1920, "gra");
    Buyer buyer{shop};
    int waits = 0;
    const client::FollowTerms terms{.patience = 40min, .sleep = [&](std::chrono::milliseconds) { ++waits; }};
    BOOST_TEST((client::follow_order(buyer.api, buyer.console, order, terms) == status.exit));
    BOOST_TEST((waits > 0) == (status.exit == Exit::pending));
}

// O18, terraform 985, 1004: waits of half an hour, then of two, ended while a server was still being delivered.
BOOST_AUTO_TEST_CASE(waiting_grows_from_ten_seconds_to_ten_minutes_and_survives_trouble)
{
    OvhShop shop;
    shop.statuses = std::vector<std::string>(15, "delivering");
    shop.statuses.emplace_back("delivered");
    const auto order = shop.order_by_somebody_else("s1", 1920, "gra");
    shop.interfere = once("GET", "/me/order/1000/status", {.carried_out = false, .reaction = Reaction{.status = 503}}, 4);
    Buyer buyer{shop};
    std::vector<std::chrono::milliseconds> waits;
    const client::FollowTerms terms{.sleep = [&](std::chrono::milliseconds wait) { waits.push_back(wait); }};
    BOOST_TEST((client::follow_order(buyer.api, buyer.console, order, terms) == Exit::done));
    BOOST_TEST((waits.front() == 10s));
    BOOST_TEST((waits.back() == 10min));
    BOOST_TEST(std::ranges::is_sorted(waits));
    BOOST_TEST(buyer.notes.str().find("the order is not concerned") != std::string::npos);
    const auto event = buyer.notes.str().find("ORDER_STARTED");
    BOOST_TEST(event != std::string::npos);
    BOOST_TEST(buyer.notes.str().find("ORDER_STARTED", event + 1) == std::string::npos); // told once
}

BOOST_AUTO_TEST_CASE(an_order_is_paid_by_what_was_said_and_nothing_else)
{
    OvhShop shop;
    shop.statuses = {"notPaid", "checking"};
    const auto order = shop.order_by_somebody_else("s1", 1920, "gra");
    Buyer buyer{shop};
    const auto failure = buyer.failure_of([&] { client::pay_order(buyer.api, buyer.console, order, {}); });
    BOOST_TEST((failure.exit() == Exit::usage));
    BOOST_TEST(failure.remedy() == "ovh-order order pay 1000 --method 7\novh-order order pay 1000 --method 9");
    BOOST_TEST(shop.payments == 0);

    shop.statuses = {"notPaid", "notPaid", "checking"};
    BOOST_TEST((client::pay_order(buyer.api, buyer.console, order, {.method = 9}) == Exit::pending));
    BOOST_TEST(shop.calls().back().method == "GET");
    BOOST_TEST(shop.payments == 1);
    BOOST_TEST((buyer.failure_of([&] { client::pay_order(buyer.api, buyer.console, order, {.method = 9}); }).exit() == Exit::conflict));
}

// O22, terraform 646, 405, 376: no way to pay, no way back.
BOOST_AUTO_TEST_CASE(a_refused_payment_names_the_other_ways)
{
    OvhShop shop;
    shop.statuses = {"notPaid"};
    shop.order_by_somebody_else("s1", 1920, "gra");
    shop.fixed["POST /me/order/1000/payWithRegisteredPaymentMean"] =
        Reaction{.status = 403, .body = R"({"message":"This order can't be paid with 'bankAccount'"})"};
    Buyer buyer{shop};
    const auto failure = buyer.failure_of([&] { client::pay_order(buyer.api, buyer.console, 1000, {.mean = "bankAccount"}); });
    BOOST_TEST((failure.exit() == Exit::refused));
    BOOST_TEST(failure.remedy().find("--method 7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_order_is_shown_with_its_number_and_what_is_to_be_done_about_it)
{
    OvhShop shop;
    shop.statuses = {"notPaid"};
    shop.order_by_somebody_else("s1", 1920, "gra");
    Buyer buyer{shop};
    BOOST_TEST((client::show_order(buyer.api, buyer.console, 1000) == Exit::needs_human));
    const auto shown = buyer.out.str();
    BOOST_TEST(shown.starts_with("order    1000 of "), shown);
    BOOST_TEST(shown.find("\nnext     `ovh-order order pay 1000`\n") != std::string::npos, shown);
}

// ovhcloud-cli 247: password and links open an order to anyone.
BOOST_AUTO_TEST_CASE(nothing_that_opens_an_order_is_printed_or_written_down)
{
    OvhShop shop;
    Buyer buyer{shop};
    buyer.order(wish);
    buyer.console.json = true;
    client::show_order(buyer.api, buyer.console, 1000);
    client::list_orders(buyer.api, buyer.console, "", 20);
    auto written = buyer.told();
    for (const auto& file : std::filesystem::directory_iterator{buyer.folder}) {
        std::ostringstream content;
        content << std::ifstream{file.path()}.rdbuf();
        written += content.str();
    }
    for (const char* secret : {"opens-it-to-anyone", "as-secret-as-can-be", "ck-secret-as-can-be"})
        BOOST_TEST(written.find(secret) == std::string::npos, secret);
}

// O5, terraform 1095: nobody could find the values of mandatory options.
BOOST_AUTO_TEST_CASE(options_tell_a_command_that_orders)
{
    OvhShop shop;
    Buyer buyer{shop};
    client::print_options(buyer.api, buyer.console, {.plan_code = "s1", .subsidiary = "FR"});
    for (const char* text : {"MANDATORY", "ONLY ONE", "memory", "ram-8", "1.00 EUR", "dedicated_datacenter", "gra, rbx", "upfront12",
             "ovh-order order dedicated s1 --duration P1M --pricing-mode default --option ram-8 --set region=europe"})
        BOOST_TEST(buyer.out.str().find(text) != std::string::npos, text);
    BOOST_TEST(shop.cart_count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
