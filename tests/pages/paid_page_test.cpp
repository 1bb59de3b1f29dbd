#include "browser.h"

#include <boost/test/unit_test.hpp>

using namespace browser;
using site::Answer;
using site::eventually;
using site::Member;

namespace {

std::string newest_invoice(const Member& member)
{
    return eventually([&] { return member.get("/invoices"); }, [](const Answer& answer) { return answer.at("items.0.number") != ""; })
        .at("items.0.number");
}

std::string payment_status(const Member& member, const std::string& number)
{
    return member.get("/invoices/" + number + "/payment").at("status");
}

/// A member with the card of the alias, who has joined; the first charge is behind us.
struct PaidPage {
    explicit PaidPage(const std::string& alias, const std::string& charged = "requires_action")
    {
        member.send("POST", "/payment-methods", R"({"type":"card","token":")" + alias + "\"}");
        BOOST_TEST_REQUIRE(member.send("POST", "/membership", "{}").status == 201);
        number = newest_invoice(member);
        const auto standing = eventually([&] { return member.get("/invoices/" + number + "/payment"); },
            [&](const Answer& answer) { return answer.at("status") == charged; });
        BOOST_TEST_REQUIRE(standing.at("status") == charged, standing.body);
        browser.sign_in(member);
        open();
    }
    void open()
    {
        browser.open("/pages/paid?invoice=" + number);
        BOOST_TEST_REQUIRE(browser.waits_for("document.getElementById('standing')?.innerText"));
    }
    /// The bank's page, in place of ours.
    void answer_bank(bool confirms)
    {
        BOOST_TEST_REQUIRE(
            browser.waits_for("location.pathname.startsWith('/redirect/authenticate/') && document.querySelector('button')"));
        browser.press({tab});
        if (!confirms) browser.press({tab});
        browser.press({enter});
        BOOST_TEST_REQUIRE(browser.waits_for("location.pathname === '/pages/paid' && document.getElementById('standing')?.innerText"));
    }
    void pay()
    {
        browser.tab_to("pay");
        browser.press({enter});
    }

