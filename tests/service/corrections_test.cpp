#include "service/corrections.h"

#include "fake/billing_desk.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using domain::Reason;
using fake::documents_of;
using fake::lines_of;
using fake::refusal_of;

struct Corrected : fake::BillingDesk {
    /// An invoice over the amount, with VAT; the number of it.
    std::string invoice_over(std::int64_t gross) const { return invoice_of(nico.member, gross); }
    std::string invoice_of(domain::MemberId member, std::int64_t gross) const
    {
        running(member, "2026-03-02", gross);
        const_cast<Corrected*>(this)->bill(member, fake::day("2026-03-02"));
        return newest(member);
    }
    static std::string newest(domain::MemberId member)
    {
        return fake::text("SELECT number FROM invoices WHERE member_id = ? ORDER BY id DESC LIMIT 1", fake::number(member));
    }
    std::string give_back(const std::string& invoice, std::optional<int> line = {}, std::optional<std::int64_t> amount = {})
    {
        return fake::in_transaction([&](store::Session& session) {
            return corrections.issue_credit_note(session, {.invoice = invoice, .line = line, .amount = amount, .reason = "outage"}, "op");
        });
    }
    static std::string sums(const std::string& number)
    {
        return fake::text("SELECT CONCAT_WS(' ', net_minor, vat_minor, total_minor) FROM invoices WHERE number = ?", number);
    }
    /// Net, VAT and gross of the member's documents together.
    static std::string left(domain::MemberId member)
    {
        return fake::text("SELECT CONCAT_WS(' ', CAST(SUM(net_minor) AS INT), CAST(SUM(vat_minor) AS INT), CAST(SUM(total_minor) AS INT))"
                          " FROM invoices WHERE member_id = ?",
            fake::number(member));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(credit_notes, Corrected)

BOOST_AUTO_TEST_CASE(a_whole_invoice_is_given_back)
{
    running("2026-03-02", 1000);
    const auto invoice = invoice_over(3000);
    const auto note = give_back(invoice);
    BOOST_TEST(note.starts_with("CN-2026-"));
    BOOST_TEST(lines_of(nico.member)
        == "recurring 2026-03-02..2026-04-02 1000; recurring 2026-03-02..2026-04-02 3000; "
           "adjustment 2026-03-02..2026-04-02 -1000; adjustment 2026-03-02..2026-04-02 -3000");
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 4000 open 0; credit_note 2026-03-02 CHF -4000 open 0");
    BOOST_TEST(left(nico.member) == "0 0 0");
    BOOST_TEST(fake::credit_of(nico.member) == 0);
    BOOST_TEST(fake::text("SELECT reason FROM invoices WHERE number = ?", note) == "outage");
    BOOST_TEST((refusal_of([&] { give_back(invoice); }) == Reason::nothing_to_credit));
}

BOOST_AUTO_TEST_CASE(one_line_is_given_back_and_a_part_of_one)
{
    running("2026-03-02", 1000);
    const auto invoice = invoice_over(3000);
    give_back(invoice, 2);
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 4000 open 1000; credit_note 2026-03-02 CHF -3000 open 0");
    give_back(invoice, 1, 250);
    BOOST_TEST(documents_of(nico.member)
        == "invoice 2026-03-02 CHF 4000 open 750; credit_note 2026-03-02 CHF -3000 open 0; credit_note 2026-03-02 CHF -250 open 0");
    give_back(invoice); // what is left of all
    BOOST_TEST(left(nico.member) == "0 0 0");
}

// Lago 2643: four notes summed to 335.00 of an invoice of 334.99.
BOOST_AUTO_TEST_CASE(T15_the_parts_of_a_line_sum_to_it_with_its_tax)
{
    const auto invoice = invoice_over(33499);
    BOOST_TEST(sums(invoice) == "30989 2510 33499");
    for (int i = 0; i < 3; ++i) give_back(invoice, 1, 8375);
    BOOST_TEST((refusal_of([&] { give_back(invoice, 1, 8375); }) == Reason::nothing_to_credit));
    give_back(invoice, 1); // the remainder
    BOOST_TEST(left(nico.member) == "0 0 0");
}

BOOST_AUTO_TEST_CASE(T15_in_single_rappen_too)
{
    const auto invoice = invoice_over(40);
    for (int i = 0; i < 40; ++i) give_back(invoice, 1, 1);
    BOOST_TEST(left(nico.member) == "0 0 0");
    BOOST_TEST((refusal_of([&] { give_back(invoice, 1, 1); }) == Reason::nothing_to_credit));
    BOOST_TEST(fake::documents_count(nico.member) == 41);
}

BOOST_AUTO_TEST_CASE(more_than_is_left_and_what_is_not_there_are_refused)
{
    const auto invoice = invoice_over(3000);
    BOOST_TEST((refusal_of([&] { give_back(invoice, 1, 3001); }) == Reason::nothing_to_credit));
    BOOST_TEST((refusal_of([&] { give_back(invoice, 2); }) == Reason::unknown_line));
    BOOST_TEST((refusal_of([&] { give_back(invoice, 0); }) == Reason::unknown_line));
    BOOST_TEST((refusal_of([&] { give_back("2026-999999"); }) == Reason::not_found));
    const auto note = give_back(invoice, 1, 100);
    BOOST_TEST((refusal_of([&] { give_back(note, 1); }) == Reason::unknown_line)); // an adjustment is no charge
    BOOST_TEST((refusal_of([&] { give_back(note); }) == Reason::nothing_to_credit));
    BOOST_TEST(fake::documents_count(nico.member) == 2);
}

BOOST_AUTO_TEST_CASE(sixteen_operators_at_once_give_back_no_more_than_there_is)
{
    const auto invoice = invoice_over(1000);
    std::atomic<int> issued{0}, refused{0};
    fake::at_once(16, [&](int) {
        const auto refusal = refusal_of([&] { give_back(invoice, 1, 100); });
        (refusal == Reason::nothing_to_credit ? refused : issued) += 1;
    });
    BOOST_TEST(issued == 10);
    BOOST_TEST(refused == 6);
    BOOST_TEST(left(nico.member) == "0 0 0");
}

// Kill Bill 1505: full credit, then cancel on the same date jammed the account.
BOOST_AUTO_TEST_CASE(T19_what_was_given_back_is_not_credited_again_by_a_cancellation)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    go("2026-03-20");
    give_back(newest(nico.member), 1, 2500);
    cancel(order);
    bill("2026-03-20");
    BOOST_TEST(lines_of(order.id)
        == "recurring 2026-03-02..2026-04-02 3000; adjustment 2026-03-02..2026-04-02 -2500; credit 2026-03-20..2026-04-02 -500");
    BOOST_TEST(left(nico.member) == "0 0 0");

    const auto other = running("2026-03-20", 3000);
    bill("2026-03-20");
    give_back(newest(nico.member));
    cancel(other);
    bill("2026-03-20");
    BOOST_TEST(left(nico.member) == "0 0 0");
    BOOST_TEST(!is_in_errors(nico.member));
    BOOST_TEST(next_due(other) == "settled");
}

BOOST_AUTO_TEST_CASE(a_credit_note_while_the_order_is_cancelled_and_billed_gives_back_each_rappen_once)
{
    for (int i = 0; i < 20; ++i) {
        const auto member = new_paying_member().member;
        const auto invoice = invoice_of(member, 3000);
        fake::change(
            "UPDATE orders SET ends_on = '2026-03-20', end_known_on = '2026-03-20', next_due_on = '2026-03-20', version = version + 1"
            " WHERE member_id = ?",
            fake::number(member));
        fake::at_once(2, [&](int thread) {
            if (thread == 0) bill(member, fake::day("2026-03-20"));
            else give_back(invoice);
        });
        bill(member, fake::day("2026-03-20"));
        BOOST_TEST(left(member) == "0 0 0");
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(goodwill, Corrected)

BOOST_AUTO_TEST_CASE(credit_pays_open_documents_first_and_the_rest_stays)
{
    invoice_over(3000);
    running("2026-03-03", 1000);
    bill("2026-03-03");
    give_credit(nico.member, 3500);
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 3000 open 0; invoice 2026-03-03 CHF 1000 open 500");
    BOOST_TEST(fake::credit_of(nico.member) == 0);
    give_credit(nico.member, 700);
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 3000 open 0; invoice 2026-03-03 CHF 1000 open 0");
    BOOST_TEST(fake::credit_of(nico.member) == 200);
    BOOST_TEST(fake::text("SELECT GROUP_CONCAT(CONCAT_WS(' ', e.debit, e.credit, e.amount_minor) ORDER BY t.id, e.position SEPARATOR '; ')"
                          " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
                          " WHERE t.member_id = ? AND t.kind = 'credit'",
                   fake::number(nico.member))
        == "goodwill receivable 3500; goodwill receivable 500; goodwill member_credit 200");
}

BOOST_AUTO_TEST_CASE(credit_in_one_currency_pays_nothing_in_another)
{
    invoice_over(3000);
    fake::in_transaction([&](store::Session& session) {
        corrections.give_credit(session,
            {.member = nico.member, .amount = {500, domain::Currency::eur}, .reference = fake::new_name(), .reason = "test"}, "op");
    });
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 3000 open 3000");
    BOOST_TEST(fake::credit_of(nico.member, "EUR") == 500);
}

BOOST_AUTO_TEST_CASE(a_reference_is_used_once)
{
    const auto reference = give_credit(nico.member, 500);
    BOOST_TEST((refusal_of([&] { give_credit(nico.member, 500, reference); }) == Reason::reference_in_use));
    BOOST_TEST((refusal_of([&] { give_credit(new_paying_member().member, 1, reference); }) == Reason::reference_in_use));
    BOOST_TEST(fake::credit_of(nico.member) == 500);
}

BOOST_AUTO_TEST_CASE(sixteen_times_at_once_it_is_used_once)
{
    const auto reference = fake::new_name();
    std::atomic<int> given{0};
    fake::at_once(16, [&](int) { given += refusal_of([&] { give_credit(nico.member, 500, reference); }) ? 0 : 1; });
    BOOST_TEST(given == 1);
    BOOST_TEST(fake::credit_of(nico.member) == 500);
}

BOOST_AUTO_TEST_CASE(sixteen_credits_at_once_are_all_there)
{
    fake::at_once(16, [&](int) { give_credit(nico.member, 500); });
    BOOST_TEST(fake::credit_of(nico.member) == 8000);
}

BOOST_AUTO_TEST_SUITE_END()
