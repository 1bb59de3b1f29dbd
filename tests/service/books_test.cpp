#include "service/books.h"

#include "domain/proration.h"
#include "fake/billing_desk.h"
#include "store/recognition_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::Day;
using domain::Reason;
using fake::refusal_of;
using std::chrono::days;

/// How far the books have come is the same for all cases, so each begins where they are open, with a product of its own.
struct Ledger : fake::BillingDesk {
    const fake::OwnProduct product{};
    const Day first = open_day() + days{3};

    static Day open_day()
    {
        return fake::in_transaction([](store::Session& session) { return Day{store::DocumentStore{session}.first_open_day()}; });
    }
    static std::string text_of(Day on) { return domain::to_text(domain::Date{on}); }
    static Day recognised_through()
    {
        return fake::in_transaction([](store::Session& session) { return Day{store::RecognitionStore{session}.through()}; });
    }

    /// An order of 30 days for so much, with VAT, billed on its first day.
    domain::Order billed_order(std::int64_t gross, const std::string& sku) const
    {
        auto order = fake::machine_order(nico.member);
        order.sku = sku;
        order.interval = domain::Interval{30, domain::Interval::Unit::day};
        order.started_on = domain::Date{first};
        order.charge.recurring = {gross};
        order.status = domain::OrderStatus::active;
        const auto added = fake::added(order);
        const_cast<Ledger*>(this)->bill(nico.member, first);
        return added;
    }
    domain::Order billed_order(std::int64_t gross) const { return billed_order(gross, product.sku); }

    /// What was earned by the product on the days from first on: "89 90 90 …", one number a day.
    std::string earned_by_day(const std::string& sku, int count) const
    {
        std::string earned;
        for (int i = 0; i < count; ++i) earned += std::to_string(-balance("revenue:" + sku, first + days{i})) + ' ';
        return earned;
    }
    static std::int64_t balance(const std::string& account, Day on)
    {
        return fake::count("SELECT CAST(COALESCE(SUM(debit_minor) - SUM(credit_minor), 0) AS INT) FROM ledger_totals WHERE account = ?"
                           " AND booked_on = ?",
            account, text_of(on));
    }
    static std::int64_t balance(const std::string& account)
    {
        return fake::count(
            "SELECT CAST(COALESCE(SUM(debit_minor) - SUM(credit_minor), 0) AS INT) FROM ledger_totals WHERE account = ?", account);
    }
    std::int64_t revenue() const { return -balance("revenue:" + product.sku); }
    std::int64_t deferred() const { return -balance("deferred_revenue:" + product.sku); }
};

