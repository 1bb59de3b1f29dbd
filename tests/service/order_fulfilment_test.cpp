#include "fake/shop.h"
#include "store/invoice_store.h"

#include <boost/test/unit_test.hpp>

#include <ostream>

namespace domain {

static std::ostream& operator<<(std::ostream& out, OrderStatus status) { return out << to_text(status); }

} // namespace domain

namespace {

using namespace std::chrono_literals;
using domain::MachineState;
using domain::OrderStatus;
using domain::SnapshotState;
using Verb = fake::FakeStorage::Verb;
constexpr auto happens = fake::FakeStorage::Effect::happens;
using gateway::StorageAnswer;
using service::CancelWhen;
using service::JobOutcome;
using store::Session;

struct Office : fake::Shop {

    Office() { orders_work.start(join(nico).order.uuid); }

    std::vector<store::InvoiceRecord> invoices() const
    {
        return fake::in_transaction([&](Session& session) { return store::InvoiceStore{session}.page(nico.member, std::nullopt, 100); });
    }
    std::vector<store::InvoiceLineRecord> lines_of_newest() const
    {
        const auto newest = invoices().front();
        return fake::in_transaction([&](Session& session) { return store::InvoiceStore{session}.lines_of(newest); });
    }
    domain::Order place_and_start(const std::string& sku, const domain::Parameters& parameters = {})
    {
        const auto placed = place(order_of(nico, sku, parameters)).order;
        orders_work.start(placed.uuid);
        return read(placed);
    }
    /// Cancels for the end of the term and lets that day come.
    void let_the_term_end(const domain::Order& ending)
    {
        const auto ends_on = *cancel(ending, CancelWhen::end_of_term, true).ends_on;
        clock.set(std::chrono::sys_days{ends_on} + 1h);
        orders_work.end_due_orders();
        orders_work.end(ending.uuid);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(starting_an_order, Office)

BOOST_AUTO_TEST_CASE(the_membership_begins_with_its_first_invoice)
{
    BOOST_TEST(memberships.read(nico.member).status == OrderStatus::active);
    const auto all = invoices();
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].total.minor == 500);
    BOOST_TEST(all[0].vat.minor == 0);
    BOOST_TEST((all[0].billed_on == fake::day("2026-03-02")));
    BOOST_TEST((all[0].due_on == fake::day("2026-04-01")));
    BOOST_TEST((all[0].issued_at == fake::monday));
}

BOOST_AUTO_TEST_CASE(a_machine_is_made_by_a_job_and_its_order_waits_for_it)
{
    const auto started = place_and_start("ipv6-only-vm", machine_of(nico).parameters);
    BOOST_TEST(started.status == OrderStatus::provisioning);
    const auto machine = machine_of(started);
    BOOST_TEST((machine.state == MachineState::creating));
    BOOST_TEST(jobs("machine_create", machine.uuid) == 1);
    BOOST_TEST(storage.calls(Verb::create_image) == 0);
}

BOOST_AUTO_TEST_CASE(a_job_run_twice_leaves_one_machine_and_one_invoice)
{
    const auto started = place_and_start("ipv6-only-vm", machine_of(nico).parameters);
    const auto machine = machine_of(started).uuid;
    BOOST_TEST((orders_work.start(started.uuid).outcome == JobOutcome::done));
    fake::at_once(8, [&](int) { orders_work.start(started.uuid); });
    BOOST_TEST((machine_of(started).uuid == machine));
    BOOST_TEST(invoices().size() == 2u); // with the membership's
}

BOOST_AUTO_TEST_CASE(the_first_invoice_has_the_setup_and_the_first_period_with_the_tax_of_the_day)
{
    place_and_start("django-hosting", machine_of(nico).parameters);
    const auto lines = lines_of_newest();
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST((lines[0].line.kind == domain::LineKind::setup));
    BOOST_TEST(lines[0].line.gross.minor == 3500);
    BOOST_TEST((lines[1].line.kind == domain::LineKind::recurring));
    BOOST_TEST(lines[1].line.gross.minor == 3000);
    BOOST_TEST((lines[1].line.period_start == fake::day("2026-03-02")));
    BOOST_TEST((lines[1].line.period_end == fake::day("2026-04-02")));
    BOOST_TEST(lines[1].line.rate.basis_points == 810);
    BOOST_TEST(invoices().front().vat.minor == 487); // 65.00 · 8.1 / 108.1
    BOOST_TEST(invoices().front().total.minor == 6500);
}

BOOST_AUTO_TEST_CASE(the_tax_is_that_of_the_day_of_supply)
{
    clock.set(fake::at("2023-12-31T12:00:00Z"));
    place_and_start("ipv6-only-vm", machine_of(nico).parameters);
    BOOST_TEST(lines_of_newest().front().line.rate.basis_points == 770);
}

BOOST_AUTO_TEST_CASE(the_vpn_costs_nothing_with_an_active_machine_and_something_without)
{
    place_and_start("ipv6-vpn");
    BOOST_TEST(invoices().front().total.minor == 500);
    const auto before = invoices().size();
    active_machine();
    const auto vpn = place_and_start("ipv6-vpn");
    BOOST_TEST(vpn.status == OrderStatus::provisioning); // until it has its prefix
    BOOST_TEST(jobs("vpn_create", vpn.uuid) == 1);
    BOOST_TEST(invoices().size() == before + 1); // the machine's
}

BOOST_AUTO_TEST_CASE(an_order_cancelled_before_its_turn_is_not_started_and_not_invoiced)
{
    const auto placed = place(machine_of(nico)).order;
    cancel(placed, CancelWhen::now);
    BOOST_TEST((orders_work.start(placed.uuid).outcome == JobOutcome::done));
    BOOST_TEST(!fake::count("SELECT COUNT(*) FROM machines WHERE order_id = ?", fake::number(placed.id)) == 1);
    BOOST_TEST(invoices().size() == 1u);
    BOOST_TEST((orders_work.end(placed.uuid).outcome == JobOutcome::done));
}

BOOST_AUTO_TEST_CASE(an_order_that_nobody_knows_is_done_with)
{
    BOOST_TEST((orders_work.start(gateway::random_uuid()).outcome == JobOutcome::done));
    BOOST_TEST((orders_work.end(gateway::random_uuid()).outcome == JobOutcome::done));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(ending_an_order, Office)

BOOST_AUTO_TEST_CASE(an_order_that_runs_is_not_taken_back)
{
    const auto running = active_machine();
    BOOST_TEST((orders_work.end(running.uuid).outcome == JobOutcome::done));
    BOOST_TEST((machine_of(running).state == MachineState::active));
}

BOOST_AUTO_TEST_CASE(the_machine_of_an_ended_order_is_taken_back_once)
{
    const auto running = active_machine();
    let_the_term_end(running);
    BOOST_TEST((machine_of(running).state == MachineState::deleting));
    BOOST_TEST((orders_work.end(running.uuid).outcome == JobOutcome::done));
    BOOST_TEST(jobs("machine_delete", machine_of(running).uuid) == 1);
}

BOOST_AUTO_TEST_CASE(its_snapshots_go_first_and_are_billed_no_longer)
{
    const auto running = active_machine();
    const auto vm = machine_of(running).uuid;
    const auto ready = ready_snapshot(running);
    const auto requested = requested_snapshot(running);
    let_the_term_end(running);

    for (const auto& one : {ready, requested}) {
        BOOST_TEST((read(one).state == SnapshotState::deleting));
        BOOST_TEST(jobs("snapshot_delete", one.uuid) == 1);
    }
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM usage_spans WHERE member_id = ? AND ended_at IS NULL", fake::number(nico.member)) == 0);

    BOOST_TEST((machines_work.adjust(vm, false).outcome == JobOutcome::postponed)); // storage says busy
    snapshots_work.remove(requested.uuid);
    snapshots_work.remove(ready.uuid);
    BOOST_TEST((machines_work.adjust(vm, false).outcome == JobOutcome::done));
    BOOST_TEST(!storage.has_image(vm.text()));
}

// Nobody may be billed for a snapshot of a machine that is gone, nor may it keep the machine for ever.
BOOST_AUTO_TEST_CASE(a_snapshot_that_gets_ready_after_its_machines_order_ended_goes_too)
{
    const auto running = active_machine();
    const auto vm = machine_of(running).uuid;
    const auto late = requested_snapshot(running);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, happens);
    snapshots_work.create(late.uuid, false);
    let_the_term_end(running);

    BOOST_TEST((snapshots_work.create(late.uuid, false).outcome == JobOutcome::done));
    BOOST_TEST((read(late).state == SnapshotState::deleting));
    BOOST_TEST(jobs("snapshot_delete", late.uuid) == 1);
    snapshots_work.remove(late.uuid);
    BOOST_TEST((machines_work.adjust(vm, false).outcome == JobOutcome::done));
    BOOST_TEST(!storage.has_image(vm.text()));
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM usage_spans WHERE member_id = ? AND ended_at IS NULL", fake::number(nico.member)) == 0);
}

BOOST_AUTO_TEST_CASE(an_order_whose_end_was_moved_is_left_running)
{
    const auto running = active_machine();
    cancel(running, CancelWhen::end_of_term);
    fake::change("UPDATE orders SET ends_on = NULL WHERE id = ?", fake::number(running.id));
    clock.set(fake::at("2026-04-02T00:00:00Z"));
    orders_work.end_due_orders();
    BOOST_TEST(read(running).status == OrderStatus::active);
}

BOOST_AUTO_TEST_CASE(a_due_order_ends_once_whoever_looks)
{
    const auto running = active_machine();
    cancel(running, CancelWhen::end_of_term);
    clock.set(fake::at("2026-04-02T00:00:00Z"));
    fake::at_once(8, [&](int) { orders_work.end_due_orders(); });
    const auto events = ordering.read(nico.member, running.uuid).events;
    BOOST_TEST(std::ranges::count(events, "ended", &store::OrderEvent::to_status) == 1);
    BOOST_TEST(jobs("order_end", running.uuid) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
