#include "ovh_purchase.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

std::string new_cart(const OvhClient& client, const std::string& subsidiary = "CH")
{
    return "/order/cart/" + client.post("/order/cart", R"({"ovhSubsidiary":")" + subsidiary + "\"}").at("cartId");
}

bool mentions(const Answer& answer, const std::string& words) { return answer.at("message").find(words) != std::string::npos; }

std::size_t size_of(const Answer& answer) { return json_array_size(answer.json().get()); }

std::string uncloud(const std::string& arguments)
{
    return shell("UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud " + arguments
        + " 2>&1; echo status $?");
}

/// The offer of the plan once it is, or is not, there: listings are read once a second.
std::string offer_becoming(const std::string& plan, bool offered)
{
    const auto anybody = anonymous_client();
    const auto cart = new_cart(anybody);
    return eventually([&] { return anybody.get(cart + "/dedicated?planCode=" + plan); },
        [&](const Answer& answer) { return (answer.body != "[]") == offered; })
        .at("0.planCode");
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_offers)

BOOST_AUTO_TEST_CASE(an_offer_tells_the_price_of_a_period_and_then_that_of_the_installation)
{
    const auto anybody = anonymous_client();
    const auto offers = anybody.get(new_cart(anybody) + "/eco?planCode=core-1");
    BOOST_TEST(offers.at("0.productName") == "Core-1 | AMD EPYC 4344P");
    BOOST_TEST(offers.at("0.prices.0.capacities.0") == "renew");
    BOOST_TEST(offers.at("0.prices.0.duration") == "P1M");
    BOOST_TEST(offers.at("0.prices.0.pricingMode") == "default");
    BOOST_TEST(offers.at("0.prices.0.price.text") == "109.00 CHF");
    BOOST_TEST(offers.at("0.prices.0.priceInUcents") == "10900000000");
    BOOST_TEST(offers.at("0.prices.1.capacities.0") == "installation");
    BOOST_TEST(offers.at("0.prices.1.duration") == "P0D");
    BOOST_TEST(offers.at("0.prices.1.price.text") == "99.00 CHF");
    BOOST_TEST(offers.at("0.prices.2.pricingMode") == "upfront12");
    BOOST_TEST(offers.at("0.prices.2.interval") == "12");
    BOOST_TEST(offers.at("0.prices.2.price.text") == "1199.00 CHF");
    BOOST_TEST(offers.at("0.prices.3.duration").empty()); // nothing is to be paid for its installation
}

BOOST_AUTO_TEST_CASE(offers_are_in_the_currency_of_the_cart)
{
    const auto anybody = anonymous_client();
    BOOST_TEST(anybody.get(new_cart(anybody, "FR") + "/dedicated?planCode=mini-1").at("0.prices.0.price.text") == "41.00 €");
    BOOST_TEST(anybody.get(new_cart(anybody, "CH") + "/dedicated?planCode=mini-1").at("0.prices.0.price.text") == "39.00 CHF");
}

BOOST_AUTO_TEST_CASE(offers_are_narrowed_by_family_and_plan)
{
    const auto anybody = anonymous_client();
    const auto cart = new_cart(anybody);
    const auto all = size_of(anybody.get(cart + "/dedicated"));
    BOOST_TEST(all >= 6u);
    BOOST_TEST(size_of(anybody.get(cart + "/baremetalServers?catalogName=standard&planCode=null")) == all);
    BOOST_TEST(size_of(anybody.get(cart + "/dedicated?family=mini")) == 2u);
    BOOST_TEST(size_of(anybody.get(cart + "/dedicated?family=mini&planCode=mini-2")) == 1u);
    BOOST_TEST(anybody.get(cart + "/dedicated?planCode=no-such-plan").body == "[]");
    BOOST_TEST(anybody.get(cart + "/dedicated?planCode=ram-64g").body == "[]"); // an option is no server
}

