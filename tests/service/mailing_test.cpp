#include "service/mailing.h"

#include "domain/hex.h"
#include "fake/mail_desk.h"
#include "fake/read_mail.h"
#include "fake/smtp_server.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::MailKind;
using gateway::MailOutcome;
using gateway::MailResult;
using Pass = service::Mailing::Pass;

/// nico pays on bill.
struct Desk : fake::MailDesk {
    Desk() { take_card_away(); }

    /// An open document whose first mail is out of the way.
    std::int64_t overdue_invoice()
    {
        const auto invoice = invoice_over(3000);
        fake::change("UPDATE mail_outbox SET state = 'sent' WHERE invoice_id = ?", invoice);
        return invoice;
    }
    std::map<std::string, std::string> received(std::size_t nth = 0) const { return fake::read_mail(mails().at(nth).bytes); }
};

/// What kill -9 is to a worker: no handler of ours catches it.
struct Killed {};

} // namespace

BOOST_FIXTURE_TEST_SUITE(mailing, Desk)

BOOST_AUTO_TEST_CASE(an_invoice_is_mailed_once_with_the_document_that_members_read)
{
    const auto invoice = invoice_over(3000);
    deliver();
    deliver();
    BOOST_REQUIRE(mails().size() == 1);
    BOOST_TEST(state_of(invoice, "issued") == "sent 1");
    const auto mail = mails().front();
    BOOST_TEST(mail.to == "nico@members.example");
    BOOST_TEST(mail.from == "billing@muster.example");
    BOOST_TEST(mail.id == uuid_of_mail(invoice, "issued").text() + "@muster.example");
    const auto found = received();
    BOOST_TEST(found.at("Message-ID") == '<' + mail.id + '>');
    BOOST_TEST(found.at("To") == "Nico Customer <nico@members.example>");
    BOOST_TEST(found.at("Date") == "Mon, 02 Mar 2026 10:00:00 +0000");
    BOOST_TEST(found.at("Subject").find(number_of(invoice)) != std::string::npos);
    BOOST_TEST(found.at("attachment 0") == "application/pdf Invoice-" + number_of(invoice) + ".pdf");
    const auto pdf = printer.print(nico.member, number_of(invoice));
    BOOST_TEST((found.at("attachment 0 bytes") == domain::to_hex({reinterpret_cast<const std::uint8_t*>(pdf.data()), pdf.size()})));
}

// T25: FOSSBilling 3726 sent a reminder four times.
// P21: once a document and kind.
BOOST_AUTO_TEST_CASE(T25_one_mail_for_each_document_and_stage_whoever_sends_and_however_often_it_is_queued)
{
    std::vector<std::int64_t> invoices;
    for (int i = 0; i < 12; ++i) invoices.push_back(overdue_invoice());
    fake::at_once(8, [&](int) {
        for (const auto invoice : invoices) queue(invoice, MailKind::reminder);
    });
    fake::at_once(4, [&](int i) {
        service::Mailing worker{fake::database(), clock, post, printer, mail_rules};
        while (work(worker, "worker" + std::to_string(i)) == Pass::busy) {}
    });
    std::map<std::string, int> times;
    for (const auto& mail : mails()) ++times[mail.id];
    BOOST_TEST(times.size() == invoices.size());
    for (const auto& [id, count] : times) BOOST_TEST(count == 1, id);
    for (const auto invoice : invoices) BOOST_TEST(state_of(invoice, "reminder") == "sent 1");
    for (const auto invoice : invoices) queue(invoice, MailKind::reminder);
    deliver();
    BOOST_TEST(mails().size() == invoices.size());
}

