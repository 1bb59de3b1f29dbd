#include "fake/issued_documents.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using domain::Currency;
using fake::er_constraint_failed;
using fake::er_dup_entry;
using fake::er_out_of_range;
using fake::er_signal;
using fake::error_of;
using store::Conflict;
using store::DocumentStore;
using store::Session;
using Documents = fake::Documents;

std::int64_t balance(const std::string& account, const domain::Uuid& reference)
{
    return fake::count("SELECT COALESCE(CAST(SUM(p.amount_minor) AS SIGNED), 0) FROM ledger_postings p JOIN ledger_transactions t"
                       " ON t.id = p.transaction_id WHERE p.account = ? AND t.reference = ?",
        account, reference);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(booking_documents, Documents)

BOOST_AUTO_TEST_CASE(the_ledger_owes_what_the_document_says)
{
    const auto document =
        this->document({line(fake::added(fake::machine_order(member)), 3000), line(fake::added(fake::machine_order(member)), 1234)});
    issue(document);
    const auto totals = domain::totals_of(document.invoice.lines, Currency::chf);
    BOOST_TEST(balance("receivable", document.invoice.uuid) == 4234);
    BOOST_TEST(balance("deferred_revenue:ipv6-only-vm", document.invoice.uuid) == -totals.net.minor);
    BOOST_TEST(balance("vat_payable:8.1", document.invoice.uuid) == -totals.vat.minor);
}

BOOST_AUTO_TEST_CASE(the_sums_of_the_day_follow)
{
    const auto first = document();
    issue(first);
    issue(document());
    issue(document({credit(first)}));
    BOOST_TEST(total("deferred_revenue:ipv6-only-vm") == -2775);
    BOOST_TEST(total("vat_payable:8.1") == -225);
    BOOST_TEST(total("receivable") == 6000); // the credit note went to the credit
    BOOST_TEST(total("member_credit") == -3000);
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', vat_rate, net_minor, vat_minor) FROM tax_totals WHERE booked_on = ?", first_day_text())
        == "810 2775 225");
}

// A product's sku has up to 64 characters; its account must hold it.
BOOST_AUTO_TEST_CASE(a_product_with_a_long_sku_can_be_booked)
{
    auto charge = line(fake::added(fake::machine_order(member)));
    charge.sku = std::string(64, 's');
    const auto document = this->document({charge});
    BOOST_REQUIRE_NO_THROW(issue(document));
    BOOST_TEST(balance("deferred_revenue:" + charge.sku, document.invoice.uuid) == -charge.net.minor);
}