BOOST_AUTO_TEST_CASE(options_tell_what_must_be_taken_and_what_can_be_taken_once)
{
    const auto anybody = anonymous_client();
    const auto cart = new_cart(anybody);
    const auto options = anybody.get(cart + "/dedicated/options?planCode=core-1");
    BOOST_TEST(options.at("0.family") == "memory");
    BOOST_TEST(options.at("0.planCode") == "ram-64g");
    BOOST_TEST(options.at("0.mandatory") == "true");
    BOOST_TEST(options.at("0.exclusive") == "true");
    const auto addresses = anybody.get(cart + "/dedicated/options?planCode=core-1&family=ip");
    BOOST_TEST(size_of(addresses) == 1u);
    BOOST_TEST(addresses.at("0.mandatory") == "false");
    BOOST_TEST(anybody.get(cart + "/dedicated/options?planCode=mini-1").body == "[]");
    BOOST_TEST(mentions(anybody.get(cart + "/dedicated/options"), "planCode is missing"));
    const auto unknown = anybody.get(cart + "/dedicated/options?planCode=no-such-plan");
    BOOST_TEST(unknown.status == 400);
    BOOST_TEST(mentions(unknown, "Plan code not found: no-such-plan"));
}

BOOST_AUTO_TEST_CASE(offers_are_for_carts_that_one_may_see)
{
    const auto owner = ovh_client(fresh_member()), stranger = ovh_client(fresh_member());
    const auto cart = new_cart(owner);
    BOOST_TEST(stranger.get(cart + "/dedicated").status == 200); // nobody's yet
    owner.post(cart + "/assign");
    BOOST_TEST(owner.get(cart + "/dedicated").status == 200);
    BOOST_TEST(anonymous_client().get(cart + "/dedicated").status == 200); // who knows the cart, as at OVH
    BOOST_TEST(stranger.get(cart + "/dedicated").status == 404);
    BOOST_TEST(stranger.get(cart + "/dedicated/options?planCode=core-1").status == 404);
    const auto missing = "/order/cart/" + fresh_uuid() + "/dedicated";
    BOOST_TEST(mentions(anonymous_client().get(missing), "The requested object (cartId = "));
    BOOST_TEST(anonymous_client().get("/order/cart/x/dedicated").status == 404);
}

BOOST_AUTO_TEST_CASE(a_catalogue_needs_a_subsidiary_that_is_served)
{
    const auto anybody = anonymous_client();
    for (const std::string path : {"/order/catalog/formatted/dedicated", "/order/catalog/public/eco"})
        for (const std::string query : {"", "?ovhSubsidiary=", "?ovhSubsidiary=null", "?ovhSubsidiary=PL", "?ovhSubsidiary=ch"}) {
            const auto refused = anybody.get(path + query);
            BOOST_TEST(refused.status == 400, path << query);
            BOOST_TEST(mentions(refused, "CH, DE, ES, EU, FI, FR, IE, IT, LT, NL, PT"));
        }
}

