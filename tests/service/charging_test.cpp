#include "service/charging.h"

#include "fake/card_desk.h"
#include "store/collection_store.h"

#include <boost/test/unit_test.hpp>

#include <random>

using domain::AttemptState;
using fake::FakeCardPayments;
using Trouble = FakeCardPayments::Trouble;

namespace {

const domain::Decline no_funds{.code = "card_declined", .decline_code = "insufficient_funds"};
const domain::Decline stolen{.code = "card_declined", .decline_code = "stolen_card"};
const domain::Decline must_confirm{.code = "authentication_required", .decline_code = "authentication_required"};

/// Trouble for the first calls, in this order; then none.
std::function<Trouble()> first(std::vector<Trouble> troubles)
{
    return [troubles, next = std::size_t{0}]() mutable { return next < troubles.size() ? troubles[next++] : Trouble::none; };
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(charging, fake::CardDesk)

BOOST_AUTO_TEST_CASE(a_card_is_charged_on_the_day_of_the_bill)
{
    const auto invoice = invoice_over(3000);
    work_today();
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(charges_of(invoice) == "2026-03-02 succeeded");
    BOOST_TEST(gateway.taken_for(number_of(invoice)) == 3000);
    work_on("2026-03-03");
    BOOST_TEST(gateway.calls == 1);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(what_is_planned_at_once_is_of_each_members_own_card)
{
    const auto other = fake::new_member();
    use_card(other, "pm_good_" + other.uid);
    std::vector<std::int64_t> invoices{invoice_over(3000)};
    running(other.member, "2026-03-02", 4000);
    bill(other.member, fake::day("2026-03-02"));
    invoices.push_back(fake::count("SELECT MAX(id) FROM invoices WHERE member_id = ?", fake::number(other.member)));
    fake::in_transaction([&](store::Session& session) { charging.plan(session, invoices); });
    for (const auto invoice : invoices)
        BOOST_TEST(fake::count("SELECT COUNT(*) FROM charges c JOIN payment_methods m ON m.id = c.method_id AND m.member_id = c.member_id"
                               " WHERE c.invoice_id = ?",
                       invoice)
            == 1);
}

// T9: worker killed between charge and record; the answer that was lost is asked for again under the same key.
BOOST_AUTO_TEST_CASE(T9_a_lost_answer_is_asked_for_with_the_same_key)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = first({Trouble::lost_after, Trouble::lost_before, Trouble::busy, Trouble::lost_after});
    for (int i = 0; i < 6; ++i) work_today();
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(gateway.taken_for(number_of(invoice)) == 3000);
    BOOST_TEST(gateway.intents_of(number_of(invoice)).size() == 1);
    BOOST_TEST(charges_of(invoice) == "2026-03-02 succeeded");
}

// P3, P39: after a day the key is good for nothing; the try is found by its metadata.
BOOST_AUTO_TEST_CASE(P3_an_outcome_unknown_for_a_day_is_looked_up)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = first({Trouble::lost_after});
    work_today();
    work_on("2026-03-04");
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(gateway.taken_for(number_of(invoice)) == 3000);
}

BOOST_AUTO_TEST_CASE(a_try_that_never_arrived_is_followed_by_another)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = [] { return Trouble::lost_before; };
    go("2026-03-02");
    work_today();
    gateway.trouble = [] { return Trouble::none; };
    work_on("2026-03-04");
    work_on("2026-03-06");
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(gateway.taken_for(number_of(invoice)) == 3000);
}

// T10: money by another way while a charge is planned, and while it is under way.
BOOST_AUTO_TEST_CASE(T10_paid_otherwise_before_the_charge_is_asked_for)
{
    const auto invoice = invoice_over(3000);
    fake::in_transaction([&](store::Session& session) { charging.plan(session, {invoice}); });
    pay(3000, invoice);
    work_today();
    BOOST_TEST(gateway.taken_for(number_of(invoice)) == 0);
    BOOST_TEST(charges_of(invoice) == "2026-03-02 canceled");
}

