#include "fake/http_server.h"
#include "gateway/stripe_event.h"
#include "gateway/stripe_payments.h"

#include <boost/test/unit_test.hpp>

namespace {

using fake::HttpCall;
using fake::HttpServer;
using fake::Reaction;
using gateway::CallOutcome;
using gateway::IntentState;

struct Scene {
    explicit Scene(HttpServer::React react) : server{std::move(react)}, stripe{{.url = server.url(), .secret_key = "sk_test_key"}} {}
    explicit Scene(Reaction reaction) : Scene{HttpServer::React{[reaction](const HttpCall&) { return reaction; }}} {}

    HttpServer server;
    gateway::StripeTransport stripe;
    std::unique_ptr<gateway::CardPayments> payments{gateway::make_stripe_payments(stripe)};
};

std::string intent_json(const std::string& id, const std::string& status, const std::string& more = "")
{
    return R"({"id":")" + id + R"(","object":"payment_intent","amount":500,"currency":"chf","status":")" + status + "\"" + more + "}";
}

/// The recorded shape of a decline: the intent has no payment method any more, the error has the one that was tried.
std::string declined_json(const std::string& code, const std::string& decline_code, const std::string& advice = "")
{
    return R"({"error":{"type":"card_error","advice_code":")" + advice + R"(","code":")" + code + R"(","decline_code":")" + decline_code
        + R"(","charge":"ch_9","message":"Your card was declined.","payment_intent":)"
        + intent_json("pi_1", "requires_payment_method", R"(,"payment_method":null,"latest_charge":"ch_9")")
        + R"(,"payment_method":{"id":"pm_1","object":"payment_method"}}})";
}

gateway::GatewayAnswer<gateway::PaymentIntent> charged(const Reaction& reaction)
{
    Scene scene{reaction};
    return scene.payments->charge({.customer = "cus_1", .payment_method = "pm_1", .amount = {500}, .idempotency_key = "k"});
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_payments)

BOOST_AUTO_TEST_CASE(a_decline_is_an_answer)
{
    const auto answer = charged({.status = 402, .body = declined_json("card_declined", "insufficient_funds", "try_again_later")});
    BOOST_TEST((answer.outcome == CallOutcome::done));
    BOOST_TEST((answer.value.state == IntentState::requires_payment_method));
    BOOST_TEST(answer.value.id == "pi_1");
    BOOST_TEST(answer.value.latest_charge == "ch_9");  // the failed one
    BOOST_TEST(answer.value.payment_method == "pm_1"); // P31
    BOOST_REQUIRE(answer.value.decline);
    BOOST_TEST(answer.value.decline->decline_code == "insufficient_funds");
    BOOST_TEST(answer.value.decline->advice_code == "try_again_later");
    BOOST_TEST(answer.error.status == 402);
}

BOOST_AUTO_TEST_CASE(a_decline_without_its_intent_is_still_one)
{
    const auto answer = charged({.status = 402, .body = R"({"error":{"type":"card_error","code":"expired_card"}})"});
    BOOST_TEST((answer.outcome == CallOutcome::done));
    BOOST_TEST((answer.value.state == IntentState::requires_payment_method));
    BOOST_TEST(answer.value.decline->code == "expired_card");
}

BOOST_AUTO_TEST_CASE(authentication_is_asked_for_by_a_decline)
{
    const auto answer = charged({.status = 402, .body = declined_json("authentication_required", "authentication_required")});
    BOOST_TEST((domain::judge(answer.value.decline.value()).reaction == domain::DeclineReaction::customer_must_act));
}

