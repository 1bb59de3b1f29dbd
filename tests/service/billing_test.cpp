#include "service/billing.h"

#include "fake/billing_desk.h"
#include "store/catalogue_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using fake::billed;
using fake::documents_of;
using fake::lines_of;
using service::CancelWhen;
using Desk = fake::BillingDesk;

std::int64_t vat_of(domain::MemberId member)
{
    return fake::count("SELECT CAST(SUM(vat_minor) AS INT) FROM invoices WHERE member_id = ?", fake::number(member));
}

/// Days that the order's charges bill and its credits have not given back.
std::int64_t billed_days(domain::OrderId order)
{
    return fake::count("SELECT CAST(COALESCE(SUM(IF(kind = 'credit', -1, 1) * DATEDIFF(period_end, period_start)), 0) AS INT)"
                       " FROM invoice_lines WHERE order_id = ? AND kind IN ('recurring', 'credit')",
        fake::number(order));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(billing, Desk)

BOOST_AUTO_TEST_CASE(the_first_invoice_has_the_setup_and_the_first_period)
{
    auto order = fake::machine_order(nico.member);
    order.charge.setup = {3500};
    fake::added(order);
    const auto slice = bill("2026-03-02");
    BOOST_TEST(slice.members == 1u);
    BOOST_TEST(slice.documents.size() == 1u);
    BOOST_TEST(lines_of(nico.member) == "setup 2026-03-02 3500; recurring 2026-03-02..2026-04-02 3000");
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 6500 open 6500");
    BOOST_TEST(vat_of(nico.member) == 487); // of the sum: 65.00 · 8.1 / 108.1
}

// Kill Bill 127: a subscription of the 31st stopped billing after a clamped month.
BOOST_AUTO_TEST_CASE(T1_an_order_of_the_31st_is_renewed_on_the_last_day_of_short_months)
{
    const auto order = running("2026-01-31", 3000);
    bill_daily(nico.member, "2026-01-31", "2026-06-01");
    BOOST_TEST(lines_of(nico.member)
        == "recurring 2026-01-31..2026-02-28 3000; recurring 2026-02-28..2026-03-31 3000; recurring 2026-03-31..2026-04-30 3000; "
           "recurring 2026-04-30..2026-05-31 3000; recurring 2026-05-31..2026-06-30 3000");
    BOOST_TEST(documents_of(nico.member)
        == "invoice 2026-01-31 CHF 3000 open 3000; invoice 2026-02-28 CHF 3000 open 3000; invoice 2026-03-31 CHF 3000 open 3000; "
           "invoice 2026-04-30 CHF 3000 open 3000; invoice 2026-05-31 CHF 3000 open 3000");
    BOOST_TEST(next_due(order) == "2026-06-30");
}

BOOST_AUTO_TEST_CASE(T2_a_year_from_a_29th_of_february_comes_back_to_it)
{
    auto order = fake::machine_order(nico.member);
    order.interval = domain::Interval{1, domain::Interval::Unit::year};
    order.started_on = fake::day("2024-02-29");
    fake::added(order);
    bill("2028-02-29");
    BOOST_TEST(lines_of(nico.member)
        == "recurring 2024-02-29..2025-02-28 3000; recurring 2025-02-28..2026-02-28 3000; recurring 2026-02-28..2027-02-28 3000; "
           "recurring 2027-02-28..2028-02-29 3000; recurring 2028-02-29..2029-02-28 3000");
}

BOOST_AUTO_TEST_CASE(T3_nothing_is_due_before_its_anchor)
{
    running("2026-03-31", 3000);
    bill_daily(nico.member, "2026-03-25", "2026-03-30");
    BOOST_TEST(documents_of(nico.member) == "none");
    bill("2026-03-31");
    bill_daily(nico.member, "2026-04-01", "2026-04-29");
    BOOST_TEST(lines_of(nico.member) == "recurring 2026-03-31..2026-04-30 3000");
}

// T5: the key is the order and the first day, not "today". T21: an early renewal never bills the current period again.
BOOST_AUTO_TEST_CASE(T5_T21_a_day_billed_again_changes_nothing)
{
    running("2026-03-02", 3000);
    for (int i = 0; i < 3; ++i) bill("2026-03-02");
    bill("2026-03-03");
    bill("2026-04-02");
    const auto once = fake::history_of(nico.member);
    bill("2026-04-02");
    bill("2026-04-15");
    bill("2026-03-15"); // a run of a day before
    BOOST_TEST(fake::history_of(nico.member) == once);
    BOOST_TEST(fake::documents_count(nico.member) == 2);
}

BOOST_AUTO_TEST_CASE(T7_eight_billings_at_once_leave_what_one_does)
{
    const auto order = running("2026-01-31", 3000);
    reprice(order, "2026-02-10", 4000);
    fake::at_once(8, [&](int) { bill(nico.member, fake::day("2026-04-15")); });

    const auto alone = new_paying_member().member;
    const auto other = running(alone, "2026-01-31", 3000);
    reprice(other, "2026-02-10", 4000);
    bill(alone, fake::day("2026-04-15"));
    BOOST_TEST(fake::history_of(nico.member) == fake::history_of(alone));
    BOOST_TEST(!is_in_errors(nico.member));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(billing_changes, Desk)

BOOST_AUTO_TEST_CASE(a_change_in_a_period_credits_and_charges_its_other_days_to_the_rappen)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    reprice(order, "2026-03-20", 4000);
    bill("2026-03-20");
    // 18 of 31 days are over: 3000 - half_up(3000·18/31) and 4000 - half_up(4000·18/31).
    BOOST_TEST(lines_of(order.id)
        == "recurring 2026-03-02..2026-04-02 3000; credit 2026-03-20..2026-04-02 -1258; recurring 2026-03-20..2026-04-02 1677");
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 3000 open 3000; invoice 2026-03-20 CHF 419 open 419");
    BOOST_TEST(fake::text("SELECT GROUP_CONCAT(vat_minor ORDER BY invoice_id, position) FROM invoice_lines WHERE order_id = ?",
                   fake::number(order.id))
        == "225,-94,126");
    bill("2026-04-02");
    BOOST_TEST(billed(order.id) == 3000 - 1258 + 1677 + 4000);
}

BOOST_AUTO_TEST_CASE(a_change_on_the_day_of_renewal_renews_at_the_new_price)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    reprice(order, "2026-04-02", 4000);
    bill("2026-04-02");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-02..2026-04-02 3000; recurring 2026-04-02..2026-05-02 4000");
}