BOOST_AUTO_TEST_CASE(the_ladder_is_mailed_stage_by_stage)
{
    const auto invoice = invoice_over(3000);
    for (const auto* on : {"2026-03-02", "2026-04-11", "2026-04-21", "2026-05-01"}) {
        work_on(on);
        deliver();
    }
    BOOST_TEST(mails_of_nico() == "issued sent, reminder sent, second_reminder sent, suspended sent");
    BOOST_REQUIRE(mails().size() == 4);
    const auto text = [&](std::size_t nth) { return received(nth).at("html text"); };
    BOOST_TEST(text(0).find("Please pay CHF 30.00 by 1 Apr 2026") != std::string::npos, text(0));
    BOOST_TEST(text(1).find("Days overdue: 10") != std::string::npos, text(1));
    BOOST_TEST(text(1).find("by 21 Apr 2026, we will remind you a second time") != std::string::npos, text(1));
    BOOST_TEST(text(2).find("by 1 May 2026, we will suspend your services") != std::string::npos, text(2));
    BOOST_TEST(received(3).at("Subject").starts_with("Your services are suspended"));
    BOOST_TEST(text(3).find("IPv6 only VM") != std::string::npos, text(3));
    pay(3000, invoice);
    work_today();
    deliver();
    BOOST_REQUIRE(mails().size() == 5);
    BOOST_TEST(received(4).at("Subject").starts_with("Your services are available again"));
    BOOST_TEST(received(4).count("attachment 0") == 0u);
}

BOOST_AUTO_TEST_CASE(a_reminder_of_what_is_paid_meanwhile_is_not_sent)
{
    const auto invoice = overdue_invoice();
    queue(invoice, MailKind::reminder);
    pay(3000, invoice);
    deliver();
    BOOST_TEST(mails().size() == 0u);
    BOOST_TEST(state_of(invoice, "reminder") == "obsolete 1");
}

BOOST_AUTO_TEST_CASE(a_worker_killed_before_it_sent_leaves_the_mail_to_the_next)
{
    const auto invoice = invoice_over(3000);
    const auto taken = fake::in_transaction(
        [&](store::Session& session) { return store::OutboxStore{session}.take("victim", std::chrono::seconds{900}, 10); });
    BOOST_TEST(taken.size() == 1u);
    deliver("other");
    BOOST_TEST(mails().size() == 0u); // it is the victim's, as long as its lease runs
    mailing.take_back("victim");
    deliver("victim");
    BOOST_TEST(mails().size() == 1u);
    BOOST_TEST(state_of(invoice, "issued") == "sent 2");
}

BOOST_AUTO_TEST_CASE(a_lease_that_ran_out_frees_the_mail)
{
    const auto invoice = invoice_over(3000);
    fake::in_transaction([&](store::Session& session) { store::OutboxStore{session}.take("victim", std::chrono::seconds{0}, 10); });
    deliver("other");
    BOOST_TEST(mails().size() == 1u);
    BOOST_TEST(state_of(invoice, "issued") == "sent 2");
}

// SMTP knows no way to ask whether a mail was taken: the second one is the same mail, and its receiver can tell.
BOOST_AUTO_TEST_CASE(a_worker_killed_after_it_sent_sends_the_same_mail_again)
{
    const auto invoice = invoice_over(3000);
    post.answer = [](const gateway::Mail&) -> MailResult { throw Killed{}; };
    BOOST_CHECK_THROW(deliver("victim"), Killed);
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::sent}; };
    mailing.take_back("victim");
    deliver("victim");
    BOOST_REQUIRE(mails().size() == 2);
    BOOST_TEST(mails()[0].id == mails()[1].id);
    BOOST_TEST(mails()[0].bytes == mails()[1].bytes);
    BOOST_TEST(state_of(invoice, "issued") == "sent 2");
}

BOOST_AUTO_TEST_CASE(a_mail_that_kills_its_worker_is_given_up)
{
    const auto invoice = invoice_over(3000);
    post.answer = [](const gateway::Mail&) -> MailResult { throw Killed{}; };
    for (int i = 0; i < domain::max_unknown_mails; ++i) {
        BOOST_CHECK_THROW(deliver("victim"), Killed);
        mailing.take_back("victim");
    }
    deliver("victim");
    BOOST_TEST(mails().size() == 3u);
    BOOST_TEST(state_of(invoice, "issued").starts_with("failed"));
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_refused_is_shown_to_operators_who_may_try_again)
{
    const auto invoice = invoice_over(3000);
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::refused_for_ever, "550 5.1.1 no such user"}; };
    deliver();
    let_pauses_pass();
    deliver();
    BOOST_TEST(mails().size() == 1u);
    BOOST_TEST(state_of(invoice, "issued") == "refused 1 550 5.1.1 no such user");
    const auto shown = outbox.page(domain::MailState::refused, std::nullopt, 100);
    BOOST_REQUIRE(!shown.empty());
    BOOST_TEST(shown.front().username == nico.uid);
    BOOST_TEST(shown.front().about == number_of(invoice));
    BOOST_TEST(shown.front().address == "nico@members.example");

    const auto uuid = shown.front().uuid;
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::sent}; };
    fake::in_transaction([&](store::Session& session) { outbox.retry(session, uuid, "op"); });
    deliver();
    BOOST_TEST((outbox.read(uuid).state == domain::MailState::sent));
    BOOST_TEST(mails()[0].id == mails()[1].id);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM audit_log WHERE action = 'mail.retry' AND subject = ?", uuid) == 1);
    const auto again = fake::refusal_of([&] { fake::in_transaction([&](store::Session& session) { outbox.retry(session, uuid, "op"); }); });
    BOOST_TEST((again == domain::Reason::mail_state));
    const auto unknown = fake::refusal_of([&] { outbox.read(gateway::random_uuid()); });
    BOOST_TEST((unknown == domain::Reason::not_found));
}

