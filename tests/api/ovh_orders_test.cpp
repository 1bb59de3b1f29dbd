#include "ovh_purchase.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

bool mentions(const Answer& answer, const std::string& words) { return answer.at("message").find(words) != std::string::npos; }

std::string pay_body(const std::string& method) { return R"({"paymentMethod":{"id":)" + method + "}}"; }

std::string default_method(const OvhClient& client) { return client.get("/me/payment/method?default=true").at("0"); }

/// An order that waits for its buyer to pay it, its invoice issued.
std::string unpaid_order(const OvhClient& client)
{
    const auto order = bought(client, complete_cart(client), false);
    eventually([&] { return client.get("/me/order/" + order + "/associatedObject"); },
        [](const Answer& answer) { return !answer.at("id").empty(); });
    return order;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ovh_orders)

BOOST_AUTO_TEST_CASE(an_order_without_autopay_is_delivered_once_it_is_paid)
{
    const auto client = ovh_client(member_with_card());
    const auto order = unpaid_order(client);
    const auto at = "/me/order/" + order;
    BOOST_TEST(client.get(at + "/status").body == "\"notPaid\"");
    BOOST_TEST(client.get(at + "/followUp").at("0.status") == "TODO");
    const auto unpaid = client.get(at + "/payment");
    BOOST_TEST(unpaid.status == 404);
    BOOST_TEST(mentions(unpaid, "is not paid yet"));
    BOOST_TEST(!client.get(at).at("expirationDate").empty());

    BOOST_TEST(client.post(at + "/pay", pay_body(default_method(client))).body == "null");
    BOOST_TEST(status_becoming(client, order, "delivered") == "\"delivered\"");
    BOOST_TEST(client.get(at + "/payment").at("paymentType") == "creditCard");
    BOOST_TEST(client.get(at).at("expirationDate").empty());
    BOOST_TEST(client.post(at + "/pay", pay_body(default_method(client))).body == "null"); // once more is once
    const auto steps = client.get(at + "/followUp");
    for (const char* step : {"0", "1", "2", "3"}) BOOST_TEST(steps.at(std::string{step} + ".status") == "DONE");
    BOOST_TEST(steps.at("3.step") == "AVAILABLE");
    BOOST_TEST(steps.at("3.history.0.label") == "DELIVERY");
}

BOOST_AUTO_TEST_CASE(a_card_is_a_registered_payment_mean)
{
    const auto client = ovh_client(member_with_card());
    const auto order = unpaid_order(client);
    const auto at = "/me/order/" + order;
    BOOST_TEST(client.get(at + "/availableRegisteredPaymentMean").at("0.paymentMean") == "creditCard");
    const auto wrong = client.post(at + "/payWithRegisteredPaymentMean", R"({"paymentMean":"bankAccount"})");
    BOOST_TEST(wrong.status == 403);
    BOOST_TEST(mentions(wrong, "This order can't be paid with 'bankAccount'"));
    BOOST_TEST(
        mentions(client.post(at + "/payWithRegisteredPaymentMean", R"({"paymentMean":"deferredPaymentAccount"})"), "can't be paid with"));
    BOOST_TEST(client.post(at + "/payWithRegisteredPaymentMean", R"({"paymentMean":"gold"})").status == 400);
    BOOST_TEST(client.post(at + "/payWithRegisteredPaymentMean").status == 400);
    BOOST_TEST(client.post(at + "/payWithRegisteredPaymentMean", R"({"paymentMean":"creditCard","paymentMeanId":null})").body == "null");
    BOOST_TEST(status_becoming(client, order, "delivered") == "\"delivered\"");
}

BOOST_AUTO_TEST_CASE(what_cannot_pay_is_named)
{
    const auto client = ovh_client(member_with_card());
    const auto at = "/me/order/" + unpaid_order(client);
    BOOST_TEST(mentions(client.post(at + "/pay", pay_body("999999999")), "(paymentMethodId = 999999999) does not exist"));
    BOOST_TEST(mentions(client.post(at + "/pay", pay_body(default_method(ovh_client(member_with_card())))), "does not exist")); // another's
    for (const auto* body : {"", "{}", R"({"paymentMethod":{}})", R"({"paymentMethod":null})", R"({"paymentMethod":7})",
             R"({"paymentMethod":{"id":"x"}})", R"({"paymentMethod":{"id":0}})", R"({"paymentMethod":{"id":1,"more":2}})"})
        BOOST_TEST(client.post(at + "/pay", body).status == 400, body);
    BOOST_TEST(client.get(at + "/status").body == "\"notPaid\"");
}

