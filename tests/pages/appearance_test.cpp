#include "../api/ovh_site.h"
#include "browser.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/sha.h>

#include "domain/card_consent.h"
#include "domain/hex.h"

namespace bdata = boost::unit_test::data;
using namespace browser;
using site::Member;

namespace {

struct Words {
    const char* language{};
    const char *title{}, *press{}, *number{}, *consent{}, *is_open{}, *access{};

    friend std::ostream& operator<<(std::ostream& out, const Words& words) { return out << words.language; }
};

const std::vector<Words> all_words{
    {"de", "Zahlungskarten", "Karte hinterlegen", "Kartennummer", "ermächtige ich Muster Hosting AG", "noch nicht bezahlt",
        "Zugriff für ein Programm"},
    {"fr", "Cartes de paiement", "Enregistrer la carte", "Numéro de carte", "j’autorise Muster Hosting AG", "pas encore payée",
        "Accès pour un programme"},
    {"it", "Carte di pagamento", "Registra la carta", "Numero della carta", "autorizzo Muster Hosting AG", "non è ancora pagata",
        "Accesso per un programma"},
    {"en", "Payment cards", "Register card", "Card number", "I authorise Muster Hosting AG", "not paid yet", "Access for a program"},
};

/// A member who speaks it and has an invoice to pay.
struct Speaker {
    explicit Speaker(const std::string& language) : member{site::member_speaking(language)} { browser.sign_in(member); }
    void open_card_page()
    {
        browser.open("/pages/card");
        BOOST_TEST_REQUIRE(browser.waits_for("document.getElementById('submit') && !document.getElementById('submit').disabled"));
    }
    void open_paid_page()
    {
        if (number.empty()) {
            member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_chargeCustomerFail"})");
            member.send("POST", "/membership", "{}");
            const auto answer = site::eventually(
                [&] { return member.get("/invoices"); }, [](const site::Answer& list) { return list.at("items.0.number") != ""; });
            number = answer.at("items.0.number");
            site::eventually([&] { return member.get("/invoices/" + number + "/payment"); },
                [](const site::Answer& standing) { return standing.at("status") == "failed"; });
        }
        browser.open("/pages/paid?invoice=" + number);
        BOOST_TEST_REQUIRE(browser.waits_for("document.querySelector('[name=card]')"));
    }

    Member member;
    std::string number{};
    Browser browser{};
};

/// Visible texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3), one a line.
const std::string faint_texts = R"(
const parts = colour => colour.match(/[\d.]+/g).map(Number);
const light = colour => {
    const [r, g, b] = parts(colour).slice(0, 3).map(each => each / 255).map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = node => {
    for (let at = node; at; at = at.parentElement) {
        const colour = getComputedStyle(at).backgroundColor;
        if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
};
const faint = [];
for (const node of document.querySelectorAll('body *')) {
    const says = [...node.childNodes].some(each => each.nodeType === 3 && each.textContent.trim());
    if (!says || !node.checkVisibility() || node.disabled) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) faint.push(`${node.tagName} ${node.textContent.trim().slice(0, 30)} ${contrast.toFixed(2)}`);
}
return faint.join('\n');
)";

/// What can be operated and has no name that is read out, or is not to be seen when it has the focus.
const std::string nameless = R"(
return [...document.querySelectorAll('button, a, input, iframe, nav, dialog, section')].filter(node => {
    if (!node.checkVisibility()) return false;
    const labelled = node.getAttribute('aria-label') || node.title || node.textContent.trim() || [...(node.labels ?? [])].some(each => each.textContent.trim());
    return !labelled && !node.getAttribute('aria-labelledby');
}).map(node => node.outerHTML.slice(0, 80)).join('\n');
)";

const std::string too_wide = "return document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : 0;";

void check(Browser& browser, const std::string& where)
{
    for (const bool dark : {false, true}) {
        browser.prefer_dark(dark);
        if (dark) browser.picture(where + "-dark");
        BOOST_TEST(browser.run(faint_texts) == "", where << (dark ? ", dark: " : ", light: ") << browser.run(faint_texts));
    }
    browser.prefer_dark(false);
    BOOST_TEST(browser.run(nameless) == "", where << ": " << browser.run(nameless));
    browser.picture(where + "-wide");
    browser.resize(320, 640);
    BOOST_TEST(browser.run(too_wide) == "0", where);
    browser.resize(320, 1200);
    browser.picture(where + "-narrow");
    browser.resize(1000, 900);
}

} // namespace

BOOST_AUTO_TEST_SUITE(appearance)

