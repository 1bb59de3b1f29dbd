#include "stripe_gateway.h"

#include <boost/test/unit_test.hpp>

using namespace stripe_gateway;
using site::eventually;

namespace {

std::string paid_with(const std::string& card) { return post("/v1/payment_intents", payment(card)).at("id"); }

Answer refund(const std::string& intent, const std::string& more = "") { return post("/v1/refunds", "payment_intent=" + intent + more); }

Answer charge_of(const std::string& intent) { return get("/v1/charges?payment_intent=" + intent); }

/// The dispute of the intent's charge, as soon as there is one in this state.
Answer dispute_of(const std::string& intent, const std::string& status)
{
    return eventually([&] { return get("/v1/disputes?payment_intent=" + intent); },
        [&](const Answer& list) { return list.at("data.0.status") == status; });
}

/// The refund once it has this state.
Answer refund_when(const std::string& id, const std::string& status)
{
    return eventually([&] { return get("/v1/refunds/" + id); }, [&](const Answer& answer) { return answer.at("status") == status; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_refunds)

BOOST_AUTO_TEST_CASE(refunds_add_up_to_the_charge_and_not_beyond)
{
    const auto intent = paid_with("pm_card_visa");
    const auto first = refund(intent, "&amount=200&reason=requested_by_customer&metadata[refund]=1");
    BOOST_TEST(first.at("status") == "succeeded");
    BOOST_TEST(get("/v1/balance_transactions/" + first.at("balance_transaction")).at("amount") == "-200");
    const auto beyond = refund(intent, "&amount=301");
    BOOST_TEST(beyond.status == 400);
    BOOST_TEST(beyond.at("error.param") == "amount");
    BOOST_TEST(refund(intent).at("amount") == "300");
    BOOST_TEST(refund(intent).at("error.code") == "charge_already_refunded");
    BOOST_TEST(charge_of(intent).at("data.0.refunded") == "true");
    BOOST_TEST(size_of(get("/v1/refunds?payment_intent=" + intent)) == 2u);
    BOOST_TEST(get("/v1/charges/" + first.at("charge") + "?expand[]=refunds").at("refunds.data.1.metadata.refund") == "1");
    BOOST_TEST(post("/v1/refunds/" + first.at("id"), "metadata[note]=x").at("metadata.note") == "x");
    BOOST_TEST(post("/v1/refunds/" + first.at("id") + "/cancel").status == 400);
    BOOST_TEST(get("/v1/payment_intents/" + intent).at("status") == "succeeded");
    BOOST_TEST(post("/v1/refunds", "amount=5").status == 400);
}

// https://github.com/alphagov/pay-connector/pull/5593: "succeeded", and days later not
BOOST_AUTO_TEST_CASE(a_refund_may_fail_or_arrive_late_and_a_jump_of_the_clock_brings_it)
{
    const auto failing = paid_with("pm_card_refundFail");
    const auto pending = paid_with("pm_card_pendingRefund");
    const auto will_fail = refund(failing), will_arrive = refund(pending);
    BOOST_TEST(will_fail.at("status") == "succeeded");
    BOOST_TEST(will_arrive.at("status") == "pending");
    const Listener listener{"enabled_events[]=refund.failed&enabled_events[]=refund.updated"};
    const LaterBy half_a_minute{std::chrono::seconds{30}};

    const auto failed = refund_when(will_fail.at("id"), "failed");
    BOOST_TEST(failed.at("failure_reason") == "expired_or_canceled_card");
    BOOST_TEST(get("/v1/balance_transactions/" + failed.at("failure_balance_transaction")).at("amount") == "500");
    BOOST_TEST(charge_of(failing).at("data.0.amount_refunded") == "0");
    BOOST_TEST(refund(failing).at("status") == "succeeded"); // it can be tried anew
    BOOST_TEST(refund_when(will_arrive.at("id"), "succeeded").at("status") == "succeeded");
    BOOST_TEST(listener.about(will_fail.at("id"), 2).size() == 2u);
    const auto arrived = listener.about(will_arrive.at("id"), 1);
    BOOST_REQUIRE(arrived.size() == 1u);
    BOOST_TEST(arrived[0].at("data.previous_attributes.status") == "pending");
}

BOOST_AUTO_TEST_CASE(a_dispute_bars_refunds_until_it_is_won)
{
    const auto intent = paid_with("pm_card_createDispute");
    const auto opened = dispute_of(intent, "needs_response");
    const auto path = "/v1/disputes/" + opened.at("data.0.id");
    BOOST_TEST(opened.at("data.0.is_charge_refundable") == "false");
    BOOST_TEST(opened.at("data.0.balance_transactions.0.amount") == "-500");
    BOOST_TEST(opened.at("data.0.balance_transactions.0.fee") == "2000");
    BOOST_TEST(charge_of(intent).at("data.0.disputed") == "true");
    BOOST_TEST(refund(intent).at("error.code") == "charge_disputed");
    BOOST_TEST(post(path, "evidence[uncategorized_text]=winning_evidence").at("status") == "under_review");
    BOOST_TEST(dispute_of(intent, "won").at("data.0.balance_transactions.1.amount") == "500");
    BOOST_TEST(post(path + "/close").status == 400);
    BOOST_TEST(refund(intent).status == 200);
}

BOOST_AUTO_TEST_CASE(disputes_are_lost_by_evidence_or_by_giving_in_and_an_inquiry_costs_nothing)
{
    const auto lost = paid_with("pm_card_createDisputeProductNotReceived");
    const auto opened = dispute_of(lost, "needs_response");
    BOOST_TEST(opened.at("data.0.reason") == "product_not_received");
    post("/v1/disputes/" + opened.at("data.0.id"), "evidence[uncategorized_text]=losing_evidence");
    BOOST_TEST(dispute_of(lost, "lost").at("data.0.status") == "lost");

    const auto given_in = paid_with("pm_card_createDispute");
    const auto id = dispute_of(given_in, "needs_response").at("data.0.id");
    BOOST_TEST(post("/v1/disputes/" + id + "/close").at("status") == "lost");

    const auto asked = paid_with("pm_card_createDisputeInquiry");
    const auto inquiry = dispute_of(asked, "warning_needs_response");
    BOOST_TEST(inquiry.at("data.0.is_charge_refundable") == "true");
    BOOST_TEST(inquiry.at("data.0.balance_transactions.0.amount").empty());
    BOOST_TEST(refund(asked).status == 200);

    const auto warned = paid_with("pm_card_createIssuerFraudRecord");
    BOOST_TEST(eventually([&] { return get("/v1/radar/early_fraud_warnings?payment_intent=" + warned); },
                   [](const Answer& list) { return size_of(list) == 1; })
                   .at("data.0.actionable")
        == "true");
}

BOOST_AUTO_TEST_SUITE_END()