// O22: an order that one way did not pay is paid by another.
BOOST_AUTO_TEST_CASE(a_refused_card_leaves_the_order_payable_with_another)
{
    const auto member = member_with_card();
    const auto client = ovh_client(member);
    const auto good = default_method(client);
    const auto card = member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_chargeCustomerFail"})");
    member.send("PUT", "/payment-methods/" + card.at("id") + "/default");
    const auto bad = default_method(client);
    BOOST_TEST(bad != good);
    const auto order = unpaid_order(client);
    const auto refused = client.post("/me/order/" + order + "/pay", pay_body(bad));
    BOOST_TEST(refused.status == 402);
    BOOST_TEST(mentions(refused, "can still be paid"));
    BOOST_TEST(client.get("/me/order/" + order + "/status").body == "\"notPaid\"");
    BOOST_TEST(client.post("/me/order/" + order + "/pay", pay_body(good)).body == "null");
    BOOST_TEST(status_becoming(client, order, "delivered") == "\"delivered\"");
}

BOOST_AUTO_TEST_CASE(anothers_orders_and_bills_are_not_there)
{
    const auto owner = ovh_client(member_with_card()), stranger = ovh_client(member_with_card());
    const auto order = bought(owner, complete_cart(owner));
    BOOST_TEST(status_becoming(owner, order, "delivered") == "\"delivered\"");
    const auto at = "/me/order/" + order;
    const auto detail = at + "/details/" + owner.get(at + "/details").at("0");
    const auto bill = "/me/bill/" + owner.get(at + "/associatedObject").at("id");
    for (const auto& path :
        {at, at + "/status", at + "/details", detail, detail + "/extension", detail + "/operations", detail + "/operations/1",
            at + "/followUp", at + "/associatedObject", at + "/availableRegisteredPaymentMean", at + "/paymentMethods", at + "/payment",
            bill, bill + "/details", bill + "/details/1", bill + "/payment", "/me/payment/method/" + default_method(owner)}) {
        BOOST_TEST(owner.get(path).status == 200, path);
        BOOST_TEST(stranger.get(path).status == 404, path);
        BOOST_TEST(anonymous_client().get(path).status >= 401, path);
    }
    BOOST_TEST(stranger.post(at + "/pay", pay_body(default_method(stranger))).status == 404);
    BOOST_TEST(stranger.post(at + "/retraction", R"({"reason":"other"})").status == 404);
    BOOST_TEST(stranger.post(at + "/waiveRetraction").status == 404);
    BOOST_TEST(stranger.get("/me/order").body == "[]");
    for (const auto* missing : {"/me/order/0", "/me/order/x", "/me/order/99999999999999999999", "/me/bill/2026-999999"})
        BOOST_TEST(owner.get(missing).status == 404, missing);
}

BOOST_AUTO_TEST_CASE(orders_and_bills_are_found_by_date)
{
    const auto client = ovh_client(member_with_card());
    const auto order = bought(client, complete_cart(client));
    BOOST_TEST(status_becoming(client, order, "delivered") == "\"delivered\"");
    const auto placed_at = client.get("/me/order/" + order).at("date");
    BOOST_TEST(client.get("/me/order?date.from=" + placed_at.substr(0, 19) + "Z").body == '[' + order + ']');
    BOOST_TEST(client.get("/me/order?date.to=" + placed_at.substr(0, 10)).body == "[]"); // the day begins at midnight
    BOOST_TEST(client.get("/me/order?date.from=2000-01-01T00:00:00%2B01:00&date.to=2001-01-01").body == "[]");
    const auto refused = client.get("/me/order?date.from=yesterday");
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(mentions(refused, "date.from must be an instant"));
    const auto bill = client.get("/me/order/" + order + "/associatedObject").at("id");
    BOOST_TEST(client.get("/me/bill?orderId=" + order).body == "[\"" + bill + "\"]");
    BOOST_TEST(client.get("/me/bill?category=purchase-servers").body == "[\"" + bill + "\"]");
    BOOST_TEST(client.get("/me/bill?date.to=2000-01-01").body == "[]");
    BOOST_TEST(client.get("/me/bill?orderId=x").status == 400);
}

