#include "ovh_site.h"
#include "stripe_gateway.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <set>

using namespace site;

// The whole flow of carts over HTTP, signed as the official clients sign, against the demo's plans and the test gateway.
namespace {

std::string item_body(const std::string& plan, const std::string& quantity = "1")
{
    return R"({"planCode":")" + plan + R"(","duration":"P1M","pricingMode":"default","quantity":)" + quantity + '}';
}

std::string option_body(const std::string& item, const std::string& plan, const std::string& quantity = "1")
{
    return R"({"itemId":)" + item + R"(,"planCode":")" + plan + R"(","duration":"P1M","pricingMode":"default","quantity":)" + quantity
        + '}';
}

std::string new_cart(const OvhClient& client, const std::string& subsidiary = "CH")
{
    const auto cart = client.post("/order/cart", R"({"ovhSubsidiary":")" + subsidiary + "\"}");
    BOOST_TEST_REQUIRE(cart.status == 200, cart.body);
    return "/order/cart/" + cart.at("cartId");
}

/// A core-1 with all that is mandatory, its labels set; its item.
std::string add_core(const OvhClient& client, const std::string& cart, const std::string& quantity = "1")
{
    const auto item = client.post(cart + "/baremetalServers", item_body("core-1", quantity)).at("itemId");
    for (const char* option : {"ram-64g", "disk-2x960g-nvme", "bandwidth-1g", "vrack-1g"})
        BOOST_TEST(client.post(cart + "/baremetalServers/options", option_body(item, option, quantity)).status == 200, option);
    for (const auto& [label, value] : {std::pair{"dedicated_datacenter", "zrh"}, std::pair{"dedicated_os", "none_64.en"}})
        BOOST_TEST(
            client.post(cart + "/item/" + item + "/configuration", std::string{R"({"label":")"} + label + R"(","value":")" + value + "\"}")
                .status
            == 200);
    return item;
}

std::string complete_cart(const OvhClient& client, const std::string& quantity = "1")
{
    const auto cart = new_cart(client);
    BOOST_TEST(client.post(cart + "/assign").body == "null");
    add_core(client, cart, quantity);
    return cart;
}

Member member_with(const std::string& card)
{
    auto member = fresh_member();
    BOOST_TEST_REQUIRE(member.send("POST", "/payment-methods", R"({"type":"card","token":")" + card + "\"}").status == 201);
    return member;
}

/// The invoice of the member's one purchase.
std::string invoice_of(const Member& member)
{
    return eventually([&] { return member.get("/invoices"); }, [](const Answer& answer) { return !answer.at("items.0.number").empty(); })
        .at("items.0.number");
}

/// "1 of 13000": succeeded payments of the invoice at the gateway.
std::string taken_for(const std::string& invoice)
{
    std::int64_t count = 0, sum = 0;
    std::string after;
    while (true) {
        const auto page = stripe_gateway::get("/v1/payment_intents?limit=100" + (after.empty() ? "" : "&starting_after=" + after));
        const auto size = stripe_gateway::size_of(page);
        for (std::size_t i = 0; i < size; ++i) {
            const auto at = "data." + std::to_string(i);
            after = page.at(at + ".id");
            if (page.at(at + ".metadata.invoice") != invoice || page.at(at + ".status") != "succeeded") continue;
            ++count;
            sum += std::stoll(page.at(at + ".amount_received"));
        }
        if (page.at("has_more") != "true" || size == 0) break;
    }
    return std::to_string(count) + " of " + std::to_string(sum);
}

/// What the message of a refusal says, with the status in front.
std::string refusal(const Answer& answer) { return std::to_string(answer.status) + ' ' + answer.at("message"); }

bool mentions(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_carts)

