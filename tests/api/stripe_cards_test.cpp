#include "stripe_gateway.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace bdata = boost::unit_test::data;
using namespace stripe_gateway;

// What Stripe's documentation says of its test cards.
namespace {

struct Card {
    const char* alias{};
    const char* on_session{}; ///< the intent's status, or the code of the 402 and its decline code
    const char* off_session{};
    const char* attached{};

    friend std::ostream& operator<<(std::ostream& out, const Card& card) { return out << card.alias; }
};

const std::vector<Card> cards{
    {"visa", "succeeded", "succeeded", "ok"},
    {"mastercard", "succeeded", "succeeded", "ok"},
    {"amex", "succeeded", "succeeded", "ok"},
    {"ch", "succeeded", "succeeded", "ok"},
    {"visa_chargeDeclined", "card_declined generic_decline", "card_declined generic_decline", "card_declined"},
    {"visa_chargeDeclinedInsufficientFunds", "card_declined insufficient_funds", "card_declined insufficient_funds", "card_declined"},
    {"visa_chargeDeclinedLostCard", "card_declined lost_card", "card_declined lost_card", "card_declined"},
    {"visa_chargeDeclinedStolenCard", "card_declined stolen_card", "card_declined stolen_card", "card_declined"},
    {"visa_chargeDeclinedVelocityLimitExceeded", "card_declined card_velocity_exceeded", "card_declined card_velocity_exceeded",
        "card_declined"},
    {"chargeDeclinedExpiredCard", "expired_card ", "expired_card ", "expired_card"},
    {"chargeDeclinedIncorrectCvc", "incorrect_cvc ", "incorrect_cvc ", "incorrect_cvc"},
    {"chargeDeclinedProcessingError", "processing_error ", "processing_error ", "processing_error"},
    {"chargeCustomerFail", "card_declined generic_decline", "card_declined generic_decline", "ok"},
    {"authenticationRequiredOnSetup", "requires_action", "authentication_required authentication_required", "ok"},
    {"authenticationRequired", "requires_action", "authentication_required authentication_required", "ok"},
    {"authenticationRequiredSetupForOffSession", "requires_action", "succeeded", "ok"},
    {"authenticationRequiredChargeDeclinedInsufficientFunds", "requires_action", "authentication_required authentication_required", "ok"},
    {"threeDSecure2Required", "requires_action", "authentication_required authentication_required", "ok"},
    {"threeDSecureRequiredChargeDeclined", "requires_action", "authentication_required authentication_required", "ok"},
    {"threeDSecureOptional", "succeeded", "succeeded", "ok"},
    {"radarBlock", "card_declined fraudulent", "card_declined fraudulent", "ok"},
    {"pendingRefund", "succeeded", "succeeded", "ok"},
    {"refundFail", "succeeded", "succeeded", "ok"},
};

std::string outcome_of(const Answer& answer)
{
    if (answer.status == 200) return answer.at("status");
    return answer.at("error.code") + ' ' + answer.at("error.decline_code");
}

std::string card_data(const std::string& number, const std::string& more) { return "type=card&card[number]=" + number + more; }

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_cards)

BOOST_DATA_TEST_CASE(each_test_card_does_what_it_is_documented_to_do, bdata::make(cards), card)
{
    const auto alias = "pm_card_" + std::string{card.alias};
    BOOST_TEST(outcome_of(post("/v1/payment_intents", payment(alias))) == card.on_session);
    BOOST_TEST(outcome_of(post("/v1/payment_intents", payment(alias, "&off_session=true"))) == card.off_session);
    const auto attached = post("/v1/payment_methods/" + alias + "/attach", "customer=" + customer());
    BOOST_TEST((attached.status == 200 ? "ok" : attached.at("error.code")) == card.attached);
}

