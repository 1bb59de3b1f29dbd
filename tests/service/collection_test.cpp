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

BOOST_AUTO_TEST_SUITE_END()
