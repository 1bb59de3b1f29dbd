#include "service/payments.h"

#include "domain/ledger.h"
#include "fake/till.h"
#include "service/verification.h"

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

/// What the books of all cases so far say of nico.
struct Paid : fake::Till {
    std::vector<std::string> findings() const
    {
        auto all = service::Verification{fake::database()}.verify().findings;
        std::erase_if(all, [&](const std::string& finding) {
            return finding.find(nico.uid) == std::string::npos && !finding.starts_with("payment:") && !finding.starts_with("ledger:");
        });
        return all;
    }
    std::string books() const
    {
        return fake::text(
            "SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', t.kind, SUBSTRING_INDEX(e.debit, ':', 1), SUBSTRING_INDEX(e.credit, ':', 1),"
            " e.amount_minor) ORDER BY t.id, e.position SEPARATOR '; '), '')"
            " FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id"
            " WHERE t.member_id = ? AND t.kind IN ('payment', 'payment_reversal')",
            fake::number(nico.member));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(payments, Paid)

BOOST_AUTO_TEST_CASE(the_exact_sum_settles_the_document)
{
    const auto invoice = invoice_over(3000);
    BOOST_TEST(fake::count("SELECT attend_on IS NOT NULL FROM receivables WHERE invoice_id = ?", invoice) == 1);
    const auto settled = pay(3000, invoice);
    BOOST_TEST(settled.on_named == 3000);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(fake::count("SELECT attend_on IS NULL FROM receivables WHERE invoice_id = ?", invoice) == 1);
    BOOST_TEST(books() == "payment bank receivable 3000");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(less_leaves_the_rest_open)
{
    const auto invoice = invoice_over(3000);
    BOOST_TEST(pay(1000, invoice).on_named == 1000);
    BOOST_TEST(standing(invoice) == "2000/0/1000");
    BOOST_TEST(fake::count("SELECT attend_on IS NOT NULL FROM receivables WHERE invoice_id = ?", invoice) == 1);
}

BOOST_AUTO_TEST_CASE(more_settles_others_and_becomes_credit)
{
    const auto older = invoice_over(3000);
    const auto named = invoice_over(2000, "2026-03-03");
    const auto settled = pay(6000, named);
    BOOST_TEST(settled.on_named == 2000);
    BOOST_TEST(settled.on_others == 3000);
    BOOST_TEST(settled.credit == 1000);
    BOOST_TEST(standing(older) == "0/0/3000");
    BOOST_TEST(credit() == 1000);
    BOOST_TEST(books() == "payment bank receivable 5000; payment bank member_credit 1000");
    const auto next = invoice_over(1500, "2026-03-04");
    BOOST_TEST(standing(next) == "500/1000/0");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_piece_of_money_is_booked_once)
{
    const auto invoice = invoice_over(3000);
    const auto payment = money(3000, invoice, fake::new_name());
    book({payment});
    auto again = payment;
    again.uuid = gateway::random_uuid();
    BOOST_CHECK_THROW(book({again}), store::DatabaseError);
    BOOST_TEST(standing(invoice) == "0/0/3000");
    BOOST_TEST(credit() == 0);
}

BOOST_AUTO_TEST_CASE(many_at_once_are_booked_in_their_order)
{
    const auto first = invoice_over(3000);
    const auto second = invoice_over(2000, "2026-03-03");
    const auto settled = book({money(1000, first), money(2500, first), money(2000, second)});
    BOOST_TEST(settled[1].on_named == 2000);
    BOOST_TEST(settled[1].on_others == 500);
    BOOST_TEST(settled[2].credit == 500);
    BOOST_TEST(standing(first) == "0/0/3000");
    BOOST_TEST(standing(second) == "0/0/2000");
    BOOST_TEST(credit() == 500);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(sixteen_payments_at_once_lose_and_double_nothing)
{
    const auto invoice = invoice_over(1000);
    fake::at_once(16, [&](int) { pay(100, invoice); });
    BOOST_TEST(standing(invoice) == "0/0/1000");
    BOOST_TEST(credit() == 600);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(credit_never_stands_beside_what_a_billing_issues_meanwhile)
{
    for (int round = 0; round < 10; ++round) {
        running("2026-03-02", 1000);
        fake::at_once(2, [&](int who) {
            if (who == 0) bill("2026-03-02");
            else pay(700);
        });
    }
    BOOST_TEST(fake::count("SELECT COALESCE(SUM(open_minor), 0) FROM receivables WHERE member_id = ?", fake::number(nico.member)) == 3000);
    BOOST_TEST(credit() == 0);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(a_reversed_payment_leaves_its_documents_open)
{
    const auto invoice = invoice_over(3000);
    const auto payment = pay(3500, invoice).id;
    BOOST_TEST(reverse(payment));
    BOOST_TEST(standing(invoice) == "3000/0/0");
    BOOST_TEST(credit() == 0);
    BOOST_TEST(!reverse(payment));
    BOOST_TEST(books()
        == "payment bank receivable 3000; payment bank member_credit 500; payment_reversal receivable bank 3000; "
           "payment_reversal member_credit bank 500");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(spent_credit_of_a_reversed_payment_is_owed_again)
{
    const auto first = invoice_over(3000);
    const auto payment = pay(4000, first).id;
    const auto second = invoice_over(1800, "2026-03-03");
    BOOST_TEST(standing(second) == "800/1000/0");
    BOOST_TEST(reverse(payment));
    BOOST_TEST(standing(first) == "3000/0/0");
    BOOST_TEST(standing(second) == "1800/0/0");
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(other_credit_settles_what_a_reversal_opens)
{
    const auto invoice = invoice_over(3000);
    const auto payment = pay(3000, invoice).id;
    give_credit(nico.member, 1200);
    BOOST_TEST(reverse(payment));
    BOOST_TEST(standing(invoice) == "1800/1200/0");
    BOOST_TEST(credit() == 0);
    BOOST_TEST(findings().empty());
}

BOOST_AUTO_TEST_CASE(random_payments_and_reversals_keep_the_books_right)
{
    const unsigned seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random{seed};
    std::vector<std::int64_t> invoices, paid;
    for (int i = 0; i < 4; ++i)
        invoices.push_back(invoice_over(500 + static_cast<std::int64_t>(random() % 3000), "2026-03-0" + std::to_string(2 + i)));
    for (int i = 0; i < 40; ++i) {
        const auto dice = random() % 4;
        if (dice == 0 && !paid.empty()) reverse(paid[random() % paid.size()]);
        else if (dice == 1) give_credit(nico.member, 1 + static_cast<std::int64_t>(random() % 500));
        else paid.push_back(pay(1 + static_cast<std::int64_t>(random() % 2000), invoices[random() % invoices.size()]).id);
        const auto found = findings();
        BOOST_TEST_REQUIRE(found.empty(), "seed " << seed << ": " << found.front());
    }
}

BOOST_AUTO_TEST_SUITE_END()