BOOST_DATA_TEST_CASE(both_pages_speak_the_accounts_language_and_fit_a_small_screen, bdata::make(all_words), words)
{
    Speaker speaker{words.language};
    auto& browser = speaker.browser;
    speaker.open_card_page();
    BOOST_TEST(browser.run("return document.documentElement.lang;") == words.language);
    BOOST_TEST(browser.run("return document.querySelector('h1').innerText;") == words.title);
    BOOST_TEST(browser.run("return document.title;") == words.title);
    BOOST_TEST(browser.text("submit") == words.press);
    BOOST_TEST(browser.shows("consent", words.consent));
    browser.enter_frame();
    BOOST_TEST(browser.run("return document.querySelector('label').innerText;") == words.number);
    BOOST_TEST(browser.run(too_wide) == "0");
    browser.leave_frame();
    check(browser, std::string{"card-"} + words.language);

    speaker.open_paid_page();
    BOOST_TEST(browser.shows("standing", words.is_open));
    check(browser, std::string{"paid-"} + words.language);
    browser.open("/pages/card");
    BOOST_TEST_REQUIRE(browser.waits_for("document.querySelector('#cards li') && !document.getElementById('another').hidden"));
    check(browser, std::string{"cards-"} + words.language);
    browser.run("document.querySelector('.cards .acts button:last-child').click();");
    BOOST_TEST(browser.waits_for("document.getElementById('removal').open"));
    check(browser, std::string{"removal-"} + words.language);
    BOOST_TEST(browser.errors() == "");
}

BOOST_DATA_TEST_CASE(the_page_of_a_decision_speaks_the_accounts_language_and_fits_too, bdata::make(all_words), words)
{
    Speaker speaker{words.language};
    auto& browser = speaker.browser;
    const auto asked = site::ask({.method = "POST",
        .path = "/1.0/auth/credential",
        .body = R"({"accessRules":[{"method":"GET","path":"/*"},{"method":"POST","path":"/order/*"},{"method":"GET","path":"/me"},
            {"method":"GET","path":"/me/order*"},{"method":"GET","path":"/me/bill*"},{"method":"PUT","path":"/me/payment*"},
            {"method":"DELETE","path":"/me/api/*"},{"method":"GET","path":"/dedicated/*/a-path-that-is-longer-than-a-small-screen-is-wide"}],
            "redirection":"https://bot.example.ch/","allowedIPs":["2001:db8:1111:2222:3333:4444:5555:6666","192.0.2.0/24"]})",
        .headers = {"X-Ovh-Application: " + site::api_key(speaker.member).application_key}});
    browser.open(asked.at("validationUrl"));
    BOOST_TEST_REQUIRE(browser.waits_for("document.querySelector('#rules li')"));
    BOOST_TEST(browser.run("return document.documentElement.lang;") == words.language);
    BOOST_TEST(browser.run("return document.title;") == words.access);
    BOOST_TEST(browser.run("return document.querySelector('h1').innerText;") == words.access);
    check(browser, std::string{"authorize-"} + words.language);
    BOOST_TEST(browser.errors() == "");
}

BOOST_AUTO_TEST_CASE(the_language_is_chosen_by_the_keyboard_and_goes_with_the_member)
{
    Speaker speaker{"de"};
    auto& browser = speaker.browser;
    speaker.open_card_page();
    browser.press({tab, tab, tab, enter}); // the third one
    BOOST_TEST(browser.shows("submit", "Registra la carta"));
    BOOST_TEST(browser.run("return document.activeElement.getAttribute('aria-pressed') + document.activeElement.lang;") == "trueit");
    browser.enter_frame();
    BOOST_TEST(browser.waits_for("document.querySelector('label').innerText === 'Numero della carta'"));
    browser.leave_frame();
    speaker.open_paid_page();
    BOOST_TEST(browser.shows("standing", "non è ancora pagata"));
}

BOOST_AUTO_TEST_CASE(every_word_is_there_in_four_languages)
{
    Speaker speaker{"en"};
    speaker.open_card_page();
    speaker.browser.run("import('/pages/texts.js').then(({texts, declines}) => {"
                        " const keys = Object.keys(texts.en).sort().join();"
                        " const holes = text => (text.match(/{\\w+}/g) ?? []).sort().join();"
                        " const bad = Object.keys(texts).filter(each => Object.keys(texts[each]).sort().join() !== keys);"
                        " for (const each of Object.keys(texts)) for (const key of Object.keys(texts.en))"
                        "  if (!texts[each][key] || holes(texts[each][key]) !== holes(texts.en[key])) bad.push(each + '.' + key);"
                        " for (const key of Object.values(declines)) if (!texts.en[key]) bad.push(key);"
                        " if (/ß/.test(JSON.stringify(texts.de))) bad.push('ß');"
                        " document.body.dataset.bad = Object.keys(texts).length + ': ' + bad.join(' '); });");
    BOOST_TEST(speaker.browser.waits_for("document.body.dataset.bad"));
    BOOST_TEST(speaker.browser.run("return document.body.dataset.bad;") == "4: ");
}

// What somebody agreed to can be shown years later: another text is another version.
BOOST_AUTO_TEST_CASE(a_text_of_consent_never_changes_under_its_version)
{
    Speaker speaker{"en"};
    speaker.open_card_page();
    speaker.browser.run("import('/pages/consent.js').then(({consent, version}) => {"
                        " document.body.dataset.consent = version + JSON.stringify(consent); });");
    BOOST_TEST_REQUIRE(speaker.browser.waits_for("document.body.dataset.consent"));
    const auto text = speaker.browser.run("return document.body.dataset.consent;");
    BOOST_TEST(text.starts_with(domain::card_consent_versions.back()));
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    BOOST_TEST(domain::to_hex(digest).substr(0, 16) == "02f78794c5e0ead8");
}

BOOST_AUTO_TEST_SUITE_END()