// Lago 6194: the denominator after an upgrade; an upgrade taken back on the same day is worth nothing.
BOOST_AUTO_TEST_CASE(T17_an_upgrade_and_a_downgrade_on_one_day_net_to_nothing)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    for (int i = 0; i < 3; ++i) {
        reprice(order, "2026-03-20", 4000);
        bill("2026-03-20");
        reprice(order, "2026-03-20", 3000);
        bill("2026-03-20");
    }
    BOOST_TEST(billed(order.id) == 3000);
    BOOST_TEST(vat_of(nico.member) == 225);
    BOOST_TEST(billed_days(order.id) == 31);
    BOOST_TEST(!is_in_errors(nico.member));
    bill("2026-04-02");
    BOOST_TEST(billed(order.id) == 6000);
}

BOOST_AUTO_TEST_CASE(T17_a_change_taken_back_before_the_run_leaves_no_document)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    reprice(order, "2026-03-20", 4000);
    reprice(order, "2026-03-20", 3000);
    bill("2026-03-20");
    BOOST_TEST(fake::documents_count(nico.member) == 1);
}

BOOST_AUTO_TEST_CASE(cancelled_now_the_rest_is_credited_and_nothing_comes_after)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    go("2026-03-20");
    cancel(order);
    bill("2026-03-20");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-02..2026-04-02 3000; credit 2026-03-20..2026-04-02 -1258");
    // The credit note settles the older document.
    BOOST_TEST(documents_of(nico.member) == "invoice 2026-03-02 CHF 3000 open 1742; credit_note 2026-03-20 CHF -1258 open 0");
    BOOST_TEST(fake::credit_of(nico.member) == 0);
    bill("2026-06-02");
    BOOST_TEST(fake::documents_count(nico.member) == 2);
    BOOST_TEST(next_due(order) == "settled");
}