/// The days are closed as long as it lives.
struct Closed {
    ~Closed() { fake::change("DELETE FROM closed_books"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recognition, Ledger)

BOOST_AUTO_TEST_CASE(what_is_billed_ahead_is_earned_day_by_day)
{
    billed_order(3000); // net 2775, 92.5 a day
    BOOST_TEST(deferred() == 2775);
    books.recognise(first - days{1});
    BOOST_TEST(revenue() == 0);
    books.recognise(first);
    BOOST_TEST(revenue() == 93); // half up
    books.recognise(first + days{14});
    BOOST_TEST(revenue() == 1388);
    books.recognise(first + days{28});
    BOOST_TEST(revenue() == 2683);
    BOOST_TEST(deferred() == 92);
    books.recognise(first + days{29});
    books.recognise(first + days{40});
    BOOST_TEST(revenue() == 2775);
    BOOST_TEST(deferred() == 0);
    for (int i = 0; i < 30; ++i) {
        const auto earned = -balance("revenue:" + product.sku, first + days{i});
        BOOST_TEST((earned == 92 || earned == 93));
    }
}

BOOST_AUTO_TEST_CASE(a_late_recognition_books_each_day_as_daily_ones_would)
{
    billed_order(3000);
    for (int i = 0; i < 35; ++i) books.recognise(first + days{i});
    const auto daily = earned_by_day(product.sku, 35);
    BOOST_TEST(revenue() == 2775);

    const Ledger other;
    const_cast<Ledger&>(other).billed_order(3000);
    const_cast<Ledger&>(other).books.recognise(other.first + days{34});
    BOOST_TEST(other.earned_by_day(other.product.sku, 35) == daily);
}

BOOST_AUTO_TEST_CASE(twice_is_once_and_so_is_eight_at_once)
{
    billed_order(3000);
    fake::at_once(8, [&](int i) { books.recognise(first + days{i % 2}); });
    books.recognise(first + days{1});
    books.recognise(first);
    BOOST_TEST(revenue() == 185);
    BOOST_TEST((recognised_through() == first + days{1}));
}

BOOST_AUTO_TEST_CASE(setup_is_earned_on_the_day_it_is_booked)
{
    auto order = fake::machine_order(nico.member);
    order.sku = product.sku;
    order.started_on = domain::Date{first};
    order.charge = {.setup = {3500}, .recurring = {0}};
    fake::added(order);
    bill(nico.member, first);
    BOOST_TEST(deferred() == 3238); // net of 35.00
    books.recognise(first);
    BOOST_TEST(revenue() == 3238);
    BOOST_TEST(deferred() == 0);
}

BOOST_AUTO_TEST_CASE(what_was_supplied_before_the_booking_is_earned_on_its_day)
{
    const fake::OwnProduct late{"arrears"};
    billed_order(3000, late.sku); // due after 30 days
    books.recognise(first + days{29});
    BOOST_TEST(balance("revenue:" + late.sku) == 0);
    bill(nico.member, first + days{30});
    books.recognise(first + days{30});
    BOOST_TEST(-balance("revenue:" + late.sku, first + days{30}) == 2775);
    BOOST_TEST(balance("deferred_revenue:" + late.sku) == 0);
}

// A credit for days to come takes back what is not earned, and leaves what is.
BOOST_AUTO_TEST_CASE(a_cancellation_takes_back_only_what_is_not_earned)
{
    const auto order = billed_order(3000);
    books.recognise(first + days{9});
    BOOST_TEST(revenue() == 925);
    const auto on = text_of(first + days{10});
    end(order, on, on);
    bill(nico.member, first + days{10});
    BOOST_TEST(revenue() == 925); // nothing is taken back at once
    for (int i = 10; i < 35; ++i) {
        books.recognise(first + days{i});
        BOOST_TEST(revenue() == 925);
    }
    BOOST_TEST(deferred() == 0);
}

BOOST_AUTO_TEST_CASE(a_credit_note_by_hand_takes_back_what_is_earned_and_what_is_not)
{
    billed_order(3000);
    books.recognise(first + days{9});
    go(text_of(first + days{10}));
    fake::in_transaction([&](store::Session& session) {
        const auto number = fake::text("SELECT number FROM invoices WHERE member_id = ?", fake::number(nico.member));
        corrections.issue_credit_note(session, {.invoice = number, .reason = "test"}, "op");
    });
    BOOST_TEST(revenue() == 925);
    books.recognise(first + days{10});
    BOOST_TEST(revenue() == 0);
    books.recognise(first + days{31});
    BOOST_TEST(revenue() == 0);
    BOOST_TEST(deferred() == 0);
}

BOOST_AUTO_TEST_CASE(a_document_of_days_that_are_recognised_is_booked_on_the_next_open_one)
{
    books.recognise(first + days{5});
    const auto order = billed_order(3000); // of the first day, late
    BOOST_TEST(fake::text("SELECT CAST(t.booked_on AS CHAR) FROM ledger_transactions t JOIN invoices i ON i.uuid = t.reference"
                          " WHERE i.member_id = ?",
                   fake::number(nico.member))
        == text_of(first + days{6}));
    BOOST_TEST(fake::text("SELECT CAST(billed_on AS CHAR) FROM invoices WHERE member_id = ?", fake::number(nico.member)) == text_of(first));
    books.recognise(first + days{6});
    BOOST_TEST(revenue() == 648); // seven days' worth
    books.recognise(first + days{30});
    BOOST_TEST(revenue() == 2775);
}

// Documents and recognition at once: whoever is second sees the other, and no rappen is earned twice or never.
BOOST_AUTO_TEST_CASE(billing_and_recognition_at_once_lose_nothing)
{
    for (int i = 0; i < 20; ++i) {
        const fake::OwnProduct own;
        auto order = fake::machine_order(nico.member);
        order.sku = own.sku;
        order.interval = domain::Interval{2, domain::Interval::Unit::day};
        const Day on = first + days{3 * i};
        order.started_on = domain::Date{on};
        const auto added = fake::added(order);
        end(added, text_of(on), text_of(on + days{2}));
        fake::at_once(2, [&](int thread) {
            if (thread == 0) bill(nico.member, on);
            else books.recognise(on);
        });
        books.recognise(on + days{2});
        BOOST_TEST(-balance("revenue:" + own.sku) == 2775);
        BOOST_TEST(balance("deferred_revenue:" + own.sku) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(closed_books, Ledger)

BOOST_AUTO_TEST_CASE(a_day_that_is_not_over_is_not_closed)
{
    go(text_of(first));
    BOOST_TEST((refusal_of([&] { books.close(first, "op"); }) == Reason::day_not_over));
    BOOST_TEST((refusal_of([&] { books.close(first + days{1}, "op"); }) == Reason::day_not_over));
}

BOOST_AUTO_TEST_CASE(nothing_is_booked_on_a_closed_day_any_more)
{
    const Closed closed;
    billed_order(3000);
    go(text_of(first + days{10}));
    books.close(first + days{9}, "op");
    BOOST_TEST(revenue() == 925); // what was earned is booked first
    BOOST_TEST((*books.closed_through() == domain::Date{first + days{9}}));
    BOOST_TEST((refusal_of([&] { books.close(first + days{9}, "op"); }) == Reason::books_closed));
    BOOST_TEST((refusal_of([&] { books.close(first + days{2}, "op"); }) == Reason::books_closed));
    BOOST_TEST((refusal_of([&] { runs.check_day(first + days{9}); }) == Reason::books_closed));
    BOOST_TEST(!refusal_of([&] { runs.check_day(first + days{10}); }));
    BOOST_CHECK_THROW(fake::change("INSERT INTO ledger_transactions (booked_on, kind, reference, booked_at) VALUES (?, 'x', ?, NOW(6))",
                          text_of(first + days{9}), gateway::random_uuid()),
        store::DatabaseError);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM audit_log WHERE action = 'books.close' AND subject = ?", text_of(first + days{9})) == 1);
}

BOOST_AUTO_TEST_CASE(a_missed_day_is_billed_with_its_own_date_and_booked_after_the_closed_ones)
{
    const Closed closed;
    go(text_of(first + days{10}));
    books.close(first + days{9}, "op");
    billed_order(3000);
    BOOST_TEST(
        fake::text("SELECT CONCAT_WS(' ', i.billed_on, t.booked_on) FROM ledger_transactions t JOIN invoices i ON i.uuid = t.reference"
                   " WHERE i.member_id = ?",
            fake::number(nico.member))
        == text_of(first) + ' ' + text_of(first + days{10}));
    BOOST_TEST(!is_in_errors(nico.member));
}

BOOST_AUTO_TEST_SUITE_END()