BOOST_AUTO_TEST_CASE(a_cart_has_every_member_of_ovhs_from_the_first_moment)
{
    const auto anybody = anonymous_client();
    const auto cart = anybody.post("/order/cart", R"({"ovhSubsidiary":"FR","description":null,"expire":null})");
    BOOST_TEST(cart.status == 200);
    for (const char* member : {R"("description":"")", R"("items":[])", R"("readOnly":false)", R"("orderId":null)"})
        BOOST_TEST(mentions(cart.body, member), member);
    BOOST_TEST(cart.at("expire").ends_with("+00:00"));
    const auto path = "/order/cart/" + cart.at("cartId");
    BOOST_TEST(anybody.put(path, R"({"description":"Büro \u2603"})").at("description") == "Büro ☃");
    BOOST_TEST(anybody.get(path).at("description") == "Büro ☃");
    BOOST_TEST(anybody.put(path, R"({"description":""})").at("description") == "");

    const auto item = anybody.post(path + "/eco", item_body("core-1", "2"));
    for (const char* member :
        {R"("configurations":[])", R"("offerId":null)", R"("options":[])", R"("parentItemId":null)", R"("productId":"eco")",
            R"("settings":{"planCode":"core-1","pricingMode":"default","quantity":2})", R"("label":"TOTAL")", R"("currencyCode":"EUR")"})
        BOOST_TEST(mentions(item.body, member), member);
    const auto option = anybody.post(path + "/eco/options", option_body(item.at("itemId"), "ram-64g"));
    BOOST_TEST(option.at("parentItemId") == item.at("itemId"));
    BOOST_TEST(anybody.get(path + "/item").body == "[" + item.at("itemId") + "," + option.at("itemId") + "]");
    BOOST_TEST(anybody.get(path + "/item/" + item.at("itemId")).at("options.0") == option.at("itemId"));
    BOOST_TEST(anybody.put(path + "/item/" + item.at("itemId"), R"({"quantity":3})").at("settings.quantity") == "3");
    BOOST_TEST(anybody.remove(path + "/item/" + item.at("itemId")).body == "null");
    BOOST_TEST(anybody.get(path + "/item").body == "[]");
}

BOOST_AUTO_TEST_CASE(configurations_come_and_go)
{
    const auto anybody = anonymous_client();
    const auto cart = new_cart(anybody);
    const auto item = cart + "/item/" + anybody.post(cart + "/vps", item_body("core-1")).at("itemId");
    const auto required = anybody.get(item + "/requiredConfiguration");
    BOOST_TEST(required.at("0.label") == "dedicated_datacenter");
    BOOST_TEST(mentions(required.body, R"("allowedValues":["zrh","gla"],"fields":null)"));
    const auto set = anybody.post(item + "/configuration", R"({"label":"dedicated_os","value":"debian12_64"})");
    BOOST_TEST(set.body == R"({"id":)" + set.at("id") + R"(,"label":"dedicated_os","value":"debian12_64"})");
    BOOST_TEST(anybody.get(item + "/configuration?label=dedicated_os").body == "[" + set.at("id") + "]");
    BOOST_TEST(anybody.get(item + "/configuration?label=region").body == "[]");
    BOOST_TEST(anybody.get(item + "/configuration?label=null").body == "[" + set.at("id") + "]"); // as python sends None
    BOOST_TEST(anybody.get(item + "/configuration/" + set.at("id")).body == set.body);
    const auto twice = anybody.post(item + "/configuration", R"({"label":"dedicated_os","value":"debian13_64"})");
    BOOST_TEST(twice.status == 409);
    BOOST_TEST(mentions(twice.at("message"), "configuration " + set.at("id")));
    BOOST_TEST(anybody.remove(item + "/configuration/" + set.at("id")).body == "null");
    BOOST_TEST(anybody.get(item + "/configuration").body == "[]");
}

BOOST_AUTO_TEST_CASE(there_are_no_coupons)
{
    const auto anybody = anonymous_client();
    const auto coupons = new_cart(anybody) + "/coupon";
    BOOST_TEST(anybody.get(coupons).body == "[]");
    BOOST_TEST(mentions(refusal(anybody.post(coupons, R"({"coupon":"SUMMER"})")), "400 coupon SUMMER is unknown"));
    BOOST_TEST(refusal(anybody.remove(coupons + "?coupon=SUMMER")) == "404 The requested object (coupon = SUMMER) does not exist");
}