BOOST_AUTO_TEST_CASE(T10_P1_paid_otherwise_while_the_charge_is_under_way_becomes_credit)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = first({Trouble::lost_after});
    work_today(); // the money is taken, and nobody knows yet
    BOOST_TEST(standing(invoice) == "0/0/3000");
    const auto other = invoice_over(2000, "2026-03-02");
    gateway.trouble = [calls = 0]() mutable { return ++calls == 1 ? Trouble::lost_after : Trouble::none; };
    fake::in_transaction([&](store::Session& session) { charging.plan(session, {other}); });
    do_jobs();
    pay(2000, other);
    work_today();
    BOOST_TEST(standing(other) == "0/0/2000");
    BOOST_TEST(credit() == 2000);
    BOOST_TEST(findings().empty());
}

// P38, and the schedule: four tries on days 0, 3, 8 and 15, each under a key of its own.
BOOST_AUTO_TEST_CASE(P38_a_declined_card_is_tried_again_as_the_schedule_says)
{
    const auto card = declining(no_funds);
    const auto invoice = invoice_over(3000);
    for (domain::Day on = fake::day("2026-03-02"); on < domain::Day{fake::day("2026-04-20")}; on += std::chrono::days{1})
        work_on(domain::to_text(domain::Date{on}));
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed; 2026-03-05 failed; 2026-03-10 failed; 2026-03-17 failed");
    BOOST_TEST(gateway.intents_of(number_of(invoice)).size() == 4);
    gateway.declines.erase(card);
    work_on("2026-05-01");
    BOOST_TEST(standing(invoice) == "3000/0/0");
}

BOOST_AUTO_TEST_CASE(a_later_try_succeeds_when_the_funds_are_there)
{
    const auto card = declining(no_funds);
    const auto invoice = invoice_over(3000);
    work_today();
    gateway.declines.erase(card);
    work_on("2026-03-04");
    BOOST_TEST(standing(invoice) == "3000/0/0");
    work_on("2026-03-05");
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed; 2026-03-05 succeeded");
}

// P54: a hard decline gives zero further calls, also for other documents.
BOOST_AUTO_TEST_CASE(P54_a_stolen_card_is_never_tried_again)
{
    declining(stolen);
    const auto invoice = invoice_over(3000);
    work_today();
    for (const auto* on : {"2026-03-05", "2026-03-10", "2026-03-17", "2026-04-17"}) work_on(on);
    const auto other = invoice_over(1000, "2026-04-18");
    work_today();
    BOOST_TEST(gateway.calls == 1);
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed");
    BOOST_TEST(charges_of(other) == "");
    BOOST_TEST(mails_of(invoice).find("payment_failed") != std::string::npos);
}

// P53: a new card is tried soon, not with the next bill.
BOOST_AUTO_TEST_CASE(a_new_card_is_tried_the_next_day)
{
    declining(stolen);
    const auto invoice = invoice_over(3000);
    work_today();
    use_card("pm_new_" + nico.uid);
    fake::in_transaction([&](store::Session& session) { store::CollectionStore{session}.attend_member(nico.member, clock.today()); });
    work_today();
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed"); // never two on one day
    work_on("2026-03-03");
    BOOST_TEST(standing(invoice) == "0/0/3000");
}

