#include "fake/hosted_machine.h"
#include "fake/printed_answers.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

// Snapshots of machines that run: what their guests are asked, how long they are held, and what may be said of the snapshot. The S numbers
// are those of the failures that others had.

namespace gateway {

static std::ostream& operator<<(std::ostream& out, GuestPower power)
{
    constexpr const char* names[] = {"off", "on", "paused", "unknown"};
    return out << names[static_cast<int>(power)];
}

} // namespace gateway

namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using gateway::FreezeAnswer;
using gateway::GuestPower;
using gateway::StorageAnswer;
using service::JobOutcome;
using Verb = fake::FakeStorage::Verb;
using Names = std::vector<std::string>;
constexpr auto happens = fake::FakeStorage::Effect::happens;
constexpr auto late = fake::FakeStorage::Effect::late;

struct Running : fake::HostedMachine {
    /// The same work with a window that a test can wait for. A call has its whole seconds; the rest is for a slow machine.
    service::SnapshotFulfilment hasty{fake::database(), storage, guests, clock, {.window = 2950ms}};

    void require_ready(const std::string& as)
    {
        BOOST_TEST((state() == SnapshotState::ready));
        BOOST_TEST(consistency() == as);
        BOOST_TEST(error() == "");
        BOOST_TEST(in_storage() == Names{requested.uuid.text()}, boost::test_tools::per_element());
        BOOST_TEST(spans() == 1);
        BOOST_TEST(!machine_is_busy());
        BOOST_TEST(!is_frozen());
    }
    void require_failed(const std::string& why)
    {
        BOOST_TEST((state() == SnapshotState::failed));
        BOOST_TEST(error() == why);
        BOOST_TEST(in_storage().empty());
        BOOST_TEST(spans() == 0);
        BOOST_TEST(!machine_is_busy());
        BOOST_TEST(!is_frozen());
    }
    void answer_freeze(gateway::Freeze answer, bool works)
    {
        guests.set(vm, [&](auto& guest) {
            guest.freeze_answers.push_back(answer);
            guest.freeze_works = works;
        });
    }
    void be_mute(bool mute)
    {
        guests.set(vm, [&](auto& guest) { guest.mute = mute; });
    }
    /// What happens to be true of the guest while storage makes the snapshot.
    void watch(bool& was_frozen)
    {
        storage.meanwhile(Verb::create_snapshot, [&] { was_frozen = is_frozen(); });
    }
};

