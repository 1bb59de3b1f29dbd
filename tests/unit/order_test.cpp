#include "domain/invoice.h"
#include "domain/job.h"
#include "domain/ledger.h"
#include "domain/order.h"
#include "domain/payment_method.h"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace domain;

namespace {

Price list_price() { return {.units = {{"core", {}, {500}}, {"ram_half_gb", {}, {100}}, {"ssd_gb", {}, {60}}, {"gib", {}, {10}}}}; }

Order machine_order()
{
    Order order{.sku = "ipv6-only-vm", .parameters = {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"}};
    order.charge = charge_for(list_price(), order.parameters);
    order.interval = Interval{1, Interval::Unit::month};
    order.started_on = *date_from("2026-01-31");
    return order;
}

} // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_AUTO_TEST_CASE(a_machine_costs_its_cores_memory_and_disk)
{
    BOOST_TEST(machine_order().charge.recurring.minor == 2 * 500 + 8 * 100 + 20 * 60);
    BOOST_TEST(charge_for(list_price(), {.cores = 1, .ram_mb = 512, .os_disk_gb = 10}).recurring.minor == 500 + 100 + 600);
}

BOOST_AUTO_TEST_CASE(a_snapshot_costs_the_size_of_its_image)
{
    BOOST_TEST(charge_for(list_price(), {.os_disk_gb = 20, .vm = Uuid::version7(1, {})}).recurring.minor == 200);
}

BOOST_AUTO_TEST_CASE(an_order_only_takes_the_steps_of_its_life)
{
    using enum OrderStatus;
    const std::map<OrderStatus, std::set<OrderStatus>> arrows{{placed, {awaiting_payment, provisioning, cancelled}},
        {awaiting_payment, {provisioning, cancelled}}, {provisioning, {active, cancelled}}, {active, {suspended, cancelled, ended}},
        {suspended, {active, cancelled, ended}}, {cancelled, {}}, {ended, {}}};
    for (const auto& [from, targets] : arrows)
        for (const auto& [to, unused] : arrows)
            BOOST_TEST(may_become(from, to) == targets.contains(to), to_text(from) << " to " << to_text(to));
}

BOOST_AUTO_TEST_CASE(the_names_of_states_are_read_back)
{
    for (const char* name : {"placed", "awaiting_payment", "provisioning", "active", "suspended", "cancelled", "ended"})
        BOOST_TEST(to_text(order_status_from(name)) == name);
    BOOST_CHECK_THROW(order_status_from("gone"), std::domain_error);
}

BOOST_AUTO_TEST_CASE(the_term_ends_with_the_period_that_holds_the_day)
{
    const auto order = machine_order();
    BOOST_TEST(to_text(term_end(order, *date_from("2026-01-31"))) == "2026-02-28");
    BOOST_TEST(to_text(term_end(order, *date_from("2026-02-27"))) == "2026-02-28");
    BOOST_TEST(to_text(term_end(order, *date_from("2026-02-28"))) == "2026-03-31");
    BOOST_TEST(to_text(term_end(order, *date_from("2026-01-01"))) == "2026-01-31"); // before it begins
}

BOOST_AUTO_TEST_CASE(a_disk_never_shrinks)
{
    const auto before = machine_order().parameters;
    auto after = before;
    BOOST_TEST((check_change(before, after) == ChangeFault::nothing_to_change));
    after.os_disk_gb = 19;
    BOOST_TEST((check_change(before, after) == ChangeFault::disk_would_shrink));
    after.os_disk_gb = 21;
    BOOST_TEST((check_change(before, after) == ChangeFault::none));
}

BOOST_AUTO_TEST_CASE(an_invoice_books_net_per_product_and_tax_per_rate)
{
    const auto line = [](const char* sku, std::int64_t net, std::int64_t vat, int rate) {
        return InvoiceLine{.sku = sku, .net = {net}, .rate = {rate}, .vat = {vat}};
    };
    const std::vector lines{line("vm", 100, 8, 810), line("vm", 50, 4, 810), line("membership", 500, 0, 0)};
    const auto entries = document_entries(lines, {}, {});
    const std::vector<Entry> expected{{"receivable", "deferred_revenue:vm", {150}}, {"receivable", "deferred_revenue:membership", {500}},
        {"receivable", "vat_payable:8.1", {12}}};
    BOOST_TEST((entries == expected));
    BOOST_TEST((check_transaction(entries) == TransactionFault::none));
}

BOOST_AUTO_TEST_CASE(a_transaction_that_makes_no_sense_is_named)
{
    using enum TransactionFault;
    const auto fault = [](std::vector<Entry> entries) { return check_transaction(entries); };
    BOOST_TEST((fault({}) == no_entries));
    BOOST_TEST((fault({{"a", "b", {0}}}) == not_positive));
    BOOST_TEST((fault({{"a", "a", {1}}}) == same_account));
    BOOST_TEST((fault({{"a", "b", {1, Currency::chf}}, {"a", "b", {1, Currency::eur}}}) == mixed_currencies));
}

BOOST_AUTO_TEST_CASE(what_looks_like_a_card_number_is_recognised)
{
    for (const char* number : {"4242424242424242", "4242 4242 4242 4242", "378282246310005", "5555-5555-5555-4444"})
        BOOST_TEST(looks_like_card_number(number), number);
    for (const char* text : {"4242424242424241", "424242424242", "pm_card_visa", "", "4242424242424242x", "00000000000000000000"})
        BOOST_TEST(!looks_like_card_number(text), text);
}

BOOST_AUTO_TEST_CASE(a_job_is_tried_again_with_growing_pauses_and_given_up)
{
    auto before = std::chrono::seconds{0};
    for (int attempt = 1; attempt <= 5; ++attempt) {
        BOOST_REQUIRE(pause_after(attempt).has_value());
        BOOST_TEST((*pause_after(attempt) > before));
        before = *pause_after(attempt);
    }
    BOOST_TEST(!pause_after(6).has_value());
    BOOST_TEST(!pause_after(0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
