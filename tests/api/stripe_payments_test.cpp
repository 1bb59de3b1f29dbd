#include "stripe_gateway.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace stripe_gateway;

BOOST_AUTO_TEST_SUITE(stripe_payments)

BOOST_AUTO_TEST_CASE(a_payment_books_its_fee_and_shows_it_four_levels_deep)
{
    const auto paid =
        post("/v1/payment_intents", payment("pm_card_visa", "&expand[]=latest_charge.balance_transaction&metadata[invoice]=7"));
    BOOST_TEST(paid.at("status") == "succeeded");
    BOOST_TEST(paid.at("amount_received") == "500");
    BOOST_TEST(paid.at("latest_charge.balance_transaction.fee") == "45"); // 2.9 % and 0.30
    BOOST_TEST(paid.at("latest_charge.balance_transaction.net") == "455");
    BOOST_TEST(paid.at("latest_charge.metadata.invoice") == "7");
    const auto id = paid.at("id");
    const auto four = get("/v1/payment_intents/" + id + "?expand[0]=latest_charge.balance_transaction.source.payment_intent");
    BOOST_TEST(four.at("latest_charge.balance_transaction.source.payment_intent.id") == id);
    BOOST_TEST(
        get("/v1/payment_intents/" + id + "?expand[0]=latest_charge.payment_intent.latest_charge.payment_intent.latest_charge").status
        == 400);
    BOOST_TEST(get("/v1/payment_intents/" + id + "?expand[0]=description").status == 400);
    BOOST_TEST(get("/v1/balance_transactions?source=" + paid.at("latest_charge.id")).at("data.0.amount") == "500");
}

BOOST_AUTO_TEST_CASE(amounts_currencies_and_unknown_parameters_are_checked)
{
    const auto refusal = [](const std::string& form) {
        const auto answer = post("/v1/payment_intents", form + "&payment_method_types[]=card");
        return std::to_string(answer.status) + ' ' + answer.at("error.code") + ' ' + answer.at("error.param");
    };
    BOOST_TEST(refusal("amount=49&currency=chf") == "400 amount_too_small amount");
    BOOST_TEST(refusal("amount=29&currency=gbp") == "400 amount_too_small amount");
    BOOST_TEST(refusal("amount=100000000&currency=chf") == "400 amount_too_large amount");
    BOOST_TEST(refusal("amount=5.00&currency=chf") == "400 parameter_invalid_integer amount");
    BOOST_TEST(refusal("currency=chf") == "400 parameter_missing amount");
    BOOST_TEST(refusal("amount=500") == "400 parameter_missing currency");
    BOOST_TEST(refusal("amount=500&currency=xyz") == "400  currency");
    BOOST_TEST(refusal("amount=500&currency=chf&colour=red") == "400 parameter_unknown colour");
    BOOST_TEST(refusal("amount=500&currency=chf&off_session=true") == "400  off_session");
    BOOST_TEST(refusal("amount=500&currency=chf&customer=cus_none") == "400 resource_missing customer");
    BOOST_TEST(refusal("amount=50&currency=CHF") == "200  ");
    BOOST_TEST(refusal("amount=99999999&currency=chf") == "200  ");
    BOOST_TEST(
        post("/v1/payment_intents", "amount=500&currency=chf&confirm=true&payment_method=pm_card_visa").status == 400); // no return_url
    BOOST_TEST(get("/v1/charges?colour=red").at("error.code") == "parameter_unknown");
    BOOST_TEST(get("/v1/payment_intents/pi_none").status == 404);
}