// P24: whoever has to confirm is waited for.
BOOST_AUTO_TEST_CASE(P24_the_member_is_asked_to_confirm_and_waited_for)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    work_today();
    BOOST_TEST(charges_of(invoice) == "2026-03-02 waiting");
    BOOST_TEST(mails_of(invoice).find("authentication_required") != std::string::npos);
    work_on("2026-03-03");
    BOOST_TEST(gateway.calls == 1);

    auto paying = member_payments.pay(nico.member, number_of(invoice), {}, "https://here.example/");
    BOOST_TEST((paying.state == AttemptState::waiting));
    BOOST_TEST(paying.next_action_url.starts_with("https://bank.example/"));
    const auto intent = gateway.intents_of(number_of(invoice)).front().id;
    gateway.play_cardholder(intent, true);
    BOOST_TEST(charging.look_at(intent));
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST((member_payments.pay(nico.member, number_of(invoice), {}, "").state == AttemptState::succeeded));
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(another_card_is_charged_in_place_of_the_one_that_waits)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto number = number_of(invoice);
    const auto waiting = member_payments.standing(nico.member, number);
    BOOST_TEST((waiting.state == AttemptState::waiting));
    BOOST_TEST(waiting.told_code == "authentication_required");
    BOOST_TEST((fake::refusal_of([&] { member_payments.pay(nico.member, number, gateway::random_uuid(), ""); })
        == domain::Reason::payment_method_required));
    BOOST_TEST((member_payments.standing(nico.member, number).state == AttemptState::waiting)); // not given up for a card that there is not

    const auto good = use_card("pm_good_" + fake::new_name());
    BOOST_TEST((member_payments.pay(nico.member, number, good, "").state == AttemptState::succeeded));
    BOOST_TEST(charges_of(invoice) == "2026-03-02 canceled; 2026-03-02 succeeded");
    BOOST_TEST(gateway.taken_for(number) == 3000);
    BOOST_TEST((member_payments.standing(nico.member, number).method == good));
    BOOST_TEST(member_payments.standing(nico.member, number).open.minor == 0);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(what_was_confirmed_at_the_last_moment_is_not_charged_to_another_card)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto number = number_of(invoice);
    gateway.play_cardholder(gateway.intents_of(number).front().id, true);
    BOOST_TEST((member_payments.pay(nico.member, number, use_card("pm_good_" + fake::new_name()), "").state == AttemptState::succeeded));
    BOOST_TEST(gateway.taken_for(number) == 3000);
    BOOST_TEST(charges_of(invoice) == "2026-03-02 succeeded");
}

BOOST_AUTO_TEST_CASE(two_cards_at_once_charge_once)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto number = number_of(invoice);
    const std::vector both{use_card("pm_good_" + fake::new_name()), use_card("pm_good_" + fake::new_name())};
    fake::at_once(8, [&](int who) {
        try {
            member_payments.pay(nico.member, number, both[static_cast<std::size_t>(who) % 2], "");
        } catch (const domain::Unavailable&) { // another one was faster
        }
    });
    BOOST_TEST(gateway.taken_for(number) == 3000);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(findings().empty());
}

// P35, P36: paid at the gateway, no event came, and the browser has forgotten everything; the page asks.
BOOST_AUTO_TEST_CASE(how_a_payment_stands_is_asked_of_the_gateway_while_it_is_open)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    const auto number = number_of(invoice);
    BOOST_TEST(!member_payments.standing(nico.member, number).state.has_value());
    work_today();
    member_payments.pay(nico.member, number, {}, "");
    const auto intent = gateway.intents_of(number).front().id;
    gateway.play_cardholder(intent, false);
    const auto failed = member_payments.standing(nico.member, number);
    BOOST_TEST((failed.state == AttemptState::waiting));
    BOOST_TEST(failed.told_code == "payment_intent_authentication_failure");
    gateway.play_cardholder(intent, true); // and no event came
    BOOST_TEST((member_payments.standing(nico.member, number).state == AttemptState::succeeded));
    BOOST_TEST(member_payments.standing(nico.member, number).open.minor == 0);
    BOOST_TEST((fake::refusal_of([&] { member_payments.standing(fake::new_member().member, number); }) == domain::Reason::not_found));
}

// P27, P28: a challenge that failed may be tried again, and its success counts.
BOOST_AUTO_TEST_CASE(P28_a_challenge_that_failed_can_be_passed_later)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto intent = gateway.intents_of(number_of(invoice)).front().id;
    member_payments.pay(nico.member, number_of(invoice), {}, "");
    gateway.play_cardholder(intent, false);
    charging.look_at(intent);
    const auto again = member_payments.pay(nico.member, number_of(invoice), {}, "");
    BOOST_TEST(!again.next_action_url.empty());
    gateway.play_cardholder(intent, true);
    charging.look_at(intent);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(gateway.intents_of(number_of(invoice)).size() == 1);
}

// P7: a try that waited too long is cancelled, and one that was paid at the last moment is booked.
BOOST_AUTO_TEST_CASE(P7_giving_up_books_what_was_paid_at_the_last_moment)
{
    declining(must_confirm);
    const auto given_up = invoice_over(3000);
    const auto paid = invoice_over(2000, "2026-03-02");
    work_today();
    gateway.play_cardholder(gateway.intents_of(number_of(paid)).front().id, true);
    work_on("2026-03-06");
    BOOST_TEST(standing(paid) == "0/0/2000");
    BOOST_TEST(charges_of(given_up).starts_with("2026-03-02 canceled"));
    BOOST_TEST(standing(given_up) == "3000/0/0");
}

