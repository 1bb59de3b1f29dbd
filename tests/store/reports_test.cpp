#include "fake/test_database.h"
#include "store/report_store.h"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/test/unit_test.hpp>
#include <soci/soci.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using store::Session;
using Text = std::optional<std::string>;
using Lines = std::vector<std::string>;

std::filesystem::path folder() { return fake::app().config.share + "/reports"; }

std::string sql_of(const std::string& name)
{
    const std::ifstream file{folder() / (name + ".sql")};
    std::ostringstream sql;
    sql << file.rdbuf();
    return sql.str();
}

Lines report_names()
{
    Lines names;
    for (const auto& entry : std::filesystem::directory_iterator{folder()}) names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

/// The SQL without its comments.
std::string statement_of(const std::string& sql)
{
    std::string statement;
    std::istringstream lines{sql};
    for (std::string line; std::getline(lines, line);) statement += line.substr(0, line.find("--")) + '\n';
    return statement.substr(std::min(statement.find_first_not_of(" \n"), statement.size()));
}

bool is_integer(const std::string& text)
{
    const std::size_t sign = text.starts_with('-') ? 1 : 0;
    return text.size() > sign && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(), boost::is_digit());
}

void check_amounts(const store::Table& table)
{
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (!table.columns[i].ends_with("_minor")) continue;
        for (const auto& row : table.rows)
            if (row[i]) BOOST_TEST(is_integer(*row[i]), table.columns[i] << " is " << *row[i]);
    }
}

struct PlantedOrder {
    int id{0};
    int member{1};
    std::string sku{"ipv6-only-vm"};
    std::int64_t price{1000};
    std::string started_on{};
    Text ends_on{};
    Text interval{"P1M"};
    std::string status{"active"};
    bool includes_vat{false};
    Text next_due_on{"9999-12-31"};
    Text billed_through{};
    int changes{0};
};

/// Books of our own: temporary tables stand before the real ones for this session. Nothing of it is seen by other cases, and
/// nothing is left that billing might bill or verification find.
class Planted {
public:
    explicit Planted(Session& session) : session_{session}
    {
        for (const auto& table : tables) {
            session_.sql() << "CREATE TEMPORARY TABLE planted LIKE " + table; // not at once: it would be like itself
            session_.sql() << "ALTER TABLE planted RENAME TO " + table;
        }
        for (const std::string name : {"anna", "berta", "carla"})
            add("INSERT INTO members (uuid, uid, name, email, joined_at) VALUES (UUID(), ?, 'Name', '', '2091-01-01')", name);
        add("INSERT INTO vat_rates (vat_class, valid_from, basis_points) VALUES ('standard', '2090-01-01', 810)");
    }
    ~Planted() { session_.sql() << "DROP TEMPORARY TABLE IF EXISTS planted, " + boost::join(tables, ", "); }
    Planted(const Planted&) = delete;
    Planted& operator=(const Planted&) = delete;

    template <class... Args> void add(const char* sql, const Args&... args) { store::execute(session_, sql, args...); }

