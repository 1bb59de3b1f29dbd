#include "service/collection.h"

#include "fake/card_desk.h"

#include <boost/test/unit_test.hpp>

namespace {

/// nico pays on bill.
struct Debtor : fake::CardDesk {
    Debtor()
    {
        fake::change("UPDATE payment_methods SET status = 'removed', default_of = NULL WHERE member_id = ? AND type = 'card'",
            fake::number(nico.member));
    }
    void work_daily(const std::string& from, const std::string& through)
    {
        for (domain::Day on = fake::day(from); on <= domain::Day{fake::day(through)}; on += std::chrono::days{1})
            work_on(domain::to_text(domain::Date{on}));
    }
    static std::string notices_of(std::int64_t invoice)
    {
        return fake::text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', sent_on, name) ORDER BY stage SEPARATOR '; '), '')"
                          " FROM dunning_notices WHERE invoice_id = ?",
            invoice);
    }
    std::string orders() const
    {
        return fake::text(
            "SELECT GROUP_CONCAT(status ORDER BY id SEPARATOR ' ') FROM orders WHERE member_id = ?", fake::number(nico.member));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(collection, Debtor)

// Due 30 days after 2 March: 1 April. The ladder is 10, 20 and 30 days.
BOOST_AUTO_TEST_CASE(who_does_not_pay_is_reminded_suspended_and_with_the_money_reinstated)
{
    const auto invoice = invoice_over(3000);
    work_daily("2026-03-02", "2026-04-10");
    BOOST_TEST(notices_of(invoice) == "");
    work_daily("2026-04-11", "2026-05-02");
    BOOST_TEST(notices_of(invoice) == "2026-04-11 reminder; 2026-04-21 second_reminder; 2026-05-01 suspended");
    BOOST_TEST(orders() == "suspended");
    pay(2999, invoice);
    work_today();
    BOOST_TEST(orders() == "suspended");
    pay(1, invoice);
    work_today();
    BOOST_TEST(orders() == "active");
    BOOST_TEST(mails_of(invoice).find("reinstated") != std::string::npos);
    BOOST_TEST(gateway.calls == 0);
}

// T25: one reminder a stage, however many look at the same time.
BOOST_AUTO_TEST_CASE(T25_a_reminder_is_sent_once)
{
    const auto invoice = invoice_over(3000);
    go("2026-04-11");
    fake::at_once(8, [&](int) { work_today(); });
    BOOST_TEST(notices_of(invoice) == "2026-04-11 reminder");
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM mail_outbox WHERE invoice_id = ? AND kind = 'reminder'", invoice) == 1);
}

BOOST_AUTO_TEST_CASE(a_late_worker_keeps_the_distance_between_stages)
{
    const auto invoice = invoice_over(3000);
    work_daily("2026-05-20", "2026-06-10");
    BOOST_TEST(notices_of(invoice) == "2026-05-20 reminder; 2026-05-30 second_reminder; 2026-06-09 suspended");
}

BOOST_AUTO_TEST_CASE(what_is_paid_in_time_is_not_looked_at)
{
    const auto invoice = invoice_over(3000);
    pay(3000, invoice);
    work_daily("2026-04-10", "2026-05-10");
    BOOST_TEST(notices_of(invoice) == "");
    BOOST_TEST(orders() == "active");
}

BOOST_AUTO_TEST_CASE(a_credit_note_ends_the_suspension_too)
{
    const auto invoice = invoice_over(3000);
    work_daily("2026-04-11", "2026-05-02");
    BOOST_TEST(orders() == "suspended");
    fake::in_transaction([&](store::Session& session) {
        corrections.issue_credit_note(session, {.invoice = number_of(invoice), .reason = "never supplied"}, "op");
    });
    work_today();
    BOOST_TEST(orders() == "active");
}

/// The second reminder costs 20.00, suspending 30.00.
struct DearDebtor : Debtor {
    void collect_on(const std::string& on)
    {
        go(on);
        const std::atomic<bool> go_on{false};
        with_fees.work(go_on);
    }
    std::string fees() const
    {
        return fake::text("SELECT COALESCE(GROUP_CONCAT(CONCAT_WS(' ', i.issued_on, i.due_on, l.text, l.net_minor, l.vat_minor)"
                          " ORDER BY i.id SEPARATOR '; '), '') FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id"
                          " WHERE i.member_id = ? AND l.kind = 'fee'",
            fake::number(nico.member));
    }
    service::Collection with_fees{
        fake::database(), clock, charging, {{{"reminder", 10}, {"second_reminder", 20, 2000}, {"suspended", 30, 3000}}, "suspended", 10}};
};

BOOST_FIXTURE_TEST_CASE(reminders_may_cost_a_fee_once_each, DearDebtor)
{
    const auto number = number_of(invoice_over(3000));
    collect_on("2026-04-11");
    BOOST_TEST(fees() == "");
    go("2026-04-21");
    fake::at_once(4, [&](int) { collect_on("2026-04-21"); });
    BOOST_TEST(fees() == "2026-04-21 2026-05-01 Reminder fee for invoice " + number + " 2000 0");
    collect_on("2026-05-01");
    BOOST_TEST(fees()
        == "2026-04-21 2026-05-01 Reminder fee for invoice " + number + " 2000 0; 2026-05-01 2026-05-11 Reminder fee for invoice " + number
            + " 3000 0");
    BOOST_TEST(fake::text("SELECT GROUP_CONCAT(fee_invoice_id IS NOT NULL ORDER BY stage SEPARATOR '') FROM dunning_notices n"
                          " JOIN invoices i ON i.id = n.invoice_id WHERE i.number = ?",
                   number)
        == "011");
    BOOST_TEST(findings().empty());
}

BOOST_FIXTURE_TEST_CASE(a_fee_is_reminded_of_without_another_fee, DearDebtor)
{
    pay(3000, invoice_over(3000)); // only a fee will be open
    const auto late = invoice_over(1000, "2026-03-03");
    for (const auto* on : {"2026-04-12", "2026-04-22"}) collect_on(on);
    pay(1000, late);
    const auto fee = newest();
    for (const auto* on : {"2026-05-12", "2026-05-22", "2026-06-01"}) collect_on(on);
    BOOST_TEST(notices_of(fee) == "2026-05-12 reminder; 2026-05-22 second_reminder; 2026-06-01 suspended");
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.member_id = ? AND l.kind = "
                           "'fee'",
                   fake::number(nico.member))
        == 1);
}