    Member member{site::member_speaking("de")};
    std::string number{};
    Browser browser{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(paid_page)

BOOST_AUTO_TEST_CASE(a_payment_that_the_bank_asks_about_is_confirmed)
{
    PaidPage page{"pm_card_authenticationRequired"};
    BOOST_TEST(page.browser.shows("standing", "Ihre Bank möchte"));
    BOOST_TEST(page.browser.text("fault") == "");
    BOOST_TEST(page.browser.shows("pay", "bestätigen"));
    page.pay();
    page.answer_bank(true);
    BOOST_TEST(page.browser.shows("standing", "Bezahlt"));
    BOOST_TEST(page.browser.run("return document.getElementById('pay-form').hidden;") == "true");
    BOOST_TEST(page.browser.address().ends_with("/pages/paid?invoice=" + page.number)); // no secret stays in the address
    BOOST_TEST(page.member.get("/invoices/" + page.number).at("paid.amount") == "500");
    BOOST_TEST(page.member.get("/account/payments").at("items.1.id") == "");
    BOOST_TEST(page.browser.errors() == "");
}

// A payment whose challenge failed was not asked about again, and the customer saw it paid (woocommerce-gateway-stripe 2094).
BOOST_AUTO_TEST_CASE(a_confirmation_that_failed_is_said_and_asked_for_again)
{
    PaidPage page{"pm_card_authenticationRequired"};
    page.pay();
    page.answer_bank(false);
    BOOST_TEST(page.browser.shows("fault", "Bestätigung bei Ihrer Bank"));
    BOOST_TEST(page.browser.gets_focus("fault"));
    BOOST_TEST(payment_status(page.member, page.number) == "requires_action");
    BOOST_TEST(page.member.get("/invoices/" + page.number).at("open.amount") == "500");
    page.pay();
    page.answer_bank(true);
    BOOST_TEST(page.browser.shows("standing", "Bezahlt"));
    BOOST_TEST(page.member.get("/account/payments").at("items.1.id") == "");
}

BOOST_AUTO_TEST_CASE(another_card_pays_in_place_of_the_one_that_waits)
{
    PaidPage page{"pm_card_authenticationRequired"};
    BOOST_TEST_REQUIRE(page.member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_mastercard"})").status == 201);
    page.open();
    page.browser.run("document.querySelector('[name=card]:checked').id = 'chosen';");
    page.browser.tab_to("chosen");
    page.browser.press({arrow_down});
    BOOST_TEST(page.browser.shows("pay", "jetzt bezahlen"));
    page.pay();
    BOOST_TEST(page.browser.shows("standing", "Bezahlt"));
    BOOST_TEST(page.member.get("/invoices/" + page.number).at("open.amount") == "0");
    BOOST_TEST(page.member.get("/account/payments").at("items.0.amount.amount") == "500");
    BOOST_TEST(page.member.get("/account/payments").at("items.1.id") == "");
}

BOOST_AUTO_TEST_CASE(a_declined_card_is_replaced_by_one_registered_on_the_way)
{
    PaidPage page{"pm_card_chargeCustomerFail", "failed"};
    BOOST_TEST(page.browser.shows("standing", "noch nicht bezahlt"));
    BOOST_TEST(page.browser.shows("fault", "abgelehnt"));
    page.pay();
    BOOST_TEST(page.browser.waits_for("document.activeElement.id === 'fault'"));
    BOOST_TEST(page.browser.shows("fault", "abgelehnt"));
    page.browser.tab_to("other-card");
    page.browser.press({enter});
    BOOST_TEST_REQUIRE(
        page.browser.waits_for("location.pathname === '/pages/card' && document.getElementById('another')?.hidden === false"));
    page.browser.tab_to("another");
    page.browser.press({enter});
    BOOST_TEST_REQUIRE(page.browser.waits_for("!document.getElementById('submit').disabled"));
    page.browser.tab_to("IFRAME");
    page.browser.press({"4242424242424242", tab, "1234", tab, "123", tab, enter});
    BOOST_TEST_REQUIRE(page.browser.shows("done", "4242"));
    page.browser.tab_to("pay-invoice");
    page.browser.press({enter});
    BOOST_TEST_REQUIRE(page.browser.waits_for("location.pathname === '/pages/paid' && document.querySelector('[name=card]')"));
    page.browser.run("document.querySelector('[name=card]:checked').id = 'chosen';");
    page.browser.tab_to("chosen");
    page.browser.press({arrow_down});
    page.pay();
    BOOST_TEST(page.browser.shows("standing", "Bezahlt"));
    BOOST_TEST(page.member.get("/invoices/" + page.number).at("open.amount") == "0");
}

BOOST_AUTO_TEST_CASE(a_paid_invoice_has_nothing_to_press)
{
    PaidPage page{"pm_card_visa", "succeeded"};
    BOOST_TEST(page.browser.shows("standing", "Bezahlt"));
    BOOST_TEST(page.browser.run("return document.getElementById('pay-form').hidden;") == "true");
    BOOST_TEST(page.browser.run("return document.getElementById('file').pathname;") == "/invoices/" + page.number + ".pdf");
}

// Whatever the address says, and whoever wrote it.
BOOST_AUTO_TEST_CASE(an_address_alone_pays_nothing)
{
    PaidPage page{"pm_card_authenticationRequired"};
    page.browser.open(
        "/pages/paid?invoice=" + page.number + "&payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_2&redirect_status=succeeded");
    BOOST_TEST(page.browser.shows("standing", "Ihre Bank möchte"));
    BOOST_TEST(payment_status(page.member, page.number) == "requires_action");

    Browser stranger;
    stranger.sign_in(site::member_speaking("de"));
    stranger.open("/pages/paid?invoice=" + page.number);
    BOOST_TEST(stranger.shows("fault", "keine Rechnung"));
    stranger.open("/pages/paid?invoice=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
    BOOST_TEST(stranger.shows("fault", "fehlt die Nummer"));
    BOOST_TEST(stranger.run("return document.images.length;") == "0");
    BOOST_TEST(site::fresh_member().get("/invoices/" + page.number + "/payment").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
