#include "document/letter.h"

#include "document/mail_message.h"
#include "document/mail_wording.h"
#include "domain/dunning.h"
#include "fake/read_mail.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <sstream>

namespace {

using document::Letter;
using document::letter;
using document::LetterMatter;
using document::PaymentWay;
using domain::MailKind;
using domain::MailState;
using namespace std::chrono_literals;

constexpr std::array languages{"de", "fr", "it", "en"};
constexpr std::array kinds{MailKind::issued, MailKind::credit_note, MailKind::payment_failed, MailKind::authentication_required,
    MailKind::reminder, MailKind::second_reminder, MailKind::final_notice, MailKind::suspended, MailKind::reinstated, MailKind::refunded,
    MailKind::card_expiring};

domain::Date day(const char* text) { return domain::date_from(text).value(); }

LetterMatter matter(MailKind kind, const std::string& language)
{
    return {.kind = kind,
        .language = language,
        .name = "Nico <b>Brunner</b> & Söhne {number}",
        .sender = "Muster \"Hosting\" AG",
        .email = "billing@muster-hosting.example",
        .number = "2026-000017",
        .total = {194975},
        .open = {100050},
        .issued_on = day("2026-10-01"),
        .due_on = day("2026-10-31"),
        .way = PaymentWay::payment_part,
        .link = "https://billing.example/pages/paid?invoice=2026-000017&x=<y>",
        .card_link = "https://billing.example/pages/card",
        .corrected = "2026-000009",
        .days_overdue = 31,
        .next = LetterMatter::Next{MailKind::second_reminder, day("2026-12-05")},
        .suspended = {"IPv6 only VM (6f2e8e8e)", "Django hosting <&>"},
        .card = "Visa •••• 4242",
        .charged_again = true,
        .confirm_until = day("2026-12-02"),
        .reason = "one day down & <out>",
        .card_expires = day("2026-12-31")};
}

std::map<std::string, std::string> as_received(const Letter& written, const std::string& language)
{
    return fake::read_mail(document::mail_bytes({.id = domain::Uuid::parse("01a20e23-dca6-43f8-8499-51f7eea8026a").value(),
        .from = {"a", "a@b.ch"},
        .to = {"c", "c@d.ch"},
        .language = language,
        .subject = written.subject,
        .text = written.text,
        .html = written.html}));
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string flowing(std::string text)
{
    std::ranges::replace(text, '\n', ' ');
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(mail_letter)

BOOST_AUTO_TEST_CASE(every_kind_in_every_language_says_the_same_as_text_and_as_html)
{
    for (const auto* language : languages) {
        for (const auto kind : kinds) {
            BOOST_TEST_CONTEXT(language << ' ' << domain::to_text(kind))
            {
                const auto written = letter(matter(kind, language));
                const auto found = as_received(written, language); // throws unless the HTML is well-formed
                BOOST_TEST(found.at("same content") == "yes");
                BOOST_TEST(found.at("Subject") == written.subject);
                BOOST_TEST(found.at("defects") == "");
                BOOST_TEST(std::stoi(found.at("longest line")) <= 76);
                for (const auto* text : {&written.subject, &written.text}) {
                    BOOST_TEST(!holds(*text, "{card}")); // every place is filled in
                    BOOST_TEST(!holds(*text, "  "));
                    BOOST_TEST(!holds(*text, "ß"));
                }
                BOOST_TEST(holds(found.at("html text"), "Nico <b>Brunner</b> & Söhne {number}"));
                BOOST_TEST(holds(written.text, "Muster \"Hosting\" AG\n"));
                BOOST_TEST(holds(written.text, "billing@muster-hosting.example"));
                for (const auto& element : {"b", "script", "table", "img", "link"})
                    BOOST_TEST(!holds(' ' + found.at("html elements") + ' ', ' ' + std::string{element} + ' '));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(whatever_is_about_a_document_names_it)
{
    for (const auto* language : languages)
        for (const auto kind : kinds) {
            if (kind == MailKind::refunded || kind == MailKind::card_expiring) continue;
            const auto written = letter(matter(kind, language));
            BOOST_TEST(holds(written.subject, "2026-000017"), written.subject);
            BOOST_TEST(holds(written.text, "2026-000017"));
        }
}

BOOST_AUTO_TEST_CASE(an_invoice_tells_amount_day_and_how_it_is_paid)
{
    for (const auto* language : languages) {
        const auto words = document::mail_wording(language);
        auto invoice = matter(MailKind::issued, language);
        invoice.way = PaymentWay::payment_part;
        const auto by_bill = flowing(letter(invoice).text);
        BOOST_TEST(holds(by_bill, "CHF 1 949.75"));
        BOOST_TEST(holds(by_bill, "CHF 1 000.50"));
        BOOST_TEST(holds(by_bill, std::string{language} == "en" ? "31 Oct 2026" : "31.10.2026"));
        BOOST_TEST(holds(by_bill, "QR"));

        invoice.way = PaymentWay::card;
        const auto by_card = flowing(letter(invoice).text);
        BOOST_TEST(holds(by_card, "Visa •••• 4242"));
        BOOST_TEST(!holds(by_card, "QR"));

        invoice.way = PaymentWay::settled;
        BOOST_TEST(holds(flowing(letter(invoice).text), words.settled));

        invoice.way = PaymentWay::online;
        BOOST_TEST(holds(letter(invoice).text, "\n" + invoice.link + "\n"));
    }
}

BOOST_AUTO_TEST_CASE(a_reminder_tells_what_is_open_since_when_and_what_follows)
{
    for (const auto* language : languages) {
        for (const auto kind : {MailKind::reminder, MailKind::second_reminder, MailKind::final_notice}) {
            auto reminder = matter(kind, language);
            const std::string next_day = std::string{language} == "en" ? "5 Dec 2026" : "05.12.2026";
            const auto text = flowing(letter(reminder).text);
            BOOST_TEST(holds(text, "CHF 1 000.50"));
            BOOST_TEST(holds(text, ": 31 "));
            BOOST_TEST(holds(text, next_day));
            reminder.next = LetterMatter::Next{MailKind::suspended, day("2026-12-05")};
            BOOST_TEST(holds(flowing(letter(reminder).text), next_day));
            BOOST_TEST(flowing(letter(reminder).text) != text);
            reminder.next = std::nullopt;
            BOOST_TEST(!holds(flowing(letter(reminder).text), next_day));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_suspension_lists_what_is_suspended)
{
    for (const auto* language : languages) {
        const auto written = letter(matter(MailKind::suspended, language));
        BOOST_TEST(holds(written.text, "- IPv6 only VM (6f2e8e8e)\n- Django hosting <&>\n"));
        BOOST_TEST(holds(written.html, "<li>Django hosting &lt;&amp;&gt;</li>"));
    }
}

BOOST_AUTO_TEST_CASE(a_confirmation_is_a_link_and_a_day)
{
    for (const auto* language : languages) {
        const auto asked = matter(MailKind::authentication_required, language);
        const auto written = letter(asked);
        BOOST_TEST(holds(written.text, "\n" + asked.link + "\n"));
        BOOST_TEST(as_received(written, language).at("html links") == asked.link);
        BOOST_TEST(holds(flowing(written.text), std::string{language} == "en" ? "2 Dec 2026" : "02.12.2026"));
    }
}

BOOST_AUTO_TEST_CASE(a_failed_payment_asks_for_another_card_when_this_one_is_not_charged_any_more)
{
    for (const auto* language : languages) {
        auto failed = matter(MailKind::payment_failed, language);
        BOOST_TEST(holds(letter(failed).text, failed.link));
        failed.charged_again = false;
        BOOST_TEST(!holds(letter(failed).text, failed.link));
        BOOST_TEST(holds(letter(failed).text, failed.card_link));
    }
}

BOOST_AUTO_TEST_CASE(a_refund_names_where_it_went)
{
    for (const auto* language : languages) {
        auto refund = matter(MailKind::refunded, language);
        BOOST_TEST(holds(flowing(letter(refund).text), "Visa •••• 4242"));
        refund.account = document::hidden_account("CH9300762011623852957");
        BOOST_TEST(holds(flowing(letter(refund).text), "CH93 •••• 2957"));
        BOOST_TEST(!holds(flowing(letter(refund).text), "Visa"));
        BOOST_TEST(holds(letter(refund).text, "one day down & <out>"));
    }
}

BOOST_AUTO_TEST_CASE(a_member_without_a_name_and_a_card_without_one_leave_no_gaps)
{
    for (const auto* language : languages)
        for (const auto kind : kinds) {
            auto bare = matter(kind, language);
            bare.name = bare.card = "";
            const auto written = letter(bare);
            for (const auto* gap : {"  ", " .", " ,", " \n"}) BOOST_TEST(!holds(written.subject + written.text, gap), written.text);
        }
}

BOOST_AUTO_TEST_CASE(what_is_about_no_document_needs_no_days)
{
    for (const auto* language : languages)
        for (const auto kind : {MailKind::refunded, MailKind::card_expiring})
            BOOST_TEST(letter({.kind = kind, .language = language, .name = "Nico", .card_expires = day("2026-12-31")}).text.size() > 50u);
}

BOOST_AUTO_TEST_CASE(plain_text_is_broken_after_72_characters)
{
    for (const auto* language : languages) {
        std::istringstream lines{letter(matter(MailKind::final_notice, language)).text};
        for (std::string line; std::getline(lines, line);)
            BOOST_TEST(std::ranges::count_if(line, [](unsigned char c) { return (c & 0xC0) != 0x80; }) <= 72, line);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mail_rules)

BOOST_AUTO_TEST_CASE(kinds_and_states_are_found_by_their_names)
{
    for (const auto kind : kinds) BOOST_TEST((domain::mail_kind_from(domain::to_text(kind)) == kind));
    BOOST_TEST(!domain::mail_kind_from("greeting").has_value());
    for (const auto state : {MailState::queued, MailState::sending, MailState::sent, MailState::refused, MailState::failed,
             MailState::obsolete, MailState::no_address})
        BOOST_TEST((domain::mail_state_from(domain::to_text(state)) == state));
    BOOST_TEST(!domain::mail_state_from("lost").has_value());
}

BOOST_AUTO_TEST_CASE(a_mail_is_tried_for_about_five_days)
{
    std::chrono::seconds sum{0};
    std::chrono::seconds last{0};
    int tries = 1;
    for (; const auto pause = domain::mail_pause_after(tries); ++tries) {
        BOOST_TEST((*pause >= last));
        last = *pause;
        sum += *pause;
    }
    BOOST_TEST((sum > 24h * 4));
    BOOST_TEST((sum < 24h * 6));
    BOOST_TEST((domain::mail_pause_after(1) == 60s));
}

BOOST_AUTO_TEST_CASE(a_reminder_of_what_is_paid_is_obsolete_an_invoice_is_not)
{
    using domain::MailStep;
    const auto step = [](MailKind kind, bool settled) {
        return domain::next_step({.kind = kind, .is_settled = settled, .last_attempt = domain::AttemptState::waiting, .age = 1h});
    };
    for (const auto kind : {MailKind::reminder, MailKind::second_reminder, MailKind::final_notice, MailKind::suspended,
             MailKind::payment_failed, MailKind::authentication_required}) {
        BOOST_TEST((step(kind, true) == MailStep::obsolete));
        BOOST_TEST((step(kind, false) == MailStep::send));
    }
    for (const auto kind : {MailKind::issued, MailKind::credit_note, MailKind::reinstated, MailKind::refunded, MailKind::card_expiring}) {
        BOOST_TEST((step(kind, true) == MailStep::send));
        BOOST_TEST((domain::next_step({.kind = kind, .still_so = false}) == MailStep::obsolete));
    }
    BOOST_TEST((domain::next_step({.kind = MailKind::authentication_required, .last_attempt = domain::AttemptState::failed})
        == MailStep::obsolete));
}

BOOST_AUTO_TEST_CASE(an_invoice_waits_for_its_charge_but_not_for_ever)
{
    using domain::AttemptState;
    using domain::MailStep;
    const auto step = [](domain::MailMatter matter) { return domain::next_step(matter); };
    domain::MailMatter fresh{.kind = MailKind::issued, .has_card = true, .age = 1s};
    BOOST_TEST((step(fresh) == MailStep::wait));
    for (const auto state : {AttemptState::planned, AttemptState::asked, AttemptState::processing}) {
        fresh.last_attempt = state;
        BOOST_TEST((step(fresh) == MailStep::wait));
    }
    for (const auto state : {AttemptState::waiting, AttemptState::failed, AttemptState::succeeded, AttemptState::canceled}) {
        fresh.last_attempt = state;
        BOOST_TEST((step(fresh) == MailStep::send));
    }
    fresh.last_attempt = AttemptState::asked;
    fresh.age = 10min;
    BOOST_TEST((step(fresh) == MailStep::send));
    fresh.age = -1s; // a clock that was set back
    BOOST_TEST((step(fresh) == MailStep::send));
    BOOST_TEST((step({.kind = MailKind::issued, .has_card = false, .age = 1s}) == MailStep::send));
    BOOST_TEST((step({.kind = MailKind::issued, .is_settled = true, .has_card = true, .age = 1s}) == MailStep::send));
}

BOOST_AUTO_TEST_CASE(what_follows_a_stage_keeps_the_distance)
{
    const std::vector<domain::DunningStage> ladder{{"reminder", 10}, {"second_reminder", 20}, {"suspended", 40}};
    const domain::Day due{day("2026-03-01")};
    const auto next = domain::stage_after(ladder, "reminder", due, domain::Day{day("2026-03-11")}).value();
    BOOST_TEST(next.name == "second_reminder");
    BOOST_TEST((domain::Date{next.on} == day("2026-03-21")));
    const auto late = domain::stage_after(ladder, "second_reminder", due, domain::Day{day("2026-05-01")}).value();
    BOOST_TEST(late.name == "suspended");
    BOOST_TEST((domain::Date{late.on} == day("2026-05-21")));
    BOOST_TEST(!domain::stage_after(ladder, "suspended", due, due).has_value());
    BOOST_TEST(!domain::stage_after(ladder, "final_notice", due, due).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
