#include "store/document_store.h"

#include "fake/issued_documents.h"
#include "store/document_chain.h"
#include "store/invoice_store.h"
#include "store/sha256.h"
#include "store/verification_store.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using fake::er_constraint_failed;
using fake::er_dup_entry;
using fake::er_signal;
using fake::error_of;
using store::DocumentStore;
using store::NewDocument;
using store::Session;
using Documents = fake::Documents;
using domain::LineKind;

/// The links of the chain from a position on: each must follow from the one before and its document's content.
void check_chain_after(std::int64_t position)
{
    auto hash = position == 0 ? std::string(64, '0') : fake::text("SELECT chain_hash FROM invoices WHERE chain_position = ?", position);
    const auto documents =
        fake::in_transaction([&](Session& session) { return store::VerificationStore{session}.documents_after(position, 10'000); });
    for (const auto& document : documents) {
        BOOST_TEST(document.position == ++position);
        BOOST_TEST(document.content_hash == store::sha256_of(domain::canonical_text(document.invoice)));
        hash = store::sha256_of(hash + '\n' + document.number + '\n' + document.content_hash + '\n');
        BOOST_TEST(document.chain_hash == hash);
    }
    BOOST_TEST(fake::text("SELECT CONCAT(position, ' ', hash) FROM document_chain") == std::to_string(position) + ' ' + hash);
}

std::int64_t chain_end() { return fake::count("SELECT position FROM document_chain"); }

} // namespace

BOOST_FIXTURE_TEST_SUITE(document_numbers, Documents)

BOOST_AUTO_TEST_CASE(each_series_and_each_year_begin_at_1)
{
    const auto first = document();
    BOOST_TEST(issue(first) == number(1));
    BOOST_TEST(issue(document()) == number(2));
    BOOST_TEST(issue(document({credit(first)})) == number(1, "CN-"));
    BOOST_TEST(issue(document()) == number(3));
    year = fake::new_year();
    BOOST_TEST(issue(document()) == number(1));
}

BOOST_AUTO_TEST_CASE(documents_issued_together_are_numbered_in_their_order)
{
    const auto first = document();
    std::vector documents{first, document({credit(first)}), document(), document()};
    documents[3].invoice.billed_on = std::chrono::year{year + 1} / 1 / 1;
    const auto before = chain_end();
    issue(documents);
    BOOST_TEST(documents[0].number == number(1));
    BOOST_TEST(documents[1].number == number(1, "CN-"));
    BOOST_TEST(documents[2].number == number(2));
    BOOST_TEST(documents[3].number.starts_with(std::to_string(year + 1)));
    BOOST_TEST(chain_end() == before + 4);
    check_chain_after(before);
}

BOOST_AUTO_TEST_CASE(T16_a_document_that_is_rolled_back_gives_its_number_back)
{
    const auto before = chain_end();
    std::vector taken_back{document()};
    BOOST_CHECK_THROW(fake::in_transaction([&](Session& session) {
        DocumentStore{session}.issue(taken_back, rows.take("ledger_transaction", 1), fake::monday);
        BOOST_TEST(taken_back.front().number == number(1));
        throw std::runtime_error{"killed"};
    }),
        std::runtime_error);
    BOOST_TEST(fake::documents_count(member) == 0);
    BOOST_TEST(chain_end() == before);
    BOOST_TEST(issue(document()) == number(1));
}

// Duplicates under concurrency: django-plans 118.
BOOST_AUTO_TEST_CASE(T16_sixteen_writers_at_once_leave_no_gap_and_no_number_twice)
{
    const auto before = chain_end();
    std::vector<NewDocument> documents;
    for (int i = 0; i < 160; ++i) documents.push_back(document());
    std::mutex mutex;
    std::vector<std::string> numbers;
    fake::at_once(16, [&](int thread) {
        for (std::size_t i = 0; i < 10; ++i) {
            const auto number = issue(documents[static_cast<std::size_t>(thread) * 10 + i]);
            const std::lock_guard lock{mutex};
            numbers.push_back(number);
        }
    });
    std::ranges::sort(numbers);
    std::vector<std::string> expected;
    for (int n = 1; n <= 160; ++n) expected.push_back(number(n));
    BOOST_TEST((numbers == expected));
    BOOST_TEST(chain_end() == before + 160);
    check_chain_after(before);
}

// The key is the order and the first day, not "today": lago 879 billed twice in time zones ahead of UTC.
BOOST_AUTO_TEST_CASE(a_day_is_charged_once_and_the_second_try_leaves_nothing)
{
    const auto order = fake::added(fake::machine_order(member));
    issue(document({line(order)}));
    auto again = document({line(fake::added(fake::machine_order(member))), line(order)});
    again.invoice.billed_on = again.invoice.booked_on = domain::Day{first_day()} + std::chrono::days{1};
    BOOST_TEST(refusal_to_issue(again) == er_dup_entry);
    BOOST_TEST(last_number() == 1);
    BOOST_TEST(fake::documents_count(member) == 1);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM ledger_transactions WHERE reference = ?", again.invoice.uuid) == 0);

    auto next_turn = line(order);
    next_turn.turn = 1;
    BOOST_TEST(issue(document({next_turn})) == number(2));
}

BOOST_AUTO_TEST_CASE(eight_runners_of_one_period_issue_one_document)
{
    const auto order = fake::added(fake::machine_order(member));
    std::atomic<int> issued{0};
    fake::at_once(8, [&](int) { issued += refusal_to_issue(document({line(order)})) == 0 ? 1 : 0; });
    BOOST_TEST(issued == 1);
    BOOST_TEST(last_number() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(issued_documents, Documents)

BOOST_AUTO_TEST_CASE(a_document_comes_back_as_it_was_issued)
{
    const auto order = fake::added(fake::machine_order(member));
    auto setup = line(order, 3500, LineKind::setup);
    setup.period_end.reset();
    setup.whole = {};
    const auto document = this->document({setup, line(order)});
    const auto number = issue(document);

    const auto kept =
        fake::in_transaction([&](Session& session) { return store::InvoiceStore{session}.by_number(member, number).value(); });
    BOOST_TEST((kept.uuid == document.invoice.uuid));
    BOOST_TEST(kept.kind == "invoice");
    BOOST_TEST(kept.total.minor == 6500);
    BOOST_TEST(kept.open.minor == 6500);
    BOOST_TEST((kept.net + kept.vat == kept.total));
    BOOST_TEST((kept.billed_on == first_day()));
    BOOST_TEST((kept.due_on == document.invoice.due_on));
    BOOST_TEST((kept.issued_at == fake::monday));

    const auto lines = fake::in_transaction([&](Session& session) { return store::InvoiceStore{session}.lines_of(kept); });
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST((lines[0].line.kind == LineKind::setup));
    BOOST_TEST(!lines[0].line.period_end.has_value());
    BOOST_TEST((lines[1].line.period_end == document.invoice.lines[1].period_end));
    BOOST_TEST((lines[1].line.whole == document.invoice.lines[1].whole));
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST((lines[i].order == order.uuid));
        BOOST_TEST((lines[i].line.gross == document.invoice.lines[i].gross));
        BOOST_TEST((lines[i].line.vat == document.invoice.lines[i].vat));
    }
}

BOOST_AUTO_TEST_CASE(who_moves_house_afterwards_changes_no_document)
{
    const auto number = issue(document());
    fake::change(
        "UPDATE members SET company = 'Other', address_name = 'Other', street = 'Other', city = 'Other', country = 'DE' WHERE id = ?",
        fake::number(member));
    const auto kept =
        fake::in_transaction([&](Session& session) { return store::InvoiceStore{session}.by_number(member, number).value(); });
    BOOST_TEST(kept.recipient.company == "Example AG");
    BOOST_TEST(kept.recipient.street == "Bahnhofstrasse");
    BOOST_TEST(kept.recipient.country == "CH");
}

// FOSSBilling 3356, 4180: members could delete invoices, a clean-up left half of them.
BOOST_AUTO_TEST_CASE(T30_nothing_that_is_issued_or_booked_is_changed_or_deleted)
{
    const auto document = this->document();
    issue(document);
    const auto id = document.invoice.id;
    const auto transaction = fake::count("SELECT id FROM ledger_transactions WHERE reference = ?", document.invoice.uuid);
    BOOST_TEST(error_of("UPDATE invoices SET total_minor = total_minor + 1, net_minor = net_minor + 1 WHERE id = ?", id) == er_signal);
    BOOST_TEST(error_of("UPDATE invoices SET number = 'X' WHERE id = ?", id) == er_signal);
    BOOST_TEST(error_of("UPDATE invoices SET status = 'draft', number = NULL WHERE id = ?", id) == er_signal);
    BOOST_TEST(error_of("DELETE FROM invoices WHERE id = ?", id) == er_signal);
    BOOST_TEST(error_of("UPDATE invoice_lines SET text = '' WHERE invoice_id = ?", id) == er_signal);
    BOOST_TEST(error_of("DELETE FROM invoice_lines WHERE invoice_id = ?", id) == er_signal);
    BOOST_TEST(error_of("UPDATE ledger_transactions SET booked_on = '2026-01-01' WHERE id = ?", transaction) == er_signal);
    BOOST_TEST(error_of("DELETE FROM ledger_transactions WHERE id = ?", transaction) == er_signal);
    BOOST_TEST(error_of("UPDATE ledger_entries SET amount_minor = 1 WHERE transaction_id = ?", transaction) == er_signal);
    BOOST_TEST(error_of("DELETE FROM ledger_entries WHERE transaction_id = ?", transaction) == er_signal);
    BOOST_TEST(fake::count("SELECT total_minor FROM invoices WHERE id = ?", id) == 3000);
}

BOOST_AUTO_TEST_CASE(a_draft_does_not_add_up_or_carry_a_number_either)
{
    const auto add = [&](const char* sql) { return error_of(sql, gateway::random_uuid(), fake::number(member)); };
    BOOST_TEST(add("INSERT INTO invoices (uuid, member_id, status, currency, net_minor, vat_minor, total_minor, billed_on)"
                   " VALUES (?, ?, 'draft', 'CHF', 1, 0, 2, '2026-03-02')")
        == er_constraint_failed);
    BOOST_TEST(add("INSERT INTO invoices (uuid, member_id, number, status, currency, net_minor, vat_minor, total_minor, billed_on)"
                   " VALUES (?, ?, 'X-1', 'draft', 'CHF', 1, 0, 1, '2026-03-02')")
        == er_constraint_failed);
}

BOOST_AUTO_TEST_CASE(another_member_sees_no_document_and_nobody_a_draft)
{
    const auto number = issue(document());
    fake::change("INSERT INTO invoices (id, uuid, member_id, status, currency, net_minor, vat_minor, total_minor, billed_on)"
                 " VALUES (?, ?, ?, 'draft', 'CHF', 1, 0, 1, '2026-03-02')",
        rows.take("document", 1), gateway::random_uuid(), fake::number(member));
    const auto other = fake::new_member().member;
    fake::in_transaction([&](Session& session) {
        store::InvoiceStore invoices{session};
        BOOST_TEST(!invoices.by_number(other, number).has_value());
        BOOST_TEST(invoices.page(other, std::nullopt, 100).empty());
        BOOST_TEST(invoices.page(member, std::nullopt, 100).size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(documents_are_listed_newest_first_page_by_page)
{
    for (int i = 0; i < 5; ++i) issue(document());
    std::vector<std::string> listed;
    for (std::optional<std::int64_t> before;;) {
        const auto page = fake::in_transaction([&](Session& session) { return store::InvoiceStore{session}.page(member, before, 2); });
        if (page.empty()) break;
        for (const auto& invoice : page) listed.push_back(invoice.number);
        before = page.back().id;
    }
    BOOST_TEST((listed == std::vector<std::string>{number(5), number(4), number(3), number(2), number(1)}));
}

BOOST_AUTO_TEST_CASE(a_document_is_queued_to_be_sent_once)
{
    const auto document = this->document();
    issue(document);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM mail_outbox WHERE invoice_id = ? AND kind = 'issued'", document.invoice.id) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