/// A freeze succeeds, and the guest has thawed by itself before the thaw.
void thaw_early(Running& bench)
{
    bench.storage.meanwhile(Verb::create_snapshot, [&] { bench.guests.thaw_by_itself(bench.vm); });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(taking_a_running_machines_snapshot, Running)

BOOST_AUTO_TEST_CASE(a_guest_that_was_frozen_until_the_thaw_gives_a_snapshot_with_its_file_systems_at_rest)
{
    bool was_frozen = false;
    watch(was_frozen);
    BOOST_TEST((create().outcome == JobOutcome::done));
    require_ready("fs");
    BOOST_TEST(was_frozen);
    BOOST_TEST(guest().freezes == 1);
    BOOST_TEST(guest().thaws == 1);
    BOOST_TEST(!may_be_frozen());
    BOOST_TEST((read(requested).frozen_at == clock.now()));
    BOOST_TEST((read(requested).thawed_at == clock.now()));
    BOOST_TEST((storage.limits().back() <= 10s));
}

// S1, opennebula 5921; S9, lxd 11485: best effort is the default.
BOOST_AUTO_TEST_CASE(S1_S9_a_guest_that_does_not_answer_is_thawed_and_its_snapshot_taken_without_it)
{
    be_mute(true);
    bool was_frozen = true;
    watch(was_frozen);
    BOOST_TEST((create().outcome == JobOutcome::done));
    require_ready("crash");
    BOOST_TEST(!was_frozen);
    BOOST_TEST(guest().thaws >= 1);
    BOOST_TEST(may_be_frozen()); // nobody knows: it is asked until it answers
    be_mute(false);
    lease_runs_out();
    snapshot_recovery.work({});
    BOOST_TEST(!may_be_frozen());
}

// S4, addon-linstor_un 11: it froze although nobody was told so.
BOOST_AUTO_TEST_CASE(S4_a_freeze_that_timed_out_is_thawed_before_anything_else)
{
    answer_freeze({FreezeAnswer::unknown, 0}, true);
    bool was_frozen = true;
    watch(was_frozen);
    create();
    require_ready("crash");
    BOOST_TEST(!was_frozen);
    BOOST_TEST(!may_be_frozen());
}

BOOST_AUTO_TEST_CASE(S9_a_guest_that_cannot_freeze_is_snapshotted_all_the_same)
{
    answer_freeze({FreezeAnswer::not_possible, 0}, false);
    create();
    require_ready("crash");
    BOOST_TEST(guest().thaws == 1); // hooks in the guest may have run
}

// S3, opennebula 5927: the snapshot was in Ceph and nowhere else.
BOOST_AUTO_TEST_CASE(S3_a_thaw_that_fails_lowers_what_is_said_of_the_snapshot_and_not_that_it_is_there)
{
    storage.meanwhile(Verb::create_snapshot, [&] { be_mute(true); });
    BOOST_TEST((create().outcome == JobOutcome::done));
    BOOST_TEST((state() == SnapshotState::ready));
    BOOST_TEST(consistency() == "crash");
    BOOST_TEST(spans() == 1);
    BOOST_TEST(may_be_frozen());
    BOOST_TEST(is_frozen());

    snapshot_recovery.work({}); // its lease is respected
    BOOST_TEST(is_frozen());
    be_mute(false);
    lease_runs_out();
    snapshot_recovery.work({});
    BOOST_TEST(!is_frozen());
    BOOST_TEST(!may_be_frozen());
    require_ready("crash");
}

// S7, kubevirt 16653: a Windows guest thaws by itself after ten seconds.
BOOST_AUTO_TEST_CASE(S7_a_guest_that_had_thawed_by_itself_gives_no_proof)
{
    thaw_early(*this);
    create();
    require_ready("crash");
    BOOST_TEST(!read(requested).thawed_at.has_value());
}

// S7, kubevirt 10759: a paused guest never answers.
BOOST_DATA_TEST_CASE_F(
    Running, S7_a_guest_that_does_not_run_is_not_asked, boost::unit_test::data::make({GuestPower::paused, GuestPower::unknown}), power)
{
    switch_to(power);
    create();
    require_ready("crash");
    BOOST_TEST(guest().freezes == 0);
}

BOOST_AUTO_TEST_CASE(a_machine_that_is_off_before_and_after_is_offline)
{
    switch_to(GuestPower::off);
    create();
    require_ready("offline");
    BOOST_TEST(guest().freezes == 0);
}

BOOST_AUTO_TEST_CASE(a_machine_that_is_switched_on_meanwhile_is_not_offline)
{
    switch_to(GuestPower::off);
    storage.meanwhile(Verb::create_snapshot, [&] { switch_to(GuestPower::on); });
    create();
    require_ready("crash");
}

BOOST_AUTO_TEST_CASE(a_programs_machine_of_which_nobody_tells_whether_it_runs_is_not_offline)
{
    fake::change("UPDATE machines SET host_id = NULL, driver = 'exec' WHERE uuid = ?", vm);
    create();
    require_ready("crash");
}

// S5, opennebula 8011: the freeze ran on the wrong host, and nobody looked whether it did anything.
BOOST_AUTO_TEST_CASE(S5_the_guest_is_asked_on_the_host_where_its_machine_is_now)
{
    const auto moved_to = own_host();
    create();
    BOOST_TEST(guests.asked_on() == moved_to.name);
    require_ready("fs");
}

// S6, qemu 520: some guests hang or crash when they are frozen.
BOOST_AUTO_TEST_CASE(S6_a_machine_whose_guest_must_not_be_frozen_is_not)
{
    fake::change("UPDATE machines SET freezes = FALSE WHERE uuid = ?", vm);
    create();
    require_ready("crash");
    BOOST_TEST(guest().freezes == 0);
}

// S4, open-vm-tools 27.
BOOST_DATA_TEST_CASE_F(Running, S4_the_guest_is_thawed_whatever_storage_says,
    boost::unit_test::data::make({StorageAnswer::exists, StorageAnswer::not_found, StorageAnswer::busy, StorageAnswer::denied,
        StorageAnswer::unavailable, StorageAnswer::unknown}),
    answer)
{
    storage.answer_next(Verb::create_snapshot, answer);
    create();
    BOOST_TEST(!is_frozen());
    BOOST_TEST(!may_be_frozen());
    BOOST_TEST(guest().freezes == 1);
}

// S2, vdsm 160: a limit that is looked at after the call that hangs is none.
BOOST_AUTO_TEST_CASE(S2_a_storage_that_hangs_has_what_is_left_of_the_window_and_no_more)
{
    storage.hang_next(Verb::create_snapshot, 30s);
    const auto report = hasty.create(requested.uuid, false);
    BOOST_TEST((report.outcome == JobOutcome::postponed));
    BOOST_TEST((state() == SnapshotState::unknown));
    BOOST_TEST(!is_frozen());
    BOOST_TEST((guest().longest_frozen < 10s));
    BOOST_TEST((storage.limits().back() == 2s));
}

BOOST_AUTO_TEST_CASE(S2_a_storage_that_keeps_no_limit_does_not_keep_the_guest_frozen)
{
    bool was_thawed = false;
    storage.meanwhile(Verb::create_snapshot, [&] {
        std::this_thread::sleep_for(7s);
        was_thawed = !is_frozen();
    });
    hasty.create(requested.uuid, false);
    BOOST_TEST(was_thawed);
    BOOST_TEST((guest().longest_frozen < 6500ms));
    require_ready("crash");
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_was_found_is_not_of_this_window)
{
    storage.create_snapshot(image(), requested.uuid.text());
    create();
    require_ready("crash");
}

BOOST_AUTO_TEST_CASE(what_comes_late_is_not_of_this_window)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, late);
    create();
    storage.serve_late();
    create();
    require_ready("crash");
}

