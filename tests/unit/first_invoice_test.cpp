// Beside order_test.cpp: the edges of prices, first lines, ledger entries and the rules around them.
#include "domain/invoice.h"
#include "domain/job.h"
#include "domain/ledger.h"
#include "domain/machine.h"
#include "domain/order.h"
#include "domain/payment_method.h"
#include "domain/snapshot.h"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>

using namespace domain;

namespace {

constexpr auto max_minor = std::numeric_limits<std::int64_t>::max();

Date day(std::string_view text) { return date_from(text).value(); }

/// 20 rappen a GB of disk: the catalogue's price of a machine.
Price machine_price() { return {.units = {{"core", {}, {300}}, {"ram_half_gb", {}, {100}}, {"ssd_gb", {}, {80}}}}; }

/// A year of something for 50.00, setup 10.00, tax included.
struct YearlyOrder {
    Order order{.id = OrderId{7},
        .sku = "ipv6-vpn",
        .charge = {.setup = {1000}, .recurring = {5000}},
        .interval = Interval{1, Interval::Unit::year},
        .started_on = day("2024-02-29")};
};

struct OnceOrder {
    Order order{.id = OrderId{8}, .sku = "support-hour", .charge = {.setup = {12'000}, .recurring = {99}}, .started_on = day("2026-01-31")};
};

TransactionFault fault_of(const std::vector<Entry>& entries) { return check_transaction(entries); }

} // namespace

BOOST_AUTO_TEST_SUITE(prices)

BOOST_AUTO_TEST_CASE(the_example_machine_costs_30_00)
{
    const auto charge = charge_for(machine_price(), {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20});
    BOOST_TEST(charge.recurring.minor == 3000);
    BOOST_TEST(charge.setup.minor == 0);
}

BOOST_AUTO_TEST_CASE(half_a_gb_of_memory_costs_1_00) { BOOST_TEST(charge_for(machine_price(), {.ram_mb = 512}).recurring.minor == 100); }

BOOST_AUTO_TEST_CASE(a_price_without_units_is_the_same_for_every_machine)
{
    const Price price{.setup = {3500}, .recurring = {1300}};
    BOOST_TEST((charge_for(price, {.cores = 64, .ram_mb = 512, .os_disk_gb = 1}) == Charge{{3500}, {1300}}));
    BOOST_TEST((charge_for(price, {}) == Charge{{3500}, {1300}}));
}

BOOST_AUTO_TEST_CASE(the_setup_of_a_unit_is_multiplied_too)
{
    const Price price{.setup = {100}, .units = {{"core", {50}, {0}}}};
    BOOST_TEST(charge_for(price, {.cores = 4}).setup.minor == 300);
}

BOOST_AUTO_TEST_CASE(a_unit_without_a_price_costs_nothing)
{
    const Price price{.recurring = {1}, .units = {{"core", {}, {300}}}};
    BOOST_TEST(charge_for(price, {.cores = 1, .ram_mb = 4096, .os_disk_gb = 20}).recurring.minor == 301);
}

BOOST_AUTO_TEST_CASE(a_price_in_euros_gives_a_charge_in_euros)
{
    const Price price{
        .setup = {0, Currency::eur}, .recurring = {100, Currency::eur}, .units = {{"core", {0, Currency::eur}, {300, Currency::eur}}}};
    BOOST_TEST((charge_for(price, {.cores = 1}) == Charge{{0, Currency::eur}, {400, Currency::eur}}));
}

BOOST_AUTO_TEST_CASE(a_price_too_large_for_a_machine_throws)
{
    const Price price{.recurring = {1}, .units = {{"core", {}, {max_minor / 2}}}};
    BOOST_CHECK_THROW(charge_for(price, {.cores = 3}), std::domain_error);
    BOOST_CHECK_THROW(charge_for(Price{.recurring = {max_minor}, .units = {{"core", {}, {1}}}}, {.cores = 1}), std::domain_error);
}

BOOST_AUTO_TEST_CASE(the_units_of_a_machine_are_cores_half_gbs_and_ssd)
{
    const auto units = units_of({.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"});
    BOOST_TEST((units == std::vector<std::pair<std::string_view, std::int64_t>>{{"core", 2}, {"ram_half_gb", 8}, {"ssd_gb", 20}}));
}

BOOST_AUTO_TEST_CASE(the_unit_of_a_snapshot_is_the_gib_of_its_image)
{
    const auto units = units_of({.os_disk_gb = 20, .vm = Uuid::version7(1, {})});
    BOOST_TEST((units == std::vector<std::pair<std::string_view, std::int64_t>>{{"gib", 20}}));
}

BOOST_AUTO_TEST_CASE(an_order_without_parameters_has_no_units) { BOOST_TEST(units_of({}).empty()); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(first_invoice)

BOOST_FIXTURE_TEST_CASE(the_first_period_of_a_year_ends_on_the_clamped_day, YearlyOrder)
{
    const auto lines = first_lines(order, "VPN", {810}, false);
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST((lines[1].kind == LineKind::recurring));
    BOOST_TEST((lines[1].period_start == day("2024-02-29")));
    BOOST_TEST((lines[1].period_end == day("2025-02-28")));
}

BOOST_FIXTURE_TEST_CASE(each_line_says_what_it_is_for, YearlyOrder)
{
    const auto lines = first_lines(order, "VPN", {810}, false);
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[0].text == "VPN, setup");
    BOOST_TEST(lines[1].text == "VPN");
    for (const auto& line : lines) {
        BOOST_TEST((line.order == OrderId{7}));
        BOOST_TEST(line.sku == "ipv6-vpn");
        BOOST_TEST((line.rate == VatRate{810}));
    }
}

BOOST_FIXTURE_TEST_CASE(a_free_period_leaves_the_setup, YearlyOrder)
{
    const auto lines = first_lines(order, "VPN", {810}, true);
    BOOST_REQUIRE(lines.size() == 1u);
    BOOST_TEST((lines[0].kind == LineKind::setup));
    BOOST_TEST(lines[0].gross.minor == 1000);
}

BOOST_FIXTURE_TEST_CASE(no_setup_means_no_line_for_it, YearlyOrder)
{
    order.charge.setup = {0};
    const auto lines = first_lines(order, "VPN", {810}, false);
    BOOST_REQUIRE(lines.size() == 1u);
    BOOST_TEST((lines[0].kind == LineKind::recurring));
}

BOOST_FIXTURE_TEST_CASE(a_gross_price_is_what_the_member_pays, YearlyOrder)
{
    const auto totals = totals_of(first_lines(order, "VPN", {810}, false), Currency::chf);
    BOOST_TEST(totals.gross.minor == 6000);
    BOOST_TEST(totals.vat.minor == 450); // 449.58
    BOOST_TEST(totals.net.minor == 5550);
}

BOOST_FIXTURE_TEST_CASE(a_net_price_gets_its_tax_added, YearlyOrder)
{
    order.price_includes_vat = false;
    const auto totals = totals_of(first_lines(order, "VPN", {810}, false), Currency::chf);
    BOOST_TEST(totals.net.minor == 6000);
    BOOST_TEST(totals.vat.minor == 486);
    BOOST_TEST(totals.gross.minor == 6486);
}

BOOST_FIXTURE_TEST_CASE(the_tax_of_the_lines_is_the_tax_of_the_sum, YearlyOrder)
{
    // Each alone bears 0.375 of a rappen, rounded to 0; together they bear 0.75, rounded to 1.
    order.charge = {.setup = {5}, .recurring = {5}};
    BOOST_TEST(vat_within({5}, {810}).minor == 0);
    BOOST_TEST(totals_of(first_lines(order, "VPN", {810}, false), Currency::chf).vat.minor == 1);
}

BOOST_FIXTURE_TEST_CASE(what_is_sold_once_has_one_line_without_a_period, OnceOrder)
{
    const auto lines = first_lines(order, "An hour of support", {810}, false);
    BOOST_REQUIRE(lines.size() == 1u);
    BOOST_TEST((lines[0].kind == LineKind::once));
    BOOST_TEST(lines[0].text == "An hour of support");
    BOOST_TEST(!lines[0].period_end.has_value());
    BOOST_TEST(lines[0].gross.minor == 12'000);
}

BOOST_FIXTURE_TEST_CASE(what_is_sold_once_is_charged_although_its_periods_are_free, OnceOrder)
{
    BOOST_TEST(first_lines(order, "An hour of support", {810}, true).size() == 1u);
}

BOOST_AUTO_TEST_CASE(no_lines_come_to_nothing_in_the_currency_asked_for)
{
    const auto totals = totals_of({}, Currency::eur);
    BOOST_TEST((totals.net == Money{0, Currency::eur}));
    BOOST_TEST((totals.vat == Money{0, Currency::eur}));
    BOOST_TEST((totals.gross == Money{0, Currency::eur}));
}

BOOST_FIXTURE_TEST_CASE(lines_in_francs_have_no_total_in_euros, YearlyOrder)
{
    BOOST_CHECK_THROW(totals_of(first_lines(order, "VPN", {810}, false), Currency::eur), std::domain_error);
}

BOOST_AUTO_TEST_CASE(line_kinds_have_their_names)
{
    BOOST_TEST(to_text(LineKind::setup) == "setup");
    BOOST_TEST(to_text(LineKind::once) == "once");
    BOOST_TEST(to_text(LineKind::recurring) == "recurring");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ledger)

BOOST_AUTO_TEST_CASE(an_invoice_books_exactly_what_the_member_owes)
{
    const Order order{
        .sku = "vm", .charge = {.setup = {3500}, .recurring = {3001}}, .interval = Interval{}, .started_on = day("2026-01-31")};
    std::vector<BookedLine> booked;
    Money gross{};
    for (const auto& line : first_lines(order, "VM", {810}, false)) {
        booked.push_back({line.sku, line.net, line.vat, line.rate});
        gross = gross + line.gross;
    }
    Money debited{};
    for (const auto& entry : invoice_entries(booked)) {
        BOOST_TEST(entry.debit == account::receivable());
        debited = debited + entry.amount;
    }
    BOOST_TEST(debited.minor == gross.minor);
}

BOOST_AUTO_TEST_CASE(lines_of_two_rates_owe_two_taxes)
{
    const std::vector<BookedLine> lines{{"vm", {1000}, {81}, {810}}, {"vm", {1000}, {77}, {770}}};
    const std::vector<Entry> expected{
        {"receivable", "deferred_revenue:vm", {2000}}, {"receivable", "vat_payable:8.1", {81}}, {"receivable", "vat_payable:7.7", {77}}};
    BOOST_TEST((invoice_entries(lines) == expected));
}

BOOST_AUTO_TEST_CASE(an_amount_of_0_is_not_booked)
{
    BOOST_TEST(invoice_entries(std::vector<BookedLine>{{"vm", {0}, {0}, {810}}}).empty());
    BOOST_TEST(invoice_entries({}).empty());
}

BOOST_AUTO_TEST_CASE(a_negative_amount_cannot_be_booked) { BOOST_TEST((fault_of({{"a", "b", {-1}}}) == TransactionFault::not_positive)); }

BOOST_AUTO_TEST_CASE(a_fault_in_the_last_entry_is_found)
{
    BOOST_TEST((fault_of({{"a", "b", {1}}, {"a", "c", {2}}, {"c", "c", {3}}}) == TransactionFault::same_account));
    BOOST_TEST((fault_of({{"a", "b", {1}}, {"a", "c", {2}}, {"a", "d", {0}}}) == TransactionFault::not_positive));
}

BOOST_AUTO_TEST_CASE(faults_are_checked_in_their_order)
{
    BOOST_TEST((fault_of({{"a", "a", {0}}}) == TransactionFault::not_positive));
    BOOST_TEST((fault_of({{"a", "b", {1}}, {"a", "a", {1, Currency::eur}}}) == TransactionFault::same_account));
}

BOOST_AUTO_TEST_CASE(a_transaction_in_euros_can_be_booked)
{
    BOOST_TEST((fault_of({{"a", "b", {1, Currency::eur}}, {"a", "c", {2, Currency::eur}}}) == TransactionFault::none));
}

BOOST_AUTO_TEST_CASE(accounts_have_their_names_in_the_chart)
{
    BOOST_TEST(account::receivable() == "receivable");
    BOOST_TEST(account::deferred_revenue("ipv6-only-vm") == "deferred_revenue:ipv6-only-vm");
    BOOST_TEST(account::vat_payable({810}) == "vat_payable:8.1");
    BOOST_TEST(account::vat_payable({0}) == "vat_payable:0");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(order_rules)

BOOST_AUTO_TEST_CASE(an_order_runs_until_it_is_cancelled_or_ended)
{
    using enum OrderStatus;
    for (const auto status : {placed, awaiting_payment, provisioning, active, suspended}) BOOST_TEST(is_running(status), to_text(status));
    for (const auto status : {cancelled, ended}) BOOST_TEST(!is_running(status), to_text(status));
}

BOOST_AUTO_TEST_CASE(what_is_sold_once_has_no_term)
{
    const Order once{.started_on = day("2026-01-31")};
    BOOST_TEST((term_end(once, day("2030-01-01")) == day("2026-01-31")));
}

BOOST_FIXTURE_TEST_CASE(the_last_day_of_a_year_is_still_in_its_term, YearlyOrder)
{
    BOOST_TEST((term_end(order, day("2025-02-27")) == day("2025-02-28")));
    BOOST_TEST((term_end(order, day("2025-02-28")) == day("2026-02-28")));
    BOOST_TEST((term_end(order, day("2027-03-01")) == day("2028-02-29")));
}

// The day lies in the term, and the term is one period long.
BOOST_FIXTURE_TEST_CASE(every_day_of_ten_years_lies_in_its_term, YearlyOrder)
{
    order.interval = Interval{1, Interval::Unit::month};
    order.started_on = day("2024-01-31");
    int broken = 0;
    for (std::chrono::sys_days at{order.started_on}; at < std::chrono::sys_days{day("2034-01-31")}; at += std::chrono::days{1}) {
        const auto end = std::chrono::sys_days{term_end(order, Date{at})};
        broken += end > at && end - at <= std::chrono::days{31} ? 0 : 1;
    }
    BOOST_TEST(broken == 0);
}

BOOST_AUTO_TEST_CASE(cores_and_memory_may_go_either_way)
{
    const Parameters before{.cores = 2, .ram_mb = 4096, .os_disk_gb = 20};
    BOOST_TEST((check_change(before, {.cores = 1, .ram_mb = 512, .os_disk_gb = 20}) == ChangeFault::none));
    BOOST_TEST((check_change(before, {.cores = 64, .ram_mb = 8192, .os_disk_gb = 20}) == ChangeFault::none));
}

BOOST_AUTO_TEST_CASE(machine_states_are_read_back_by_name)
{
    for (const auto* name : {"creating", "active", "deleting", "deleted", "failed"}) BOOST_TEST(to_text(machine_state_from(name)) == name);
    BOOST_CHECK_THROW(machine_state_from("Active"), std::domain_error);
}

BOOST_AUTO_TEST_CASE(a_snapshot_state_that_does_not_exist_is_an_error)
{
    BOOST_CHECK_THROW(snapshot_state_from("lost"), std::domain_error);
}

BOOST_AUTO_TEST_CASE(job_kinds_are_read_back_by_name)
{
    for (const auto* name : {"order_start", "machine_create", "machine_resize", "machine_delete", "snapshot_create", "snapshot_restore",
             "snapshot_delete", "order_end", "card_detach"}) {
        const auto kind = job_kind_from(name);
        BOOST_TEST_REQUIRE(kind.has_value(), name);
        BOOST_TEST(to_text(*kind) == name);
    }
    BOOST_TEST(!job_kind_from("order_stop").has_value());
}

BOOST_AUTO_TEST_CASE(the_pauses_of_a_job_are_1_5_30_120_and_600_seconds)
{
    int attempt = 0;
    for (const int seconds : {1, 5, 30, 120, 600}) BOOST_TEST((pause_after(++attempt) == std::chrono::seconds{seconds}), attempt);
}

BOOST_AUTO_TEST_CASE(a_job_with_an_absurd_number_of_attempts_is_given_up)
{
    for (const int attempts : {-1, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()})
        BOOST_TEST(!pause_after(attempts).has_value(), attempts);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(card_numbers)

BOOST_AUTO_TEST_CASE(thirteen_to_nineteen_digits_may_be_a_card)
{
    BOOST_TEST(!looks_like_card_number("424242424242"));         // 12
    BOOST_TEST(looks_like_card_number("4222222222222"));         // 13
    BOOST_TEST(looks_like_card_number("6304000000000000000"));   // 19
    BOOST_TEST(!looks_like_card_number("63040000000000000000")); // 20
}

BOOST_AUTO_TEST_CASE(a_wrong_digit_anywhere_is_noticed)
{
    const std::string number{"4242424242424242"};
    for (std::size_t i = 0; i < number.size(); ++i) {
        auto mistyped = number;
        mistyped[i] = mistyped[i] == '9' ? '0' : static_cast<char>(mistyped[i] + 1);
        BOOST_TEST(!looks_like_card_number(mistyped), mistyped);
    }
}

BOOST_AUTO_TEST_CASE(two_exchanged_digits_are_noticed)
{
    BOOST_TEST(!looks_like_card_number("2424242424242424"));
    BOOST_TEST(!looks_like_card_number("5555555555554445"));
}

BOOST_AUTO_TEST_CASE(blanks_and_dashes_count_for_nothing)
{
    BOOST_TEST(looks_like_card_number(" 4242 4242-4242 4242 "));
    BOOST_TEST(!looks_like_card_number("- - - - - - - - - - - - -"));
}

BOOST_AUTO_TEST_CASE(uuids_and_gateway_names_are_no_cards)
{
    for (const auto* text : {"pm_1NXWPnB6eAbCdEf", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "4242.4242.4242.4242"})
        BOOST_TEST(!looks_like_card_number(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