// https://github.com/getlago/lago-api/pull/4623, and stripe.md: off session refused, then confirmed on session
BOOST_AUTO_TEST_CASE(a_payment_refused_for_want_of_its_holder_is_confirmed_by_them)
{
    const auto who = customer();
    const auto card = post("/v1/payment_methods/pm_card_authenticationRequired/attach", "customer=" + who).at("id");
    const auto refused = post("/v1/payment_intents", payment(card, "&off_session=true&customer=" + who));
    BOOST_TEST(refused.status == 402);
    const auto intent = "/v1/payment_intents/" + refused.at("error.payment_intent.id");
    BOOST_TEST(get("/v1/charges/" + refused.at("error.charge")).at("failure_code") == "authentication_required");

    const auto confirm = "payment_method=" + card + "&return_url=https://shop.example/pay";
    const auto first = post(intent + "/confirm", confirm);
    BOOST_TEST(first.at("status") == "requires_action");
    const auto page = first.at("next_action.redirect_to_url.url");
    BOOST_TEST(get(page).body.find("<button name=\"outcome\" value=\"failed\"") != std::string::npos);
    BOOST_TEST(answer_challenge(page, "failed").ends_with("&redirect_status=failed"));
    BOOST_TEST(get(intent).at("status") == "requires_payment_method");
    BOOST_TEST(get(intent).at("last_payment_error.code") == "payment_intent_authentication_failure");
    BOOST_TEST(get(intent).at("payment_method").empty());

    const auto second = post(intent + "/confirm", confirm);
    BOOST_TEST(second.at("next_action.redirect_to_url.url") != page);
    BOOST_TEST(answer_challenge(page, "succeeded").ends_with("&redirect_status=failed")); // the old page decides nothing any more
    BOOST_TEST(answer_challenge(second.at("next_action.redirect_to_url.url"), "succeeded").ends_with("&redirect_status=succeeded"));
    BOOST_TEST(answer_challenge(second.at("next_action.redirect_to_url.url"), "failed").ends_with("&redirect_status=succeeded"));
    const auto paid = get(intent + "?expand[]=latest_charge");
    BOOST_TEST(paid.at("status") == "succeeded");
    BOOST_TEST(paid.at("latest_charge.payment_method_details.card.three_d_secure.result") == "authenticated");
    BOOST_TEST(size_of(get("/v1/charges?payment_intent=" + paid.at("id"))) == 2u);

    const auto unwanted = post("/v1/payment_intents", payment("pm_card_authenticationRequired", "&error_on_requires_action=true"));
    BOOST_TEST(unwanted.at("error.decline_code") == "authentication_not_handled");
}

