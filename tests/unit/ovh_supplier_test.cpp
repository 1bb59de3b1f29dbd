#include "fake/http_server.h"
#include "gateway/ovh_supplier.h"
#include "gateway/ovh_values.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace {

using namespace std::chrono_literals;
using domain::Currency;
using fake::HttpCall;
using fake::Reaction;
using gateway::SupplierOutcome;

/// A server that answers "METHOD path?query" with what a case has put there, and 404 otherwise.
struct Ovh {
    std::map<std::string, Reaction> answers{};
    fake::HttpServer server{[this](const HttpCall& call) {
        if (call.target == "/1.0/auth/time")
            return Reaction{.body = std::to_string(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()))};
        const auto found = answers.find(call.method + ' ' + call.target.substr(4));
        return found == answers.end() ? Reaction{.status = 404, .body = R"({"message":"Got an invalid (or empty) URL"})"} : found->second;
    }};
    std::unique_ptr<gateway::Supplier> supplier =
        gateway::make_ovh_supplier({.url = server.url() + "/1.0",
                                       .credentials = {.application_key = "ak", .application_secret = "as", .consumer_key = "ck"},
                                       .timeout = 20s,
                                       .tries = 1},
            "FR");

    std::vector<std::string> changes() const
    {
        std::vector<std::string> made;
        for (const auto& call : server.calls())
            if (call.method != "GET") made.push_back(call.method + ' ' + call.target.substr(4) + ' ' + call.body);
        return made;
    }
};

const std::string catalogue = R"({"catalogId":1,"locale":{"currencyCode":"EUR","subsidiary":"FR","taxRate":20},
 "plans":[{"planCode":"24sk10","invoiceName":"KS-1 | Intel D-1520","family":"eco","product":"24sk10","pricingType":"rental",
   "addonFamilies":[{"name":"memory","mandatory":true,"exclusive":true,"default":null,"addons":["ram-32g-24sk10"]}],
   "configurations":[{"name":"dedicated_datacenter","isCustom":false,"isMandatory":true,"values":["gra","rbx"]},
                     {"name":"dedicated_os","isCustom":false,"isMandatory":false,"values":null}],
   "pricings":[{"capacities":["installation"],"mode":"default","interval":0,"intervalUnit":"none","price":1499000000,"phase":0,"commitment":0,"quantity":{"min":1,"max":null}},
               {"capacities":["renew"],"mode":"default","interval":1,"intervalUnit":"month","price":1699000000,"phase":1,"commitment":0,"quantity":{"min":1,"max":100}},
               {"capacities":["renew"],"mode":"upfront12","interval":12,"intervalUnit":"month","price":19368500000,"phase":1,"commitment":12,"quantity":{"min":1,"max":3}},
               {"capacities":["renew"],"mode":"hourly","interval":1,"intervalUnit":"hour","price":10000000,"phase":1,"commitment":0,"quantity":{"min":1,"max":null}}]}],
 "addons":[{"planCode":"ram-32g-24sk10","invoiceName":"32 GB","family":null,"product":"ram","pricings":
   [{"capacities":["renew"],"mode":"default","interval":1,"intervalUnit":"month","price":0,"phase":1,"commitment":0,"quantity":{"min":1,"max":1}}]}]})";

const domain::ServerWish wish{.product = "eco",
    .plan = "24sk10",
    .pricing_mode = "default",
    .configuration = {{"dedicated_datacenter", "gra"}},
    .options = {{.plan = "ram-32g-24sk10"}}};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ovh_supplier, Ovh)