BOOST_AUTO_TEST_CASE(what_fails_for_a_while_is_tried_again_later_and_given_up_after_days)
{
    const auto invoice = invoice_over(3000);
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::try_again, "451 greylisted"}; };
    deliver();
    deliver();
    BOOST_TEST(mails().size() == 1u); // not before its pause is over
    BOOST_TEST(state_of(invoice, "issued") == "queued 1 451 greylisted");
    const auto pause = fake::count("SELECT TIMESTAMPDIFF(SECOND, NOW(6), next_at) FROM mail_outbox WHERE invoice_id = ?", invoice);
    BOOST_TEST(pause >= 50);
    BOOST_TEST(pause <= 70);
    for (int i = 0; i < 100; ++i) {
        let_pauses_pass();
        deliver();
    }
    BOOST_TEST(mails().size() == 26u);
    BOOST_TEST(state_of(invoice, "issued") == "failed 26 451 greylisted");
}

BOOST_AUTO_TEST_CASE(what_may_have_arrived_is_sent_again_a_few_times_only)
{
    const auto invoice = invoice_over(3000);
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::unknown, "no answer"}; };
    for (int i = 0; i < 10; ++i) {
        let_pauses_pass();
        deliver();
    }
    BOOST_TEST(mails().size() == 3u);
    BOOST_TEST(state_of(invoice, "issued").starts_with("failed"));
    for (const auto& mail : mails()) BOOST_TEST(mail.bytes == mails().front().bytes);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_costs_one_mail_its_try_not_all)
{
    for (int i = 0; i < 5; ++i) invoice_over(1000 + i);
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::try_again, "connection refused", true}; };
    BOOST_TEST((work(mailing, "test") == Pass::server_away));
    BOOST_TEST(mails().size() == 1u);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM mail_outbox WHERE state = 'queued' AND attempts = 0") == 4);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM mail_outbox WHERE state = 'sending'") == 0);
    post.answer = [](const gateway::Mail&) { return MailResult{MailOutcome::sent}; };
    let_pauses_pass();
    deliver();
    BOOST_TEST(mails().size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_member_without_an_address_holds_nobody_up)
{
    const auto first = invoice_over(1000);
    for (const std::string address : {"", "nico at home", "nico@members.example\r\nBcc: all@example.com"}) {
        fake::change("UPDATE members SET email = ? WHERE id = ?", address, fake::number(nico.member));
        fake::change("UPDATE mail_outbox SET state = 'queued', attempts = 0, error = '' WHERE invoice_id = ?", first);
        deliver();
        BOOST_TEST(state_of(first, "issued").starts_with("no_address 1"));
    }
    BOOST_TEST(mails().size() == 0u);
    fake::change("UPDATE members SET email = 'new@members.example' WHERE id = ?", fake::number(nico.member));
    fake::in_transaction([&](store::Session& session) { outbox.retry(session, uuid_of_mail(first, "issued"), "op"); });
    deliver();
    BOOST_TEST(mails().at(0).to == "new@members.example");
}