BOOST_AUTO_TEST_CASE(a_decline_tells_all_that_stripe_tells)
{
    const auto answer = post("/v1/payment_intents", payment("pm_card_chargeCustomerFail", "&customer=" + customer() + "&off_session=true"));
    BOOST_TEST(answer.status == 402);
    const std::map<std::string, std::string> expected{{"type", "card_error"}, {"code", "card_declined"},
        {"decline_code", "generic_decline"}, {"advice_code", "try_again_later"}, {"message", "Your card was declined."},
        {"doc_url", "https://stripe.com/docs/error-codes/card-declined"}, {"payment_intent.status", "requires_payment_method"},
        {"payment_intent.payment_method", ""}, {"payment_intent.last_payment_error.code", "card_declined"},
        {"payment_intent.amount_received", "0"}};
    for (const auto& [member, value] : expected) BOOST_TEST(answer.at("error." + member) == value, member);
    BOOST_TEST(answer.at("error.request_log_url").find(answer.header("request-id")) != std::string::npos);
    BOOST_TEST(answer.at("error.payment_method.id").starts_with("pm_"));
    BOOST_TEST(answer.at("error.charge") == answer.at("error.payment_intent.latest_charge"));
    const auto charge = get("/v1/charges/" + answer.at("error.charge"));
    BOOST_TEST(charge.at("status") == "failed");
    BOOST_TEST(charge.at("paid") == "false");
    BOOST_TEST(charge.at("outcome.advice_code") == "try_again_later");
    BOOST_TEST(charge.at("outcome.network_status") == "declined_by_network");
    BOOST_TEST(charge.at("failure_code") == "card_declined");
}

BOOST_AUTO_TEST_CASE(numbers_and_dates_that_no_card_has_are_told_apart)
{
    const auto code = [](const std::string& number, const std::string& more) {
        return post("/v1/payment_methods", card_data(number, more)).at("error.code");
    };
    BOOST_TEST(code("4242424242424241", "&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123") == "incorrect_number");
    BOOST_TEST(code("4242424242424242", "&card[exp_month]=13&card[exp_year]=2034&card[cvc]=123") == "invalid_expiry_month");
    BOOST_TEST(code("4242424242424242", "&card[exp_month]=12&card[exp_year]=2019&card[cvc]=123") == "invalid_expiry_year");
    BOOST_TEST(code("4242424242424242", "&card[exp_month]=12&card[exp_year]=2034&card[cvc]=12") == "invalid_cvc");
    BOOST_TEST(code("4242424242424242", "&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123").empty());
}

BOOST_AUTO_TEST_CASE(a_card_that_was_set_up_pays_without_its_holder)
{
    const auto who = customer();
    const auto setup = post("/v1/setup_intents",
        "customer=" + who
            + "&usage=off_session&payment_method_types[]=card&confirm=true&return_url=https://shop.example/back"
              "&payment_method=pm_card_authenticationRequiredOnSetup");
    BOOST_TEST(setup.at("status") == "requires_action");
    const auto back = answer_challenge(setup.at("next_action.redirect_to_url.url"), "succeeded");
    BOOST_TEST(back
        == "https://shop.example/back?setup_intent=" + setup.at("id") + "&setup_intent_client_secret=" + setup.at("client_secret")
            + "&redirect_status=succeeded");
    const auto card = get("/v1/setup_intents/" + setup.at("id")).at("payment_method");
    const auto paid = post("/v1/payment_intents", payment(card, "&off_session=true&customer=" + who));
    BOOST_TEST(paid.at("status") == "succeeded");
    BOOST_TEST(post("/v1/payment_intents", payment(card, "&customer=" + who)).at("status") == "requires_action");
}

BOOST_AUTO_TEST_CASE(a_card_that_paid_without_a_customer_or_was_detached_is_dead)
{
    const auto method = post("/v1/payment_methods", card_data("4242424242424242", "&card[exp_month]=12&card[exp_year]=2034"));
    BOOST_TEST(post("/v1/payment_intents", payment(method.at("id"))).status == 200);
    BOOST_TEST(post("/v1/payment_intents", payment(method.at("id"))).status == 400);
    BOOST_TEST(post("/v1/payment_methods/" + method.at("id") + "/attach", "customer=" + customer()).status == 400);

    const auto who = customer();
    const auto kept = post("/v1/payment_methods/pm_card_visa/attach", "customer=" + who).at("id");
    BOOST_TEST(post("/v1/payment_intents", payment(kept)).status == 400); // whose it is has to be said
    BOOST_TEST(post("/v1/payment_intents", payment(kept, "&customer=" + customer())).status == 400);
    BOOST_TEST(post("/v1/payment_intents", payment(kept, "&customer=" + who)).status == 200);
    BOOST_TEST(post("/v1/payment_methods/" + kept + "/detach").status == 200);
    BOOST_TEST(post("/v1/payment_intents", payment(kept, "&customer=" + who)).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