BOOST_AUTO_TEST_CASE(a_public_catalogue_is_read_without_rounding)
{
    answers["GET /order/catalog/public/eco?ovhSubsidiary=FR"] = {.body = catalogue}; // there is no baremetalServers
    const auto reply = supplier->catalogue();
    BOOST_REQUIRE(reply.done());
    BOOST_TEST((reply.value.currency == Currency::eur));
    BOOST_REQUIRE(reply.value.plans.size() == 2u);
    const auto& plan = reply.value.plans[0];
    BOOST_TEST(plan.code == "24sk10");
    BOOST_TEST(plan.product == "eco");
    BOOST_REQUIRE(plan.pricings.size() == 2u); // what is billed by the hour is not sold
    BOOST_TEST(plan.pricings[0].setup.minor == 1'499);
    BOOST_TEST(plan.pricings[0].recurring.minor == 1'699);
    BOOST_TEST(plan.pricings[0].max_quantity == 20); // ours
    BOOST_TEST(plan.pricings[1].setup.minor == 0);
    BOOST_TEST(plan.pricings[1].recurring.minor == 19'369); // half up
    BOOST_TEST(domain::to_text(plan.pricings[1].duration) == "P1Y");
    BOOST_TEST(plan.pricings[1].commitment_months == 12);
    BOOST_TEST(plan.pricings[1].max_quantity == 3);
    BOOST_REQUIRE(plan.labels.size() == 2u);
    BOOST_TEST(plan.labels[0].required);
    BOOST_TEST((plan.labels[0].allowed == std::vector<std::string>{"gra", "rbx"}));
    BOOST_TEST(!plan.labels[1].allowed);
    BOOST_REQUIRE(plan.families.size() == 1u);
    BOOST_TEST(plan.families[0].mandatory);
    BOOST_TEST(reply.value.plans[1].family == "memory"); // by the server that takes it
}

BOOST_AUTO_TEST_CASE(without_public_catalogues_the_old_one_is_read)
{
    answers["GET /order/catalog/formatted/dedicated?ovhSubsidiary=FR"] = {.body = R"({"metadatas":{"currency":{"code":"EUR"}},
        "products":[{"code":"old","invoiceName":"Old","family":"x","prices":{"default":{
        "installation":{"currencyCode":"EUR","value":49.99,"text":"49.99 €"},"renew":{"currencyCode":"EUR","value":79.9,"text":"79.90 €"}}},
        "addonsFamily":[{"family":"ram","addons":[{"code":"ram-1","name":"More","price":{"currencyCode":"EUR","value":5,"text":"5.00 €"}}]}]}]})"};
    const auto reply = supplier->catalogue();
    BOOST_REQUIRE(reply.done());
    BOOST_REQUIRE(reply.value.plans.size() == 2u);
    const auto old = std::ranges::find(reply.value.plans, "old", &domain::SupplierPlan::code);
    BOOST_TEST(old->pricings[0].setup.minor == 4'999);
    BOOST_TEST(old->pricings[0].recurring.minor == 7'990);
    BOOST_TEST(old->families[0].options[0] == "ram-1");
}

BOOST_AUTO_TEST_CASE(a_currency_without_books_is_refused)
{
    answers["GET /order/catalog/public/eco?ovhSubsidiary=FR"] = {.body = R"({"locale":{"currencyCode":"PLN"},"plans":[],"addons":[]})"};
    BOOST_TEST((supplier->catalogue().outcome == SupplierOutcome::refused));
}

BOOST_AUTO_TEST_CASE(an_outcome_says_what_may_have_been_done)
{
    const auto outcome_of = [&](Reaction reaction) {
        answers["POST /order/cart/c/checkout"] = std::move(reaction);
        return supplier->check_out("c").outcome;
    };
    BOOST_TEST((outcome_of({.body = R"({"orderId":12})"}) == SupplierOutcome::done));
    BOOST_TEST((outcome_of({.body = R"({"orderId":null})"}) == SupplierOutcome::unknown));
    BOOST_TEST((outcome_of({.body = "<html>"}) == SupplierOutcome::unknown));
    BOOST_TEST((outcome_of({.status = 500}) == SupplierOutcome::unknown));
    BOOST_TEST((outcome_of({.mode = Reaction::Mode::close}) == SupplierOutcome::unknown));
    BOOST_TEST((outcome_of({.status = 400, .body = R"({"message":"no"})"}) == SupplierOutcome::refused));
    BOOST_TEST((outcome_of({.status = 429, .body = R"({"message":"slower"})"}) == SupplierOutcome::unknown));
    BOOST_TEST((outcome_of({.status = 460, .body = R"({"message":"gone"})"}) == SupplierOutcome::absent));
    // Trouble with our keys says nothing about the order.
    BOOST_TEST((outcome_of({.status = 403, .body = R"({"message":"x","errorCode":"NOT_CREDENTIAL"})"}) == SupplierOutcome::unknown));
    BOOST_TEST((outcome_of({.status = 403, .body = R"({"message":"You are not allowed"})"}) == SupplierOutcome::refused));
}

// What lost answers have left in a cart: a server of another kind, the wanted one twice, a label twice.
BOOST_AUTO_TEST_CASE(a_cart_is_brought_to_what_is_wished_whatever_it_holds)
{
    const auto item = [](const std::string& id, const std::string& parent, const std::string& plan) {
        return Reaction{.body = R"({"itemId":)" + id + R"(,"parentItemId":)" + parent + R"(,"duration":"P1M","settings":{"planCode":")"
                + plan + R"(","pricingMode":"default","quantity":1}})"};
    };
    answers["GET /order/cart/c"] = {.body = R"({"cartId":"c","description":"order","readOnly":false,"items":[1,2,3,4]})"};
    answers["GET /order/cart?description=order"] = {.body = R"(["c"])"};
    answers["GET /order/cart/c/item/1"] = item("1", "null", "other");
    answers["GET /order/cart/c/item/2"] = item("2", "null", "24sk10");
    answers["GET /order/cart/c/item/3"] = item("3", "null", "24sk10");
    answers["GET /order/cart/c/item/4"] = item("4", "2", "ram-32g-24sk10");
    answers["GET /order/cart/c/item/2/configuration"] = {.body = "[7,8,9]"};
    for (const auto& [id, value] : {std::pair{"7", "rbx"}, {"8", "gra"}, {"9", "gra"}})
        answers[std::string{"GET /order/cart/c/item/2/configuration/"} + id] = {
            .body = std::string{R"({"id":)"} + id + R"(,"label":"dedicated_datacenter","value":")" + value + R"("})"};
    answers["GET /order/cart/c/item/4/configuration"] = {.body = "[]"};
    for (const auto* made : {"DELETE /order/cart/c/item/1", "DELETE /order/cart/c/item/3", "DELETE /order/cart/c/item/2/configuration/7",
             "DELETE /order/cart/c/item/2/configuration/9"})
        answers[made] = {.body = "null"};
    const auto filled = supplier->fill("c", wish);
    BOOST_TEST(filled.done(), filled.message);
    const std::vector<std::string> expected{"DELETE /order/cart/c/item/1 ", "DELETE /order/cart/c/item/3 ",
        "DELETE /order/cart/c/item/2/configuration/7 ", "DELETE /order/cart/c/item/2/configuration/9 "};
    BOOST_TEST(changes() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_cart_is_filled_in_the_words_of_the_offer)
{
    answers["GET /order/cart/c"] = {.body = R"({"cartId":"c","description":"order","readOnly":false,"items":[]})"};
    answers["GET /order/cart?description=order"] = {.body = "[]"};
    answers["POST /order/cart/c/assign"] = {.body = "null"};
    const auto offer = [](const std::string& plan) {
        return Reaction{.body = R"([{"planCode":")" + plan
                + R"(","prices":[{"pricingMode":"upfront12","duration":"P12M"},{"pricingMode":"default","duration":"P1M"}]}])"};
    };
    answers["GET /order/cart/c/eco?planCode=24sk10"] = offer("24sk10");
    answers["GET /order/cart/c/eco/options?planCode=24sk10"] = offer("ram-32g-24sk10");
    answers["POST /order/cart/c/eco"] = {.body = R"({"itemId":5})"};
    answers["POST /order/cart/c/eco/options"] = {.body = R"({"itemId":6})"};
    answers["GET /order/cart/c/item/5/configuration"] = {.body = "[]"};
    answers["GET /order/cart/c/item/6/configuration"] = {.body = "[]"};
    answers["POST /order/cart/c/item/5/configuration"] = {.body = R"({"id":1})"};
    const auto filled = supplier->fill("c", wish);
    BOOST_TEST(filled.done(), filled.message);
    BOOST_REQUIRE(changes().size() == 4u);
    BOOST_TEST(changes()[2]
        == R"(POST /order/cart/c/eco/options {"itemId":5,"planCode":"ram-32g-24sk10","duration":"P1M","pricingMode":"default","quantity":1})");

    auto yearly = wish;
    yearly.pricing_mode = "degressivity12";
    const auto refused = supplier->fill("c", yearly);
    BOOST_TEST((refused.outcome == SupplierOutcome::refused));
    BOOST_TEST(refused.message.find("degressivity12") != std::string::npos);
}

