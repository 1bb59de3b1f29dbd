#include "service/billing_runs.h"

#include "fake/crowd.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using domain::Day;
using domain::Reason;
using fake::Crowd;
using fake::refusal_of;
using std::chrono::days;

/// A world before everything that other cases left behind.
struct Runs : fake::BillingDesk {
    const fake::OwnProduct product{};
    const Day first = fake::quiet_day();

    std::optional<store::BillingRunRecord> run(Day on, int workers = 1) { return runs.run(on, workers, "op", "test"); }

    /// The rows of all tables.
    static std::string rows()
    {
        return fake::database().read([](store::Session& session) {
            std::string all;
            for (const auto& [table] : store::select<std::string>(session,
                     "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER "
                     "BY 1")) {
                std::int64_t rows = 0, checksum = 0;
                std::string name;
                session.sql() << "SELECT COUNT(*) FROM " + table, soci::into(rows);
                if (table != "row_numbers") session.sql() << "CHECKSUM TABLE " + table, soci::into(name), soci::into(checksum);
                all += table + ' ' + std::to_string(rows) + ' ' + std::to_string(checksum) + '\n';
            }
            return all;
        });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(billing_runs, Runs)

BOOST_AUTO_TEST_CASE(a_run_bills_everybody_in_slices)
{
    const Crowd crowd{700, first, product.sku}; // 2100 orders: two slices
    const auto done = run(first).value();
    BOOST_TEST(done.members == 700);
    BOOST_TEST(done.billed == 700);
    BOOST_TEST(done.documents == 700);
    BOOST_TEST(done.errors == 0);
    BOOST_TEST(done.finished_at.has_value());
    const auto second = run(first + days{40}).value();
    BOOST_TEST(second.slices == 2);
    BOOST_TEST(second.slices_done == 2);
    BOOST_TEST(second.billed == 700);
    BOOST_TEST(crowd.documents() == 700 + second.documents);
}

BOOST_AUTO_TEST_CASE(a_day_on_which_nothing_is_due_has_no_run)
{
    const auto runs_before = fake::count("SELECT COUNT(*) FROM billing_runs");
    BOOST_TEST(!run(first).has_value());
    const Crowd crowd{3, first, product.sku};
    BOOST_TEST(run(first).has_value());
    BOOST_TEST(!run(first).has_value());
    BOOST_TEST(!run(first + days{2}).has_value());
    BOOST_TEST(crowd.documents() == 3);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM billing_runs") == runs_before + 1);
}

// Lago 4795, 1086, 1484, 1868: the hourly batch started before the last one had finished.
BOOST_AUTO_TEST_CASE(T7_sixteen_runners_at_once_give_what_one_gives)
{
    const Day on = first + days{60};
    const Crowd alone{600, first, product.sku};
    run(on);
    const Crowd crowd{600, first, product.sku};
    std::atomic<int> finished{0};
    fake::at_once(16, [&](int i) {
        if (const auto done = runs.run(on, 1, "op", "runner" + std::to_string(i)); done && done->finished_at) ++finished;
    });
    BOOST_TEST(finished > 0);
    BOOST_TEST(!run(on).has_value()); // nothing is left
    BOOST_TEST(fake::difference(alone, crowd) == "");
    for (const auto member : crowd.members()) BOOST_TEST(!is_in_errors(member));
}

BOOST_AUTO_TEST_CASE(one_run_with_many_workers_gives_what_one_gives)
{
    const Day on = first + days{60};
    const Crowd alone{300, first, product.sku};
    run(on);
    const Crowd crowd{300, first, product.sku};
    const auto done = run(on, 6).value();
    BOOST_TEST(done.billed == 300);
    BOOST_TEST(fake::difference(alone, crowd) == "");
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_goes_on_where_it_was)
{
    const Crowd crowd{700, first + days{1}, product.sku};
    const Day on = first + days{10};
    const auto planned = fake::in_transaction([&](store::Session& session) { return runs.plan(session, on, "op").value(); });
    BOOST_TEST(planned.slices == 2);
    const auto slice = fake::in_transaction([&](store::Session& session) {
        return store::BillingRunStore{session}.claim(planned.id, "killed", std::chrono::seconds{120}).value();
    });
    // Its worker was killed after it billed a part of the slice, and before it said so.
    billing.bill(slice.first, domain::MemberId{static_cast<std::int64_t>(slice.first) + 9}, on);
    fake::change("UPDATE billing_slices SET lease_until = '2020-01-01' WHERE run_id = ?", planned.id);
    const auto done = run(on).value();
    BOOST_TEST(done.id == planned.id);
    BOOST_TEST(done.finished_at.has_value());
    BOOST_TEST(done.slices_done == 2);
    for (const auto member : crowd.members()) BOOST_TEST(fake::documents_count(member) == 2 + 1); // of the 1st, 4th and 6th day
    BOOST_TEST(!run(on).has_value());
}

BOOST_AUTO_TEST_CASE(a_slice_that_somebody_works_on_is_left_alone)
{
    const Crowd crowd{3, first, product.sku};
    const auto planned = fake::in_transaction([&](store::Session& session) { return runs.plan(session, first, "op").value(); });
    fake::in_transaction([&](store::Session& session) {
        store::BillingRunStore store{session};
        BOOST_TEST(store.claim(planned.id, "one", std::chrono::seconds{120}).has_value());
        BOOST_TEST(!store.claim(planned.id, "other", std::chrono::seconds{120}).has_value());
        BOOST_TEST(!store.finish_if_done(planned.id, fake::monday));
    });
    BOOST_TEST(crowd.documents() == 0);
    fake::change("UPDATE billing_slices SET lease_until = '2020-01-01' WHERE run_id = ?", planned.id);
    run(first);
    BOOST_TEST(crowd.documents() == 3);
}

BOOST_AUTO_TEST_CASE(a_dry_run_writes_nothing_and_shows_what_is_then_issued)
{
    const Crowd crowd{5, first, product.sku};
    const Day on = first + days{70};
    const auto before = rows();
    std::string shown;
    std::size_t documents = 0;
    runs.preview(on, [&](const service::BilledSlice& slice) {
        BOOST_TEST(slice.failures.empty());
        documents += slice.documents.size();
        for (const auto& [invoice, open, used, gained, number, username] : slice.documents) {
            BOOST_TEST(number == "");
            const auto totals = domain::totals_of(invoice.lines, invoice.currency);
            shown += username + ' ' + std::string{domain::to_text(invoice.kind)} + ' ' + domain::to_text(invoice.billed_on) + ' '
                + std::to_string(totals.net.minor) + ' ' + std::to_string(totals.vat.minor) + ' ' + std::to_string(totals.gross.minor) + ' '
                + std::to_string(invoice.lines.size()) + ' ' + std::to_string(used) + ' ' + std::to_string(gained) + '\n';
        }
    });
    BOOST_TEST(rows() == before);
    const auto done = run(on).value();
    BOOST_TEST(done.documents == static_cast<std::int64_t>(documents));
    std::string issued;
    for (const auto member : crowd.members())
        issued += fake::text("SELECT GROUP_CONCAT(CONCAT_WS(' ', m.uid, i.kind, i.billed_on, i.net_minor, i.vat_minor, i.total_minor,"
                             " (SELECT COUNT(*) FROM invoice_lines l WHERE l.invoice_id = i.id), '0 0\n') ORDER BY i.id SEPARATOR '')"
                             " FROM invoices i JOIN members m ON m.id = i.member_id WHERE m.id = ?",
            fake::number(member));
    BOOST_TEST(fake::difference(shown, issued) == "");
}

BOOST_AUTO_TEST_CASE(who_comes_first_does_not_matter)
{
    const Crowd forwards{4, first, product.sku};
    const Crowd backwards{4, first, product.sku};
    for (const auto member : forwards.members()) bill(member, first + days{50});
    const auto members = backwards.members();
    for (auto member = members.rbegin(); member != members.rend(); ++member) bill(*member, first + days{50});
    BOOST_TEST(fake::difference(forwards, backwards) == "");
}

BOOST_AUTO_TEST_CASE(only_a_sandbox_bills_ahead)
{
    service::BillingRuns production{fake::database(), clock, billing, books, false};
    BOOST_TEST((refusal_of([&] { production.check_day(fake::day("2026-03-03")); }) == Reason::day_not_come));
    BOOST_TEST((refusal_of([&] { production.run(fake::day("2026-03-03"), 1, "op", "test"); }) == Reason::day_not_come));
    BOOST_TEST(!refusal_of([&] { production.check_day(fake::day("2026-03-02")); }));
    BOOST_TEST(!refusal_of([&] { runs.check_day(fake::day("2026-03-03")); }));
}

BOOST_AUTO_TEST_CASE(what_is_closed_is_not_billed)
{
    fake::change(
        "INSERT INTO closed_books (closed_through, closed_at, closed_by) VALUES (?, NOW(6), 'test')", domain::to_text(domain::Date{first}));
    const auto closed = refusal_of([&] { run(first); });
    const auto open = refusal_of([&] { runs.check_day(first + days{1}); });
    fake::change("DELETE FROM closed_books WHERE closed_through = ?", domain::to_text(domain::Date{first}));
    BOOST_TEST((closed == Reason::books_closed));
    BOOST_TEST(!open);
}

BOOST_AUTO_TEST_CASE(the_worker_carries_out_a_planned_run)
{
    const Crowd crowd{3, first, product.sku};
    const auto planned = fake::in_transaction([&](store::Session& session) { return runs.plan(session, first, "op").value(); });
    BOOST_TEST(runs.read(planned.id).slices_done == 0);
    const std::atomic<bool> stopping{false};
    BOOST_TEST(runs.work("worker", stopping));
    BOOST_TEST(runs.read(planned.id).finished_at.has_value());
    BOOST_TEST(crowd.documents() == 3);
    BOOST_TEST((refusal_of([&] { runs.read(-1); }) == Reason::not_found));
}

// Kill Bill 2207: an account whose turn failed was silently dropped.
BOOST_AUTO_TEST_CASE(T20_a_member_that_cannot_be_billed_is_an_error_of_the_run_and_is_tried_again)
{
    const Crowd crowd{5, first, product.sku};
    const auto broken = crowd.members()[2];
    fake::change("UPDATE orders SET billing_interval = 'P0M' WHERE member_id = ?", fake::number(broken));
    const auto done = run(first).value();
    BOOST_TEST(done.errors == 1);
    BOOST_TEST(done.billed == 4);
    BOOST_TEST(is_in_errors(broken));
    fake::change("UPDATE orders SET billing_interval = 'P1M' WHERE member_id = ?", fake::number(broken));
    BOOST_TEST(run(first).value().errors == 0);
    BOOST_TEST(!is_in_errors(broken));
    BOOST_TEST(crowd.documents() == 5);
}

BOOST_AUTO_TEST_SUITE_END()