// P26: a challenge comes with 200.
BOOST_AUTO_TEST_CASE(two_hundred_is_not_paid)
{
    const auto challenge = charged(
        {.body = intent_json("pi_1", "requires_action",
             R"(,"next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://hooks.example/3ds","return_url":"x"}})")});
    BOOST_TEST((challenge.value.state == IntentState::requires_action));
    BOOST_TEST(challenge.value.next_action_url == "https://hooks.example/3ds");
    BOOST_TEST((charged({.body = intent_json("pi_1", "processing")}).value.state == IntentState::processing));
    BOOST_TEST((charged({.body = intent_json("pi_1", "a_state_of_2031")}).value.state == IntentState::unrecognised));
}

BOOST_AUTO_TEST_CASE(a_currency_in_which_we_do_not_trade_is_none)
{
    const auto answer = charged({.body = R"({"id":"pi_1","object":"payment_intent","amount":5,"currency":"jpy","status":"succeeded"})"});
    BOOST_TEST(!answer.value.currency);
}

// P7: giving up an intent that is paid.
BOOST_AUTO_TEST_CASE(a_refused_cancellation_tells_what_the_intent_is)
{
    Scene scene{Reaction{.status = 400,
        .body = R"({"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state","payment_intent":)"
            + intent_json("pi_1", "succeeded", R"(,"amount_received":500,"latest_charge":"ch_1")") + "}}"}};
    const auto answer = scene.payments->cancel_intent("pi_1", "cancel-1");
    BOOST_TEST((answer.outcome == CallOutcome::done));
    BOOST_TEST((answer.value.state == IntentState::succeeded));
    BOOST_TEST(answer.value.received_minor == 500);
    BOOST_TEST(answer.error.code == "payment_intent_unexpected_state");
    BOOST_TEST(scene.server.calls().at(0).target == "/v1/payment_intents/pi_1/cancel");
}

// P25: off session first; only who is there is asked otherwise.
BOOST_AUTO_TEST_CASE(confirming_on_session_says_nothing_of_off_session)
{
    Scene scene{Reaction{.body = intent_json("pi_1", "requires_action")}};
    scene.payments->confirm_on_session(
        {.intent = "pi_1", .payment_method = "pm_2", .return_url = "https://shop.example/paid?invoice=1", .idempotency_key = "c-1"});
    const auto call = scene.server.calls().at(0);
    BOOST_TEST(call.target == "/v1/payment_intents/pi_1/confirm");
    BOOST_TEST(call.body == "payment_method=pm_2&return_url=https%3A%2F%2Fshop.example%2Fpaid%3Finvoice%3D1");
}

BOOST_AUTO_TEST_CASE(an_id_that_stripe_cannot_have_given_is_not_asked_for)
{
    Scene scene{Reaction{.body = intent_json("pi_1", "succeeded")}};
    for (const std::string id : {"", "pi_", "ch_1", "pi_1/cancel", "pi_1?x=1", "../pi_1", "pi_\r\nX: y"})
        BOOST_TEST((scene.payments->retrieve_intent(id).outcome == CallOutcome::missing), id);
    BOOST_TEST(scene.server.calls().empty());
}

BOOST_AUTO_TEST_CASE(intents_are_found_on_all_pages)
{
    Scene scene{HttpServer::React{[](const HttpCall& call) -> Reaction {
        const bool second = call.target.find("starting_after=pi_2") != std::string::npos;
        if (second) return {.body = R"({"object":"list","has_more":false,"data":[)" + intent_json("pi_1", "canceled") + "]}"};
        return {.body = R"({"object":"list","has_more":true,"data":[)"
                + intent_json("pi_3", "succeeded", R"(,"metadata":{"invoice":"7","attempt":"1"})") + "," + intent_json("pi_2", "processing")
                + "]}"};
    }}};
    const auto answer = scene.payments->find_intents("cus_1", domain::Instant{std::chrono::seconds{1795514100}});
    BOOST_TEST((answer.outcome == CallOutcome::done));
    BOOST_REQUIRE(answer.value.size() == 3u);
    BOOST_TEST(answer.value[0].owner.invoice == "7");
    BOOST_TEST(answer.value[2].id == "pi_1");
    BOOST_TEST(scene.server.calls().at(0).target == "/v1/payment_intents?limit=100&customer=cus_1&created[gte]=1795514100");
}

// P40: an error while looking is not "not there".
BOOST_AUTO_TEST_CASE(half_a_list_is_none)
{
    Scene scene{HttpServer::React{[](const HttpCall& call) -> Reaction {
        if (call.target.find("starting_after") != std::string::npos) return {.status = 429, .headers = "Stripe-Should-Retry: false\r\n"};
        return {.body = R"({"object":"list","has_more":true,"data":[)" + intent_json("pi_3", "succeeded") + "]}"};
    }}};
    const auto answer = scene.payments->find_intents("cus_1", {});
    BOOST_TEST((answer.outcome == CallOutcome::later));
    BOOST_TEST(answer.value.empty());
}

BOOST_AUTO_TEST_CASE(a_list_that_never_ends_is_given_up)
{
    Scene scene{Reaction{.body = R"({"object":"list","has_more":true,"data":[)" + intent_json("pi_3", "succeeded") + "]}"}};
    BOOST_TEST((scene.payments->find_intents("cus_1", {}).outcome != CallOutcome::done));
    BOOST_TEST(scene.server.calls().size() <= 50u);
}

BOOST_AUTO_TEST_CASE(a_refund_carries_our_id)
{
    Scene scene{
        Reaction{.body = R"({"id":"re_1","object":"refund","amount":200,"currency":"chf","status":"pending","payment_intent":"pi_1",)"
                         R"("charge":"ch_1","metadata":{"refund":"r-1"}})"}};
    const auto answer = scene.payments->refund({.intent = "pi_1", .amount = {200}, .refund = "r-1", .idempotency_key = "re-r-1"});
    BOOST_TEST((answer.value.state == gateway::RefundState::pending));
    BOOST_TEST(answer.value.owner.refund == "r-1");
    BOOST_TEST(scene.server.calls().at(0).body == "payment_intent=pi_1&amount=200&metadata[refund]=r-1");
}

// P45: both are the end, not a reason to try again.
BOOST_AUTO_TEST_CASE(a_refund_that_cannot_be_is_refused_with_its_code)
{
    for (const std::string code : {"charge_already_refunded", "charge_disputed"}) {
        Scene scene{Reaction{.status = 400, .body = R"({"error":{"type":"invalid_request_error","code":")" + code + "\"}}"}};
        const auto answer = scene.payments->refund({.intent = "pi_1", .amount = {200}, .refund = "r-1", .idempotency_key = "re-r-1"});
        BOOST_TEST((answer.outcome == CallOutcome::refused));
        BOOST_TEST(answer.error.code == code);
        BOOST_TEST(scene.server.calls().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_charge_tells_its_fee)
{
    Scene scene{Reaction{
        .body =
            R"({"id":"ch_1","object":"charge","amount":500,"amount_refunded":100,"currency":"eur","status":"succeeded","disputed":true,)"
            R"("payment_intent":"pi_1","balance_transaction":{"id":"txn_1","object":"balance_transaction","amount":470,"fee":45,)"
            R"("net":425,"currency":"chf"}})"}};
    const auto charge = scene.payments->retrieve_charge("ch_1").value;
    BOOST_TEST(charge.fee_minor.value() == 45);
    BOOST_TEST(charge.settled_minor.value() == 425);
    BOOST_TEST((charge.fee_currency == domain::Currency::chf));
    BOOST_TEST((charge.currency == domain::Currency::eur));
    BOOST_TEST(charge.refunded_minor == 100);
    BOOST_TEST(charge.disputed);
    BOOST_TEST(scene.server.calls().at(0).target == "/v1/charges/ch_1?expand[0]=balance_transaction");
}

BOOST_AUTO_TEST_CASE(a_charge_that_is_not_settled_has_no_fee_yet)
{
    Scene scene{
        Reaction{.body = R"({"id":"ch_1","object":"charge","amount":500,"currency":"chf","status":"pending","balance_transaction":null})"}};
    BOOST_TEST(!scene.payments->retrieve_charge("ch_1").value.fee_minor);
}

BOOST_AUTO_TEST_CASE(a_failed_charge_tells_its_refusal)
{
    Scene scene{Reaction{.body = R"({"id":"ch_1","object":"charge","amount":500,"currency":"chf","status":"failed","failure_code":)"
                                 R"("card_declined","outcome":{"reason":"lost_card","advice_code":"do_not_try_again"}})"}};
    const auto decline = scene.payments->retrieve_charge("ch_1").value.decline.value();
    BOOST_TEST((decline == domain::Decline{"do_not_try_again", "card_declined", "lost_card"}));
}

BOOST_AUTO_TEST_CASE(a_dispute_is_read)
{
    Scene scene{
        Reaction{.body = R"({"id":"du_1","object":"dispute","amount":500,"currency":"chf","status":"needs_response","charge":"ch_1",)"
                         R"("payment_intent":"pi_1","reason":"fraudulent","is_charge_refundable":false,)"
                         R"("evidence_details":{"due_by":1795514100}})"}};
    const auto dispute = scene.payments->retrieve_dispute("du_1").value;
    BOOST_TEST((dispute.state == gateway::DisputeState::needs_response));
    BOOST_TEST(dispute.intent == "pi_1");
    BOOST_TEST(domain::to_text(dispute.evidence_due.value()) == "2026-11-24T09:55:00Z");
}

BOOST_AUTO_TEST_CASE(events_come_page_by_page)
{
    const std::string event = R"({"id":"evt_1","object":"event","type":"payment_intent.succeeded","created":1795514100,"livemode":true,)"
                              R"("api_version":"2026-10-28.endive","request":{"id":"req_1","idempotency_key":"pi-7-1"},"data":{"object":)"
        + intent_json("pi_1", "succeeded", R"(,"metadata":{"instance":"there"})") + "}}";
    Scene scene{Reaction{.body = R"({"object":"list","has_more":true,"data":[)" + event + R"(,{"id":"evt_0","object":"v2.core.event"}]})"}};
    const auto page = scene.payments->events(domain::Instant{std::chrono::seconds{1795514000}}, "evt_5").value;
    BOOST_REQUIRE(page.events.size() == 1u);
    BOOST_TEST(page.after == "evt_0");
    const auto& read = page.events[0];
    BOOST_TEST(read.id == "evt_1");
    BOOST_TEST(read.type == "payment_intent.succeeded");
    BOOST_TEST(read.object_id == "pi_1");
    BOOST_TEST(read.object_kind == "payment_intent");
    BOOST_TEST(read.instance == "there");
    BOOST_TEST(read.idempotency_key == "pi-7-1");
    BOOST_TEST(read.livemode);
    BOOST_TEST(gateway::event_of(read.body).value().id == "evt_1");
    BOOST_TEST(scene.server.calls().at(0).target == "/v1/events?limit=50&created[gte]=1795514000&starting_after=evt_5");
}

BOOST_AUTO_TEST_CASE(a_setup_for_off_session_charges_says_so)
{
    Scene scene{Reaction{.body = R"({"id":"seti_1","object":"setup_intent","status":"succeeded","usage":"off_session","customer":"cus_1",)"
                                 R"("payment_method":"pm_1","client_secret":"seti_1_secret","metadata":{"account":"a-1"}})"}};
    const auto setup = scene.payments->create_setup("cus_1", "a-1", "seti-1").value;
    BOOST_TEST((setup.state == gateway::SetupState::succeeded));
    BOOST_TEST(setup.off_session);
    BOOST_TEST(setup.owner.account == "a-1");
    BOOST_TEST(scene.server.calls().at(0).body == "customer=cus_1&usage=off_session&payment_method_types[0]=card&metadata[account]=a-1");
}

BOOST_AUTO_TEST_CASE(a_card_tells_whose_it_is)
{
    Scene scene{Reaction{.body = R"({"id":"pm_1","object":"payment_method","type":"card","customer":{"id":"cus_1","object":"customer"},)"
                                 R"("card":{"brand":"visa","last4":"4242","exp_month":12,"exp_year":2030,"fingerprint":"f"}})"}};
    const auto registered = scene.payments->retrieve_card("pm_1").value;
    BOOST_TEST(registered.customer == "cus_1");
    BOOST_TEST(registered.card.last4 == "4242");
    BOOST_TEST(registered.card.exp_year == 2030);
}

BOOST_AUTO_TEST_CASE(a_customer_is_made_once_and_named_apart)
{
    Scene scene{Reaction{.body = R"({"id":"cus_1","object":"customer"})"}};
    BOOST_TEST(scene.payments->create_customer({.account = "a-1", .email = "nico@members.example", .name = "Nico"}).value == "cus_1");
    const auto calls = scene.server.calls();
    BOOST_REQUIRE(calls.size() == 2u);
    BOOST_TEST(calls[0].header("Idempotency-Key") == "cus-a-1");
    BOOST_TEST(calls[0].body == "metadata[account]=a-1");
    BOOST_TEST(calls[1].body == "email=nico%40members.example&name=Nico");
}

BOOST_AUTO_TEST_SUITE_END()
