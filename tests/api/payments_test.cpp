#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

std::string newest_invoice(const Member& member)
{
    const auto invoices =
        eventually([&] { return member.get("/invoices"); }, [](const Answer& answer) { return !answer.at("items.0.number").empty(); });
    return invoices.at("items.0.number");
}

/// A fresh member with the card of the alias, who has ordered the membership.
Member joined_with(const std::string& card)
{
    auto member = fresh_member();
    BOOST_TEST_REQUIRE(member.send("POST", "/payment-methods", R"({"type":"card","token":")" + card + "\"}").status == 201);
    BOOST_TEST_REQUIRE(member.send("POST", "/membership", "{}").status == 201);
    return member;
}

std::string open_of(const Member& member, const std::string& number) { return member.get("/invoices/" + number).at("open.amount"); }

Answer settled(const Member& member, const std::string& number)
{
    return eventually(
        [&] { return member.get("/invoices/" + number); }, [](const Answer& answer) { return answer.at("open.amount") == "0"; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(paying)

BOOST_AUTO_TEST_CASE(a_card_is_charged_and_what_was_ordered_is_supplied)
{
    const auto member = joined_with("pm_card_visa");
    const auto number = newest_invoice(member);
    BOOST_TEST(settled(member, number).at("paid.amount") == "500");
    const auto payments = member.get("/account/payments");
    BOOST_TEST(payments.at("items.0.means") == "card");
    BOOST_TEST(payments.at("items.0.amount.amount") == "500");
    const auto membership =
        eventually([&] { return member.get("/membership"); }, [](const Answer& answer) { return answer.at("status") == "active"; });
    BOOST_TEST(membership.at("status") == "active");
    const auto again = member.send("POST", "/invoices/" + number + "/pay", "{}");
    BOOST_TEST(again.status == 200);
    BOOST_TEST(again.at("status") == "succeeded");
    BOOST_TEST(member.get("/account/payments").at("items.1.means") == "");
}

BOOST_AUTO_TEST_CASE(a_declined_card_supplies_nothing_until_another_pays)
{
    const auto member = joined_with("pm_card_chargeCustomerFail");
    const auto number = newest_invoice(member);
    const auto refused = eventually([&] { return member.send("POST", "/invoices/" + number + "/pay", "{}"); },
        [](const Answer& answer) { return answer.status == 402; });
    BOOST_TEST(refused.at("code") == "card_refused");
    BOOST_TEST(open_of(member, number) == "500");
    BOOST_TEST(member.get("/membership").at("status") == "awaiting_payment");

    const auto card = member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_mastercard"})");
    BOOST_TEST_REQUIRE(card.status == 201);
    const auto paid = member.send("POST", "/invoices/" + number + "/pay", R"({"payment_method":")" + card.at("id") + "\"}");
    BOOST_TEST(paid.status == 200);
    BOOST_TEST(open_of(member, number) == "0");
    const auto membership =
        eventually([&] { return member.get("/membership"); }, [](const Answer& answer) { return answer.at("status") == "active"; });
    BOOST_TEST(membership.at("status") == "active");
}

BOOST_AUTO_TEST_CASE(the_bank_asks_the_member_to_confirm)
{
    const auto member = joined_with("pm_card_authenticationRequired");
    const auto number = newest_invoice(member);
    const auto asked = eventually([&] { return member.send("POST", "/invoices/" + number + "/pay", "{}"); },
        [](const Answer& answer) { return answer.at("status") == "requires_action"; });
    BOOST_TEST(asked.status == 202);
    const auto bank = asked.at("redirect_url");
    BOOST_TEST_REQUIRE(!bank.empty());
    const auto headers = shell("curl -s -i -d outcome=succeeded '" + bank + "'");
    BOOST_TEST(headers.find("redirect_status=succeeded") != std::string::npos);
    BOOST_TEST(settled(member, number).at("paid.amount") == "500");
}

BOOST_AUTO_TEST_CASE(an_invoice_is_a_file_that_only_its_member_reads)
{
    const auto member = member_on_bill();
    const auto number = newest_invoice(member);
    const auto file = member.get("/invoices/" + number + ".pdf");
    BOOST_TEST(file.status == 200);
    BOOST_TEST(file.body.starts_with("%PDF-"));
    BOOST_TEST(file.body.size() < 60u * 1024);
    BOOST_TEST(member.get("/invoices/" + number + ".pdf").body == file.body);
    BOOST_TEST(fresh_member().get("/invoices/" + number + ".pdf").status == 404);
    BOOST_TEST(member.get("/invoices/2026-999999.pdf").status == 404);
}

BOOST_AUTO_TEST_CASE(a_refund_goes_back_to_the_card)
{
    const auto member = joined_with("pm_card_visa");
    const auto number = newest_invoice(member);
    settled(member, number);
    const auto payment = member.get("/account/payments").at("items.0.id");
    const auto body = [&](const std::string& reference) {
        return R"({"payment":")" + payment + R"(","amount":500,"reference":")" + reference + R"(","reason":"a test"})";
    };
    const auto reference = fresh_uuid();
    BOOST_TEST(the_operator.send("POST", "/admin/refunds", body(reference)).at("code") == "nothing_to_refund");
    BOOST_TEST(the_operator.send("POST", "/admin/credit-notes", R"({"invoice":")" + number + R"(","reason":"a test"})").status == 201);
    BOOST_TEST(the_operator.send("POST", "/admin/refunds", body(reference)).status == 201);
    BOOST_TEST(the_operator.send("POST", "/admin/refunds", body(reference)).at("code") == "reference_in_use");
    const auto is_refunded = [&](const Answer& answer) {
        const auto at = answer.body.find(reference);
        return at != std::string::npos && answer.body.substr(at, 400).find("\"state\":\"succeeded\"") != std::string::npos;
    };
    BOOST_TEST(is_refunded(eventually([&] { return the_operator.get("/admin/refunds"); }, is_refunded)));
    BOOST_TEST(member.get("/account/payments").at("items.0.refunded.amount") == "500");
    BOOST_TEST(member.send("POST", "/admin/refunds", body(fresh_uuid())).status == 403);
}

BOOST_AUTO_TEST_CASE(an_operator_says_how_many_days_a_member_has_to_pay)
{
    const auto member = fresh_member();
    const auto applied = member.send("POST", "/payment-methods", R"({"type":"invoice"})").at("id");
    const auto approve = "/admin/approvals/" + applied + "/approve";
    BOOST_TEST(the_operator.send("POST", approve, R"({"payment_days":366})").at("errors.0.pointer") == "#/payment_days");
    BOOST_TEST(the_operator.send("POST", approve, R"({"payment_days":0})").status == 200);
    BOOST_TEST(member.send("POST", "/membership", "{}").status == 201);
    const auto invoice = member.get("/invoices/" + newest_invoice(member));
    BOOST_TEST(invoice.at("due_on") == invoice.at("issued_on"));

    const auto days = "/admin/members/" + member.name + "/payment-days";
    BOOST_TEST(the_operator.get("/admin/members/" + member.name).at("payment_days") == "0");
    BOOST_TEST(the_operator.send("PUT", days, R"({"payment_days":null})").status == 200);
    BOOST_TEST(the_operator.get("/admin/members/" + member.name).at("payment_days") == "");
    BOOST_TEST(the_operator.send("PUT", days, "{}").status == 422);
    BOOST_TEST(the_operator.send("PUT", "/admin/members/nobody/payment-days", R"({"payment_days":14})").status == 404);
    BOOST_TEST(member.send("PUT", days, R"({"payment_days":300})").status == 403);
}

BOOST_AUTO_TEST_SUITE_END()