BOOST_AUTO_TEST_CASE(no_more_mails_a_minute_than_is_allowed_whoever_sends)
{
    for (int i = 0; i < 7; ++i) invoice_over(1000 + i);
    mail_rules.per_minute = 3;
    service::Mailing one{fake::database(), clock, post, printer, mail_rules};
    service::Mailing other{fake::database(), clock, post, printer, mail_rules};
    for (int i = 0; i < 4; ++i) {
        work(one, "one");
        work(other, "other");
    }
    BOOST_TEST(mails().size() == 3u);
    fake::change("UPDATE mail_outbox SET tried_at = NOW(6) - INTERVAL 61 SECOND WHERE tried_at IS NOT NULL");
    work(one, "one");
    work(other, "other");
    BOOST_TEST(mails().size() == 6u);
}

BOOST_AUTO_TEST_CASE(what_had_gathered_before_mail_was_switched_on_can_be_set_aside)
{
    const auto old = invoice_over(1000, "2026-03-02");
    const auto fresh = invoice_over(2000, "2026-03-09");
    const auto dropped =
        fake::in_transaction([&](store::Session& session) { return outbox.drop_before(session, fake::day("2026-03-09"), "op"); });
    BOOST_TEST(dropped == 1u);
    deliver();
    BOOST_TEST(mails().size() == 1u);
    BOOST_TEST(state_of(old, "issued") == "obsolete 0 set aside");
    BOOST_TEST(state_of(fresh, "issued") == "sent 1");
}

BOOST_AUTO_TEST_CASE(a_credit_note_is_mailed_as_one)
{
    const auto invoice = overdue_invoice();
    const auto note = fake::in_transaction([&](store::Session& session) {
        return corrections.issue_credit_note(session, {.invoice = number_of(invoice), .reason = "never supplied"}, "op");
    });
    deliver();
    BOOST_REQUIRE(mails().size() == 1);
    const auto found = received();
    BOOST_TEST(found.at("Subject").starts_with("Credit note " + note));
    BOOST_TEST(found.at("html text").find("For invoice: " + number_of(invoice)) != std::string::npos, found.at("html text"));
    BOOST_TEST(found.at("html text").find("never supplied") != std::string::npos);
    BOOST_TEST(found.at("attachment 0") == "application/pdf Credit-note-" + note + ".pdf");
}

BOOST_AUTO_TEST_CASE(a_kind_that_nobody_knows_is_shown_to_operators)
{
    const auto invoice = overdue_invoice();
    fake::in_transaction([&](store::Session& session) { store::OutboxStore{session}.queue({invoice}, {"greeting"}, clock.now()); });
    deliver();
    BOOST_TEST(state_of(invoice, "greeting").starts_with("failed 1"));
    BOOST_TEST(mails().size() == 0u);
}

