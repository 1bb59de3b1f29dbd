#include "fake/bank_counter.h"

#include <boost/test/unit_test.hpp>

using domain::Reason;
using fake::refusal_of;

namespace {

struct Work : fake::BankCounter {
    ~Work() { BOOST_TEST(bank_findings().empty()); }
    domain::BankProposal proposal_for(const domain::Uuid& booking) { return work.read(booking).proposal; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bank_work, Work)

BOOST_AUTO_TEST_CASE(assigned_to_an_invoice_it_pays_it)
{
    const auto invoice = invoice_over(3000);
    const auto booking = unplaced("30.00");
    BOOST_TEST(suspense() == 3000);
    const auto decided = assign(booking, {.invoice = number_of(invoice)});
    BOOST_TEST(state_of(booking) == "NO_REFERENCE assigned 0");
    BOOST_TEST(decided.invoice == number_of(invoice));
    BOOST_TEST(decided.username == nico.uid);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(balance() == 3000);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM audit_log WHERE action = 'bank.assign' AND subject = ?", booking) == 1);
}

BOOST_AUTO_TEST_CASE(assigned_to_a_member_it_settles_the_oldest_and_the_rest_is_credit)
{
    const auto first = invoice_over(1000);
    const auto second = invoice_over(1500, "2026-03-03");
    assign(unplaced("26.00"), {.username = nico.uid});
    BOOST_TEST(standing(first) == "0/0/1000");
    BOOST_TEST(standing(second) == "0/0/1500");
    BOOST_TEST(credit() == 100);
}

BOOST_AUTO_TEST_CASE(given_as_credit_it_is_the_members)
{
    const auto booking = unplaced("26.00");
    credit_to(booking, nico.uid);
    BOOST_TEST(credit() == 2600);
    BOOST_TEST(state_of(booking) == "NO_REFERENCE credited 0");
}

BOOST_AUTO_TEST_CASE(it_is_decided_once)
{
    const auto booking = unplaced("26.00");
    credit_to(booking, nico.uid);
    BOOST_TEST((refusal_of([&] { credit_to(booking, nico.uid); }) == Reason::booking_decided));
    BOOST_TEST((refusal_of([&] { assign(booking, {.username = nico.uid}); }) == Reason::booking_decided));
    BOOST_TEST((refusal_of([&] { send_back(booking, {"Nico", fake::new_iban()}); }) == Reason::booking_decided));
    BOOST_TEST(credit() == 2600);
    const auto invoice = invoice_over(3000, "2026-03-03");
    take({entry("TX9", "4.00", reference_of(invoice))});
    BOOST_TEST((refusal_of([&] { credit_to(this->booking("D:TX9"), nico.uid); }) == Reason::booking_decided));
}

BOOST_AUTO_TEST_CASE(eight_operators_at_once_decide_it_once)
{
    const auto booking = unplaced("26.00");
    std::atomic<int> decided{0};
    fake::at_once(8, [&](int who) {
        try {
            if (who % 2 == 0) credit_to(booking, nico.uid);
            else send_back(booking, {"Nico", "CH9300762011623852957"});
            ++decided;
        } catch (const domain::Refusal&) {
        }
    });
    BOOST_TEST(decided == 1);
    BOOST_TEST(suspense() == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_stays)
{
    const auto booking = unplaced("26.00");
    BOOST_TEST((refusal_of([&] { assign(booking, {.invoice = "2026-999999"}); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { assign(booking, {.username = "nobody-" + nico.uid}); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { credit_to(gateway::random_uuid(), nico.uid); }) == Reason::not_found));
    BOOST_TEST((refusal_of([&] { send_back(booking); }) == Reason::payee_missing));
    BOOST_TEST((refusal_of([&] { send_back(booking, {"Nico", "CH00"}); }) == Reason::payee_missing));
    BOOST_TEST((refusal_of([&] { send_back(booking, {"Nico", qr_iban}); }) == Reason::payee_missing));
    BOOST_TEST(state_of(booking) == "NO_REFERENCE open 2600");
}

BOOST_AUTO_TEST_CASE(money_of_another_currency_goes_to_no_invoice_but_to_the_member)
{
    const auto invoice = invoice_over(3000);
    const auto document =
        fake::BankFile{.entries = {{.key = "E1",
                           .amount = "30.00",
                           .details = {{.key = "X1", .amount = "30.00", .reference = creditor_reference_of(invoice), .currency = "EUR"}},
                           .currency = "EUR"}},
            .iban = euros,
            .currency = "EUR"}
            .notification();
    take(document);
    const auto booking = domain::Uuid::parse(fake::text("SELECT uuid FROM bank_bookings WHERE account = ?", euros)).value();
    BOOST_TEST(state_of(booking) == "WRONG_CURRENCY open 3000");
    BOOST_TEST((refusal_of([&] { assign(booking, {.invoice = number_of(invoice)}); }) == Reason::booking_differs));
    credit_to(booking, nico.uid);
    BOOST_TEST(fake::credit_of(nico.member, "EUR") == 3000);
    BOOST_TEST(standing(invoice) == "3000/0/0");
}

BOOST_AUTO_TEST_CASE(a_batch_whose_details_never_come_can_be_assigned_and_then_they_are_not_wanted)
{
    const auto invoice = invoice_over(3000);
    take({{.key = "BATCH", .amount = "30.00"}});
    const auto waiting = booking("E:BATCH/CRDT");
    BOOST_TEST(state_of(waiting) == "WAIT_DETAILS waiting 3000");
    assign(waiting, {.invoice = number_of(invoice)});
    const auto late =
        take({{.key = "BATCH", .amount = "30.00", .details = {{.key = "T1", .amount = "30.00", .reference = reference_of(invoice)}}}});
    BOOST_TEST((late.outcomes == service::OutcomeCounts{{domain::BankOutcome::already_seen, 1}}));
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(balance() == 3000);
}

BOOST_AUTO_TEST_CASE(what_was_taken_back_again_makes_nothing_with_what_came_in)
{
    const auto in = unplaced("26.00");
    take({{.key = "R1", .amount = "26.00", .details = {{.key = "RX", .amount = "26.00"}}, .direction = "DBIT", .reversal = true}});
    const auto out = booking("D:RX");
    BOOST_TEST(state_of(out) == "REVERSAL_UNMATCHED open -2600");
    BOOST_TEST(proposal_for(out).booking == in.text());
    BOOST_TEST((refusal_of([&] { credit_to(out, nico.uid); }) == Reason::booking_differs));
    BOOST_TEST((refusal_of([&] { assign(out, {.booking = unplaced("5.00")}); }) == Reason::booking_differs));
    assign(out, {.booking = in});
    BOOST_TEST(state_of(in) == "NO_REFERENCE offset 0");
    BOOST_TEST(state_of(out) == "REVERSAL_UNMATCHED offset 0");
    BOOST_TEST(balance() == 500);
}

BOOST_AUTO_TEST_CASE(a_reversal_without_its_reference_takes_back_what_the_operator_says)
{
    const auto invoice = invoice_over(3000);
    take({entry("TX1", "30.00", reference_of(invoice))});
    take({{.key = "R1", .amount = "30.00", .details = {{.key = "RX", .amount = "30.00"}}, .direction = "DBIT", .reversal = true}});
    assign(booking("D:RX"), {.invoice = number_of(invoice)});
    BOOST_TEST(standing(invoice) == "3000/0/0");
    BOOST_TEST(suspense() == 0);
    BOOST_TEST(balance() == 0);
}

BOOST_AUTO_TEST_CASE(proposals_come_from_text_account_name_and_amount_and_book_nothing)
{
    const auto amount = 100'000 + static_cast<std::int64_t>(std::random_device{}() % 900'000);
    const auto amount_text = std::to_string(amount / 100) + (amount % 100 < 10 ? ".0" : ".") + std::to_string(amount % 100);
    const auto invoice = invoice_over(amount);
    const auto number = number_of(invoice);
    BOOST_TEST(proposal_for(unplaced("1.00", {.text = "Rechnung " + number + " danke"})).invoice == number);
    const auto by_amount = proposal_for(unplaced(amount_text));
    BOOST_TEST(by_amount.invoice == number);
    BOOST_TEST(by_amount.username == nico.uid);

    const auto account = fake::new_iban();
    auto paid = money(50);
    paid.payer_iban = account;
    book({paid});
    const auto by_account = proposal_for(unplaced("2.00", {.payer_iban = account}));
    BOOST_TEST(by_account.username == nico.uid);
    BOOST_TEST(by_account.invoice == number);

    const auto name = "Person " + nico.uid;
    fake::change("UPDATE members SET address_name = ? WHERE id = ?", name, fake::number(nico.member));
    BOOST_TEST(proposal_for(unplaced("3.00", {.payer = name})).username == nico.uid);
    BOOST_TEST(proposal_for(unplaced("0.03", {.payer = "Nobody " + nico.uid})).empty());
    BOOST_TEST(standing(invoice) == std::to_string(amount - 50) + "/0/50");
}

BOOST_AUTO_TEST_SUITE_END()
