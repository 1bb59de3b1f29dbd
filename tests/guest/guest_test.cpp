#include "guest/machine.h"

#include <boost/test/data/test_case.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace {

using namespace std::chrono_literals;
using gateway::FreezeAnswer;
using gateway::FreezeStatus;
using gateway::GuestPower;
using gateway::StorageAnswer;
using guest::Disk;
using guest::Machine;
using std::chrono::steady_clock;

const auto disks = boost::unit_test::data::make({Disk::qcow2, Disk::rbd});

std::string new_name() { return gateway::random_uuid().text(); }

/// Calls, and checks that it took less than that.
template <class Call> auto within(std::chrono::seconds limit, const Call& call)
{
    const auto begin = steady_clock::now();
    auto answer = call();
    BOOST_TEST((steady_clock::now() - begin < limit));
    return answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_guest_that_writes)

// What "fs" is told of, and what is only "crash".
BOOST_DATA_TEST_CASE(its_snapshot_is_clean_if_it_was_frozen_and_not_otherwise, disks, disk)
{
    Machine machine{disk};
    const auto frozen = new_name(), written = new_name();

    const auto begin = steady_clock::now();
    const auto freeze = machine.agent->freeze(machine.uuid);
    BOOST_TEST((freeze.answer == FreezeAnswer::frozen));
    BOOST_TEST(freeze.file_systems == 1);
    BOOST_TEST((machine.agent->status(machine.uuid) == FreezeStatus::frozen));
    BOOST_TEST(machine.storage->create_snapshot(machine.image, frozen) == StorageAnswer::done);
    const auto thaw = machine.agent->thaw(machine.uuid);
    BOOST_TEST((steady_clock::now() - begin < 10s)); // as long as a guest bears it
    BOOST_TEST(thaw.answered);
    BOOST_TEST(thaw.file_systems == 1);
    BOOST_TEST((machine.agent->status(machine.uuid) == FreezeStatus::thawed));

    std::this_thread::sleep_for(1s); // for something to be written again
    BOOST_TEST(machine.storage->create_snapshot(machine.image, written) == StorageAnswer::done);

    const auto clean = machine.file_system_of(frozen), dirty = machine.file_system_of(written);
    BOOST_TEST(!clean.needs_recovery);
    BOOST_TEST(clean.fsck == 0);
    BOOST_TEST(dirty.needs_recovery);
}

BOOST_DATA_TEST_CASE(it_is_thawed_by_any_later_connection_and_thawing_twice_is_nothing, disks, disk)
{
    Machine machine{disk};
    const auto other_worker = gateway::make_qmp_guest(machine.folder);
    BOOST_TEST((machine.agent->freeze(machine.uuid).answer == FreezeAnswer::frozen));
    BOOST_TEST((machine.agent->freeze(machine.uuid).answer == FreezeAnswer::not_possible)); // the agent refuses it
    BOOST_TEST(other_worker->thaw(machine.uuid).file_systems == 1);
    const auto again = other_worker->thaw(machine.uuid);
    BOOST_TEST(again.answered);
    BOOST_TEST(again.file_systems == 0);
}

// S21, CloudStack 3193: QEMU itself takes the snapshots of a file that it has open.
BOOST_DATA_TEST_CASE(its_snapshots_are_made_listed_and_removed_while_it_runs, disks, disk)
{
    Machine machine{disk};
    const auto monday = new_name(), tuesday = new_name();
    auto& storage = *machine.storage;
    BOOST_TEST(storage.create_snapshot(machine.image, monday) == StorageAnswer::done);
    BOOST_TEST(storage.create_snapshot(machine.image, monday) == StorageAnswer::exists);
    BOOST_TEST(storage.create_snapshot(machine.image, tuesday) == StorageAnswer::done);
    BOOST_TEST(storage.list_snapshots(machine.image).names == (std::vector{monday, tuesday}), boost::test_tools::per_element());
    BOOST_TEST(storage.restore_snapshot(machine.image, monday) == StorageAnswer::busy);
    BOOST_TEST(storage.remove_image(machine.image) == StorageAnswer::busy);
    BOOST_TEST(storage.remove_snapshot(machine.image, monday) == StorageAnswer::done);
    BOOST_TEST(storage.remove_snapshot(machine.image, monday) == StorageAnswer::not_found);
    BOOST_TEST(storage.list_snapshots(machine.image).names == std::vector{tuesday}, boost::test_tools::per_element());
    BOOST_TEST(storage.grow_image(machine.image, 2) == StorageAnswer::done);
    BOOST_TEST(storage.image_size(machine.image).bytes == 2LL << 30);
    BOOST_TEST((machine.agent->power(machine.uuid) == GuestPower::on));
}