    void add(const PlantedOrder& order)
    {
        add("INSERT INTO orders (id, uuid, member_id, sku, currency, setup_minor, recurring_minor, price_includes_vat, billing_interval,"
            " status, placed_at, started_on, ends_on, next_due_on, billed_through, changes)"
            " VALUES (?, UUID(), ?, ?, 'EUR', 0, ?, ?, ?, ?, '2091-01-01', ?, ?, ?, ?, ?)",
            order.id, order.member, order.sku, order.price, order.includes_vat ? 1 : 0, order.interval, order.status, order.started_on,
            order.ends_on, order.next_due_on, order.billed_through, order.changes);
    }
    void add_version(int order, int version, const std::string& until, int price)
    {
        add("INSERT INTO order_versions (order_id, version, valid_until, recurring_minor) VALUES (?, ?, ?, ?)", order, version, until,
            price);
    }
    void add_document(
        int id, int member, const std::string& currency, const std::string& billed_on, const std::string& due_on, int total, int open)
    {
        add("INSERT INTO invoices (id, uuid, member_id, number, kind, status, currency, net_minor, vat_minor, total_minor, billed_on, "
            "due_on)"
            " VALUES (?, UUID(), ?, CONCAT('N', ?), IF(? < 0, 'credit_note', 'invoice'), 'issued', ?, ?, 0, ?, ?, ?)",
            id, member, id, total, currency, total, total, billed_on, due_on);
        add("INSERT INTO receivables (invoice_id, member_id, currency, due_on, total_minor, open_minor, applied_minor)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            id, member, currency, due_on, total, open, std::max(total, 0) - open);
    }
    void add_total(const std::string& day, const std::string& account, int debit, int credit)
    {
        add("INSERT INTO ledger_totals (booked_on, account, currency, debit_minor, credit_minor) VALUES (?, ?, 'CHF', ?, ?)", day, account,
            debit, credit);
    }
    void add_tax_of(const std::string& treatment, const std::string& country, const std::string& day, int rate, int net, int vat)
    {
        add("INSERT INTO tax_totals (booked_on, currency, vat_treatment, vat_country, vat_rate, net_minor, vat_minor)"
            " VALUES (?, 'CHF', ?, ?, ?, ?, ?)",
            day, treatment, country, rate, net, vat);
    }
    void add_tax(const std::string& day, const std::string& currency, int rate, int net, int vat)
    {
        add("INSERT INTO tax_totals (booked_on, currency, vat_rate, net_minor, vat_minor) VALUES (?, ?, ?, ?, ?)", day, currency, rate, net,
            vat);
    }

    void add_booking(int id, const std::string& day, int amount, const std::string& outcome, const std::string& state, int suspense)
    {
        add("INSERT INTO bank_bookings (id, uuid, file_id, account, booking_key, entry, detail, credit, reversal, currency, amount_minor,"
            " booked_on, value_on, reference, payer_name, outcome, state, suspense_minor)"
            " VALUES (?, CONCAT('00000000-0000-0000-0000-00000000000', ?), 1, 'CH71', CONCAT('D:', ?), ?, 1, ? >= 0, ? < 0, 'CHF', ABS(?), "
            "?, ?, 'R1',"
            " 'Vreni', ?, ?, ?)",
            id, id, id, id, amount, amount, amount, day, day, outcome, state, suspense);
    }

    /// A line a row, its values with a space between, "-" for NULL.
    Lines report(const std::string& name, const Text& from, const Text& to)
    {
        const auto table = store::run_report(session_, sql_of(name), {.from = from, .to = to});
        check_amounts(table);
        Lines lines;
        for (const auto& row : table.rows) {
            Lines values;
            for (const auto& value : row) values.push_back(value.value_or("-"));
            lines.push_back(boost::join(values, " "));
        }
        return lines;
    }

private:
    inline static const Lines tables{"members", "orders", "order_versions", "invoices", "receivables", "credits", "ledger_totals",
        "tax_totals", "billing_errors", "vat_rates", "vat_ids", "vat_checks", "bank_files", "bank_bookings"};
    Session& session_;
};

template <class Work> void with_planted(const Work& work)
{
    fake::database().read([&](Session& session) {
        Planted books{session};
        work(books);
    });
}

void check_lines(const Lines& found, const Lines& expected)
{
    BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
}

} // namespace

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(each_report_says_what_it_answers_and_is_one_select)
{
    const auto names = report_names();
    BOOST_TEST_REQUIRE(!names.empty());
    for (const auto& name : names) {
        BOOST_TEST_CONTEXT(name)
        {
            const auto sql = sql_of(name);
            BOOST_TEST(sql.starts_with("-- "));
            const auto statement = statement_of(sql);
            BOOST_TEST((statement.starts_with("SELECT ") || statement.starts_with("WITH ")));
            BOOST_TEST(!boost::contains(statement, ";"));
        }
    }
}

