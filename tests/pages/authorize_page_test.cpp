#include "../api/ovh_site.h"
#include "browser.h"

#include <boost/test/unit_test.hpp>

using namespace browser;
using site::Answer;

namespace {

/// Somebody's program has asked; a member stands before the page.
struct Request {
    explicit Request(const std::string& more = "", const std::string& language = "de") : member{site::member_speaking(language)}
    {
        const auto asked = site::ask({.method = "POST",
            .path = "/1.0/auth/credential",
            .body =
                R"({"accessRules":[{"method":"GET","path":"/me"},{"method":"POST","path":"/order/*"},{"method":"GET","path":"/order/*"}])"
                + more + "}",
            .headers = {"X-Ovh-Application: " + program.application_key}});
        BOOST_TEST_REQUIRE(asked.status == 200, asked.body);
        program.consumer_key = asked.at("consumerKey");
        address = asked.at("validationUrl");
        BOOST_TEST_REQUIRE(address.starts_with(site::environment("TEST_URL") + "/pages/authorize?credentialToken="));
        browser.sign_in(member);
    }
    void open()
    {
        browser.open(address);
        BOOST_TEST_REQUIRE(
            browser.waits_for("document.getElementById('question')?.innerText || document.getElementById('fault')?.innerText"));
    }
    void press(const std::string& button)
    {
        browser.tab_to(button);
        browser.press({enter});
    }
    /// What a call with the key that was asked for answers.
    Answer call() const { return site::OvhClient{program}.get("/auth/currentCredential"); }

    site::Member member;
    site::ApiKey program{site::api_key(site::fresh_member())};
    std::string address{};
    Browser browser{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(authorize_page)

BOOST_AUTO_TEST_CASE(a_member_accepts_for_thirty_days)
{
    Request request{R"(,"allowedIPs":["127.0.0.0/8"])"};
    BOOST_TEST(request.call().at("errorCode") == "INVALID_CREDENTIAL");
    request.open();
    auto& browser = request.browser;
    BOOST_TEST(browser.shows("question", "«a test» möchte für Ihr Konto " + request.member.name));
    BOOST_TEST(browser.shows("rules", "auf Ihre Kosten bestellen oder bezahlen"));
    BOOST_TEST(browser.shows("rules", "lesen, anlegen und auslösen"));
    BOOST_TEST(browser.shows("addresses", "127.0.0.0/8"));
    browser.run("document.querySelector('[name=duration]:checked').id = 'chosen';");
    browser.tab_to("chosen");
    browser.press({arrow_down});
    request.press("accept");
    BOOST_TEST(browser.shows("done", "Das Programm kann jetzt für Sie handeln"));
    BOOST_TEST(browser.gets_focus("done"));
    BOOST_TEST(browser.address().ends_with("/pages/authorize")); // the token is gone
    const auto credential = request.call();
    BOOST_TEST(credential.status == 200, credential.body);
    BOOST_TEST(credential.at("status") == "validated");
    BOOST_TEST(credential.at("expiration") != "");
    BOOST_TEST(site::OvhClient{request.program}.get("/auth/details").at("account") == request.member.name);
    BOOST_TEST(request.member.get("/api-keys").at("items.0.description") == "a test");
    BOOST_TEST(browser.errors() == "");

    request.open(); // the address again
    BOOST_TEST(browser.shows("fault", "nichts zu entscheiden"));
    BOOST_TEST(browser.run("return document.getElementById('request').hidden;") == "true");
}

BOOST_AUTO_TEST_CASE(what_can_cost_money_says_so_however_the_path_is_put)
{
    Request request;
    const auto asked = site::ask({.method = "POST",
        .path = "/1.0/auth/credential",
        .body = R"({"accessRules":[{"method":"POST","path":"/*"},{"method":"POST","path":"/o*"},{"method":"POST","path":"/*/checkout"},
            {"method":"POST","path":"/order/cart/7/checkout"},{"method":"POST","path":"/me/order/*/pay"},{"method":"POST","path":"/*m*e*y*"},
            {"method":"GET","path":"/order/*"},{"method":"POST","path":"/me"},{"method":"DELETE","path":"/*/"},{"method":"POST","path":"/oder/*"}]})",
        .headers = {"X-Ovh-Application: " + request.program.application_key}});
    request.address = asked.at("validationUrl");
    request.open();
    BOOST_TEST_REQUIRE(request.browser.waits_for("document.querySelectorAll('#rules li').length === 10"));
    BOOST_TEST(request.browser.run(
                   "return [...document.querySelectorAll('#rules li')].map(each => each.querySelector('.costs') ? 1 : 0).join('');")
        == "1111110000");
}

BOOST_AUTO_TEST_CASE(a_member_refuses)
{
    Request request;
    request.open();
    BOOST_TEST(request.browser.shows("addresses", "von überall"));
    request.press("refuse");
    BOOST_TEST(request.browser.shows("done", "Das Programm hat keinen Zugriff"));
    BOOST_TEST(request.call().at("errorCode") == "INVALID_CREDENTIAL");
    BOOST_TEST(request.call().at("message").find("refused") != std::string::npos);
    BOOST_TEST(request.member.get("/api-keys").at("items.0.id") == "");
}

BOOST_AUTO_TEST_CASE(afterwards_the_browser_goes_on_to_the_program)
{
    Request request{R"(,"redirection":")" + site::environment("TEST_URL") + R"(/docs/?done=1")"};
    request.open();
    auto& browser = request.browser;
    BOOST_TEST(browser.shows("target", "127.0.0.1"));
    request.press("accept");
    BOOST_TEST(browser.waits_for("location.pathname === '/docs/' && location.search === '?done=1'"));
    BOOST_TEST(request.call().status == 200);
}

BOOST_AUTO_TEST_CASE(a_token_that_is_none_opens_nothing)
{
    Request request;
    for (const std::string token : {"", "?credentialToken=", "?credentialToken=nothing", "?credentialToken=%27%22%3Cb%3E"}) {
        request.address = "/pages/authorize" + token;
        request.open();
        BOOST_TEST(request.browser.shows("fault", "nichts zu entscheiden"), token);
    }
    BOOST_TEST(request.call().at("errorCode") == "INVALID_CREDENTIAL");
}

// The name is somebody else's word, and must stay text.
BOOST_AUTO_TEST_CASE(a_description_cannot_become_markup)
{
    Request request;
    const auto made =
        site::fresh_member().send("POST", "/api-keys", R"({"description":"<img src=x onerror=document.title='x'> {account}"})");
    const auto asked = site::ask({.method = "POST",
        .path = "/1.0/auth/credential",
        .body = R"({"accessRules":[{"method":"GET","path":"/<b>*"}]})",
        .headers = {"X-Ovh-Application: " + made.at("application_key")}});
    request.address = asked.at("validationUrl");
    request.open();
    BOOST_TEST(request.browser.shows("question", "<img src=x onerror=document.title='x'> {account}"));
    BOOST_TEST(request.browser.shows("rules", "/<b>*"));
    BOOST_TEST(request.browser.run("return document.querySelectorAll('main img, main b').length;") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