// T12: events in any order, each twice, while the answer is written down: one payment.
// P10, P17: whichever way it is heard of, and by all of them together, the amount is booked once.
BOOST_AUTO_TEST_CASE(T12_whoever_tells_of_it_and_how_often_it_is_booked_once)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = first({Trouble::lost_after});
    fake::in_transaction([&](store::Session& session) { charging.plan(session, {invoice}); });
    do_jobs();
    const auto intent = gateway.intents_of(number_of(invoice)).front().id;
    fake::at_once(8, [&](int who) {
        if (who % 2 == 0) charging.look_at(intent);
        else do_jobs();
    });
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(credit() == 0);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM payments WHERE invoice_id = ?", invoice) == 1);
}

// T13: a late success counts, a late failure does not unsettle what is paid.
// P13: nobody writes an old state over what is paid.
BOOST_AUTO_TEST_CASE(T13_failed_is_not_final_and_paid_is)
{
    declining(no_funds);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto intent = gateway.intents_of(number_of(invoice)).front().id;
    gateway.play_cardholder(intent, true);
    charging.look_at(intent);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    gateway.play_cardholder(intent, false);
    charging.look_at(intent);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(charges_of(invoice) == "2026-03-02 succeeded");
}

// A late word of a refusal on what is paid does not touch the card either.
BOOST_AUTO_TEST_CASE(T13_a_stale_refusal_does_not_stop_a_card_that_paid)
{
    const auto invoice = invoice_over(3000);
    work_today();
    const auto intent = gateway.intents_of(number_of(invoice)).front().id;
    gateway.see_declined(intent, stolen);
    charging.look_at(intent);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(
        fake::count("SELECT COUNT(*) FROM payment_methods WHERE member_id = ? AND stopped_for IS NOT NULL", fake::number(nico.member))
        == 0);
}

// P30: whoever asks for the confirmation, the gateway at once or by a refusal, it is waited for until its deadline.
BOOST_AUTO_TEST_CASE(P30_a_challenge_nobody_answers_ends)
{
    const auto card = "pm_challenge_" + nico.uid;
    gateway.challenging.insert(card);
    use_card(card);
    const auto invoice = invoice_over(3000);
    work_today();
    BOOST_TEST(charges_of(invoice) == "2026-03-02 waiting");
    work_on("2026-03-04");
    BOOST_TEST(charges_of(invoice) == "2026-03-02 waiting");
    work_on("2026-03-06");
    BOOST_TEST(charges_of(invoice).starts_with("2026-03-02 canceled"));
}

BOOST_AUTO_TEST_CASE(what_we_asked_wrongly_is_not_asked_again)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = first({Trouble::refused});
    work_today();
    for (const auto* on : {"2026-03-05", "2026-03-10"}) work_on(on);
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed");
    BOOST_TEST(gateway.calls == 1);
}

BOOST_AUTO_TEST_CASE(P34_what_we_ask_wrongly_once_is_not_asked_of_everybody)
{
    const auto invoice = invoice_over(3000);
    gateway.trouble = [] { return Trouble::refused; };
    work_today();
    BOOST_TEST(gateway.calls == 1);
    const auto next = invoice_over(2000);
    gateway.trouble = [] { return Trouble::none; };
    work_today();
    BOOST_TEST(gateway.calls == 1);
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed");
    BOOST_TEST(charges_of(next) == "2026-03-02 planned"); // it waits, and is charged when we have found our mistake
}

// P4, P5: two of everything at once; the row is the only door.
// P2: whoever pays does so by the same row, under its key.
BOOST_AUTO_TEST_CASE(P4_many_workers_and_the_member_at_once_charge_once)
{
    const auto invoice = invoice_over(3000);
    const auto number = number_of(invoice);
    fake::at_once(8, [&](int who) {
        if (who < 4) work_today();
        else member_payments.pay(nico.member, number, {}, "");
    });
    BOOST_TEST(gateway.taken_for(number) == 3000);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(findings().empty());
}