BOOST_AUTO_TEST_CASE(what_follows_a_passed_challenge_may_be_a_decline)
{
    const auto begun = post("/v1/payment_intents",
        payment("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "&return_url=https://shop.example/"));
    answer_challenge(begun.at("next_action.redirect_to_url.url"), "succeeded");
    BOOST_TEST(get("/v1/payment_intents/" + begun.at("id")).at("last_payment_error.decline_code") == "insufficient_funds");
}

BOOST_AUTO_TEST_CASE(states_are_left_only_in_the_ways_there_are)
{
    const auto paid = post("/v1/payment_intents", payment("pm_card_visa")).at("id");
    const auto cancelled = post("/v1/payment_intents/" + paid + "/cancel");
    BOOST_TEST(cancelled.status == 400);
    BOOST_TEST(cancelled.at("error.code") == "payment_intent_unexpected_state");
    BOOST_TEST(cancelled.at("error.payment_intent.status") == "succeeded");
    BOOST_TEST(post("/v1/payment_intents/" + paid + "/confirm", "payment_method=pm_card_visa").at("error.code")
        == "payment_intent_unexpected_state");

    const auto open = post("/v1/payment_intents", "amount=500&currency=chf&payment_method_types[]=card").at("id");
    const auto path = "/v1/payment_intents/" + open;
    BOOST_TEST(post(path + "/confirm").at("error.code") == "payment_intent_unexpected_state");
    BOOST_TEST(post(path, "amount=700&metadata[a]=b&payment_method=pm_card_visa").at("status") == "requires_confirmation");
    BOOST_TEST(post(path, "metadata[a]=").at("amount") == "700");
    BOOST_TEST(post(path + "/cancel", "cancellation_reason=abandoned").at("status") == "canceled");
    BOOST_TEST(get(path).at("cancellation_reason") == "abandoned");
    BOOST_TEST(get(path).at("metadata.a").empty());
    BOOST_TEST(post(path, "amount=800").status == 400);

    const auto held = post("/v1/payment_intents", payment("pm_card_visa", "&capture_method=manual"));
    BOOST_TEST(held.at("status") == "requires_capture");
    BOOST_TEST(post("/v1/payment_intents/" + held.at("id") + "/capture", "amount_to_capture=300").at("amount_received") == "300");
}

BOOST_AUTO_TEST_CASE(a_list_is_paged_without_gap_or_repetition_in_both_directions)
{
    const auto who = customer();
    std::vector<std::string> made;
    for (int i = 0; i < 7; ++i)
        made.push_back(post("/v1/payment_intents", "amount=500&currency=chf&payment_method_types[]=card&customer=" + who).at("id"));
    std::vector<std::string> read;
    for (std::string after;;) {
        const auto list = get("/v1/payment_intents?limit=3&customer=" + who + (after.empty() ? "" : "&starting_after=" + after));
        for (std::size_t i = 0; i < size_of(list); ++i) read.push_back(list.at("data." + std::to_string(i) + ".id"));
        if (list.at("has_more") != "true") break;
        after = read.back();
    }
    BOOST_TEST(std::vector(read.rbegin(), read.rend()) == made, boost::test_tools::per_element());
    const auto before = get("/v1/payment_intents?limit=3&customer=" + who + "&ending_before=" + made[2]);
    BOOST_TEST(before.at("data.0.id") == made[5]);
    BOOST_TEST(before.at("data.2.id") == made[3]);
    BOOST_TEST(before.at("has_more") == "true");
    BOOST_TEST(get("/v1/payment_intents?limit=101").status == 400);
    const auto created = get("/v1/payment_intents/" + made[0]).at("created");
    BOOST_TEST(size_of(get("/v1/payment_intents?limit=100&customer=" + who + "&created[gte]=" + created)) == 7u);
    BOOST_TEST(size_of(get("/v1/payment_intents?limit=100&customer=" + who + "&created[lt]=" + created)) == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_may_do_what_belongs_to_the_secret_it_holds_and_no_more)
{
    const auto intent =
        post("/v1/payment_intents", "amount=500&currency=chf&payment_method_types[]=card&metadata[internal]=yes&customer=" + customer());
    const auto path = "/v1/payment_intents/" + intent.at("id");
    const auto secret = "client_secret=" + intent.at("client_secret");
    BOOST_TEST(get_as_browser(path + "?" + secret).at("status") == "requires_payment_method");
    BOOST_TEST(get_as_browser(path + "?" + secret).at("metadata.internal").empty());
    BOOST_TEST(get_as_browser(path + "?" + secret).at("customer").empty());
    BOOST_TEST(get_as_browser(path + "?client_secret=wrong").at("error.code") == "resource_missing");
    BOOST_TEST(post_as_browser(path, secret + "&amount=1").at("error.code") == "secret_key_required");
    BOOST_TEST(get_as_browser("/v1/charges?limit=1").status == 403);

    const auto confirmed = post_as_browser(path + "/confirm",
        secret
            + "&use_stripe_sdk=true&return_url=https://shop.example/&payment_method_data[type]=card&payment_method_data[card][number]="
              "4000002760003184&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=34&payment_method_data[card]["
              "cvc]=123");
    BOOST_TEST(confirmed.header("access-control-allow-origin") == "*");
    BOOST_TEST(confirmed.at("next_action.type") == "use_stripe_sdk");
    BOOST_TEST(!answer_challenge(confirmed.at("next_action.use_stripe_sdk.stripe_js"), "succeeded").empty());
    BOOST_TEST(get(path).at("status") == "succeeded");
}

BOOST_AUTO_TEST_CASE(only_test_keys_open_the_door)
{
    const auto status = [](const std::string& header) { return site::ask({.path = url("/v1/charges"), .headers = {header}}).status; };
    BOOST_TEST(status("Authorization: Bearer sk_test_anything") == 200);
    BOOST_TEST(status("Authorization: Bearer sk_live_anything") == 401);
    BOOST_TEST(status("Authorization: Bearer nonsense") == 401);
    BOOST_TEST(status("X-None: 1") == 401);
    BOOST_TEST(site::ask({.path = url("/v1/charges"), .credentials = "sk_test_anything:"}).status == 200);
    const auto answer = get("/v1/charges?limit=1", {"Stripe-Version: 2026-10-28.endive"});
    BOOST_TEST(answer.header("stripe-version") == "2026-10-28.endive");
    BOOST_TEST(answer.header("request-id").starts_with("req_"));
}

BOOST_AUTO_TEST_CASE(the_gateways_port_takes_tls_as_well)
{
    const auto tls = "https" + url("/v1/charges?limit=1").substr(4);
    BOOST_TEST(site::shell("curl -s --noproxy '*' --cacert " + site::environment("TEST_VAR") + "/tls/cert.pem -u sk_test_x: '" + tls + "'")
                   .starts_with("{\"object\":\"list\""));
}

BOOST_AUTO_TEST_SUITE_END()