BOOST_AUTO_TEST_CASE(a_document_of_nothing_cannot_be_booked)
{
    BOOST_CHECK_THROW(issue(document({})), std::logic_error);
    BOOST_TEST(fake::documents_count(member) == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_balance_cannot_be_booked)
{
    const auto book = [&](std::vector<domain::Entry> entries) {
        const store::NewTransaction transaction{
            .kind = "test", .reference = gateway::random_uuid(), .booked_on = first_day(), .entries = std::move(entries)};
        fake::in_transaction([&](Session& session) {
            DocumentStore{session}.book({&transaction, 1}, rows.take("ledger_transaction", 1), fake::monday);
        });
    };
    BOOST_CHECK_THROW(book({}), std::logic_error);
    BOOST_CHECK_THROW(book({{"bank", "receivable", {0}}}), std::logic_error);
    BOOST_CHECK_THROW(book({{"bank", "receivable", {-1}}}), std::logic_error);
    BOOST_CHECK_THROW(book({{"bank", "bank", {1}}}), std::logic_error);
    BOOST_CHECK_THROW(book({{"bank", "receivable", {1}}, {"bank", "receivable", {1, Currency::eur}}}), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_long_transaction_writes_its_sums_at_the_end_and_only_if_its_days_are_still_open)
{
    const auto write = [&](bool close) {
        fake::database().rehearse([&](Session& session) {
            store::LedgerWriter books{session, fake::database()};
            const store::NewTransaction transaction{
                .kind = "test", .reference = gateway::random_uuid(), .booked_on = first_day(), .entries = {{"bank", "receivable", {700}}}};
            books.book({&transaction, 1}, fake::monday);
            const auto sum = [&] {
                return store::select<std::int64_t>(
                    session, "SELECT debit_minor FROM ledger_totals WHERE booked_on = ? AND account = 'bank'", first_day_text());
            };
            BOOST_TEST(sum().empty());
            if (close)
                store::execute(session, "INSERT INTO closed_books (closed_through, closed_at, closed_by) VALUES (?, NOW(6), 'test')",
                    first_day_text());
            books.finish();
            BOOST_TEST(std::get<0>(sum().at(0)) == 700);
        });
    };
    write(false);
    BOOST_CHECK_THROW(write(true), Conflict);
}

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_an_entry_that_does_not_balance)
{
    const auto document = this->document();
    issue(document);
    const auto transaction = fake::count("SELECT id FROM ledger_transactions WHERE reference = ?", document.invoice.uuid);
    const auto entry = [&](const char* debit, const char* credit, std::int64_t amount) {
        return error_of(
            "INSERT INTO ledger_entries (transaction_id, position, debit, credit, amount_minor, currency) VALUES (?, 99, ?, ?, ?, 'CHF')",
            transaction, std::string_view{debit}, std::string_view{credit}, amount);
    };
    BOOST_TEST(entry("receivable", "bank", -1) == er_constraint_failed);
    BOOST_TEST(entry("receivable", "bank", 0) == er_constraint_failed);
    BOOST_TEST(entry("bank", "bank", 1) == er_constraint_failed);
}

BOOST_AUTO_TEST_CASE(a_document_is_booked_once)
{
    const auto document = this->document();
    issue(document);
    BOOST_TEST(
        error_of("INSERT INTO ledger_transactions (booked_on, kind, reference, booked_at) VALUES ('9999-03-02', 'invoice', ?, NOW(6))",
            document.invoice.uuid)
        == er_dup_entry);
}

BOOST_AUTO_TEST_CASE(nothing_is_booked_on_a_day_that_is_recognised_or_closed)
{
    auto late = document();
    late.invoice.booked_on = fake::day("1000-01-01"); // long recognised
    BOOST_CHECK_THROW(issue(late), Conflict);

    fake::change("INSERT INTO closed_books (closed_through, closed_at, closed_by) VALUES ('1000-01-01', NOW(6), 'test')");
    const auto refused =
        error_of("INSERT INTO ledger_transactions (booked_on, kind, reference, booked_at) VALUES ('1000-01-01', 'x', ?, NOW(6))",
            gateway::random_uuid());
    fake::change("DELETE FROM closed_books WHERE closed_through = '1000-01-01'");
    BOOST_TEST(refused == er_signal);
    BOOST_TEST(fake::documents_count(member) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(members_accounts, Documents)

BOOST_AUTO_TEST_CASE(more_than_is_open_is_not_settled)
{
    const auto document = this->document();
    issue(document);
    const auto apply = [&](std::int64_t amount) {
        fake::in_transaction([&](Session& session) { DocumentStore{session}.apply({{document.invoice.id, amount}}); });
    };
    BOOST_CHECK_THROW(apply(3001), Conflict);
    apply(2000);
    BOOST_CHECK_THROW(apply(1001), Conflict);
    BOOST_TEST(fake::text("SELECT CONCAT_WS(' ', open_minor, applied_minor, paid_minor) FROM receivables WHERE invoice_id = ?",
                   document.invoice.id)
        == "1000 2000 0");
    BOOST_TEST(error_of("UPDATE receivables SET open_minor = -1, applied_minor = 3001 WHERE invoice_id = ?", document.invoice.id)
        == er_constraint_failed);
    BOOST_TEST(error_of("UPDATE receivables SET open_minor = 999 WHERE invoice_id = ?", document.invoice.id) == er_constraint_failed);
}

// Lago 4945, 5020, 5980: a coupon was spent twice.
BOOST_AUTO_TEST_CASE(T14_sixty_four_spends_at_once_spend_what_there_is)
{
    fake::change("INSERT INTO credit_balances (member_id, currency, credit_minor) VALUES (?, 'CHF', 1000)", fake::number(member));
    std::atomic<std::int64_t> spent{0};
    fake::at_once(64, [&](int) {
        const auto is_spent = [&] {
            return fake::in_transaction([&](Session& session) {
                return store::execute(session,
                           "UPDATE credit_balances SET credit_minor = credit_minor - 30 WHERE member_id = ? AND credit_minor >= 30",
                           fake::number(member))
                    == 1;
            });
        };
        if (is_spent()) spent += 30;
    });
    BOOST_TEST(spent == 990);
    BOOST_TEST(fake::credit_of(member) == 10);
    const auto refused = error_of("UPDATE credit_balances SET credit_minor = credit_minor - 11 WHERE member_id = ?", fake::number(member));
    BOOST_TEST((refused == er_constraint_failed || refused == er_out_of_range));
}

BOOST_AUTO_TEST_CASE(T14_of_changes_from_one_balance_one_wins)
{
    fake::change("INSERT INTO credit_balances (member_id, currency, credit_minor) VALUES (?, 'CHF', 1000)", fake::number(member));
    std::atomic<int> won{0};
    fake::at_once(16, [&](int) {
        try {
            fake::in_transaction([&](Session& session) { DocumentStore{session}.change_credit({{member, Currency::chf, 1000, 400}}); });
            ++won;
        } catch (const Conflict&) {
        }
    });
    BOOST_TEST(won == 1);
    BOOST_TEST(fake::credit_of(member) == 400);
}

BOOST_AUTO_TEST_SUITE_END()