// P14: news of the first try come after the second one has paid.
BOOST_AUTO_TEST_CASE(P14_late_news_of_a_failed_try_leave_what_another_paid)
{
    const auto card = declining(no_funds);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto failed = gateway.intents_of(number_of(invoice)).front().id;
    gateway.declines.erase(card);
    work_on("2026-03-05");
    charging.look_at(failed);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(charges_of(invoice) == "2026-03-02 failed; 2026-03-05 succeeded");
}

// P29: who closes the bank's dialog goes on with the same intent.
BOOST_AUTO_TEST_CASE(P29_a_dialog_that_was_closed_is_opened_again)
{
    declining(must_confirm);
    const auto invoice = invoice_over(3000);
    work_today();
    const auto closed = member_payments.pay(nico.member, number_of(invoice), {}, "");
    const auto again = member_payments.pay(nico.member, number_of(invoice), {}, "");
    BOOST_TEST(!again.next_action_url.empty());
    BOOST_TEST(again.next_action_url == closed.next_action_url);
    const auto intents = gateway.intents_of(number_of(invoice));
    BOOST_TEST(intents.size() == 1);
    gateway.play_cardholder(intents.front().id, true);
    charging.look_at(intents.front().id);
    BOOST_TEST(standing(invoice) == "0/0/3000");
}

BOOST_AUTO_TEST_CASE(fees_are_booked_once)
{
    const auto invoice = invoice_over(3000);
    work_today();
    const auto payment = domain::Uuid::parse(fake::text("SELECT uuid FROM payments WHERE invoice_id = ?", invoice)).value();
    charging.book_fee(payment);
    charging.book_fee(payment);
    BOOST_TEST(
        fake::count("SELECT CAST(SUM(e.amount_minor) AS INT) FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
                    " WHERE t.kind = 'card_fee' AND t.reference = ?",
            payment)
        == 59);
}

BOOST_AUTO_TEST_CASE(random_trouble_never_charges_twice_and_never_loses_money)
{
    const unsigned seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random{seed};
    gateway.trouble = [&] {
        const auto dice = random() % 8;
        return dice == 0 ? Trouble::lost_before : dice == 1 ? Trouble::lost_after : dice == 2 ? Trouble::busy : Trouble::none;
    };
    for (int i = 0; i < 8; ++i) {
        const auto invoice = invoice_over(1000 + static_cast<std::int64_t>(random() % 5000), "2026-03-02");
        if (random() % 4 == 0) pay(static_cast<std::int64_t>(1 + random() % 6000), invoice);
    }
    for (int day = 2; day < 20; ++day) work_on("2026-03-" + std::string(day < 10 ? "0" : "") + std::to_string(day));
    const auto taken =
        fake::count("SELECT COALESCE(CAST(SUM(amount_minor) AS INT), 0) FROM payments WHERE member_id = ? AND means = 'card'",
            fake::number(nico.member));
    std::int64_t at_gateway = 0;
    const auto numbers = fake::database().read([&](store::Session& session) {
        return store::select<std::string>(session, "SELECT number FROM invoices WHERE member_id = ?", fake::number(nico.member));
    });
    for (const auto& [number] : numbers) at_gateway += gateway.taken_for(number);
    BOOST_TEST(taken == at_gateway, "seed " << seed);
    BOOST_TEST(
        fake::count("SELECT COALESCE(CAST(SUM(open_minor) AS INT), 0) FROM receivables WHERE member_id = ?", fake::number(nico.member))
            == 0,
        "seed " << seed);
    BOOST_TEST(findings().empty(), "seed " << seed);
}

// MariaDB evaluates a subquery among the values of a bulk INSERT once: every try had the first member's card in its row.
BOOST_AUTO_TEST_CASE(charges_planned_together_are_each_of_their_own_members_card)
{
    fake::CardDesk other;
    const auto mine = invoice_over(1000), others = other.invoice_over(2000);
    fake::in_transaction([&](store::Session& session) { charging.plan(session, {mine, others}); });
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM charges c JOIN payment_methods m ON m.id = c.method_id AND m.member_id = c.member_id"
                           " WHERE c.invoice_id IN (?, ?)",
                   mine, others)
        == 2);
}

BOOST_AUTO_TEST_SUITE_END()
