#include "../api/stripe_gateway.h"
#include "browser.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace browser;
using site::Answer;
using site::eventually;
using site::Member;

namespace {

const std::string good_card{"4242424242424242"}, declined_card{"4000000000000002"}, challenged_card{"4000002500003155"};

struct CardPage {
    explicit CardPage(Member who = site::member_speaking("de")) : member{std::move(who)}
    {
        browser.sign_in(member);
        browser.open("/pages/card");
        BOOST_TEST_REQUIRE(browser.waits_for("document.getElementById('submit') && !document.querySelector('main').hidden"));
    }

    /// Into the gateway's frame by the keyboard, and on to the button; nothing is pressed there.
    void fill(const std::string& number)
    {
        BOOST_TEST_REQUIRE(browser.waits_for("!document.getElementById('submit').disabled"));
        browser.tab_to("IFRAME");
        browser.press({number, tab, "1234", tab, "123", tab});
        BOOST_TEST(browser.gets_focus("submit"));
    }
    void register_card(const std::string& number)
    {
        fill(number);
        browser.press({enter});
    }
    /// The bank's dialog, by the keyboard: behind its close button are the two answers.
    void answer_bank(bool confirms)
    {
        BOOST_TEST_REQUIRE(browser.waits_for("document.querySelector('dialog[open] iframe')"));
        browser.enter_dialog();
        BOOST_TEST_REQUIRE(browser.waits_for("document.querySelectorAll('button').length === 2"));
        browser.leave_frame();
        browser.press({tab});
        if (!confirms) browser.press({tab});
        browser.press({enter});
    }
    Answer cards() const { return member.get("/payment-methods"); }
    std::string last4() const { return cards().at("items.0.last4"); }

    Member member;
    Browser browser{};
};

/// A registration of the member's, begun over the API.
struct Begun {
    explicit Begun(const Member& member) : setup{member.send("POST", "/payment-methods/card/setup")} {}

    Answer confirm(const std::string& number, const std::string& more = "") const
    {
        return stripe_gateway::post_as_browser("/v1/setup_intents/" + id() + "/confirm",
            "client_secret=" + setup.at("client_secret")
                + "&payment_method_data[type]=card&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2034"
                  "&payment_method_data[card][cvc]=123&payment_method_data[card][number]="
                + number + more);
    }
    std::string id() const { return setup.at("id"); }
    /// The address to which the gateway leads back.
    std::string way_back() const
    {
        return "/pages/card?setup_intent=" + id() + "&setup_intent_client_secret=" + setup.at("client_secret")
            + "&redirect_status=succeeded";
    }

