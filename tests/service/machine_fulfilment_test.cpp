#include "fake/printed_answers.h"
#include "fake/shop.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace service {

static std::ostream& operator<<(std::ostream& out, JobOutcome outcome)
{
    constexpr const char* names[] = {"done", "again", "postponed", "dead"};
    return out << names[static_cast<int>(outcome)];
}

} // namespace service

namespace domain {

static std::ostream& operator<<(std::ostream& out, MachineState state) { return out << to_text(state); }
static std::ostream& operator<<(std::ostream& out, OrderStatus status) { return out << to_text(status); }

} // namespace domain

namespace {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;
using domain::MachineState;
using domain::OrderStatus;
using Verb = fake::FakeStorage::Verb;
constexpr auto happens = fake::FakeStorage::Effect::happens;
using gateway::StorageAnswer;
using service::CancelWhen;
using service::JobOutcome;
using service::JobReport;
using store::Session;

constexpr bool last_try = true;
constexpr bool not_the_last_try = false;

/// A machine that is about to be made.
struct Ordered : fake::Shop {
    domain::Order placed = (orders_work.start(join(nico).order.uuid), place(machine_of(nico)).order);
    domain::Uuid vm{};

    Ordered()
    {
        orders_work.start(placed.uuid);
        vm = machine_of(placed).uuid;
    }

    JobReport create(bool last = not_the_last_try) { return machines_work.create(vm, last); }
    JobReport remove() { return machines_work.adjust(vm, not_the_last_try); }
    JobReport resize() { return machines_work.adjust(vm, not_the_last_try); }
    MachineState state() const { return machine_of(placed).state; }
    bool has_image() { return storage.has_image(vm.text()); }

