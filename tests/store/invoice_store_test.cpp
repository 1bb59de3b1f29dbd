#include "store/invoice_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

namespace {

using domain::Currency;
using domain::InvoiceLine;
using domain::LineKind;
using store::DatabaseError;
using store::InvoiceStore;
using store::NewInvoice;
using store::Session;

constexpr unsigned er_constraint_failed = 4025;
constexpr unsigned er_dup_entry = 1062;

/// A billing year in which nobody has a number yet, so that a case knows its first one.
int new_year()
{
    std::mt19937 random{std::random_device{}()};
    while (true) {
        const int year = std::uniform_int_distribution{2100, 9900}(random);
        if (fake::count("SELECT COUNT(*) FROM number_series WHERE year = ?", year) == 0) return year;
    }
}

struct Invoices {
    domain::MemberId member = fake::new_member().member;
    int year = new_year();

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            InvoiceStore invoices{session};
            return work(invoices);
        });
    }

    domain::Date first_day() const { return std::chrono::year{year} / 3 / 2; }
    std::string number(int n) const
    {
        const auto digits = std::to_string(n);
        return std::to_string(year) + '-' + std::string(6 - digits.size(), '0') + digits;
    }

    InvoiceLine line(const domain::Order& order, std::int64_t gross = 3000, LineKind kind = LineKind::recurring) const
    {
        domain::RunningVat vat{{810}, true};
        const auto share = vat.next({gross});
        return {.order = order.id,
            .kind = kind,
            .sku = order.sku,
            .text = "IPv6 only VM",
            .period_start = first_day(),
            .period_end = domain::boundary(first_day(), {}, 1),
            .net = share.net,
            .rate = {810},
            .vat = share.vat,
            .gross = share.gross};
    }
    NewInvoice document(std::vector<InvoiceLine> lines) const
    {
        return {.uuid = gateway::random_uuid(),
            .member = member,
            .currency = Currency::chf,
            .lines = std::move(lines),
            .billed_on = first_day(),
            .due_on = std::chrono::sys_days{first_day()} + std::chrono::days{30},
            .issued_at = fake::monday};
    }
    NewInvoice document() const { return document({line(fake::added(fake::machine_order(member)))}); }

    static std::optional<std::string> issue(const NewInvoice& invoice)
    {
        return with_store([&](InvoiceStore& invoices) { return invoices.issue(invoice); });
    }
    std::int64_t last_number() const
    {
        return fake::count("SELECT COALESCE(MAX(last), 0) FROM number_series WHERE series = 'invoice' AND year = ?", year);
    }
    std::int64_t documents() const { return fake::count("SELECT COUNT(*) FROM invoices WHERE member_id = ?", fake::number(member)); }
};

/// The number of MariaDB's error, 0 if the statement went through.
template <class... Args> unsigned refusal_of(const char* sql, const Args&... args)
{
    try {
        fake::change(sql, args...);
        return 0;
    } catch (const DatabaseError& error) {
        return error.code();
    }
}