// O1, O7, O8, O22: each mistake has an answer of its own that says what to do.
BOOST_AUTO_TEST_CASE(every_mistake_has_its_own_clear_error)
{
    const auto anybody = anonymous_client();
    const auto cart = new_cart(anybody);
    const auto said = [&](const std::string& body) { return refusal(anybody.post(cart + "/dedicated", body)); };
    BOOST_TEST(mentions(said(item_body("core-99")), "400 Plan code not found: core-99 is not sold in CH"));
    BOOST_TEST(mentions(said(R"({"planCode":"core-1","duration":"PT18S","pricingMode":"default","quantity":1})"), "P1M in mode default"));
    BOOST_TEST(mentions(said(R"({"planCode":"core-1","duration":"P1M","pricingMode":"upfront12","quantity":1})"), "P1Y in mode upfront12"));
    BOOST_TEST(mentions(said(item_body("core-1", "21")), "400 quantity of core-1 must be 1 to 20, not 21"));
    BOOST_TEST(mentions(said(item_body("core-1", "0")), "400 quantity: "));
    BOOST_TEST(mentions(said(item_body("core-1", "\"x\"")), "400 quantity: "));
    BOOST_TEST(mentions(said("{}"), "duration: "));
    BOOST_TEST(mentions(said(R"({"planCode":"core-1","duration":"P1M","pricingMode":"default","quantity":1,"plan":"x"})"),
        "those that there are: catalogName, duration, planCode, pricingMode, quantity"));
    BOOST_TEST(
        anybody
            .post(cart + "/dedicated", R"({"planCode":"core-1","duration":"P1M","pricingMode":"default","quantity":1,"catalogName":"eco"})")
            .status
        == 200);
    BOOST_TEST(refusal(anybody.get("/order/cart/nonsense")) == "404 The requested object (cartId = nonsense) does not exist");
    BOOST_TEST(refusal(anybody.get(cart + "/item/99999999")) == "404 The requested object (itemId = 99999999) does not exist");
    BOOST_TEST(refusal(anybody.get(cart + "/item/x")) == "404 The requested object (itemId = x) does not exist");
    BOOST_TEST(mentions(refusal(anybody.post("/order/cart", R"({"ovhSubsidiary":"US"})")), "400 ovhSubsidiary US is not served"));
    BOOST_TEST(
        mentions(refusal(anybody.post("/order/cart", R"({"ovhSubsidiary":"CH","expire":"2020-01-01T00:00:00+00:00"})")), "400 expire "));
    BOOST_TEST(mentions(refusal(anybody.post("/order/cart", R"({"ovhSubsidiary":"CH","expire":"tomorrow"})")), "400 expire: "));
    BOOST_TEST(anybody.get(cart + "/checkout").status >= 401); // needs a login
    BOOST_TEST(anybody.remove(cart).status >= 401);

    const auto member = member_with("pm_card_visa");
    const auto client = ovh_client(member);
    BOOST_TEST(mentions(refusal(client.get(cart + "/checkout")), "403 cart "));
    BOOST_TEST(mentions(refusal(client.post(cart + "/checkout")), cart + "/assign"));
    BOOST_TEST(client.post(cart + "/assign").status == 200);
    const auto incomplete = refusal(client.get(cart + "/checkout"));
    BOOST_TEST(mentions(incomplete, "400 Custom field dedicated_datacenter is mandatory for product core-1"));
    BOOST_TEST(mentions(incomplete, "An option of family storage is mandatory for product core-1"));
    BOOST_TEST(refusal(client.post(cart + "/checkout")) == incomplete);
    const auto stranger = ovh_client(fresh_member());
    for (const auto& answer :
        {stranger.get(cart), stranger.get(cart + "/summary"), stranger.get(cart + "/checkout"), stranger.post(cart + "/checkout"),
            stranger.post(cart + "/assign"), stranger.remove(cart), stranger.put(cart, R"({"description":"x"})")})
        BOOST_TEST(mentions(refusal(answer), "404 The requested object (cartId = "));
    const auto poor = fresh_member();
    const auto poor_cart = complete_cart(ovh_client(poor));
    BOOST_TEST(mentions(refusal(ovh_client(poor).get(poor_cart + "/checkout")), "400 You do not have preferred payment method"));
}

BOOST_AUTO_TEST_CASE(an_expired_cart_answers_460)
{
    const auto client = ovh_client(member_with("pm_card_visa"));
    const auto cart = complete_cart(client);
    shell("mariadb --socket=" + environment("TEST_VAR")
        + "/run/mariadb.sock uncloud -e \"UPDATE carts SET expires_at = '2020-01-01' WHERE uuid = '"
        + cart.substr(std::string{"/order/cart/"}.size()) + "'\"");
    for (const auto& answer :
        {client.get(cart), client.get(cart + "/checkout"), client.post(cart + "/checkout"), client.get(cart + "/summary")}) {
        BOOST_TEST(answer.status == 460);
        BOOST_TEST(mentions(answer.at("message"), "create a new one: POST /order/cart"));
        BOOST_TEST(answer.at("class") == "Client::ResourceExpired");
    }
    BOOST_TEST(client.remove(cart).body == "null");
}