// The proof is in the row: who looks later needs no other.
BOOST_AUTO_TEST_CASE(a_proof_outlives_a_listing_that_failed)
{
    storage.answer_next(Verb::list_snapshots, StorageAnswer::unavailable);
    create();
    BOOST_TEST((state() == SnapshotState::unknown));
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct Required : Running {
    Required() { require_fs(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_snapshot_that_must_have_its_file_systems_at_rest, Required)

BOOST_AUTO_TEST_CASE(with_the_proof_it_is_ready)
{
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_CASE(of_a_machine_that_is_off_it_is_ready)
{
    switch_to(GuestPower::off);
    create();
    require_ready("offline");
}

BOOST_AUTO_TEST_CASE(without_the_proof_it_is_removed_and_taken_again)
{
    thaw_early(*this);
    const auto report = create();
    BOOST_TEST((report.outcome == JobOutcome::postponed));
    BOOST_TEST((report.pause == 1s));
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(error() == "not_consistent");
    BOOST_TEST(in_storage().empty());
    BOOST_TEST(!machine_is_busy());
    create();
    require_ready("fs");
    BOOST_TEST(read(requested).attempts == 2);
}

BOOST_AUTO_TEST_CASE(without_the_proof_it_fails_after_five_attempts_and_leaves_nothing)
{
    for (int attempt = 0; attempt < 5; ++attempt) {
        thaw_early(*this);
        create();
    }
    require_failed("not_consistent");
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 5);
}

BOOST_AUTO_TEST_CASE(of_a_guest_that_cannot_freeze_none_is_made)
{
    switch_to(GuestPower::paused);
    for (int attempt = 0; attempt < 5; ++attempt) create();
    require_failed("not_consistent");
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 0);
}

// Each try holds up the member, and a guest that is asked in vain, for up to half a minute.
BOOST_AUTO_TEST_CASE(of_a_guest_that_is_asked_twice_in_vain_it_fails_within_a_minute_and_says_why)
{
    be_mute(true);
    const auto report = create();
    BOOST_TEST((report.outcome == JobOutcome::postponed));
    BOOST_TEST((report.pause == 10s));
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(error() == "guest_not_frozen");
    BOOST_TEST((create().outcome == JobOutcome::dead));
    require_failed("guest_not_frozen");
    BOOST_TEST(guest().freezes == 2);
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 0);
}

BOOST_AUTO_TEST_CASE(a_guest_that_answers_the_second_time_is_good_enough)
{
    be_mute(true);
    create();
    be_mute(false);
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_CASE(a_host_that_does_not_tell_for_a_moment_is_no_guest_that_is_asked_in_vain)
{
    be_mute(true);
    create();
    switch_to(GuestPower::unknown);
    for (int attempt = 0; attempt < 3; ++attempt) create();
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(error() == "not_consistent");
    switch_to(GuestPower::on);
    be_mute(false);
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_CASE(of_a_guest_that_froze_without_telling_none_is_made)
{
    answer_freeze({FreezeAnswer::unknown, 0}, true);
    create();
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(!is_frozen());
    BOOST_TEST(storage.calls(Verb::create_snapshot) == 0);
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_CASE(one_that_was_found_is_removed_and_taken_again)
{
    storage.create_snapshot(image(), requested.uuid.text());
    create();
    BOOST_TEST(in_storage().empty());
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_CASE(one_that_comes_late_is_removed_and_taken_again)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown, late);
    create();
    storage.serve_late();
    create();
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(in_storage().empty());
    create();
    require_ready("fs");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct TwoImages : Running {
    std::string data = add_image(1, 5);

    void require_both(const std::string& as)
    {
        require_ready(as);
        BOOST_TEST(in_storage(data) == Names{requested.uuid.text()}, boost::test_tools::per_element());
        BOOST_TEST(read(requested).size_gib == 25);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(taking_a_snapshot_of_several_images, TwoImages)

BOOST_AUTO_TEST_CASE(one_window_is_over_all_of_them)
{
    create();
    require_both("fs");
    BOOST_TEST(guest().freezes == 1);
    BOOST_TEST(fake::text("SELECT GROUP_CONCAT(CONCAT_WS(' ', ordinal, size_gib, state) ORDER BY ordinal SEPARATOR ', ')"
                          " FROM snapshot_images WHERE snapshot_uuid = ?",
                   requested.uuid)
        == "0 20 present, 1 5 present");
}

BOOST_AUTO_TEST_CASE(its_order_is_fitted_to_what_was_measured)
{
    create();
    const auto order = ordering.read(nico.member, requested.order_uuid).order;
    BOOST_TEST((order.parameters.os_disk_gb == 25));
    BOOST_TEST(order.charge.recurring.minor == 250);
    BOOST_TEST(fake::count("SELECT quantity FROM usage_spans WHERE resource_uuid = ?", requested.uuid) == 25);
}

BOOST_AUTO_TEST_CASE(one_that_fails_takes_the_others_with_it)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::done, happens);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::denied);
    create();
    require_failed("storage_denied");
    BOOST_TEST(in_storage(data).empty());
}

BOOST_AUTO_TEST_CASE(what_is_found_of_one_is_not_of_the_others_moment)
{
    storage.create_snapshot(image(data), requested.uuid.text());
    create();
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(in_storage().empty());
    BOOST_TEST(in_storage(data).empty());
    create();
    require_both("fs");
}

BOOST_AUTO_TEST_CASE(when_the_window_is_over_the_rest_is_taken_without_it)
{
    storage.hang_next(Verb::create_snapshot, 2s);
    hasty.create(requested.uuid, false);
    require_both("crash");
    BOOST_TEST((guest().longest_frozen < 10s));
}

BOOST_AUTO_TEST_CASE(when_the_window_is_over_and_all_must_be_in_it_the_rest_is_not_taken)
{
    require_fs();
    storage.hang_next(Verb::create_snapshot, 2s);
    hasty.create(requested.uuid, false);
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(error() == "not_consistent");
    BOOST_TEST(in_storage().empty());
    BOOST_TEST(in_storage(data).empty());
    BOOST_TEST(!is_frozen());
    create();
    require_both("fs");
}

BOOST_AUTO_TEST_CASE(some_after_unknown_are_removed_and_taken_again)
{
    storage.answer_next(Verb::create_snapshot, StorageAnswer::done, happens);
    storage.answer_next(Verb::create_snapshot, StorageAnswer::unknown);
    create();
    for (int look = 0; look < 3; ++look) create();
    BOOST_TEST((state() == SnapshotState::requested));
    BOOST_TEST(in_storage().empty());
    create();
    require_both("fs");
}

BOOST_AUTO_TEST_CASE(deleting_it_deletes_it_from_where_it_was_taken)
{
    create();
    fake::change("DELETE FROM machine_images WHERE machine_uuid = ? AND ordinal = 1", vm); // detached since
    request_deletion(read(requested));
    BOOST_TEST((snapshots_work.remove(requested.uuid).outcome == JobOutcome::done));
    BOOST_TEST(in_storage().empty());
    BOOST_TEST(in_storage(data).empty());
}

BOOST_AUTO_TEST_SUITE_END()