BOOST_DATA_TEST_CASE(once_it_is_off_its_disk_is_put_back_and_it_boots_from_that, disks, disk)
{
    Machine machine{disk};
    const auto monday = new_name(), tuesday = new_name();
    auto& storage = *machine.storage;
    BOOST_TEST((machine.agent->freeze(machine.uuid).answer == FreezeAnswer::frozen));
    BOOST_TEST(storage.create_snapshot(machine.image, monday) == StorageAnswer::done);
    BOOST_TEST(machine.agent->thaw(machine.uuid).file_systems == 1);
    machine.power_off();

    BOOST_TEST((machine.agent->power(machine.uuid) == GuestPower::off));
    BOOST_TEST((machine.agent->freeze(machine.uuid).answer == FreezeAnswer::not_possible));
    BOOST_TEST(machine.agent->thaw(machine.uuid).answered);
    BOOST_TEST(guest::becomes_true([&] { return storage.restore_snapshot(machine.image, monday) == StorageAnswer::done; }, 60s));
    BOOST_TEST(storage.create_snapshot(machine.image, tuesday) == StorageAnswer::done);
    const auto restored = machine.file_system_of(tuesday);
    BOOST_TEST(!restored.needs_recovery);
    BOOST_TEST(restored.fsck == 0);
    machine.boot();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_guest_that_cannot_be_frozen)

// KubeVirt 10759: tried for ever. The agent of a paused guest does not answer.
BOOST_AUTO_TEST_CASE(is_not_asked_while_it_is_paused)
{
    Machine machine{Disk::qcow2};
    machine.tell("stop");
    BOOST_TEST((machine.agent->power(machine.uuid) == GuestPower::paused));
    BOOST_TEST((within(2s, [&] { return machine.agent->freeze(machine.uuid); }).answer == FreezeAnswer::not_possible));
    BOOST_TEST(machine.storage->create_snapshot(machine.image, new_name()) == StorageAnswer::done);
    BOOST_TEST(!within(5s, [&] { return machine.agent->thaw(machine.uuid); }).answered);
    machine.tell("cont");
    BOOST_TEST(guest::becomes_true([&] { return machine.agent->status(machine.uuid) == FreezeStatus::thawed; }, 20s));
    BOOST_TEST((machine.agent->freeze(machine.uuid).answer == FreezeAnswer::frozen)); // what was asked meanwhile is not in the way
    BOOST_TEST(machine.agent->thaw(machine.uuid).file_systems == 1);
}

// OpenNebula 5921: hung for ever. Here QEMU does.
BOOST_AUTO_TEST_CASE(does_not_hold_us_up_if_its_qemu_hangs)
{
    Machine machine{Disk::qcow2};
    machine.hang();
    BOOST_TEST((within(5s, [&] { return machine.agent->power(machine.uuid); }) == GuestPower::unknown));
    BOOST_TEST((within(10s, [&] { return machine.agent->freeze(machine.uuid); }).answer == FreezeAnswer::unknown));
    BOOST_TEST(!within(10s, [&] { return machine.agent->thaw(machine.uuid); }).answered);
    BOOST_TEST(within(10s, [&] { return machine.storage->create_snapshot(machine.image, new_name()); }) == StorageAnswer::unavailable);
    machine.wake();
    BOOST_TEST(guest::becomes_true([&] { return machine.agent->power(machine.uuid) == GuestPower::on; }, 20s));
    BOOST_TEST(guest::becomes_true([&] { return machine.agent->status(machine.uuid) == FreezeStatus::thawed; }, 20s));
}

BOOST_AUTO_TEST_SUITE_END()

// A host that is not known to run the machine, as after it was moved: the file's own lock still tells.
BOOST_AUTO_TEST_CASE(a_file_whose_machine_runs_elsewhere_is_busy)
{
    Machine machine{Disk::qcow2};
    for (const auto& monitor : {std::string{}, (machine.folder / "nobody.qmp").string()}) {
        auto image = machine.image;
        image.monitor = monitor;
        BOOST_TEST(machine.storage->create_snapshot(image, new_name()) == StorageAnswer::busy);
        BOOST_TEST(machine.storage->grow_image(image, 2) == StorageAnswer::busy);
    }
}