// O10, O13, O16: dry run, purchase, repetition, charge and invoice are of one sum.
BOOST_AUTO_TEST_CASE(from_the_cart_to_the_paid_invoice)
{
    const auto member = member_with("pm_card_visa");
    const auto client = ovh_client(member);
    const auto cart = complete_cart(client, "2");
    BOOST_TEST(mentions(client.get("/order/cart").body, cart.substr(std::string{"/order/cart/"}.size())));

    const auto summary = client.get(cart + "/summary");
    const auto dry_run = client.get(cart + "/checkout");
    BOOST_TEST(dry_run.status == 200, dry_run.body);
    BOOST_TEST(mentions(dry_run.body, R"("orderId":null)"));
    BOOST_TEST(mentions(dry_run.body, R"("url":null)"));
    BOOST_TEST(mentions(summary.body, R"("contracts":[])"));
    BOOST_TEST(ask({.path = dry_run.at("contracts.0.url")}).status == 200);
    BOOST_TEST(dry_run.at("prices.withTax.priceInUcents") == summary.at("prices.withTax.priceInUcents"));
    // 99.00 once; 109.00 + 12.00 + 9.00 a month; of two servers, with 8.1 %
    BOOST_TEST(dry_run.at("prices.withoutTax.value") == "458");
    BOOST_TEST(dry_run.at("prices.withTax.text") == "495.10 CHF");
    BOOST_TEST(dry_run.at("prices.setup.withoutTax.text") == "198.00 CHF");
    BOOST_TEST(dry_run.at("prices.recurring.0.duration") == "P1M");
    BOOST_TEST(dry_run.at("prices.recurring.0.withTax.text") == "281.06 CHF");
    BOOST_TEST(dry_run.at("items.0.firstPayment.withTax.text") == "495.10 CHF");
    BOOST_TEST(dry_run.at("details.0.detailType") == "DURATION");
    BOOST_TEST(dry_run.at("details.1.detailType") == "INSTALLATION");
    BOOST_TEST(dry_run.at("details.0.domain") == "*001");

    const auto bought = client.post(cart + "/checkout", R"({"autoPayWithPreferredPaymentMethod":true,"waiveRetractationPeriod":true})");
    BOOST_TEST_REQUIRE(bought.status == 200, bought.body);
    const auto order = bought.at("orderId");
    BOOST_TEST(!order.empty());
    BOOST_TEST(bought.at("prices.withTax.text") == "495.10 CHF");
    BOOST_TEST(mentions(bought.at("url"), "/me/order/" + order));
    BOOST_TEST(client.post(cart + "/checkout").body == bought.body); // asked again after a lost answer
    const auto frozen = client.get(cart);
    BOOST_TEST(frozen.at("orderId") == order);
    BOOST_TEST(mentions(frozen.body, R"("readOnly":true)"));
    const auto too_late = client.post(cart + "/dedicated", item_body("mini-1"));
    BOOST_TEST(too_late.status == 409);
    BOOST_TEST(mentions(too_late.at("message"), order));
    BOOST_TEST(client.remove(cart).status == 409);

    const auto invoice = invoice_of(member);
    const auto paid = eventually(
        [&] { return member.get("/invoices/" + invoice); }, [](const Answer& answer) { return answer.at("open.amount") == "0"; });
    BOOST_TEST(paid.at("total.amount") == "49510");
    BOOST_TEST(paid.at("lines.1.text")
        == "Dedicated server, Core-1 | AMD EPYC 4344P, 64 GB memory ECC, 2x 960 GB NVMe, software RAID, 1 Gbit/s "
           "public bandwidth, unmetered, 1 Gbit/s private bandwidth, zrh");
    BOOST_TEST(taken_for(invoice) == "1 of 49510");
    BOOST_TEST(member.get("/invoices").at("items.1.number") == "");
    const auto orders = member.get("/orders");
    BOOST_TEST(orders.at("items.0.product") == "dedicated-server");
    BOOST_TEST(orders.at("items.1.parameters.plan") == "core-1");
    BOOST_TEST(orders.at("items.2.product") == "");
}