// Two months that are overdue on the same day, both of one order.
BOOST_FIXTURE_TEST_CASE(fees_of_one_order_on_one_day, DearDebtor)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    bill("2026-04-02");
    for (const auto* on : {"2026-06-01", "2026-06-11"}) collect_on(on);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM invoice_lines WHERE order_id = ? AND kind = 'fee'", fake::number(order.id)) == 2);
    BOOST_TEST(findings().empty());
}

BOOST_FIXTURE_TEST_CASE(billing_and_credit_notes_leave_a_fee_what_it_is, DearDebtor)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    const auto unpaid = newest();
    for (const auto* on : {"2026-04-11", "2026-04-21"}) collect_on(on);
    const auto fee = newest();
    fake::in_transaction(
        [&](store::Session& session) { corrections.issue_credit_note(session, {.invoice = number_of(fee), .reason = "goodwill"}, "op"); });
    BOOST_TEST(standing(unpaid) == "1000/2000/0"); // credit settles the oldest
    fake::change("UPDATE orders SET ends_on = '2026-04-20', end_known_on = '2026-04-22', next_due_on = '2026-04-22' WHERE id = ?",
        fake::number(order.id));
    bill("2026-04-22");
    BOOST_TEST(findings().empty());
    BOOST_TEST(
        fake::count("SELECT SUM(l.gross_minor) FROM invoice_lines l WHERE l.order_id = ? AND l.sku = 'dunning-fee'", fake::number(order.id))
        == 0);
}

BOOST_AUTO_TEST_SUITE_END()
