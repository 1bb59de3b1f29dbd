#include "service/refunds.h"

#include "fake/card_desk.h"
#include "fake/deadlocks.h"
#include "service/disputes.h"

#include <boost/test/unit_test.hpp>

using domain::Reason;
using fake::FakeCardPayments;
using fake::refusal_of;
using Trouble = FakeCardPayments::Trouble;

namespace {

struct Refunded : fake::CardDesk {
    /// A payment by card of what was then given back.
    domain::Uuid paid_and_credited(std::int64_t minor)
    {
        const auto invoice = invoice_over(minor);
        work_today();
        fake::in_transaction([&](store::Session& session) {
            corrections.issue_credit_note(session, {.invoice = number_of(invoice), .reason = "outage"}, "op");
        });
        return domain::Uuid::parse(fake::text("SELECT uuid FROM payments WHERE invoice_id = ?", invoice)).value();
    }
    domain::Uuid ask(const domain::Uuid& payment, std::int64_t minor, const std::string& reference = fake::new_name())
    {
        return fake::in_transaction([&](store::Session& session) {
            return refunds.request(session, {.payment = payment, .amount = {minor}, .reference = reference, .reason = "test"}, "op").uuid;
        });
    }
    static std::string state_of(const domain::Uuid& refund)
    {
        return fake::text("SELECT CONCAT_WS(' ', state, NULLIF(failure, '')) FROM refunds WHERE uuid = ?", refund);
    }
    static std::string gateway_id(const domain::Uuid& refund)
    {
        return fake::text("SELECT gateway_id FROM refunds WHERE uuid = ?", refund);
    }
    std::string books() const
    {
        return fake::text("SELECT GROUP_CONCAT(CONCAT_WS(' ', t.kind, e.debit, e.credit, e.amount_minor) ORDER BY t.id SEPARATOR '; ')"
                          " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
                          " WHERE t.member_id = ? AND t.kind LIKE 'refund%'",
            fake::number(nico.member));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(refunds, Refunded)

BOOST_AUTO_TEST_CASE(credit_goes_back_to_the_card)
{
    const auto refund = ask(paid_and_credited(3000), 3000);
    BOOST_TEST(credit() == 0);
    work_today();
    BOOST_TEST(state_of(refund) == "succeeded");
    BOOST_TEST(books() == "refund member_credit refunds_payable 3000; refund_paid refunds_payable card_clearing 3000");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(no_more_than_was_paid_and_no_more_than_there_is_credit)
{
    const auto payment = paid_and_credited(3000);
    ask(payment, 1000);
    BOOST_TEST((refusal_of([&] { ask(payment, 2001); }) == Reason::nothing_to_refund));
    give_credit(nico.member, 5000);
    BOOST_TEST((refusal_of([&] { ask(payment, 2001); }) == Reason::nothing_to_refund));
    BOOST_TEST(credit() == 7000);
    ask(payment, 2000);
    BOOST_TEST((refusal_of([&] { ask(payment, 1); }) == Reason::nothing_to_refund));
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(one_refund_a_reference)
{
    const auto payment = paid_and_credited(3000);
    ask(payment, 1000, "R-" + nico.uid);
    BOOST_TEST((refusal_of([&] { ask(payment, 1000, "R-" + nico.uid); }) == Reason::reference_in_use));
    BOOST_TEST(credit() == 2000);
}

// P41: the answer, its webhook and a repeated try are one refund.
BOOST_AUTO_TEST_CASE(P41_a_lost_answer_does_not_pay_back_twice)
{
    const auto refund = ask(paid_and_credited(3000), 3000);
    gateway.trouble = [calls = 0]() mutable { return ++calls < 3 ? Trouble::lost_after : Trouble::none; };
    for (int i = 0; i < 4; ++i) work_today();
    BOOST_TEST(state_of(refund) == "succeeded");
    refunds.look_at(gateway_id(refund));
    refunds.look_at(gateway_id(refund));
    BOOST_TEST(books() == "refund member_credit refunds_payable 3000; refund_paid refunds_payable card_clearing 3000");
}

// A key lives a day; what became of a refund after that is found by what it carries.
BOOST_AUTO_TEST_CASE(an_answer_lost_for_days_does_not_pay_back_twice)
{
    const auto refund = ask(paid_and_credited(3000), 3000);
    gateway.trouble = [calls = 0]() mutable { return ++calls == 1 ? Trouble::lost_after : Trouble::none; };
    do_jobs();
    gateway.forget_keys();
    work_today();
    BOOST_TEST(state_of(refund) == "succeeded");
    const auto intent = fake::text("SELECT intent_id FROM charges WHERE member_id = ?", fake::number(nico.member));
    BOOST_TEST(gateway.list_refunds(intent).value.size() == 1u);
    BOOST_TEST(findings().empty());
}

// P42: a refund that succeeded fails days later.
BOOST_AUTO_TEST_CASE(P42_a_refund_that_fails_later_gives_the_credit_back)
{
    const auto payment = paid_and_credited(3000);
    const auto refund = ask(payment, 3000);
    work_today();
    gateway.end_refund(gateway_id(refund), gateway::RefundState::failed, "expired_or_canceled_card");
    refunds.look_at(gateway_id(refund));
    refunds.look_at(gateway_id(refund));
    BOOST_TEST(state_of(refund) == "failed expired_or_canceled_card");
    BOOST_TEST(credit() == 3000);
    ask(payment, 3000); // can be asked for again
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_pending_refund_is_settled_when_its_end_is_known)
{
    gateway.refund_state = gateway::RefundState::pending;
    const auto refund = ask(paid_and_credited(3000), 3000);
    work_today();
    BOOST_TEST(state_of(refund) == "pending");
    gateway.end_refund(gateway_id(refund), gateway::RefundState::succeeded);
    refunds.look_at(gateway_id(refund));
    BOOST_TEST(state_of(refund) == "succeeded");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(what_the_gateway_refuses_is_credit_again)
{
    const auto refund = ask(paid_and_credited(3000), 3000);
    gateway.trouble = [] { return Trouble::refused; };
    work_today();
    BOOST_TEST(state_of(refund).starts_with("failed"));
    BOOST_TEST(credit() == 3000);
    BOOST_TEST(findings().empty());
}

// Two that refer to their payment before they lock it would wait for each other, and MariaDB would end one of them.
BOOST_AUTO_TEST_CASE(forty_eight_refunds_at_once_pay_back_what_there_is)
{
    const auto payment = paid_and_credited(1000);
    const auto deadlocks = fake::deadlocks();
    std::atomic<int> made{0};
    fake::at_once(48, [&](int) {
        try {
            ask(payment, 100);
            ++made;
        } catch (const domain::Refusal&) {
        }
    });
    BOOST_TEST(fake::deadlocks() == deadlocks);
    BOOST_TEST(made == 10);
    BOOST_TEST(credit() == 0);
    BOOST_TEST(findings().empty());
}

// P44, P49: somebody paid back in the gateway's dashboard; the money is gone, and the document it had settled is owed again.
BOOST_AUTO_TEST_CASE(P49_a_refund_made_by_hand_is_booked_once)
{
    const auto invoice = invoice_over(3000);
    work_today();
    const auto made = gateway.refund_by_hand(gateway.intents_of(number_of(invoice)).front().id, 1000);
    fake::at_once(8, [&](int) { refunds.look_at(made); });
    BOOST_TEST(standing(invoice) == "1000/0/2000");
    BOOST_TEST(books() == "refund receivable refunds_payable 1000; refund_paid refunds_payable card_clearing 1000");
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', state, requested_by, amount_minor) FROM refunds WHERE gateway_id = ?", made)
        == "succeeded gateway 1000");
    BOOST_TEST(findings().empty());
}

// P44: of two payments of one document one is paid back by hand; the other one still settles it.
BOOST_AUTO_TEST_CASE(P44_paying_back_one_of_two_payments_leaves_the_document_paid)
{
    const auto invoice = invoice_over(3000);
    work_today();
    pay(3000, invoice); // by bank, too
    BOOST_TEST(credit() == 3000);
    refunds.look_at(gateway.refund_by_hand(gateway.intents_of(number_of(invoice)).front().id, 3000));
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(credit() == 0);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(P49_a_refund_made_by_hand_may_fail_later)
{
    const auto invoice = invoice_over(3000);
    work_today();
    const auto made = gateway.refund_by_hand(gateway.intents_of(number_of(invoice)).front().id, 3000);
    refunds.look_at(made);
    BOOST_TEST(standing(invoice) == "3000/0/0");
    gateway.end_refund(made, gateway::RefundState::failed, "lost_or_stolen_card");
    refunds.look_at(made);
    refunds.look_at(made);
    BOOST_TEST(fake::text("SELECT open_minor FROM receivables WHERE invoice_id = ?", invoice) == "0");
    BOOST_TEST(findings().empty());
}

// P46: money that a dispute took back is not paid back once more; an inquiry takes nothing.
BOOST_AUTO_TEST_CASE(P46_a_disputed_payment_is_not_refunded)
{
    const auto payment = paid_and_credited(3000);
    const auto charge = fake::text("SELECT SUBSTRING(source, 8) FROM payments WHERE uuid = ?", payment);
    const auto id = "du_" + fake::new_name();
    gateway.disputes[id] = {.id = id,
        .state = gateway::DisputeState::warning_needs_response,
        .charge = charge,
        .amount_minor = 3000,
        .currency = domain::Currency::chf,
        .reason = "fraudulent"};
    service::Disputes disputes{fake::database(), gateway, clock};
    disputes.look_at(id);
    ask(payment, 1000);
    gateway.disputes[id].state = gateway::DisputeState::needs_response;
    disputes.look_at(id);
    BOOST_TEST((refusal_of([&] { ask(payment, 1000); }) == Reason::nothing_to_refund));
    BOOST_TEST(credit() == 2000);
    gateway.disputes[id].state = gateway::DisputeState::won;
    disputes.look_at(id);
    ask(payment, 1000);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_SUITE_END()
