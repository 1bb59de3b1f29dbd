// What a member is told of its snapshot's consistency, held against the file system that is in it: a worker's process, a real guest.
#include "fake/placed_shop.h"
#include "guest/machine.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <random>
#include <sys/socket.h>
#include <sys/un.h>

namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using fake::becomes_true;
using gateway::FreezeStatus;
using guest::Disk;

const auto disks = boost::unit_test::data::make({Disk::qcow2, Disk::rbd});

/// Somebody else who has the guest's agent: it answers nobody else meanwhile.
class AgentInUse {
public:
    AgentInUse(const guest::Machine& machine) : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        ::sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        (machine.folder / (machine.uuid.text() + ".agent")).string().copy(address.sun_path, sizeof address.sun_path - 1);
        BOOST_TEST_REQUIRE(::connect(socket_.get(), reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0);
    }

private:
    gateway::Descriptor socket_;
};

/// A member's machine that runs, and a worker who knows where.
struct Served : fake::PlacedShop {
    explicit Served(Disk disk) : order{ordered_machine({})}, machine{disk, machine_of(order).uuid}
    {
        const auto pool = disk == Disk::rbd ? ceph_pool("worker") : directory_pool(machine.folder);
        fake::in_transaction([&](store::Session& session) {
            store::PlacementStore placement{session};
            placement.add_image(machine.uuid, 0, pool.id, machine.image.name, 1);
            const auto host = placement.add(
                domain::Host{.cluster = pool.cluster, .name = "here", .agent = domain::HostAgent::qmp, .endpoint = machine.folder});
            placement.move_machine(machine.uuid, host);
        });
        worker.emplace();
        BOOST_TEST_REQUIRE(becomes_true([&] { return machine_of(order).state == domain::MachineState::active; }, 30s));
    }

    domain::Snapshot taken(bool require_fs = false)
    {
        const auto snapshot = ordered_snapshot(machine.uuid, require_fs);
        const bool rests = becomes_true(
            [&] {
                hasten();
                return state_of(snapshot) == SnapshotState::ready || state_of(snapshot) == SnapshotState::failed;
            },
            60s);
        BOOST_TEST(rests, "it is " << domain::to_text(state_of(snapshot)) << ' ' << read(snapshot).error);
        return read(snapshot);
    }
    std::vector<std::string> in_storage() const { return machine.storage->list_snapshots(machine.image).names; }
    bool is_thawed() const { return machine.agent->status(machine.uuid) == FreezeStatus::thawed; }
    bool gets_thawed() const
    {
        return becomes_true([&] { return is_thawed(); }, 20s);
    }
    bool becomes_ready(const domain::Snapshot& snapshot) const
    {
        return becomes_true(
            [&] {
                hasten();
                return state_of(snapshot) == SnapshotState::ready;
            },
            60s);
    }

    const domain::Order order;
    guest::Machine machine;
    std::optional<fake::WorkerProcess> worker{}; // once its image is placed
};

} // namespace

BOOST_AUTO_TEST_SUITE(a_members_snapshot)

BOOST_DATA_TEST_CASE(says_fs_if_its_file_system_is_clean, disks, disk)
{
    Served served{disk};
    const auto snapshot = served.taken(true);
    BOOST_TEST((snapshot.state == SnapshotState::ready));
    BOOST_TEST(snapshot.consistency == "fs");
    BOOST_TEST_REQUIRE((snapshot.frozen_at && snapshot.thawed_at));
    BOOST_TEST((*snapshot.thawed_at - *snapshot.frozen_at < 10s));
    const auto file_system = served.machine.file_system_of(snapshot.uuid.text());
    BOOST_TEST(!file_system.needs_recovery);
    BOOST_TEST(file_system.fsck == 0);
    BOOST_TEST(served.is_thawed());
}

// OpenNebula 5921: a mute agent hung it for ever. lxd 11485: what cannot be frozen is snapshotted nevertheless.
BOOST_DATA_TEST_CASE(S1_S9_says_crash_if_its_agent_is_mute_or_off, disks, disk)
{
    Served served{disk};
    {
        const AgentInUse mute{served.machine};
        const auto snapshot = served.taken();
        BOOST_TEST((snapshot.state == SnapshotState::ready));
        BOOST_TEST(snapshot.consistency == "crash");
        BOOST_TEST(served.machine.file_system_of(snapshot.uuid.text()).needs_recovery);
    }
    BOOST_TEST(served.gets_thawed());
    const auto agent = served.machine.folder / (served.machine.uuid.text() + ".agent");
    std::filesystem::rename(agent, served.machine.folder / "elsewhere");
    BOOST_TEST(served.taken().consistency == "crash");
    std::filesystem::rename(served.machine.folder / "elsewhere", agent);
    BOOST_TEST(served.gets_thawed());
    BOOST_TEST(served.taken().consistency == "fs"); // as soon as it is back
}

BOOST_DATA_TEST_CASE(that_must_be_fs_fails_with_a_mute_agent_and_leaves_nothing_behind, disks, disk)
{
    Served served{disk};
    std::optional<AgentInUse> mute{served.machine};
    const auto snapshot = served.taken(true);
    mute.reset();
    BOOST_TEST((snapshot.state == SnapshotState::failed));
    BOOST_TEST(!snapshot.error.empty());
    BOOST_TEST_MESSAGE("told: " << snapshot.error);
    BOOST_TEST(served.in_storage().empty());
    BOOST_TEST(fake::PlacedShop::spans_of(snapshot) == 0);
    BOOST_TEST(served.gets_thawed());
}

BOOST_DATA_TEST_CASE(says_offline_if_the_machine_is_off_and_is_put_back, disks, disk)
{
    Served served{disk};
    const auto clean = served.taken(true);
    served.machine.power_off();
    const auto off = served.taken(true); // at rest as well
    BOOST_TEST((off.state == SnapshotState::ready));
    BOOST_TEST(off.consistency == "offline");
    BOOST_TEST(served.machine.file_system_of(off.uuid.text()).needs_recovery); // it was not shut down

    served.request_restore(clean);
    BOOST_TEST(served.becomes_ready(clean));
    const auto restored = served.taken();
    BOOST_TEST(!served.machine.file_system_of(restored.uuid.text()).needs_recovery);
    served.machine.boot();
}

// vmware/open-vm-tools 27: never thawed, production down.
BOOST_AUTO_TEST_CASE(S4_whose_worker_is_killed_in_the_frozen_window_leaves_the_guest_thawed)
{
    Served served{Disk::rbd};
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::minstd_rand random{seed};
    std::uniform_int_distribution<int> moment{0, 600};
    for (int i = 0; i < 6; ++i) {
        const auto snapshot = served.ordered_snapshot(served.machine.uuid);
        BOOST_TEST(becomes_true([&] { return fake::PlacedShop::state_of(snapshot) != SnapshotState::requested; }, 20s));
        std::this_thread::sleep_for(std::chrono::milliseconds{moment(random)});
        served.worker->kill();
        served.worker->start();
        BOOST_TEST(served.becomes_ready(snapshot));
        BOOST_TEST(fake::count("SELECT COUNT(*) FROM snapshots WHERE uuid = ? AND may_be_frozen", snapshot.uuid) == 0);
        BOOST_TEST(served.is_thawed(), "seed " << seed);
        BOOST_TEST(fake::PlacedShop::spans_of(snapshot) == 1);
    }
    BOOST_TEST(served.in_storage().size() == 6u);
}

BOOST_AUTO_TEST_SUITE_END()