// O15: a server is known by its order, never by comparing lists.
BOOST_AUTO_TEST_CASE(a_server_is_found_through_its_order)
{
    answers["GET /me/order/9/details"] = {.body = "[1,2]"};
    const auto extension = [](const std::string& plan) {
        return Reaction{
            .body = R"({"order":{"plan":{"code":")" + plan + R"("},"configurations":[{"label":"dedicated_datacenter","value":"gra"}]}})"};
    };
    answers["GET /me/order/9/details/1/extension"] = extension("ram-32g-24sk10");
    answers["GET /me/order/9/details/2/extension"] = extension("24sk10");
    answers["GET /me/order/9/details/2"] = {.body = R"({"domain":"*001"})"};
    BOOST_TEST(supplier->server_name(9, "24sk10").value == ""); // not yet
    answers["GET /me/order/9/details/2"] = {.body = R"({"domain":"ns31.example"})"};
    BOOST_TEST(supplier->server_name(9, "24sk10").value == "ns31.example");

    answers["GET /me/order/9"] = {.body = R"({"priceWithTax":{"currencyCode":"EUR","value":38.38,"text":"38.38 €"}})"};
    BOOST_TEST(supplier->is_order_of(9, wish, {3'838, Currency::eur}).value);
    BOOST_TEST(!supplier->is_order_of(9, wish, {3'839, Currency::eur}).value);
    auto elsewhere = wish;
    elsewhere.configuration["dedicated_datacenter"] = "rbx";
    BOOST_TEST(!supplier->is_order_of(9, elsewhere, {3'838, Currency::eur}).value);
    auto with_more = wish;
    with_more.options.push_back({.plan = "ip-block"});
    BOOST_TEST(!supplier->is_order_of(9, with_more, {3'838, Currency::eur}).value);
}

BOOST_AUTO_TEST_CASE(a_bill_has_its_lines)
{
    answers["GET /me/bill/FR12"] = {.body = R"({"billId":"FR12","date":"2026-11-24T10:00:00+01:00","orderId":9,
        "priceWithoutTax":{"currencyCode":"EUR","value":31.98},"priceWithTax":{"currencyCode":"EUR","value":38.38}})"};
    answers["GET /me/bill/FR12/details"] = {.body = R"(["1"])"};
    answers["GET /me/bill/FR12/details/1"] = {
        .body = R"({"domain":"ns31.example","description":"KS-1","totalPrice":{"currencyCode":"EUR","value":-31.98}})"};
    const auto bill = supplier->bill("bill/FR12");
    BOOST_REQUIRE(bill.done());
    BOOST_TEST((bill.value.net == domain::Money{3'198, Currency::eur}));
    BOOST_TEST((bill.value.gross == domain::Money{3'838, Currency::eur}));
    BOOST_TEST(domain::to_text(bill.value.billed_at) == "2026-11-24T09:00:00Z");
    BOOST_REQUIRE(bill.value.lines.size() == 1u);
    BOOST_TEST(bill.value.lines[0].net.minor == -3'198);

    answers["GET /me/bill?date.from=2026-11-24T09%3A00%3A00%2B00%3A00"] = {.body = R"(["FR12"])"};
    answers["GET /me/refund?date.from=2026-11-24T09%3A00%3A00%2B00%3A00"] = {.body = R"(["RF1"])"};
    const auto listed = supplier->bills_since(bill.value.billed_at);
    BOOST_TEST((listed.value == std::vector<std::string>{"bill/FR12", "refund/RF1"}));
    answers["GET /me/refund/RF1"] = answers["GET /me/bill/FR12"];
    BOOST_TEST(supplier->bill("refund/RF1").value.net.minor == -3'198); // given back, whatever its sign
}

BOOST_AUTO_TEST_SUITE_END()