BOOST_AUTO_TEST_CASE(each_report_runs_with_and_without_bounds_and_shows_whole_amounts)
{
    for (const auto& name : report_names()) {
        BOOST_TEST_CONTEXT(name)
        {
            const auto sql = sql_of(name);
            fake::database().read([&](Session& session) {
                for (const Text& from : {Text{}, Text{"2026-02-01"}})
                    for (const Text& to : {Text{}, Text{"2026-04-01"}})
                        BOOST_CHECK_NO_THROW(check_amounts(store::run_report(session, sql, {.from = from, .to = to})));
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(the_trial_balance_adds_up_the_days_in_the_bounds)
{
    with_planted([](Planted& books) {
        books.add_total("2091-01-01", "receivable", 100, 0);
        books.add_total("2091-01-02", "receivable", 500, 20);
        books.add_total("2091-01-31", "receivable", 7, 0);
        books.add_total("2091-02-01", "receivable", 1000, 0);
        books.add_total("2091-01-02", "goodwill", 20, 0);
        check_lines(books.report("trial-balance", "2091-01-02", "2091-02-01"), {"goodwill CHF 20 0 20", "receivable CHF 507 20 487"});
        check_lines(books.report("trial-balance", {}, {}), {"goodwill CHF 20 0 20", "receivable CHF 1607 20 1587"});
    });
}

BOOST_AUTO_TEST_CASE(open_documents_are_aged_by_the_days_past_due_and_added_up_per_currency)
{
    with_planted([](Planted& books) {
        int id = 0;
        int amount = 1;
        // As of 30 June: due that day, 1, 30, 31, 60, 61, 90 and 91 days before.
        for (const auto* due :
            {"2091-06-30", "2091-06-29", "2091-05-31", "2091-05-30", "2091-05-01", "2091-04-30", "2091-04-01", "2091-03-31"}) {
            books.add_document(++id, 1, "CHF", "2091-01-01", due, amount, amount);
            amount *= 10;
        }
        books.add_document(++id, 2, "CHF", "2091-06-01", "2091-07-01", 5, 3);
        books.add_document(++id, 2, "EUR", "2091-06-01", "2091-07-01", 9, 9);
        books.add_document(++id, 3, "CHF", "2091-06-01", "2091-07-01", 9, 0); // settled
        books.add_document(++id, 3, "CHF", "2091-07-01", "2091-07-31", 9, 9); // issued later: not due
        check_lines(books.report("receivables-aging", {}, "2091-07-01"),
            {"anna Name CHF 1 110 11000 1100000 10000000 11111111", "berta Name CHF 3 0 0 0 0 3", "carla Name CHF 9 0 0 0 0 9",
                "(total) - CHF 13 110 11000 1100000 10000000 11111123", "berta Name EUR 9 0 0 0 0 9", "(total) - EUR 9 0 0 0 0 9"});
    });
}

BOOST_AUTO_TEST_CASE(unpaid_invoices_are_those_with_something_open_the_longest_due_first)
{
    with_planted([](Planted& books) {
        books.add_document(1, 1, "CHF", "2091-03-01", "2091-03-31", 500, 200);
        books.add_document(2, 2, "EUR", "2091-02-01", "2091-03-03", 700, 700);
        books.add_document(3, 1, "CHF", "2091-02-01", "2091-03-03", 900, 0);
        books.add_document(4, 1, "CHF", "2091-04-01", "2091-05-01", 900, 900);
        books.add_document(5, 1, "CHF", "2091-03-01", "2091-03-31", -50, 0);
        check_lines(books.report("unpaid-invoices", {}, "2091-04-01"),
            {"N2 2091-02-01 2091-03-03 28 berta Name EUR 700 700", "N1 2091-03-01 2091-03-31 0 anna Name CHF 500 200"});
        check_lines(books.report("unpaid-invoices", "2091-04-01", "2091-06-01"), {"N4 2091-04-01 2091-05-01 30 anna Name CHF 900 900"});
    });
}

BOOST_AUTO_TEST_CASE(nothing_is_overdue_where_billing_did_its_work)
{
    with_planted([](Planted& books) {
        const std::string day = "2091-06-10";
        books.add({.id = 1, .started_on = "2091-01-10", .next_due_on = day, .billed_through = day}); // is billed that day
        books.add({.id = 2, .started_on = day, .next_due_on = day});
        books.add({.id = 3, .started_on = "2091-01-10", .ends_on = "2091-06-01", .billed_through = "2091-06-01"});
        books.add({.id = 4, .started_on = "2091-01-10", .ends_on = "2091-06-01", .status = "ended", .next_due_on = {}});
        books.add({.id = 5, .price = 0, .started_on = "2091-01-10"});
        books.add({.id = 6, .sku = "ipv6-vpn", .started_on = "2091-01-10"});                                 // free
        books.add({.id = 7, .sku = "vm-snapshot", .started_on = "2091-05-20", .next_due_on = "2091-06-20"}); // in arrears
        books.add({.id = 8, .started_on = "2091-01-10", .interval = {}});
        check_lines(books.report("due-and-unbilled", {}, day), {});
    });
}

BOOST_AUTO_TEST_CASE(what_should_have_been_billed_and_was_not_is_told_with_the_reason)
{
    with_planted([](Planted& books) {
        books.add({.id = 1, .member = 1, .started_on = "2091-01-10", .next_due_on = "2091-06-09", .billed_through = "2091-06-09"});
        books.add({.id = 2, .member = 2, .started_on = "2091-01-10", .billed_through = "2091-05-10"}); // forgotten
        books.add({.id = 3, .member = 3, .started_on = "2091-06-01", .next_due_on = {}});              // never noticed
        books.add({.id = 4, .member = 3, .sku = "vm-snapshot", .started_on = "2091-05-07", .next_due_on = "2091-06-07"});
        books.add("INSERT INTO billing_errors (member_id, run_on, error, first_at, last_at)"
                  " VALUES (1, '2091-06-09', 'amount too large', '2091-06-09', '2091-06-10')");
        auto lines = books.report("due-and-unbilled", {}, "2091-06-10");
        for (auto& line : lines) { // without the uuid
            Lines values;
            boost::split(values, line, boost::is_any_of(" "));
            line = boost::replace_first_copy(line, values.at(2) + ' ', "");
        }
        check_lines(lines,
            {"berta ipv6-only-vm unnoticed 9999-12-31 2091-05-10 31 -", "carla ipv6-only-vm unnoticed - - 9 -",
                "carla vm-snapshot due 2091-06-07 - 3 -", "anna ipv6-only-vm due 2091-06-09 2091-06-09 1 amount too large"});
        check_lines(books.report("billing-errors", {}, {}),
            {"anna Name 2091-06-09 amount too large 1 2091-06-09 00:00:00.000000 2091-06-10 00:00:00.000000 1"});
    });
}

BOOST_AUTO_TEST_CASE(the_vat_return_has_the_figures_of_the_form_by_quarter_and_currency)
{
    with_planted([](Planted& books) {
        books.add_tax("2091-01-01", "CHF", 810, 10000, 810);
        books.add_tax("2091-03-31", "CHF", 810, -1000, -81); // a credit note
        books.add_tax("2091-02-01", "CHF", 0, 500, 0);
        books.add_tax("2091-02-01", "CHF", 260, 1000, 26);
        books.add_tax("2091-02-01", "CHF", 770, 100, 8);
        books.add_tax("2091-02-01", "CHF", 900, 10, 1);
        books.add_tax("2091-03-01", "EUR", 380, 200, 8);
        books.add_tax("2091-04-01", "CHF", 810, 2000, 162);
        books.add_tax("2090-12-31", "CHF", 810, 7000, 567);
        check_lines(books.report("vat-return", "2091-01-01", "2091-07-01"),
            {"2091-Q1 200 - CHF 10610 -", "2091-Q1 289 0.00 CHF 500 -", "2091-Q1 299 - CHF 10110 -", "2091-Q1 302 7.70 CHF 100 8",
                "2091-Q1 303 8.10 CHF 9000 729", "2091-Q1 313 2.60 CHF 1000 26", "2091-Q1 399 - CHF - 764", "2091-Q1 other 9.00 CHF 10 1",
                "2091-Q1 200 - EUR 200 -", "2091-Q1 289 0.00 EUR 0 -", "2091-Q1 299 - EUR 200 -", "2091-Q1 343 3.80 EUR 200 8",
                "2091-Q1 399 - EUR - 8", "2091-Q2 200 - CHF 2000 -", "2091-Q2 289 0.00 CHF 0 -", "2091-Q2 299 - CHF 2000 -",
                "2091-Q2 303 8.10 CHF 2000 162", "2091-Q2 399 - CHF - 162"});
    });
}

BOOST_AUTO_TEST_CASE(what_is_supplied_abroad_is_told_apart_and_the_tax_of_other_states_has_a_return_of_its_own)
{
    with_planted([](Planted& books) {
        books.add_tax("2091-01-01", "CHF", 810, 10000, 810);
        books.add_tax_of("EU_OSS", "DE", "2091-02-01", 1900, 1000, 190);
        books.add_tax_of("EU_OSS", "DE", "2091-03-01", 1900, -100, -19); // a credit note
        books.add_tax_of("EU_OSS", "FI", "2091-03-01", 2550, 1999, 510);
        books.add_tax_of("EU_OSS", "DE", "2091-03-01", 0, 500, 0); // outside VAT
        books.add_tax_of("EU_OSS", "DE", "2091-04-01", 1900, 10, 2);
        books.add_tax_of("EU_REVERSE_CHARGE", "BE", "2091-02-01", 0, 700, 0);
        books.add_tax_of("ABROAD_NO_VAT", "US", "2091-02-01", 0, 30, 0);
        check_lines(books.report("oss-return", {}, {}),
            {"2091-Q1 DE 19.00 CHF 900 171", "2091-Q1 FI 25.50 CHF 1999 510", "2091-Q2 DE 19.00 CHF 10 2"});
        check_lines(books.report("vat-return", "2091-01-01", "2091-04-01"),
            {"2091-Q1 200 - CHF 14129 -", "2091-Q1 221 - CHF 4129 -", "2091-Q1 289 0.00 CHF 4129 -", "2091-Q1 299 - CHF 10000 -",
                "2091-Q1 303 8.10 CHF 10000 810", "2091-Q1 399 - CHF - 810"});
    });
}

BOOST_AUTO_TEST_CASE(who_waits_for_vies_is_listed_with_what_it_said_last)
{
    with_planted([](Planted& books) {
        books.add("INSERT INTO vat_ids (member_id, vat_id, state, waiting_since, attempts, next_check_at) VALUES"
                  " (1, 'DE1', 'unknown', '2091-01-02', 3, '2091-01-03'), (2, 'DE2', 'pending', '2091-01-01', 0, '2091-01-01'),"
                  " (3, 'DE3', 'given_up', '2091-01-01', 9, '2091-01-01')");
        books.add("INSERT INTO vat_checks (member_id, vat_id, asked_at, asked_by, answered_at, answer, code) VALUES"
                  " (1, 'DE1', '2091-01-02', 'w', '2091-01-02', 'unknown', 'TIMEOUT'),"
                  " (1, 'DE1', '2091-01-02', 'w', '2091-01-02', 'unknown', 'MS_UNAVAILABLE')");
        check_lines(books.report("vat-held", {}, {}),
            {"berta  DE2 pending 2091-01-01 00:00:00.000000 0 - 2091-01-01 00:00:00.000000 0",
                "anna  DE1 unknown 2091-01-02 00:00:00.000000 3 MS_UNAVAILABLE 2091-01-03 00:00:00.000000 0"});
    });
}

BOOST_AUTO_TEST_CASE(revenue_is_what_was_recognised_and_the_rest_is_deferred)
{
    with_planted([](Planted& books) {
        books.add_total("2091-01-10", "deferred_revenue:vm", 0, 3100); // billed
        books.add_total("2091-01-31", "deferred_revenue:vm", 2200, 0); // recognised
        books.add_total("2091-01-31", "revenue:vm", 0, 2200);
        books.add_total("2091-02-03", "deferred_revenue:vm", 500, 0); // credited to the member
        books.add_total("2091-02-04", "deferred_revenue:vm", 0, 100); // too much was recognised
        books.add_total("2091-02-04", "revenue:vm", 100, 0);
        books.add_total("2091-02-04", "deferred_revenue:vpn", 0, 60);
        books.add_total("2091-03-01", "deferred_revenue:vm", 500, 0);
        books.add_total("2091-03-01", "revenue:vm", 0, 500);
        check_lines(books.report("deferred-revenue", {}, {}),
            {"2091-01 vm CHF 3100 2200 900", "2091-02 vm CHF -500 -100 500", "2091-02 vpn CHF 60 0 60", "2091-03 vm CHF 0 500 0"});
        check_lines(books.report("deferred-revenue", "2091-02-04", "2091-03-01"), {"2091-02 vm CHF 0 -100 500", "2091-02 vpn CHF 60 0 60"});
        check_lines(books.report("revenue-by-product", "2091-01-01", "2091-03-01"), {"2091-01 vm CHF 2200", "2091-02 vm CHF -100"});
    });
}

BOOST_AUTO_TEST_CASE(recurring_revenue_moves_from_month_to_month_by_what_is_new_changed_and_ended)
{
    with_planted([](Planted& books) {
        books.add({.id = 1, .price = 1000, .started_on = "2090-06-01"});
        books.add({.id = 2, .price = 12005, .started_on = "2091-02-10", .interval = "P1Y"}); // 1000.4
        books.add({.id = 3, .price = 3000, .started_on = "2091-01-15", .ends_on = "2091-03-31", .interval = "P3M", .status = "ended"});
        books.add({.id = 4, .price = 300, .started_on = "2091-03-01", .interval = "P1W", .changes = 1}); // x 52 / 12
        books.add_version(4, 2, "2091-03-01", 200);                                                      // changed on its first day
        books.add({.id = 5, .price = 700, .started_on = "2090-06-01", .changes = 2});
        books.add_version(5, 2, "2091-02-01", 500);
        books.add_version(5, 4, "2091-04-05", 900);
        books.add({.id = 6, .price = 500, .started_on = "2090-06-01", .changes = 2}); // up and down again on one day
        books.add_version(6, 2, "2091-03-10", 500);
        books.add_version(6, 3, "2091-03-10", 800);
        books.add({.id = 7, .started_on = "2091-02-10", .ends_on = "2091-02-10", .status = "cancelled"});
        books.add({.id = 8, .price = 1081, .started_on = "2091-04-01", .includes_vat = true});
        books.add({.id = 9, .started_on = "2091-04-15"});
        books.add({.id = 10, .started_on = "2091-02-01", .status = "cancelled"}); // came to nothing
        books.add({.id = 11, .started_on = "2091-02-01", .interval = {}});        // sold once
        books.add({.id = 12, .started_on = "2091-02-01", .next_due_on = {}});     // has not begun
        const Lines expected{"2091-01 EUR 2000 1000 0 0 0 3000", "2091-02 EUR 3000 1000 400 0 0 4400",
            "2091-03 EUR 4400 1300 0 0 -1000 4700", "2091-04 EUR 4700 1000 0 -200 0 5500"};
        check_lines(books.report("mrr", "2091-01-10", "2091-04-15"), expected);
        const auto year = books.report("mrr", {}, "2091-04-15"); // the last 12 months
        BOOST_REQUIRE(year.size() == 11u);                       // there was none in May
        BOOST_TEST(year.front() == "2090-06 EUR 0 2000 0 0 0 2000");
        check_lines({year.end() - 4, year.end()}, expected);
    });
}

BOOST_AUTO_TEST_CASE(a_member_is_active_as_long_as_one_order_after_the_other_runs)
{
    with_planted([](Planted& books) {
        books.add({.id = 1, .member = 1, .started_on = "2091-01-10", .ends_on = "2091-02-10"});
        books.add({.id = 2, .member = 1, .started_on = "2091-01-15", .ends_on = "2091-01-20"});
        books.add({.id = 3, .member = 1, .started_on = "2091-02-10", .ends_on = "2091-02-20"}); // at once after the first
        books.add({.id = 4, .member = 1, .started_on = "2091-04-01"});                          // came back
        books.add({.id = 5, .member = 2, .started_on = "2090-01-01"});
        books.add({.id = 6, .member = 2, .started_on = "2091-03-01", .ends_on = "2091-03-05"});
        books.add({.id = 7, .member = 3, .started_on = "2091-03-01", .interval = {}}); // once
        check_lines(books.report("active-members", "2091-01-01", "2091-05-01"),
            {"2091-01 1 1 0 2 2", "2091-02 2 0 1 1 1", "2091-03 1 0 0 1 1", "2091-04 1 1 0 2 2"});
    });
}

BOOST_AUTO_TEST_CASE(the_work_list_of_the_bank_is_what_waits_for_somebody_the_oldest_first)
{
    with_planted([](Planted& books) {
        books.add("INSERT INTO bank_files (id, uuid, name, imported_at, imported_by) VALUES (1, UUID(), 'a.xml', '2091-03-01', 'olga')");
        books.add_booking(1, "2091-02-03", 700, "NO_REFERENCE", "open", 700);
        books.add_booking(2, "2091-02-01", 900, "WAIT_DETAILS", "waiting", 900);
        books.add_booking(3, "2091-02-02", -50, "REVERSAL_UNMATCHED", "open", -50);
        books.add_booking(4, "2091-02-01", 800, "PAID", "done", 0);
        books.add_booking(5, "2091-02-01", 800, "NO_REFERENCE", "assigned", 0);
        const std::string begin = "00000000-0000-0000-0000-00000000000";
        const Lines all{begin + "2 waiting 2091-02-01 0 CH71 CHF 900 WAIT_DETAILS Vreni  R1  a.xml",
            begin + "3 open 2091-02-02 0 CH71 CHF -50 REVERSAL_UNMATCHED Vreni  R1  a.xml",
            begin + "1 open 2091-02-03 0 CH71 CHF 700 NO_REFERENCE Vreni  R1  a.xml"};
        check_lines(books.report("bank-work-list", {}, {}), all);
        check_lines(books.report("bank-work-list", "2091-02-02", "2091-02-03"), {all[1]});
    });
}

BOOST_AUTO_TEST_CASE(suspense_is_what_the_bookings_say_and_what_the_ledger_says)
{
    with_planted([](Planted& books) {
        books.add_booking(1, "2091-02-03", 700, "NO_REFERENCE", "open", 700);
        books.add_booking(2, "2091-02-01", 200, "NO_REFERENCE", "open", 200);
        books.add_booking(3, "2091-02-02", -50, "REVERSAL_UNMATCHED", "open", -50);
        books.add_booking(4, "2091-01-01", 800, "NO_REFERENCE", "credited", 0);
        books.add_total("2091-02-03", "suspense", 50, 900);
        const Lines told{"CHF CH71 NO_REFERENCE 2 2091-02-01 900 - -", "CHF CH71 REVERSAL_UNMATCHED 1 2091-02-02 -50 - -"};
        check_lines(books.report("suspense", {}, {}), {told[0], told[1], "CHF all  3 2091-02-01 850 850 0"});
        books.add_total("2091-02-04", "suspense", 0, 7);
        check_lines(books.report("suspense", {}, {}), {told[0], told[1], "CHF all  3 2091-02-01 850 857 7"});
    });
}

BOOST_AUTO_TEST_CASE(a_statement_has_what_moved_and_the_balance_after_it)
{
    with_planted([](Planted& books) {
        books.add_document(1, 1, "CHF", "2091-01-01", "2091-01-31", 1000, 0);
        books.add_document(2, 1, "CHF", "2091-02-01", "2091-03-03", 500, 0);
        books.add_document(3, 1, "CHF", "2091-02-15", "2091-02-15", -300, 0);
        books.add_document(4, 1, "EUR", "2091-02-01", "2091-03-03", 70, 70);
        books.add_document(5, 2, "CHF", "2091-02-20", "2091-03-20", 9, 9);
        books.add("INSERT INTO credits (uuid, member_id, reference, currency, amount_minor, reason, given_on, given_at, given_by)"
                  " VALUES (UUID(), 1, 'R1', 'CHF', 1500, 'sorry', '2091-02-01', '2091-02-01', 'olga')");
        const Lines february{"anna 2091-02-01 invoice N2 CHF 500 1500", "anna 2091-02-01 credit R1 CHF -1500 0",
            "anna 2091-02-15 credit_note N3 CHF -300 -300", "anna 2091-02-01 invoice N4 EUR 70 70", "berta 2091-02-20 invoice N5 CHF 9 9"};
        Lines all = february;
        all.insert(all.begin(), "anna 2091-01-01 invoice N1 CHF 1000 1000");
        check_lines(books.report("member-statement", {}, {}), all);
        Lines bounded = february;
        bounded.insert(bounded.begin(), "anna 2091-02-01 balance before - CHF 1000 1000");
        check_lines(books.report("member-statement", "2091-02-01", "2091-03-01"), bounded);
        bounded.pop_back();
        check_lines(books.report("member-statement", "2091-02-01", "2091-02-20"), bounded);
    });
}

BOOST_AUTO_TEST_SUITE_END()