    Answer setup;
};

std::string consent_of(const std::string& setup)
{
    return site::shell("mariadb -N --socket=$(readlink -f " + site::environment("TEST_VAR")
        + "/run/mariadb.sock) uncloud -e \"SELECT CONCAT_WS(' ', consent_version, consent_language, consent_address, consented_at IS NOT "
          "NULL, method_id IS NOT NULL) FROM card_setups WHERE gateway_id = '"
        + setup + "'\"");
}

bool is_ours(const Sent& request) { return request.url.starts_with(site::environment("TEST_URL")); }

bool is_in(const std::string& text, const Sent& request)
{
    return (request.url + request.body + request.headers).find(text) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(card_page)

BOOST_AUTO_TEST_CASE(a_card_is_registered_by_the_keyboard_alone)
{
    CardPage page;
    page.register_card(good_card);
    BOOST_TEST(page.browser.shows("done", "Visa •••• 4242"));
    BOOST_TEST(page.browser.gets_focus("done")); // so that it is read out
    BOOST_TEST(page.browser.shows("cards", "Visa •••• 4242"));
    BOOST_TEST(page.browser.run("return document.getElementById('form-section').hidden;") == "true");
    BOOST_TEST(page.last4() == "4242");
    BOOST_TEST(page.cards().at("items.0.default") == "true");
    BOOST_TEST(page.cards().at("items.1.id") == "");
    BOOST_TEST(page.browser.errors() == "");
}

BOOST_AUTO_TEST_CASE(the_consent_is_kept_with_its_version_language_time_and_address)
{
    CardPage page;
    page.fill(good_card);
    page.browser.press({enter});
    BOOST_TEST(page.browser.shows("done", "4242"));
    std::string consented;
    for (const auto& request : page.browser.requests())
        if (request.method == "PUT") consented = request.url;
    BOOST_TEST_REQUIRE(consented.ends_with("/consent"));
    const auto from = consented.find("seti_");
    const auto id = consented.substr(from, consented.rfind('/') - from);
    BOOST_TEST(consent_of(id) == "2026-11-29 de 127.0.0.1 1 1\n");
}

BOOST_AUTO_TEST_CASE(a_declined_card_is_said_and_another_one_does)
{
    CardPage page;
    page.register_card(declined_card);
    BOOST_TEST(page.browser.shows("fault", "abgelehnt"));
    BOOST_TEST(page.browser.gets_focus("fault"));
    BOOST_TEST(page.browser.run("return document.getElementById('fault').getAttribute('role');") == "alert");
    BOOST_TEST(page.cards().at("items.0.id") == "");
    BOOST_TEST(page.browser.errors({"402"}) == "");

    page.browser.tab_to("IFRAME");
    page.browser.press(std::vector<std::string>(19, backspace)); // Tab selects what a field holds
    page.browser.press({good_card, tab, tab, tab, enter});
    BOOST_TEST(page.browser.shows("done", "4242"));
    BOOST_TEST(page.browser.text("fault") == "");
    BOOST_TEST(page.last4() == "4242");
}

BOOST_AUTO_TEST_CASE(an_incomplete_card_goes_nowhere)
{
    CardPage page;
    BOOST_TEST_REQUIRE(page.browser.waits_for("!document.getElementById('submit').disabled"));
    page.browser.requests();
    page.register_card("4242");
    page.browser.enter_frame();
    BOOST_TEST(page.browser.shows("number-error", "unvollständig"));
    BOOST_TEST(page.browser.gets_focus("number"));
    page.browser.leave_frame();
    BOOST_TEST(page.browser.run("return document.getElementById('submit').disabled;") == "false");
    for (const auto& request : page.browser.requests()) BOOST_TEST(request.method == "GET", request.url);
}

BOOST_AUTO_TEST_CASE(the_bank_asks_and_the_member_confirms)
{
    CardPage page;
    page.register_card(challenged_card);
    page.answer_bank(true);
    BOOST_TEST(page.browser.shows("done", "3155"));
    BOOST_TEST(page.last4() == "3155");
    BOOST_TEST(page.browser.errors() == "");
}

BOOST_AUTO_TEST_CASE(the_bank_asks_and_the_member_fails_and_tries_again)
{
    CardPage page;
    page.register_card(challenged_card);
    page.answer_bank(false);
    BOOST_TEST(page.browser.shows("fault", "Bestätigung bei Ihrer Bank"));
    BOOST_TEST(page.browser.gets_focus("fault"));
    BOOST_TEST(page.cards().at("items.0.id") == "");
    page.browser.tab_to("submit");
    page.browser.press({enter});
    page.answer_bank(true);
    BOOST_TEST(page.browser.shows("done", "3155"));
}

BOOST_AUTO_TEST_CASE(the_dialog_of_the_bank_is_closed_by_escape)
{
    CardPage page;
    page.register_card(challenged_card);
    BOOST_TEST_REQUIRE(page.browser.waits_for("document.querySelector('dialog[open] iframe')"));
    page.browser.press({escape});
    BOOST_TEST(page.browser.shows("fault", "Bestätigung bei Ihrer Bank"));
    BOOST_TEST(page.cards().at("items.0.id") == "");
}

// The bank's page may take the place of ours; it leads back with words in the address that count for nothing.
BOOST_AUTO_TEST_CASE(the_member_comes_back_from_the_banks_page)
{
    CardPage page;
    const Begun begun{page.member};
    const auto asked = begun.confirm(challenged_card, "&return_url=" + site::environment("TEST_URL") + "/pages/card");
    page.browser.open(asked.at("next_action.redirect_to_url.url"));
    page.browser.press({tab, enter});
    BOOST_TEST(page.browser.shows("done", "3155"));
    BOOST_TEST(page.last4() == "3155");
    BOOST_TEST(page.browser.address() == site::environment("TEST_URL") + "/pages/card"); // no secret stays in the address
}

BOOST_AUTO_TEST_CASE(a_registration_that_failed_is_not_one_because_the_address_says_so)
{
    CardPage page;
    const Begun begun{page.member};
    const auto asked = begun.confirm(challenged_card, "&return_url=" + site::environment("TEST_URL") + "/pages/card");
    stripe_gateway::answer_challenge(asked.at("next_action.redirect_to_url.url"), "failed");
    page.browser.open(begun.way_back());
    BOOST_TEST(page.browser.shows("fault", "Bestätigung bei Ihrer Bank"));
    BOOST_TEST(page.cards().at("items.0.id") == "");
}

BOOST_AUTO_TEST_CASE(somebody_elses_registration_registers_nothing)
{
    const auto other = site::fresh_member();
    const Begun begun{other};
    begun.confirm(good_card);
    CardPage page;
    page.browser.open(begun.way_back());
    BOOST_TEST(page.browser.shows("fault", "gehört nicht zu Ihrem Konto"));
    BOOST_TEST(page.browser.gets_focus("fault"));
    BOOST_TEST(page.cards().at("items.0.id") == "");
    for (const std::string& id : {begun.id(), std::string{"seti_nothing"}, std::string{"x"}, std::string{"%00"}}) {
        const auto answer = page.member.send("POST", "/payment-methods/card/setup/" + id + "/finish");
        BOOST_TEST((answer.status == 404 || answer.status == 400), id << ' ' << answer.body);
        const auto agreed =
            page.member.send("PUT", "/payment-methods/card/setup/" + id + "/consent", R"({"version":"2026-11-29","language":"de"})");
        BOOST_TEST((agreed.status == 404 || agreed.status == 400), id << ' ' << agreed.body);
    }
    // The other one's, of which no browser told us, is written down by the gateway's event.
    const auto list =
        eventually([&] { return other.get("/payment-methods"); }, [](const Answer& answer) { return answer.at("items.0.id") != ""; });
    BOOST_TEST(list.at("items.0.last4") == "4242");
}

BOOST_AUTO_TEST_CASE(who_never_comes_back_has_the_card_nevertheless)
{
    CardPage page;
    page.browser.block("*/finish");
    page.register_card(good_card);
    BOOST_TEST(page.browser.shows("fault", "nicht erreichbar"));
    const auto list = eventually([&] { return page.cards(); }, [](const Answer& answer) { return answer.at("items.0.id") != ""; });
    BOOST_TEST(list.at("items.0.last4") == "4242");
    BOOST_TEST(list.at("items.1.id") == "");
}

BOOST_AUTO_TEST_CASE(a_second_card_becomes_the_default_and_the_first_is_removed)
{
    CardPage page;
    page.register_card(good_card);
    BOOST_TEST_REQUIRE(page.browser.shows("done", "4242"));
    page.browser.tab_to("another");
    page.browser.press({enter});
    BOOST_TEST_REQUIRE(page.browser.waits_for("document.activeElement.id === 'new-card'"));
    BOOST_TEST(page.browser.run("return document.getElementById('another').checkVisibility();") == "false");
    page.register_card("5555555555554444");
    BOOST_TEST_REQUIRE(page.browser.shows("done", "Mastercard •••• 4444"));
    BOOST_TEST(page.cards().at("items.1.default") == "false");

    const auto press_button = [&](const std::string& label) {
        page.browser.run("const button = document.querySelector('[aria-label=\"" + label + "\"]'); button.id = 'wanted';");
        page.browser.tab_to("wanted");
        page.browser.press({enter});
    };
    page.browser.run("document.body.tabIndex = -1; document.body.focus();");
    press_button("Mastercard •••• 4444 als Standard verwenden");
    BOOST_TEST(page.browser.shows("done", "jetzt Ihre Standardkarte"));
    BOOST_TEST(page.cards().at("items.1.default") == "true");
    BOOST_TEST(page.cards().at("items.0.default") == "false");

    press_button("Visa •••• 4242 entfernen");
    BOOST_TEST(page.browser.shows("removal-question", "Visa •••• 4242 entfernen?"));
    page.browser.press({enter}); // "keep" has the focus
    BOOST_TEST(page.browser.waits_for("!document.getElementById('removal').open"));
    BOOST_TEST(page.cards().at("items.1.id") != "");

    page.browser.run("document.getElementById('wanted')?.removeAttribute('id');");
    press_button("Visa •••• 4242 entfernen");
    BOOST_TEST(page.browser.shows("removal-question", "4242"));
    page.browser.press({tab, enter});
    BOOST_TEST(page.browser.shows("done", "Visa •••• 4242 ist entfernt"));
    BOOST_TEST(page.last4() == "4444");
    BOOST_TEST(page.cards().at("items.1.id") == "");
}

BOOST_AUTO_TEST_CASE(the_last_card_stays_while_an_order_runs)
{
    const auto member = site::joined_member();
    member.send("PUT", "/account", R"({"language":"de"})");
    CardPage page{member};
    BOOST_TEST_REQUIRE(page.browser.shows("cards", "4242"));
    page.browser.run("document.querySelector('[aria-label$=entfernen]').id = 'wanted';");
    page.browser.tab_to("wanted");
    page.browser.press({enter});
    BOOST_TEST(page.browser.shows("removal-question", "4242"));
    page.browser.press({tab, enter});
    BOOST_TEST(page.browser.shows("fault", "brauchen eine Zahlungsart"));
    BOOST_TEST(page.last4() == "4242");
}

// What keeps us out of the scope of card data: they are typed into the gateway's frame and go to the gateway alone.
BOOST_AUTO_TEST_CASE(no_request_of_ours_has_the_card)
{
    const std::string number{"4000056655665556"};
    CardPage page;
    page.register_card(number);
    BOOST_TEST_REQUIRE(page.browser.shows("done", "5556"));
    int to_us = 0;
    int to_gateway = 0;
    for (const auto& request : page.browser.requests()) {
        to_us += is_ours(request);
        to_gateway += !is_ours(request) && is_in(number, request);
        if (is_ours(request)) BOOST_TEST(!is_in(number, request), request.url);
    }
    BOOST_TEST(to_us > 5);
    BOOST_TEST(to_gateway == 1);
    BOOST_TEST(page.browser.run("return document.querySelectorAll('input').length;") == "0"); // none of our own
    site::shell("sleep 1");                                                                   // logs are written in batches
    BOOST_TEST(site::shell("LC_ALL=C grep -rlaF -e " + number + ' ' + site::environment("TEST_VAR") + "/log || true") == "");
}

// The list that CONTRIBUTING.md speaks of: a script that is not on it must not come in unnoticed.
BOOST_AUTO_TEST_CASE(only_the_scripts_on_the_list_are_loaded)
{
    CardPage page;
    BOOST_TEST_REQUIRE(page.browser.waits_for("!document.getElementById('submit').disabled"));
    const auto ours = site::environment("TEST_URL") + "/pages/";
    const auto theirs = site::environment("TEST_STRIPE_URL") + "/v3/";
    std::vector<std::string> list{ours + "card.js", ours + "consent.js", ours + "page.js", ours + "texts.js", theirs, theirs + "card.js"};
    std::ranges::sort(list);
    std::vector<std::string> loaded;
    for (const auto& request : page.browser.requests())
        if (request.kind == "Script") loaded.push_back(request.url);
    std::ranges::sort(loaded);
    loaded.erase(std::ranges::unique(loaded).begin(), loaded.end());
    BOOST_TEST(loaded == list, boost::test_tools::per_element());
    BOOST_TEST(page.browser.run("return document.querySelectorAll('script:not([src])').length;") == "0");
    const auto policy = page.member.get("/pages/card").header("content-security-policy");
    BOOST_TEST(policy.find("unsafe") == std::string::npos);
    BOOST_TEST(policy.find("script-src 'self' " + site::environment("TEST_STRIPE_URL") + ';') != std::string::npos);
    BOOST_TEST(page.browser.run("const script = document.createElement('script'); script.textContent = 'window.intruder = 1';"
                                "document.head.append(script); return window.intruder ?? 'none';")
        == "none");
}

BOOST_AUTO_TEST_CASE(the_pages_are_behind_the_sign_in)
{
    for (const char* path : {"/pages/card", "/pages/paid", "/pages/card.js", "/pages/texts.js"})
        BOOST_TEST(site::ask({.path = path}).status == 401, path);
    const auto page = site::the_operator.get("/pages/card");
    BOOST_TEST(page.header("referrer-policy") == "strict-origin");
    BOOST_TEST(page.header("x-frame-options") == "DENY");
    BOOST_TEST(site::the_operator.get("/pages/nothing").status == 404);
}

// A page of another site cannot act for the member, whose browser sends the credentials by itself.
BOOST_AUTO_TEST_CASE(another_sites_page_changes_nothing)
{
    const auto member = site::fresh_member();
    const auto refused = [&](const std::string& method, const std::string& path, std::vector<std::string> headers,
                             const std::string& body = "") {
        const auto answer = member.send(method, path, body, std::move(headers));
        BOOST_TEST(answer.status == 403, path << ' ' << answer.body);
        BOOST_TEST(answer.at("code") == "cross_site_request");
    };
    const std::string setups{"/payment-methods/card/setup"};
    refused("POST", setups, {"Origin: https://evil.example"});
    refused("POST", setups, {"Sec-Fetch-Site: cross-site"});
    refused("POST", setups, {"Origin: null"});
    refused("POST", setups + "/seti_1/finish", {"Origin: https://evil.example"});
    refused("PUT", setups + "/seti_1/consent", {"Origin: https://evil.example"}, R"({"version":"2026-11-29","language":"de"})");
    refused("POST", "/invoices/2026-000001/pay", {"Sec-Fetch-Site: cross-site"});
    BOOST_TEST(
        site::ask({.method = "POST", .path = setups, .body = "x=1", .credentials = member.credentials(), .content_type = "text/plain"})
            .status
        == 415);
    BOOST_TEST(
        member.send("POST", setups, "{}", {"Origin: " + site::environment("TEST_URL"), "Sec-Fetch-Site: same-origin"}).status == 201);
    BOOST_TEST(member.send("POST", setups).status == 201); // curl says nothing of the kind
}

BOOST_AUTO_TEST_SUITE_END()
