#include "fake/billing_desk.h"

#include <boost/test/unit_test.hpp>

#include <random>

namespace {

using fake::billed;
using fake::documents_of;
using Desk = fake::BillingDesk;
using std::chrono::days;

/// Two members to whom the same happens. One is billed every day, the other once at the end: billing knows each day only
/// what was known on it, so both must have the same documents.
struct Twins : fake::BillingDesk {
    const domain::MemberId daily = new_paying_member().member;
    const domain::MemberId late = new_paying_member().member;
    std::vector<std::pair<domain::Order, domain::Order>> orders{};
    std::vector<bool> ended{};

    void begin(const std::string& from, std::int64_t monthly, const std::string& sku = "ipv6-only-vm")
    {
        orders.emplace_back(running(daily, from, monthly, sku), running(late, from, monthly, sku));
        ended.push_back(false);
    }
    void reprice_both(std::size_t which, const std::string& from, std::int64_t monthly) const
    {
        reprice(orders[which].first, from, monthly);
        reprice(orders[which].second, from, monthly);
    }
    void end_both(std::size_t which, const std::string& known_on, const std::string& ends_on)
    {
        end(orders[which].first, known_on, ends_on);
        end(orders[which].second, known_on, ends_on);
        ended[which] = true;
    }

    /// What may happen on a day: an order comes, changes its price, perhaps twice, or ends, at once or later.
    void something_happens(domain::Day on, std::mt19937& random, bool with_vpn)
    {
        const auto text = domain::to_text(domain::Date{on});
        const auto any = [&](int from, int to) { return std::uniform_int_distribution{from, to}(random); };
        const char* skus[] = {"ipv6-only-vm", "django-hosting", "vm-snapshot", "ipv6-vpn"};
        if (orders.size() < 3 || any(0, 3) == 0) return begin(text, any(1, 9999), skus[any(0, with_vpn ? 3 : 2)]);
        const auto which = static_cast<std::size_t>(any(0, static_cast<int>(orders.size()) - 1));
        if (ended[which]) return;
        if (any(0, 3) == 0) return end_both(which, text, domain::to_text(domain::Date{on + days{any(0, 1) * any(0, 40)}}));
        for (int i = any(1, 2); i > 0; --i) reprice_both(which, text, any(1, 9999));
    }
};

/// Lives ten stories of 150 days, with a printed seed.
void tell_stories(bool with_vpn)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int story = 0; story < 10; ++story) {
        Twins twins;
        const domain::Day first = fake::day("2026-01-01");
        const domain::Day last = first + days{150};
        for (domain::Day on = first; on <= last; on += days{1}) {
            for (int i = std::uniform_int_distribution{0, 12}(random); i > 10; --i) twins.something_happens(on, random, with_vpn);
            twins.bill(twins.daily, on);
        }
        twins.bill(twins.late, last);
        const auto where = " (seed " + std::to_string(seed) + ", story " + std::to_string(story) + ")";
        BOOST_TEST(fake::difference(fake::history_of(twins.daily), fake::history_of(twins.late)) == "",
            "daily and late differ" << where << fake::difference(fake::history_of(twins.daily), fake::history_of(twins.late)));
        BOOST_TEST((!Twins::is_in_errors(twins.daily) && !Twins::is_in_errors(twins.late)), "not billed" << where);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(late_runs)

// Invoice Ninja 3407: after two days without a run the days of renewal slid for ever.
BOOST_FIXTURE_TEST_CASE(T6_a_late_run_bills_as_daily_runs_would_have, Twins)
{
    begin("2026-01-31", 3000);
    begin("2026-02-05", 500, "ipv6-vpn");
    begin("2026-02-05", 200, "vm-snapshot");
    for (domain::Day on = fake::day("2026-01-31"); on <= domain::Day{fake::day("2026-06-30")}; on += days{1}) {
        if (on == domain::Day{fake::day("2026-02-10")}) reprice_both(0, "2026-02-10", 4000);
        if (on == domain::Day{fake::day("2026-03-15")}) reprice_both(0, "2026-03-15", 2500);
        if (on == domain::Day{fake::day("2026-04-05")}) end_both(0, "2026-04-05", "2026-04-30");
        if (on == domain::Day{fake::day("2026-04-20")}) end_both(2, "2026-04-20", "2026-04-20");
        if (on == domain::Day{fake::day("2026-05-09")}) begin("2026-05-09", 3000);
        bill(daily, on);
    }
    bill(late, fake::day("2026-06-30"));
    BOOST_TEST(fake::difference(fake::history_of(daily), fake::history_of(late)) == "");
    BOOST_TEST(fake::documents_count(late) > 10);
}

BOOST_AUTO_TEST_CASE(T6_whatever_happened) { tell_stories(false); }

BOOST_AUTO_TEST_CASE(T6_whatever_happened_to_what_depends_on_others) { tell_stories(true); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(cancelling_while_the_run_bills, Desk)

// Exactly one of them is first, and the books say which: never both cancelled and billed without a credit.
BOOST_AUTO_TEST_CASE(T22_on_the_day_of_renewal)
{
    for (int i = 0; i < 60; ++i) {
        const auto order = running("2026-03-02", 3000);
        bill("2026-03-02");
        go("2026-04-02");
        fake::at_once(2, [&](int thread) {
            if (thread == 0) cancel(order);
            else bill(nico.member, fake::day("2026-04-02"));
        });
        bill("2026-04-02");
        BOOST_TEST(billed(order.id) == 3000, "repetition " << i << ": " << fake::lines_of(order.id));
        BOOST_TEST(next_due(order) == "settled");
    }
    BOOST_TEST(!is_in_errors(nico.member));
}

BOOST_AUTO_TEST_CASE(T22_in_a_period)
{
    for (int i = 0; i < 60; ++i) {
        const auto order = running("2026-03-02", 3000);
        go("2026-03-20");
        fake::at_once(3, [&](int thread) {
            if (thread == 0) cancel(order);
            else bill(nico.member, fake::day("2026-03-20"));
        });
        bill("2026-03-20");
        BOOST_TEST(billed(order.id) == 1742, "repetition " << i << ": " << fake::lines_of(order.id)); // 18 of 31 days
    }
    BOOST_TEST(!is_in_errors(nico.member));
}

BOOST_AUTO_TEST_CASE(T22_changes_while_the_run_bills)
{
    for (int i = 0; i < 30; ++i) {
        const auto order = running("2026-03-02", 3000);
        fake::at_once(4, [&](int thread) {
            if (thread < 2) reprice(order, "2026-03-20", 4000 + thread);
            else bill(nico.member, fake::day("2026-03-20"));
        });
        bill("2026-03-20");
        const bool last_is_4000 = read(order).charge.recurring.minor == 4000;
        const auto rest = last_is_4000 ? 4000 - 2323 : 4001 - 2323; // of 31 days 18 are over
        BOOST_TEST(billed(order.id) == 1742 + rest, "repetition " << i << ": " << fake::lines_of(order.id));
    }
    BOOST_TEST(!is_in_errors(nico.member));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(members_that_cannot_be_billed, Desk)

namespace {

struct Three : fake::BillingDesk {
    Three() = default;
    Three(const Three&) = delete;
    Three& operator=(const Three&) = delete;
    ~Three()
    {
        fake::change(
            "UPDATE orders SET next_due_on = NULL, currency = 'CHF' WHERE id IN (?, ?)", fake::number(bad.id), fake::number(other.id));
    }

    const domain::MemberId before = nico.member;
    const domain::MemberId broken = new_paying_member().member;
    const domain::MemberId after = new_paying_member().member;
    const domain::Order good = running(before, "2026-03-02", 3000);
    const domain::Order bad = running(broken, "2026-03-02", 3000);
    const domain::Order other = running(after, "2026-03-02", 3000);

    service::BilledSlice bill_all(const char* on) { return billing.bill(before, after, fake::day(on)); }
    void expect_that_only_the_broken_one_waits(const service::BilledSlice& slice) const
    {
        BOOST_TEST(slice.members == 2u);
        BOOST_TEST(slice.failures.size() == 1u);
        BOOST_TEST(billed(good.id) == 3000);
        BOOST_TEST(billed(other.id) == 3000);
        BOOST_TEST(documents_of(broken) == "none");
        BOOST_TEST(is_in_errors(broken));
        BOOST_TEST(!is_in_errors(before));
        BOOST_TEST(!is_in_errors(after));
    }
    void expect_that_it_is_billed_after_all(const service::BilledSlice& slice) const
    {
        BOOST_TEST(slice.failures.empty());
        BOOST_TEST(documents_of(broken) == "invoice 2026-03-02 CHF 3000 open 3000");
        BOOST_TEST(!is_in_errors(broken));
    }
};

} // namespace

// Kill Bill 2207: an account whose turn failed was silently dropped from billing.
BOOST_FIXTURE_TEST_CASE(T20_one_with_an_impossible_interval_waits_in_the_list_until_it_is_repaired, Three)
{
    fake::change("UPDATE orders SET billing_interval = 'P0M' WHERE id = ?", fake::number(bad.id));
    expect_that_only_the_broken_one_waits(bill_all("2026-03-02"));
    bill_all("2026-03-03");
    BOOST_TEST(fake::count("SELECT tries FROM billing_errors WHERE member_id = ?", fake::number(broken)) == 2);
    fake::change("UPDATE orders SET billing_interval = 'P1M' WHERE id = ?", fake::number(bad.id));
    expect_that_it_is_billed_after_all(bill_all("2026-03-04"));
}

BOOST_FIXTURE_TEST_CASE(T20_one_whose_sums_leave_all_bounds, Three)
{
    fake::change("UPDATE orders SET recurring_minor = 9000000000000000000 WHERE id = ?", fake::number(bad.id));
    expect_that_only_the_broken_one_waits(bill_all("2026-03-02"));
    fake::change("UPDATE orders SET recurring_minor = 3000 WHERE id = ?", fake::number(bad.id));
    expect_that_it_is_billed_after_all(bill_all("2026-03-04"));
}

BOOST_FIXTURE_TEST_CASE(T20_one_whose_currency_nobody_knows, Three)
{
    fake::change("UPDATE orders SET currency = 'USD' WHERE id = ?", fake::number(bad.id));
    expect_that_only_the_broken_one_waits(bill_all("2026-03-02"));
    fake::change("UPDATE orders SET currency = 'CHF' WHERE id = ?", fake::number(bad.id));
    expect_that_it_is_billed_after_all(bill_all("2026-03-04"));
}

BOOST_FIXTURE_TEST_CASE(T20_one_whose_lines_the_database_refuses, Three)
{
    fake::run_sql("CREATE TRIGGER refuse_one BEFORE INSERT ON invoice_lines FOR EACH ROW IF NEW.order_id = "
        + std::to_string(fake::number(bad.id)) + " THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused'; END IF");
    const auto slice = bill_all("2026-03-02");
    fake::run_sql("DROP TRIGGER refuse_one");
    expect_that_only_the_broken_one_waits(slice);
    expect_that_it_is_billed_after_all(bill_all("2026-03-04"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(credit_of_members, Desk)

// Lago 4945, 5020, 5980: two invoices spent one credit.
BOOST_AUTO_TEST_CASE(T14_credit_is_used_first_and_once)
{
    running("2026-03-02", 3000);
    give_credit(nico.member, 4000);
    BOOST_TEST(fake::credit_of(nico.member) == 4000);
    bill("2026-03-02");
    bill("2026-04-02");
    bill("2026-05-02");
    BOOST_TEST(documents_of(nico.member)
        == "invoice 2026-03-02 CHF 3000 open 0; invoice 2026-04-02 CHF 3000 open 2000; invoice 2026-05-02 CHF 3000 open 3000");
    BOOST_TEST(fake::credit_of(nico.member) == 0);
}

BOOST_AUTO_TEST_CASE(T14_eight_billings_at_once_spend_it_once)
{
    for (int i = 0; i < 10; ++i) {
        const auto member = new_paying_member().member;
        running(member, "2026-03-02", 3000);
        give_credit(member, 1000);
        fake::at_once(8, [&](int) { bill(member, fake::day("2026-04-02")); });
        BOOST_TEST(documents_of(member) == "invoice 2026-03-02 CHF 3000 open 2000; invoice 2026-04-02 CHF 3000 open 3000");
        BOOST_TEST(fake::credit_of(member) == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_credit_note_settles_the_oldest_documents_first_and_leaves_the_rest_as_credit)
{
    running("2026-03-02", 1000);
    bill("2026-03-02");
    const auto dear = running("2026-03-03", 9000);
    give_credit(nico.member, 9500); // pays 1000 first
    bill("2026-03-03");             // and this with 8500: 500 are open
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 1000 open 0; invoice 2026-03-03 CHF 9000 open 500");
    go("2026-03-03");
    cancel(dear);
    bill("2026-03-03");
    BOOST_TEST(documents_of(nico.member)
        == "invoice 2026-03-02 CHF 1000 open 0; invoice 2026-03-03 CHF 9000 open 0; credit_note 2026-03-03 CHF -9000 open 0");
    BOOST_TEST(fake::credit_of(nico.member) == 8500);
}

BOOST_AUTO_TEST_SUITE_END()