BOOST_AUTO_TEST_CASE(every_mail_has_a_name_of_its_own)
{
    for (int i = 0; i < 20; ++i) invoice_over(1000 + i);
    BOOST_TEST(fake::count("SELECT COUNT(DISTINCT uuid) FROM mail_outbox") == fake::count("SELECT COUNT(*) FROM mail_outbox"));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM mail_outbox WHERE SUBSTR(uuid, 15, 1) <> '4'") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(mailing_cards, fake::MailDesk)

BOOST_AUTO_TEST_CASE(the_invoice_of_a_card_payer_waits_for_the_charge_and_says_that_it_is_paid)
{
    const auto invoice = invoice_over(3000);
    deliver();
    BOOST_TEST(mails().size() == 0u);
    BOOST_TEST(state_of(invoice, "issued") == "queued 0");
    work_today();
    let_pauses_pass();
    deliver();
    BOOST_REQUIRE(mails().size() == 1);
    const auto found = fake::read_mail(mails().front().bytes);
    BOOST_TEST(found.at("html text").find("The invoice is settled") != std::string::npos, found.at("html text"));
    BOOST_TEST(state_of(invoice, "issued") == "sent 1");
}

BOOST_AUTO_TEST_CASE(a_declined_card_is_told_and_the_invoice_can_be_paid_otherwise)
{
    declining({.code = "card_declined", .decline_code = "insufficient_funds"});
    const auto invoice = invoice_over(3000);
    work_today();
    deliver();
    BOOST_REQUIRE(mails().size() == 2);
    std::map<std::string, std::map<std::string, std::string>> by_subject;
    for (const auto& mail : mails()) {
        auto found = fake::read_mail(mail.bytes);
        by_subject[found.at("Subject")] = found;
    }
    const auto failed = by_subject.at("The payment of invoice " + number_of(invoice) + " failed");
    BOOST_TEST(failed.at("html text").find("CHF 30.00 to your card Visa •••• 4242") != std::string::npos, failed.at("html text"));
    BOOST_TEST(failed.at("html links").find("https://billing.example/pages/paid?invoice=" + number_of(invoice)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refund_is_told_once_it_went_out)
{
    const auto invoice = invoice_over(3000);
    work_today();
    fake::change("UPDATE mail_outbox SET state = 'sent' WHERE invoice_id = ?", invoice);
    const auto payment =
        domain::Uuid::parse(fake::text("SELECT uuid FROM payments WHERE member_id = ?", fake::number(nico.member))).value();
    fake::in_transaction([&](store::Session& session) {
        corrections.issue_credit_note(session, {.invoice = number_of(invoice), .reason = "half"}, "op");
        refunds.request(session, {.payment = payment, .amount = {3000}, .reference = fake::new_name(), .reason = "never supplied"}, "op");
    });
    fake::change("UPDATE mail_outbox SET state = 'sent' WHERE kind = 'credit_note' AND state = 'queued'");
    deliver();
    BOOST_TEST(mails().size() == 0u);
    work_today();
    deliver();
    BOOST_REQUIRE(mails().size() == 1);
    const auto found = fake::read_mail(mails().front().bytes);
    BOOST_TEST(found.at("Subject") == "Refund of CHF 30.00");
    BOOST_TEST(found.at("html text").find("to your card Visa •••• 4242") != std::string::npos, found.at("html text"));
    BOOST_TEST(found.at("html text").find("Reason: never supplied") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_card_that_expires_soon_is_told_once_for_its_expiry)
{
    const auto member = fake::number(nico.member);
    const auto queued = [&] {
        return fake::count("SELECT COUNT(*) FROM mail_outbox o JOIN payment_methods p ON p.id = o.method_id WHERE p.member_id = ?", member);
    };
    const auto day_passes = [&](const std::string& day) {
        go(day);
        service::Mailing{fake::database(), clock, post, printer, mail_rules}.notice_expiring_cards();
    };
    fake::change("UPDATE payment_methods SET exp_month = 4, exp_year = 2026 WHERE member_id = ? AND type = 'card'", member);
    day_passes("2026-03-30");
    BOOST_TEST(queued() == 0); // 31 days before its last one
    fake::at_once(4, [&](int) {
        fake::FixedClock tomorrow{fake::at("2026-03-31T10:00:00Z")};
        service::Mailing worker{fake::database(), tomorrow, post, printer, mail_rules};
        worker.notice_expiring_cards();
        worker.notice_expiring_cards();
    });
    day_passes("2026-04-30");
    BOOST_TEST(queued() == 1);
    deliver();
    BOOST_REQUIRE(mails().size() == 1);
    const auto found = fake::read_mail(mails().front().bytes);
    BOOST_TEST(found.at("Subject") == "Your card Visa •••• 4242 is about to expire");
    BOOST_TEST(found.at("html text").find("until the end of 04/2026") != std::string::npos, found.at("html text"));
    BOOST_TEST(found.at("html links") == "https://billing.example/pages/card");

    fake::change("UPDATE payment_methods SET exp_year = 2027 WHERE member_id = ? AND type = 'card'", member);
    day_passes("2027-04-15");
    BOOST_TEST(queued() == 2);
    use_card("pm_new_" + fake::new_name());
    deliver();
    BOOST_TEST(mails().size() == 1u); // another card is the default one by now
}

BOOST_AUTO_TEST_CASE(an_expired_card_and_one_that_is_not_the_default_are_not_told)
{
    const auto member = fake::number(nico.member);
    fake::change("UPDATE payment_methods SET exp_month = 2, exp_year = 2026 WHERE member_id = ? AND type = 'card'", member);
    go("2026-03-01");
    mailing.notice_expiring_cards();
    fake::change("UPDATE payment_methods SET exp_month = 3, default_of = NULL WHERE member_id = ? AND type = 'card'", member);
    service::Mailing{fake::database(), clock, post, printer, mail_rules}.notice_expiring_cards();
    BOOST_TEST(
        fake::count("SELECT COUNT(*) FROM mail_outbox o JOIN payment_methods p ON p.id = o.method_id WHERE p.member_id = ?", member) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