std::int64_t balance(const std::string& account, const domain::Uuid& reference)
{
    return fake::count("SELECT COALESCE(CAST(SUM(p.amount_minor) AS SIGNED), 0) FROM ledger_postings p JOIN ledger_transactions t"
                       " ON t.id = p.transaction_id WHERE p.account = ? AND t.reference = ?",
        account, reference);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(invoice_store, Invoices)

BOOST_AUTO_TEST_CASE(a_document_comes_back_as_it_was_issued)
{
    const auto order = fake::added(fake::machine_order(member));
    auto setup = line(order, 3500, LineKind::setup);
    setup.period_end.reset();
    const auto document = this->document({setup, line(order)});
    BOOST_TEST(issue(document).value() == number(1));

    const auto kept = with_store([&](InvoiceStore& invoices) { return invoices.by_number(member, number(1)).value(); });
    BOOST_TEST((kept.uuid == document.uuid));
    BOOST_TEST(kept.kind == "invoice");
    BOOST_TEST(kept.total.minor == 6500);
    BOOST_TEST((kept.net + kept.vat == kept.total));
    BOOST_TEST((kept.billed_on == document.billed_on));
    BOOST_TEST((kept.due_on == document.due_on));
    BOOST_TEST((kept.issued_at == fake::monday));

    const auto lines = with_store([&](InvoiceStore& invoices) { return invoices.lines_of(kept); });
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST((lines[0].line.kind == LineKind::setup));
    BOOST_TEST(!lines[0].line.period_end.has_value());
    BOOST_TEST((lines[1].line.period_end == document.lines[1].period_end));
    for (std::size_t i = 0; i < 2; ++i) {
        BOOST_TEST((lines[i].order == order.uuid));
        BOOST_TEST((lines[i].line.gross == document.lines[i].gross));
        BOOST_TEST((lines[i].line.vat == document.lines[i].vat));
        BOOST_TEST((lines[i].line.rate == domain::VatRate{810}));
    }
}

BOOST_AUTO_TEST_CASE(the_numbers_of_each_year_begin_at_1)
{
    BOOST_TEST(issue(document()).value() == number(1));
    BOOST_TEST(issue(document()).value() == number(2));
    year = new_year();
    BOOST_TEST(issue(document()).value() == number(1));
}

// Duplicates under concurrency: django-plans 118.
BOOST_AUTO_TEST_CASE(eight_issuers_at_once_leave_no_gap_and_no_number_twice)
{
    std::vector<NewInvoice> documents;
    for (int i = 0; i < 80; ++i) documents.push_back(document());
    std::mutex mutex;
    std::vector<std::string> numbers;
    fake::at_once(8, [&](int thread) {
        for (std::size_t i = 0; i < 10; ++i) {
            const auto number = issue(documents[static_cast<std::size_t>(thread) * 10 + i]).value();
            const std::lock_guard lock{mutex};
            numbers.push_back(number);
        }
    });
    std::ranges::sort(numbers);
    std::vector<std::string> expected;
    for (int n = 1; n <= 80; ++n) expected.push_back(number(n));
    BOOST_TEST((numbers == expected));
}

BOOST_AUTO_TEST_CASE(a_document_that_is_rolled_back_uses_no_number)
{
    const auto taken_back = document();
    BOOST_CHECK_THROW(with_store([&](InvoiceStore& invoices) {
        BOOST_TEST(invoices.issue(taken_back).value() == number(1));
        throw std::runtime_error{"killed"};
    }),
        std::runtime_error);
    BOOST_TEST(documents() == 0);
    BOOST_TEST(issue(document()).value() == number(1));
}

// The key is the order and the start of its period, not "today": lago 879 billed twice in time zones ahead of UTC.
BOOST_AUTO_TEST_CASE(a_period_is_charged_once_and_the_second_try_leaves_nothing)
{
    const auto order = fake::added(fake::machine_order(member));
    BOOST_TEST(issue(document({line(order)})).has_value());
    auto again = document({line(order)});
    again.billed_on = std::chrono::sys_days{again.billed_on} + std::chrono::days{1};
    BOOST_TEST(!issue(again).has_value());
    BOOST_TEST(last_number() == 1);
    BOOST_TEST(documents() == 1);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM ledger_transactions WHERE reference = ?", again.uuid) == 0);
}

BOOST_AUTO_TEST_CASE(one_line_charged_before_refuses_the_whole_document)
{
    const auto charged = fake::added(fake::machine_order(member));
    const auto fresh = fake::added(fake::machine_order(member));
    BOOST_TEST(issue(document({line(charged)})).has_value());
    BOOST_TEST(!issue(document({line(fresh), line(charged)})).has_value());
    BOOST_TEST(issue(document({line(fresh)})).value() == number(2)); // it was not charged on the way
}

BOOST_AUTO_TEST_CASE(what_the_transaction_did_before_a_refused_document_stays)
{
    const auto order = fake::added(fake::machine_order(member));
    BOOST_TEST(issue(document({line(order)})).has_value());
    fake::in_transaction([&](Session& session) {
        store::OrderStore{session}.change_status(order, domain::OrderStatus::active, "worker", "supplied", fake::monday);
        BOOST_TEST(!InvoiceStore{session}.issue(document({line(order)})).has_value());
    });
    BOOST_TEST(fake::text("SELECT status FROM orders WHERE id = ?", fake::number(order.id)) == "active");
}

BOOST_AUTO_TEST_CASE(two_runners_of_one_period_issue_one_document)
{
    const auto order = fake::added(fake::machine_order(member));
    std::atomic<int> issued{0};
    fake::at_once(8, [&](int) { issued += issue(document({line(order)})).has_value() ? 1 : 0; });
    BOOST_TEST(issued == 1);
    BOOST_TEST(last_number() == 1);
}

BOOST_AUTO_TEST_CASE(the_ledger_owes_what_the_document_says)
{
    const auto document =
        this->document({line(fake::added(fake::machine_order(member)), 3000), line(fake::added(fake::machine_order(member)), 1234)});
    BOOST_TEST(issue(document).has_value());
    const auto totals = domain::totals_of(document.lines, Currency::chf);
    BOOST_TEST(balance("receivable", document.uuid) == 4234);
    BOOST_TEST(balance("deferred_revenue:ipv6-only-vm", document.uuid) == -totals.net.minor);
    BOOST_TEST(balance("vat_payable:8.1", document.uuid) == -totals.vat.minor);
    BOOST_TEST(fake::count("SELECT CAST(SUM(p.amount_minor) AS SIGNED) FROM ledger_postings p JOIN ledger_transactions t"
                           " ON t.id = p.transaction_id WHERE t.reference = ?",
                   document.uuid)
        == 0);
}

// A product's sku has up to 64 characters; its account must hold it.
BOOST_AUTO_TEST_CASE(a_product_with_a_long_sku_can_be_booked)
{
    auto charge = line(fake::added(fake::machine_order(member)));
    charge.sku = std::string(64, 's');
    const auto document = this->document({charge});
    BOOST_REQUIRE_NO_THROW(issue(document));
    BOOST_TEST(balance("deferred_revenue:" + charge.sku, document.uuid) == -charge.net.minor);
}

BOOST_AUTO_TEST_CASE(a_document_of_nothing_cannot_be_booked)
{
    BOOST_CHECK_THROW(issue(document({})), std::logic_error);
    BOOST_TEST(documents() == 0);
}

BOOST_AUTO_TEST_CASE(another_member_sees_no_document_and_nobody_a_draft)
{
    BOOST_TEST(issue(document()).has_value());
    fake::change("INSERT INTO invoices (uuid, member_id, status, currency, net_minor, vat_minor, total_minor, billed_on)"
                 " VALUES (?, ?, 'draft', 'CHF', 1, 0, 1, '2026-03-02')",
        gateway::random_uuid(), fake::number(member));
    const auto other = fake::new_member().member;
    with_store([&](InvoiceStore& invoices) {
        BOOST_TEST(!invoices.by_number(other, number(1)).has_value());
        BOOST_TEST(invoices.page(other, std::nullopt, 100).empty());
        BOOST_TEST(invoices.page(member, std::nullopt, 100).size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(documents_are_listed_newest_first_page_by_page)
{
    for (int i = 0; i < 5; ++i) issue(document());
    std::vector<std::string> listed;
    for (std::optional<std::int64_t> before;;) {
        const auto page = with_store([&](InvoiceStore& invoices) { return invoices.page(member, before, 2); });
        if (page.empty()) break;
        for (const auto& invoice : page) listed.push_back(invoice.number);
        before = page.back().id;
    }
    BOOST_TEST((listed == std::vector<std::string>{number(5), number(4), number(3), number(2), number(1)}));
}

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_an_entry_that_does_not_balance)
{
    const auto document = this->document();
    BOOST_TEST(issue(document).has_value());
    const auto transaction = fake::count("SELECT id FROM ledger_transactions WHERE reference = ?", document.uuid);
    const auto entry = [&](const char* debit, const char* credit, std::int64_t amount) {
        return refusal_of(
            "INSERT INTO ledger_entries (transaction_id, position, debit, credit, amount_minor, currency) VALUES (?, 99, ?, ?, ?, 'CHF')",
            transaction, std::string_view{debit}, std::string_view{credit}, amount);
    };
    BOOST_TEST(entry("receivable", "bank", -1) == er_constraint_failed);
    BOOST_TEST(entry("receivable", "bank", 0) == er_constraint_failed);
    BOOST_TEST(entry("bank", "bank", 1) == er_constraint_failed);
    BOOST_TEST(
        refusal_of("UPDATE ledger_entries SET amount_minor = -amount_minor WHERE transaction_id = ?", transaction) == er_constraint_failed);
    BOOST_TEST(
        refusal_of("INSERT INTO ledger_entries (transaction_id, position, debit, amount_minor, currency) VALUES (?, 98, 'bank', 1, 'CHF')",
            transaction)
        != 0u); // a debit without a credit
    BOOST_TEST(entry("receivable", "bank", 1) == 0u);
}

BOOST_AUTO_TEST_CASE(a_document_is_booked_once)
{
    const auto document = this->document();
    BOOST_TEST(issue(document).has_value());
    BOOST_TEST(
        refusal_of("INSERT INTO ledger_transactions (booked_on, kind, reference, booked_at) VALUES ('2026-03-02', 'invoice', ?, NOW(6))",
            document.uuid)
        == er_dup_entry);
}

BOOST_AUTO_TEST_CASE(the_database_itself_refuses_a_document_that_does_not_add_up)
{
    BOOST_TEST(issue(document()).has_value());
    BOOST_TEST(refusal_of("UPDATE invoices SET total_minor = total_minor + 1 WHERE number = ?", number(1)) == er_constraint_failed);
    BOOST_TEST(refusal_of("UPDATE invoices SET number = NULL WHERE number = ?", number(1))
        == er_constraint_failed); // an issued one without a number
    BOOST_TEST(refusal_of("UPDATE invoices SET status = 'draft' WHERE number = ?", number(1)) == er_constraint_failed); // a draft with one
    BOOST_TEST(
        refusal_of("UPDATE invoice_lines l JOIN invoices i ON i.id = l.invoice_id SET l.gross_minor = 0 WHERE i.number = ?", number(1))
        == er_constraint_failed);
}

BOOST_AUTO_TEST_SUITE_END()