    void require_active()
    {
        BOOST_TEST(state() == MachineState::active);
        BOOST_TEST(machine_of(placed).error == "");
        BOOST_TEST(read(placed).status == OrderStatus::active);
        BOOST_TEST(has_image());
    }
    void cancel_at_once()
    {
        cancel(placed, CancelWhen::now);
        orders_work.end(placed.uuid);
    }
};

/// A machine whose order has been cancelled; its removal is due.
struct Cancelled : Ordered {
    Cancelled()
    {
        create();
        cancel_at_once();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(making_a_machine, Ordered)

BOOST_DATA_TEST_CASE_F(
    Ordered, done_and_exists_make_it_and_its_order_active, data::make({StorageAnswer::done, StorageAnswer::exists}), answer)
{
    storage.answer_next(Verb::create_image, answer, happens);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_active();
    BOOST_TEST(storage.image(vm.text()).size_gib == 20);
}

BOOST_DATA_TEST_CASE_F(Ordered, everything_else_is_tried_again,
    data::make({StorageAnswer::not_found, StorageAnswer::busy, StorageAnswer::denied, StorageAnswer::unavailable, StorageAnswer::unknown}),
    answer)
{
    storage.answer_next(Verb::create_image, answer);
    BOOST_TEST(create().outcome == JobOutcome::again);
    BOOST_TEST(state() == MachineState::creating);
    BOOST_TEST(read(placed).status == OrderStatus::provisioning);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_active();
}

BOOST_DATA_TEST_CASE_F(Ordered, everything_else_fails_it_at_the_last_try,
    data::make({StorageAnswer::not_found, StorageAnswer::busy, StorageAnswer::denied, StorageAnswer::unavailable, StorageAnswer::unknown}),
    answer)
{
    storage.answer_next(Verb::create_image, answer);
    const auto report = create(last_try);
    BOOST_TEST(report.outcome == JobOutcome::dead);
    BOOST_TEST(state() == MachineState::failed);
    BOOST_TEST(machine_of(placed).error == report.error);
    BOOST_TEST(read(placed).status == OrderStatus::provisioning); // the money side is decided by people

    BOOST_TEST(create().outcome == JobOutcome::done); // the operator's retry
    require_active();
}

BOOST_AUTO_TEST_CASE(unknown_that_did_happen_ends_with_one_image)
{
    storage.answer_next(Verb::create_image, StorageAnswer::unknown, happens);
    BOOST_TEST(create().outcome == JobOutcome::again);
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_active();
}

BOOST_AUTO_TEST_CASE(a_job_run_twice_leaves_the_same)
{
    create();
    BOOST_TEST(create().outcome == JobOutcome::done);
    require_active();
    BOOST_TEST(storage.calls(Verb::create_image) == 1);
    BOOST_TEST(ordering.read(nico.member, placed.uuid).events.size() == 2u);
}

// The lease ran out while storage was slow: another worker made the machine, which its member may be using.
BOOST_AUTO_TEST_CASE(an_answer_that_comes_late_leaves_the_image_of_a_machine_that_is_active)
{
    storage.meanwhile(Verb::create_image, [&] { BOOST_TEST(create().outcome == JobOutcome::done); });
    create();
    require_active();
}

BOOST_AUTO_TEST_CASE(eight_workers_with_the_same_job_make_one_machine)
{
    fake::at_once(8, [&](int) { create(); });
    require_active();
}

BOOST_AUTO_TEST_CASE(a_machine_cancelled_before_its_turn_gets_no_image)
{
    cancel_at_once();
    BOOST_TEST(create().outcome == JobOutcome::done);
    BOOST_TEST(!has_image());
    remove();
    BOOST_TEST(state() == MachineState::deleted);
}

BOOST_AUTO_TEST_CASE(a_machine_cancelled_and_removed_meanwhile_leaves_no_image)
{
    storage.answer_next(Verb::create_image, StorageAnswer::done);
    storage.meanwhile(Verb::create_image, [&] {
        cancel_at_once();
        BOOST_TEST(remove().outcome == JobOutcome::done);
        storage.create_image(storage.in_default_pool(vm.text()), 20); // it came after the removal
    });
    create();
    BOOST_TEST(state() == MachineState::deleted);
    BOOST_TEST(!has_image());
    BOOST_TEST(read(placed).status == OrderStatus::cancelled);
}

BOOST_AUTO_TEST_CASE(its_image_is_removed_in_the_end_also_if_storage_is_away_at_first)
{
    storage.answer_next(Verb::create_image, StorageAnswer::done);
    storage.meanwhile(Verb::create_image, [&] {
        cancel_at_once();
        remove();
        storage.create_image(storage.in_default_pool(vm.text()), 20);
    });
    storage.answer_next(Verb::remove_image, StorageAnswer::not_found); // of remove(), which comes too early
    storage.answer_next(Verb::remove_image, StorageAnswer::unavailable);
    BOOST_TEST(create().outcome == JobOutcome::again);
    BOOST_TEST(create().outcome == JobOutcome::done);
    BOOST_TEST(!has_image());
}

BOOST_AUTO_TEST_CASE(a_machine_that_nobody_knows_is_done_with)
{
    BOOST_TEST(machines_work.create(gateway::random_uuid(), not_the_last_try).outcome == JobOutcome::done);
    BOOST_TEST(machines_work.adjust(gateway::random_uuid(), not_the_last_try).outcome == JobOutcome::done);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(growing_a_machine, Ordered)

BOOST_AUTO_TEST_CASE(the_image_grows_to_what_the_order_says)
{
    create();
    change(placed, {.os_disk_gb = 30});
    change(placed, {.os_disk_gb = 40});
    for (int i = 0; i < 2; ++i) { // a job for each change, in whatever order
        BOOST_TEST(resize().outcome == JobOutcome::done);
        BOOST_TEST(storage.image(vm.text()).size_gib == 40);
    }
}

BOOST_DATA_TEST_CASE_F(Ordered, what_does_not_grow_is_tried_again,
    data::make({StorageAnswer::not_found, StorageAnswer::busy, StorageAnswer::denied, StorageAnswer::unavailable, StorageAnswer::unknown}),
    answer)
{
    create();
    change(placed, {.os_disk_gb = 40});
    storage.answer_next(Verb::grow_image, answer);
    BOOST_TEST(resize().outcome == JobOutcome::again);
    BOOST_TEST(resize().outcome == JobOutcome::done);
    BOOST_TEST(storage.image(vm.text()).size_gib == 40);
    require_active();
}

BOOST_AUTO_TEST_CASE(a_machine_on_its_way_out_does_not_grow)
{
    create();
    cancel_at_once();
    BOOST_TEST(resize().outcome == JobOutcome::done);
    BOOST_TEST(storage.calls(Verb::grow_image) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(removing_a_machine, Cancelled)

BOOST_DATA_TEST_CASE_F(Cancelled, done_and_not_found_end_it, data::make({StorageAnswer::done, StorageAnswer::not_found}), answer)
{
    storage.answer_next(Verb::remove_image, answer, happens);
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(state() == MachineState::deleted);
    BOOST_TEST(!has_image());
}

BOOST_DATA_TEST_CASE_F(Cancelled, denied_unavailable_and_unknown_are_tried_again,
    data::make({StorageAnswer::denied, StorageAnswer::unavailable, StorageAnswer::unknown}), answer)
{
    storage.answer_next(Verb::remove_image, answer);
    BOOST_TEST(remove().outcome == JobOutcome::again);
    BOOST_TEST(state() == MachineState::deleting);
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(state() == MachineState::deleted);
}

BOOST_AUTO_TEST_CASE(busy_waits_for_the_snapshots_to_go)
{
    storage.answer_next(Verb::remove_image, StorageAnswer::busy);
    BOOST_TEST(remove().outcome == JobOutcome::postponed);
    BOOST_TEST(state() == MachineState::deleting);
}

BOOST_AUTO_TEST_CASE(a_job_run_twice_removes_once)
{
    remove();
    BOOST_TEST(remove().outcome == JobOutcome::done);
    BOOST_TEST(storage.calls(Verb::remove_image) == 1);
}

BOOST_AUTO_TEST_CASE(a_removed_machine_is_gone_for_its_member)
{
    const auto listed = [&] {
        return fake::in_transaction(
            [&](Session& session) { return store::MachineStore{session}.page(nico.member, std::nullopt, 10).size(); });
    };
    BOOST_TEST(listed() == 1u);
    remove();
    BOOST_TEST(listed() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