BOOST_AUTO_TEST_CASE(a_catalogue_that_is_known_is_not_sent_again)
{
    const auto anybody = anonymous_client();
    const auto url = "/1.0/order/catalog/public/eco?ovhSubsidiary=CH";
    const auto first = ask({.path = url});
    BOOST_TEST(first.header("cache-control") == "public, max-age=60");
    const auto again = ask({.path = url, .headers = {"If-None-Match: " + first.header("etag")}});
    BOOST_TEST(again.status == 304);
    BOOST_TEST(again.body.empty());
    BOOST_TEST(ask({.path = url, .headers = {"If-None-Match: \"another\""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(catalogues_and_offers_tell_the_same_prices_and_the_tax_on_them)
{
    const auto anybody = anonymous_client();
    const auto swiss = anybody.get("/order/catalog/public/baremetalServers?ovhSubsidiary=CH");
    BOOST_TEST(swiss.body.find(R"("taxRate":8.1})") != std::string::npos);
    BOOST_TEST(swiss.at("plans.2.planCode") == "core-1");
    BOOST_TEST(swiss.at("plans.2.pricings.0.capacities.0") == "installation");
    BOOST_TEST(swiss.at("plans.2.pricings.1.price") == "10900000000");
    BOOST_TEST(swiss.at("plans.2.pricings.1.tax") == "883000000"); // 8.829, half up to 8.83
    BOOST_TEST(swiss.at("plans.2.pricings.2.engagementConfiguration.duration") == "P12M");
    BOOST_TEST(swiss.at("plans.2.pricings.2.engagementConfiguration.type") == "upfront");
    BOOST_TEST(swiss.at("plans.2.addonFamilies.0.default") == "ram-64g");
    const auto formatted = anybody.get("/order/catalog/formatted/dedicated?ovhSubsidiary=CH");
    BOOST_TEST(formatted.at("products.2.prices.default.renew.text") == "109.00 CHF");
    BOOST_TEST(formatted.at("products.2.prices.default.installation.text") == "99.00 CHF");
    BOOST_TEST(formatted.at("metadatas.currency.code") == "CHF");
    BOOST_TEST(formatted.at("metadatas.merchant") == "CH");
    BOOST_TEST(formatted.at("products.2.specifications.cpu.threads") == "16");
}

BOOST_AUTO_TEST_CASE(of_a_plan_that_is_not_sold_there_is_no_availability)
{
    const auto anybody = anonymous_client();
    BOOST_TEST(size_of(anybody.get("/dedicated/server/datacenter/availabilities")) >= 6u);
    const auto one = anybody.get("/dedicated/server/datacenter/availabilities?planCode=core-1&datacenters=gla,bhs");
    BOOST_TEST(one.at("0.datacenters.0.datacenter") == "gla");
    BOOST_TEST(one.at("0.datacenters.1.datacenter").empty());
    const auto none = anybody.get("/dedicated/server/datacenter/availabilities?planCode=no-such-plan");
    BOOST_TEST(none.status == 404);
    BOOST_TEST(mentions(none, "No availabilities found"));
}

BOOST_AUTO_TEST_CASE(operators_put_plans_on_sale_and_take_them_off)
{
    BOOST_TEST(uncloud("plan list").find("stor-1") != std::string::npos);
    BOOST_TEST(uncloud("plan stop stor-1").ends_with("status 0\n"));
    BOOST_TEST(offer_becoming("stor-1", false).empty());
    const auto available = [] { return anonymous_client().get("/dedicated/server/datacenter/availabilities?planCode=stor-1"); };
    const auto gone = [](const Answer& answer) { return answer.status == 404; }; // the list of another currency is remembered, too
    BOOST_TEST(eventually(available, gone).status == 404);
    BOOST_TEST(uncloud("plan sell stor-1").ends_with("status 0\n"));
    BOOST_TEST(offer_becoming("stor-1", true) == "stor-1");
    BOOST_TEST(uncloud("plan stop no-such-plan").ends_with("status 4\n"));
}

BOOST_AUTO_TEST_CASE(operators_add_prices_that_begin_later_and_never_change_one)
{
    const std::string set = "plan set stor-1 --recurring 27000 --from 2999-01-01";
    BOOST_TEST(uncloud(set + " --duration P3M --mode test").ends_with("status 0\n"));
    const auto again = uncloud(set + " --duration P3M --mode test");
    BOOST_TEST(again.ends_with("status 5\n"));
    BOOST_TEST(again.find("already") != std::string::npos);
    BOOST_TEST(uncloud("plan set stor-1 --recurring 27000 --from 2020-01-01").ends_with("status 1\n")); // in the past
    BOOST_TEST(uncloud(set + " --duration P1W").ends_with("status 2\n"));
    BOOST_TEST(uncloud("plan set no-such-plan --recurring 1").ends_with("status 4\n"));
}

// What a member finds who looks for servers where all other products are.
BOOST_AUTO_TEST_CASE(the_product_points_to_the_cart)
{
    const auto product = fresh_member().get("/products/dedicated-server");
    BOOST_TEST(product.status == 200);
    BOOST_TEST(product.at("description").find("/1.0/order/cart") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