BOOST_AUTO_TEST_CASE(eight_checkouts_at_once_are_one_order_and_one_charge)
{
    const auto member = member_with("pm_card_visa");
    const auto client = ovh_client(member);
    const auto cart = complete_cart(client);
    std::vector<Answer> answers(8);
    at_once(8, [&](int i) {
        answers[static_cast<std::size_t>(i)] = client.post(cart + "/checkout", R"({"autoPayWithPreferredPaymentMethod":true})");
    });
    std::set<std::string> bodies;
    for (const auto& answer : answers) {
        BOOST_TEST(answer.status == 200, answer.body);
        bodies.insert(answer.body);
    }
    BOOST_TEST(bodies.size() == 1u);
    const auto invoice = invoice_of(member);
    eventually([&] { return member.get("/invoices/" + invoice); }, [](const Answer& answer) { return answer.at("open.amount") == "0"; });
    BOOST_TEST(taken_for(invoice) == "1 of 24755");
    BOOST_TEST(member.get("/orders").at("items.1.uuid") == "");
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_is_taken_too)
{
    const auto member = member_with("pm_card_visa");
    const auto client = ovh_client(member);
    const auto cart = complete_cart(client);
    const auto checkout = [&](const std::string& path) {
        const auto url = client.base + "/1.0" + path + "/checkout";
        auto headers = signed_headers(client.key, "POST", url, "", unix_seconds());
        headers.push_back("Idempotency-Key: one");
        return ask({.method = "POST", .path = url, .headers = std::move(headers)});
    };
    const auto first = checkout(cart);
    BOOST_TEST(first.status == 200, first.body);
    BOOST_TEST(checkout(cart).body == first.body);
    const auto other = checkout(complete_cart(client));
    BOOST_TEST(other.status == 400);
    BOOST_TEST(mentions(other.at("message"), "Idempotency-Key"));
}

// Without autopay the member is asked: notPaid, pay, and only then the card is charged.
BOOST_AUTO_TEST_CASE(an_order_that_is_not_paid_is_paid_when_the_member_says_so)
{
    const auto member = member_with("pm_card_visa");
    const auto client = ovh_client(member);
    const auto cart = complete_cart(client);
    const auto order = client.post(cart + "/checkout").at("orderId");
    const auto invoice = invoice_of(member);
    BOOST_TEST(member.get("/invoices/" + invoice).at("open.amount") == "24755");
    std::this_thread::sleep_for(std::chrono::seconds{2}); // the worker has looked at it by now
    BOOST_TEST(client.get("/me/order/" + order + "/status").body == "\"notPaid\"");
    BOOST_TEST(taken_for(invoice) == "0 of 0");

    const auto method = client.get("/me/payment/method?default=true").at("0");
    BOOST_TEST_REQUIRE(!method.empty());
    const auto paid = client.post("/me/order/" + order + "/pay", R"({"paymentMethod":{"id":)" + method + "}}");
    BOOST_TEST(paid.body == "null");
    const auto status = eventually(
        [&] { return client.get("/me/order/" + order + "/status"); }, [](const Answer& answer) { return answer.body == "\"delivered\""; });
    BOOST_TEST(status.body == "\"delivered\"");
    BOOST_TEST(taken_for(invoice) == "1 of 24755");
    BOOST_TEST(member.get("/invoices/" + invoice).at("open.amount") == "0");
}

BOOST_AUTO_TEST_CASE(a_server_is_refused_by_the_other_ways_with_the_remedy)
{
    const auto member = member_with_card();
    const std::string body = R"({"product":"dedicated-server","parameters":{"plan":"core-1","os":"debian"}})";
    for (const auto& answer :
        {member.send("POST", "/orders", body), member.send("PUT", "/orders/" + fresh_uuid(), body), member.send("POST", "/quotes", body)}) {
        BOOST_TEST(answer.status == 422);
        BOOST_TEST(answer.at("code") == "product_not_sold");
        BOOST_TEST(mentions(answer.at("detail"), "POST /1.0/order/cart"));
    }
    const auto client = ovh_client(member);
    client.post(complete_cart(client) + "/checkout", R"({"autoPayWithPreferredPaymentMethod":true})");
    const auto order = member.get("/orders").at("items.0.uuid");
    const auto changed = member.send("POST", "/orders/" + order + "/change", R"({"parameters":{"cores":4}})");
    BOOST_TEST(changed.status == 409);
    BOOST_TEST(mentions(changed.at("detail"), "POST /1.0/order/cart"));
    BOOST_TEST(member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})").at("status") == "cancelled");
}

BOOST_AUTO_TEST_SUITE_END()