BOOST_AUTO_TEST_CASE(cancelled_on_its_first_day_all_is_credited)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    cancel(order);
    bill("2026-03-02");
    BOOST_TEST(billed(order.id) == 0);
    BOOST_TEST(vat_of(nico.member) == 0);
}

BOOST_AUTO_TEST_CASE(cancelled_for_the_end_of_the_term_nothing_is_credited)
{
    const auto order = running("2026-03-02", 3000);
    bill("2026-03-02");
    go("2026-03-20");
    cancel(order, CancelWhen::end_of_term);
    bill_daily(nico.member, "2026-03-20", "2026-05-10");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-02..2026-04-02 3000");
    BOOST_TEST(next_due(order) == "settled");
}

BOOST_AUTO_TEST_CASE(an_order_never_billed_and_cancelled_is_billed_for_its_days)
{
    const auto order = running("2026-03-02", 3000);
    go("2026-03-20");
    cancel(order);
    bill("2026-03-25");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-02..2026-04-02 3000; credit 2026-03-20..2026-04-02 -1258"); // as daily runs would
}

// FOSSBilling 3893: a renewal used the product's price instead of the order's.
BOOST_AUTO_TEST_CASE(T26_a_new_price_list_does_not_touch_a_running_order)
{
    const fake::OwnProduct product;
    const auto sell_at = [&](const char* from, std::int64_t core_minor) {
        const domain::Price price{.valid_from = fake::day(from), .units = {{"core", {}, {core_minor}}}};
        fake::in_transaction(
            [&](store::Session& session) { store::CatalogueStore{session}.add_price(product.sku, domain::Currency::chf, price); });
    };
    sell_at("2026-01-01", 300);
    const auto order = active(order_of(nico, product.sku, {.cores = 2, .ram_mb = 512, .os_disk_gb = 10}));
    sell_at("2026-03-15", 900);
    bill("2026-04-02");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-02..2026-04-02 600; recurring 2026-04-02..2026-05-02 600");
}

BOOST_AUTO_TEST_CASE(T29_a_new_rate_of_tax_splits_the_period_by_days)
{
    const fake::OwnProduct product;
    product.set_vat("2026-03-20", 770);
    const auto order = running("2026-03-02", 3000, product.sku);
    bill("2026-03-02");
    BOOST_TEST(lines_of(order.id) == "recurring 2026-03-02..2026-03-20 1742; recurring 2026-03-20..2026-04-02 1258");
    BOOST_TEST(fake::text("SELECT GROUP_CONCAT(CONCAT_WS(' ', vat_rate, vat_minor) ORDER BY position SEPARATOR ', ') FROM invoice_lines"
                          " WHERE order_id = ?",
                   fake::number(order.id))
        == "810 131, 770 90"); // 1742 · 8.1 / 108.1, 1258 · 7.7 / 107.7
    go("2026-03-10");
    cancel(order); // both parts are given back at their own rate
    bill("2026-03-10");
    BOOST_TEST(
        fake::count("SELECT CAST(SUM(vat_minor) AS INT) FROM invoice_lines WHERE order_id = ? AND vat_rate = 770", fake::number(order.id))
        == 0);
    BOOST_TEST(billed(order.id) == 774); // 8 of 31 days
}

BOOST_AUTO_TEST_SUITE_END()
