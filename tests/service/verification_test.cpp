#include "service/verification.h"

#include "fake/billing_desk.h"
#include "store/migration_store.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace {

using Findings = std::vector<std::string>;

Findings findings()
{
    auto all = service::Verification{fake::database()}.verify().findings;
    std::ranges::sort(all);
    return all;
}

Findings difference_of(const Findings& after, const Findings& before)
{
    Findings more;
    std::ranges::set_difference(after, before, std::back_inserter(more));
    return more;
}

std::string joined(const Findings& all)
{
    std::string text;
    for (const auto& finding : all) text += "\n  " + finding;
    return text.empty() ? "\n  nothing" : text;
}

/// While one lives, what is issued and booked can be changed. Afterwards the triggers of the migration are back.
class Unlocked {
public:
    Unlocked()
    {
        for (const auto* name : {"invoices", "invoice_lines", "ledger_transactions", "ledger_entries"})
            for (const auto* when : {"_stay", "_last"}) fake::run_sql(std::string{"DROP TRIGGER IF EXISTS "} + name + when);
    }
    ~Unlocked()
    {
        std::ifstream file{fake::app().config.share + "/migrations/0012_books.sql"};
        std::ostringstream text;
        text << file.rdbuf();
        for (const auto& statement : store::statements_of(text.str()))
            if (statement.find("CREATE OR REPLACE TRIGGER") != std::string::npos) fake::run_sql(statement);
    }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;
};

/// Two months of an order that is cancelled in the third: three invoices and a credit note, on sums of their own. The
/// database is shared, so each case compares what is found before a fault is planted, with it, and after it is taken back.
struct Books : fake::BillingDesk {
    const fake::OwnProduct product{};
    const domain::Order order = running("2026-03-02", 3000, product.sku);
    const Findings before = activity();
    const std::string invoice =
        fake::text("SELECT CAST(id AS CHAR) FROM invoices WHERE member_id = ? ORDER BY id LIMIT 1 OFFSET 1", fake::number(nico.member));
    const std::string number = fake::text("SELECT number FROM invoices WHERE id = ?", invoice);
    const std::string transaction =
        fake::text("SELECT CAST(t.id AS CHAR) FROM ledger_transactions t JOIN invoices i ON i.uuid = t.reference WHERE i.id = ?", invoice);
    const std::string member = std::to_string(fake::number(nico.member));
    const std::string booked_on = fake::text("SELECT CAST(booked_on AS CHAR) FROM ledger_transactions WHERE id = ?", transaction);
    const std::string order_name = "order " + std::to_string(fake::number(order.id));

    Findings activity()
    {
        bill("2026-03-02");
        bill("2026-04-02");
        bill("2026-05-02");
        go("2026-05-12");
        cancel(order);
        bill("2026-05-12");
        return findings();
    }

    static void run(const std::vector<std::string>& statements)
    {
        const Unlocked unlocked;
        for (const auto& statement : statements) fake::run_sql(statement);
    }