BOOST_AUTO_TEST_CASE(what_was_chosen_is_told_with_the_order)
{
    const auto client = ovh_client(member_with_card());
    const auto order = bought(client, complete_cart(client, 2));
    const auto at = "/me/order/" + order + "/details/";
    const auto detail = client.get("/me/order/" + order + "/details").at("0");
    BOOST_TEST(client.get(at + detail).at("quantity") == "2");
    BOOST_TEST(client.get(at + detail).at("detailType") == "DURATION");
    const auto extension = client.get(at + detail + "/extension");
    BOOST_TEST(extension.at("order.plan.code") == "mini-1");
    BOOST_TEST(extension.at("order.plan.duration") == "P1M");
    BOOST_TEST(extension.at("order.configurations.0.label") == "dedicated_datacenter");
    BOOST_TEST(extension.at("order.configurations.0.value") == "gla");
    BOOST_TEST(client.get(at + detail + "/operations").body == "[1,2]");
    BOOST_TEST(client.get(at + detail + "/operations/3").status == 404);
    BOOST_TEST(client.get(at + "1").status == 404);
}

// O23: what opens an order to anybody must not be told.
BOOST_AUTO_TEST_CASE(addresses_of_orders_and_bills_carry_no_secret_and_want_a_login)
{
    const auto member = member_with_card();
    const auto client = ovh_client(member);
    const auto order = bought(client, complete_cart(client));
    BOOST_TEST(status_becoming(client, order, "delivered") == "\"delivered\"");
    const auto told = client.get("/me/order/" + order);
    BOOST_TEST(told.json().get() != nullptr);
    BOOST_TEST(told.body.find("\"password\":\"\"") != std::string::npos);
    const auto pdf = told.at("pdfUrl").substr(told.at("pdfUrl").find("/invoices/"));
    BOOST_TEST(told.at("url").find("/pages/paid?invoice=") != std::string::npos);
    BOOST_TEST(ask({.path = pdf}).status == 401);
    BOOST_TEST(member.get(pdf).body.starts_with("%PDF"));
}

BOOST_AUTO_TEST_CASE(who_has_no_right_of_withdrawal_is_told_what_to_do)
{
    const auto client = ovh_client(member_with_card());
    const auto at = "/me/order/" + bought(client, complete_cart(client), false);
    const auto refused = client.post(at + "/retraction", R"({"reason":"other","comment":"a change of plans"})");
    BOOST_TEST(refused.status == 409);
    BOOST_TEST(mentions(refused, "POST /orders/{uuid}/cancel"));
    BOOST_TEST(client.post(at + "/retraction", R"({"reason":"boredom"})").status == 400);
    BOOST_TEST(client.post(at + "/waiveRetraction").body == "null");
}

BOOST_AUTO_TEST_CASE(me_tells_what_clients_ask_before_they_order)
{
    const auto member = member_with_card();
    const auto client = ovh_client(member);
    const auto me = client.get("/me");
    BOOST_TEST(me.at("nichandle") == member.name);
    BOOST_TEST(me.at("ovhSubsidiary") == "CH");
    BOOST_TEST(me.at("currency.code") == "CHF");
    member.send("PUT", "/account", R"({"billing_address":{"country":"DE"},"currency":"EUR"})");
    BOOST_TEST(client.get("/me").at("ovhSubsidiary") == "DE");
    member.send("PUT", "/account", R"({"billing_address":{"country":"CH"}})");
    BOOST_TEST(client.get("/me").at("ovhSubsidiary") == "EU"); // where euros are paid
    const auto method = client.get("/me/payment/method/" + default_method(client));
    BOOST_TEST(method.at("paymentType") == "CREDIT_CARD");
    BOOST_TEST(method.at("paymentSubType") == "VISA");
    BOOST_TEST(client.get("/me/payment/method?default=false").body == "[]");
    BOOST_TEST(client.get("/me/payment/method?default=maybe").status == 400);
    BOOST_TEST(client.get("/me/payment/method?paymentType=PAYPAL").body == "[]");
    BOOST_TEST(ovh_client(fresh_member()).get("/me/payment/method?default=true").body == "[]");
}

BOOST_AUTO_TEST_SUITE_END()