    /// Plants the fault, expects these words among what is then found, and takes it back.
    void expect(const std::vector<std::string>& fault, const std::vector<std::string>& repair, const std::vector<std::string>& words) const
    {
        run(fault);
        const auto found = difference_of(findings(), before);
        run(repair);
        for (const auto& expected : words)
            BOOST_TEST(std::ranges::any_of(found, [&](const std::string& finding) { return finding.find(expected) != std::string::npos; }),
                "expected \"" << expected << "\", found:" << joined(found));
        const auto left = findings();
        BOOST_TEST((left == before), "not taken back:" << joined(difference_of(left, before)));
    }
    /// The same for one UPDATE and its opposite.
    void expect(const std::string& table, const std::string& rows, const std::string& fault, const std::string& repair,
        const std::vector<std::string>& words) const
    {
        expect({"UPDATE " + table + " SET " + fault + " WHERE " + rows}, {"UPDATE " + table + " SET " + repair + " WHERE " + rows}, words);
    }
    void expect_on_document(const std::string& fault, const std::string& repair, const std::vector<std::string>& words) const
    {
        expect("invoices", "id = " + invoice, fault, repair, words);
    }
    void expect_on_line(const std::string& fault, const std::string& repair, const std::vector<std::string>& words) const
    {
        expect("invoice_lines", "invoice_id = " + invoice, fault, repair, words);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(verification_of_documents, Books)

BOOST_AUTO_TEST_CASE(nothing_is_found_in_what_billing_leaves)
{
    for (const auto& finding : before) {
        BOOST_TEST(finding.find(order_name + ' ') == std::string::npos, finding);
        BOOST_TEST(finding.find(number) == std::string::npos, finding);
        BOOST_TEST(finding.find(product.sku) == std::string::npos, finding);
        BOOST_TEST(finding.find(nico.uid) == std::string::npos, finding);
        BOOST_TEST(!finding.starts_with("chain:"), finding);
        BOOST_TEST(!finding.starts_with("numbers:"), finding);
    }
}

BOOST_AUTO_TEST_CASE(a_lines_amount)
{
    expect_on_line("net_minor = net_minor + 1, gross_minor = gross_minor + 1", "net_minor = net_minor - 1, gross_minor = gross_minor - 1",
        {"chain: the content of document " + number, "totals: document " + number + " is not the sum of its lines",
            order_name + " is charged another price", "tax: the total of rate 810 on " + booked_on,
            "accounts: deferred_revenue:" + product.sku});
}

BOOST_AUTO_TEST_CASE(a_documents_total)
{
    expect_on_document("net_minor = net_minor + 1, total_minor = total_minor + 1",
        "net_minor = net_minor - 1, total_minor = total_minor - 1",
        {"totals: document " + number + " is not the sum of its lines", "ledger: document " + number + " is booked with another sum"});
}

BOOST_AUTO_TEST_CASE(a_number)
{
    expect_on_document("number = '2026-999999'", "number = '" + number + "'",
        {"numbers: document 2026-999999 does not carry the number of its series", "chain: the link of document 2026-999999 is broken"});
}

BOOST_AUTO_TEST_CASE(a_hash)
{
    const auto content = fake::text("SELECT content_hash FROM invoices WHERE id = ?", invoice);
    const auto chain = fake::text("SELECT chain_hash FROM invoices WHERE id = ?", invoice);
    expect_on_document("content_hash = REPEAT('0', 64)", "content_hash = '" + content + "'",
        {"chain: the content of document " + number, "chain: the link of document " + number});
    expect_on_document("chain_hash = REPEAT('0', 64)", "chain_hash = '" + chain + "'", {"chain: the link of document " + number});
}

BOOST_AUTO_TEST_CASE(an_address_a_text_and_a_day)
{
    const std::string finding = "chain: the content of document " + number;
    expect_on_document("city = 'Elsewhere'", "city = ''", {finding});
    expect_on_document("due_on = due_on + INTERVAL 1 DAY", "due_on = due_on - INTERVAL 1 DAY", {finding});
    expect_on_line("text = CONCAT(text, '!')", "text = LEFT(text, LENGTH(text) - 1)", {finding});
}

BOOST_AUTO_TEST_CASE(the_end_of_the_chain_and_a_document_out_of_it)
{
    const auto hash = fake::text("SELECT hash FROM document_chain");
    expect("document_chain", "id = 1", "hash = REPEAT('0', 64)", "hash = '" + hash + "'", {"chain: its end is not the hash that is kept"});
    expect("document_chain", "id = 1", "position = position + 1", "position = position - 1", {"chain: it ends at"});
    const auto position = fake::text("SELECT CAST(chain_position AS CHAR) FROM invoices WHERE id = ?", invoice);
    expect_on_document("chain_position = NULL", "chain_position = " + position,
        {"chain: document " + number + " is issued and not in the chain", "expected " + position});
}

BOOST_AUTO_TEST_CASE(a_gap_in_the_numbers)
{
    expect("number_series", "series = 'invoice' AND year = 2026", "last = last + 1", "last = last - 1", {"numbers: invoice 2026 has"});
    const auto newest = fake::text("SELECT CAST(id AS CHAR) FROM invoices WHERE series = 'invoice' AND series_year = 2026"
                                   " ORDER BY series_number DESC LIMIT 1");
    const auto newest_number = fake::text("SELECT number FROM invoices WHERE id = ?", newest);
    expect("invoices", "id = " + newest, "series_number = series_number + 1, number = '2026-999998'",
        "series_number = series_number - 1, number = '" + newest_number + "'", {"numbers: invoice 2026 has"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verification_of_periods, Books)

BOOST_AUTO_TEST_CASE(days_that_are_charged_twice)
{
    expect_on_line("period_start = '2026-04-01'", "period_start = '2026-04-02'",
        {"periods: " + order_name + " is charged twice for days from 2026-04-01"});
}

BOOST_AUTO_TEST_CASE(days_that_are_not_charged)
{
    // Of an order that was never credited: a credit makes gaps.
    const auto whole = running("2026-03-02", 1000, product.sku);
    for (const auto* on : {"2026-03-02", "2026-04-02", "2026-05-02"}) bill(on);
    const auto rows = "order_id = " + std::to_string(fake::number(whole.id)) + " AND whole_start = '2026-04-02'";
    const_cast<Findings&>(before) = findings();
    expect("invoice_lines", rows, "period_start = '2026-04-05'", "period_start = '2026-04-02'",
        {"periods: order " + std::to_string(fake::number(whole.id)) + " is not charged from 2026-04-02 to 2026-04-05"});
}

BOOST_AUTO_TEST_CASE(more_credit_than_the_charge)
{
    expect("invoice_lines", "order_id = " + std::to_string(fake::number(order.id)) + " AND kind = 'credit'",
        "net_minor = net_minor - 3000, gross_minor = gross_minor - 3000", "net_minor = net_minor + 3000, gross_minor = gross_minor + 3000",
        {"periods: " + order_name + " is credited more than it was charged"});
}

BOOST_AUTO_TEST_CASE(the_whole_period_of_a_line)
{
    expect_on_line("whole_end = whole_end + INTERVAL 1 DAY", "whole_end = whole_end - INTERVAL 1 DAY",
        {"periods: " + order_name + " is charged another price"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verification_of_the_ledger, Books)

BOOST_AUTO_TEST_CASE(a_transaction_that_is_missing)
{
    expect({"CREATE TABLE kept_transaction AS SELECT * FROM ledger_transactions WHERE id = " + transaction,
               "CREATE TABLE kept_entries AS SELECT * FROM ledger_entries WHERE transaction_id = " + transaction,
               "DELETE FROM ledger_entries WHERE transaction_id = " + transaction,
               "DELETE FROM ledger_transactions WHERE id = " + transaction},
        {"INSERT INTO ledger_transactions SELECT * FROM kept_transaction", "INSERT INTO ledger_entries SELECT * FROM kept_entries",
            "DROP TABLE kept_transaction", "DROP TABLE kept_entries"},
        {"ledger: document " + number + " is not booked", "ledger: the total of receivable on " + booked_on,
            "account: " + nico.uid + " owes"});
}

BOOST_AUTO_TEST_CASE(entries_that_are_missing)
{
    expect({"CREATE TABLE kept_entries AS SELECT * FROM ledger_entries WHERE transaction_id = " + transaction,
               "DELETE FROM ledger_entries WHERE transaction_id = " + transaction},
        {"INSERT INTO ledger_entries SELECT * FROM kept_entries", "DROP TABLE kept_entries"},
        {"ledger: transaction " + transaction + " has no entries"});
}

BOOST_AUTO_TEST_CASE(an_entry_that_was_changed)
{
    const auto rows = "transaction_id = " + transaction + " AND position = 1";
    expect("ledger_entries", rows, "amount_minor = amount_minor + 1", "amount_minor = amount_minor - 1",
        {"ledger: the total of receivable on " + booked_on, "ledger: document " + number + " is booked with another sum"});
    expect("ledger_entries", rows, "credit = 'elsewhere'", "credit = 'deferred_revenue:" + product.sku + "'",
        {"ledger: the total of deferred_revenue:" + product.sku, "ledger: the total of elsewhere"});
}

BOOST_AUTO_TEST_CASE(the_sums_by_day)
{
    expect("ledger_totals", "account = 'receivable' AND currency = 'CHF' AND booked_on = '" + booked_on + "'",
        "debit_minor = debit_minor + 1", "debit_minor = debit_minor - 1", {"ledger: the total of receivable on " + booked_on});
    expect("tax_totals", "vat_rate = 810 AND currency = 'CHF' AND booked_on = '" + booked_on + "'", "vat_minor = vat_minor + 1",
        "vat_minor = vat_minor - 1", {"tax: the total of rate 810 on " + booked_on});
}

// An entry on the wrong account for tax, with the sums changed to match.
BOOST_AUTO_TEST_CASE(tax_that_is_booked_at_another_rate)
{
    const auto sum = [&](const char* account, const char* sign) {
        return "UPDATE ledger_totals SET credit_minor = credit_minor " + std::string{sign} + " 225 WHERE account = '" + account
            + "' AND currency = 'CHF' AND booked_on = '" + booked_on + "'";
    };
    const auto book_at = [&](const char* account) {
        return "UPDATE ledger_entries SET credit = '" + std::string{account} + "' WHERE position = 2 AND transaction_id = " + transaction;
    };
    expect({book_at("vat_payable:9.9"), sum("vat_payable:8.1", "-"),
               "INSERT INTO ledger_totals (booked_on, account, currency, debit_minor, credit_minor) VALUES ('" + booked_on
                   + "', 'vat_payable:9.9', 'CHF', 0, 225)"},
        {book_at("vat_payable:8.1"), sum("vat_payable:8.1", "+"), "DELETE FROM ledger_totals WHERE account = 'vat_payable:9.9'"},
        {"vat_payable:9.9"});
}

BOOST_AUTO_TEST_CASE(what_is_recognised_too_much)
{
    const store::NewTransaction transaction_too_much{.kind = "recognition",
        .reference = gateway::random_uuid(),
        .booked_on = fake::day(booked_on),
        .entries = {{"deferred_revenue:" + product.sku, "revenue:" + product.sku, {5}}}};
    const auto id = store::RowNumbers{fake::database()}.take("ledger_transaction", 1);
    fake::in_transaction([&](store::Session& session) {
        store::DocumentStore{session}.book({&transaction_too_much, 1}, id, fake::monday);
    });
    expect({},
        {"DELETE FROM ledger_entries WHERE transaction_id = " + std::to_string(id),
            "DELETE FROM ledger_transactions WHERE id = " + std::to_string(id),
            "UPDATE ledger_totals SET debit_minor = debit_minor - 5 WHERE account = 'deferred_revenue:" + product.sku
                + "' AND booked_on = '" + booked_on + "'",
            "UPDATE ledger_totals SET credit_minor = credit_minor - 5 WHERE account = 'revenue:" + product.sku + "' AND booked_on = '"
                + booked_on + "'"},
        {"accounts: deferred_revenue:" + product.sku + " differs", "accounts: revenue:" + product.sku + " differs"});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(verification_of_accounts, Books)

BOOST_AUTO_TEST_CASE(an_open_amount)
{
    expect("receivables", "invoice_id = " + invoice, "open_minor = open_minor - 1, paid_minor = paid_minor + 1",
        "open_minor = open_minor + 1, paid_minor = paid_minor - 1", {"account: " + nico.uid + " owes 1 less by its documents"});
}

BOOST_AUTO_TEST_CASE(a_balance_of_credit)
{
    expect({"INSERT INTO credit_balances (member_id, currency, credit_minor) VALUES (" + member + ", 'CHF', 7)"},
        {"DELETE FROM credit_balances WHERE member_id = " + member},
        {"account: " + nico.uid + " has -7 less credit than by the ledger",
            "account: " + nico.uid + " has credit and owes at the same time"});
}

BOOST_AUTO_TEST_CASE(a_document_that_is_not_on_the_account)
{
    const auto keep =
        "CREATE TABLE kept_receivable AS SELECT invoice_id, member_id, currency, due_on, total_minor, open_minor, applied_minor,"
        " paid_minor FROM receivables WHERE invoice_id = "
        + invoice;
    expect({keep, "DELETE FROM receivables WHERE invoice_id = " + invoice},
        {"INSERT INTO receivables (invoice_id, member_id, currency, due_on, total_minor, open_minor, applied_minor, paid_minor)"
         " SELECT * FROM kept_receivable",
            "DROP TABLE kept_receivable"},
        {"account: document " + number + " is not on its member's account"});
}

BOOST_AUTO_TEST_SUITE_END()
