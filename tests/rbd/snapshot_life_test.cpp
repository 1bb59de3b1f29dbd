// The whole life of snapshots on a real Ceph: members' requests, a worker's process, the database. Whatever goes wrong meanwhile,
// afterwards the database and `rbd snap ls` agree.
#include "fake/placed_shop.h"

#include <boost/algorithm/string/join.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <random>
#include <set>

namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using fake::as_admin;
using fake::becomes_true;
using Names = std::set<std::string>;

/// A machine with one image on Ceph, or several, and a worker.
struct OnCeph : fake::PlacedShop {
    explicit OnCeph(std::size_t images = 1)
        : images_{images}, pool{ceph_pool("worker")}, machine{ordered_machine(std::vector(images, pool))}, vm{machine_of(machine).uuid}
    {
        BOOST_TEST_REQUIRE(becomes_true([&] { return machine_of(machine).state == domain::MachineState::active; }, 30s));
        for (std::size_t i = 0; i < images_; ++i) overwrite(i);
    }

    std::string spec(std::size_t image = 0) const { return "vms/" + image_name(vm, image); }

    /// Other bytes at its beginning, and more each time: a bench of the tool writes one byte all over, whichever that is.
    void overwrite(std::size_t image = 0)
    {
        const auto total = std::to_string(++writes_) + "M";
        as_admin("rbd", {"bench", "--io-type", "write", "--io-pattern", "seq", "--io-total", total, spec(image)});
    }

    Names in_storage(std::size_t image = 0) const
    {
        const auto listing = fake::ceph_storage_of("admin")->list_snapshots({.pool = "vms", .name = image_name(vm, image)});
        return {listing.names.begin(), listing.names.end()};
    }

    /// Those that the database says are there.
    Names in_database() const
    {
        Names names;
        fake::database().read([&](store::Session& session) {
            for (const auto& [uuid] : store::select<std::string>(
                     session, "SELECT uuid FROM snapshots WHERE machine_uuid = ? AND state IN ('ready', 'restoring')", vm))
                names.insert(uuid);
        });
        return names;
    }
    void check_agreement() const
    {
        for (std::size_t i = 0; i < images_; ++i)
            BOOST_TEST(in_storage(i) == in_database(),
                "image " << i << ": storage has " << boost::join(in_storage(i), " ") << ", the database says "
                         << boost::join(in_database(), " "));
    }

    /// As the worker does within the hour, once what failed or was deleted rests for a quarter of one.
    void sweep() const
    {
        fake::change("UPDATE snapshots SET state_since = NOW(6) - INTERVAL 1 HOUR WHERE state IN ('failed', 'deleted')");
        fake::change("UPDATE pools SET swept_at = NULL WHERE id = ?", pool.id);
        becomes_true([&] { return in_storage() == in_database(); }, 80s);
        check_agreement();
    }

    bool becomes(const domain::Snapshot& snapshot, SnapshotState state, std::chrono::seconds patience = 60s) const
    {
        const bool does = becomes_true([&] { return state_of(snapshot) == state; }, patience);
        BOOST_TEST(
            does, "it is " << domain::to_text(state_of(snapshot)) << ' ' << read(snapshot).error << ", not " << domain::to_text(state));
        return does;
    }
    /// The worker has noted that storage did not answer, or what it answered.
    static bool trouble_with(const domain::Snapshot& snapshot)
    {
        return fake::count("SELECT COUNT(*) FROM jobs WHERE target = ? AND last_error <> ''", snapshot.uuid) > 0;
    }

    /// Looks without a pause; false: it was too quick.
    static bool is_caught_at_work(const domain::Snapshot& snapshot)
    {
        auto state = SnapshotState::requested;
        while (state == SnapshotState::requested || state == SnapshotState::freezing) state = state_of(snapshot);
        return state == SnapshotState::creating;
    }

    domain::Snapshot taken()
    {
        const auto snapshot = ordered_snapshot(vm);
        becomes(snapshot, SnapshotState::ready);
        return snapshot;
    }

    const std::size_t images_;
    int writes_{0};
    const domain::Pool pool;
    const domain::Order machine;
    const domain::Uuid vm;
    fake::WorkerProcess worker{}; // once its images are placed
};

struct OnTwoImages : OnCeph {
    OnTwoImages() : OnCeph{2} {}
};

/// A worker in a hurry: it must not wait out its pauses for the fault to have an end.
bool becomes_in_a_hurry(const OnCeph& site, const domain::Snapshot& snapshot, SnapshotState state, std::chrono::seconds patience = 120s)
{
    becomes_true(
        [&] {
            fake::PlacedShop::hasten();
            return fake::PlacedShop::state_of(snapshot) == state;
        },
        patience);
    return site.becomes(snapshot, state, 1s);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_snapshots_life)

BOOST_FIXTURE_TEST_CASE(it_is_taken_put_back_and_deleted, OnCeph)
{
    const auto before = fake::sha256_of(spec());
    const auto snapshot = ordered_snapshot(vm);
    becomes(snapshot, SnapshotState::ready);
    BOOST_TEST(read(snapshot).consistency == "offline"); // no host runs it
    BOOST_TEST(read(snapshot).size_gib == 1);
    BOOST_TEST(in_storage() == Names{snapshot.uuid.text()});
    BOOST_TEST(open_spans_of(snapshot) == 1);

    overwrite();
    BOOST_TEST(fake::sha256_of(spec()) != before);
    request_restore(snapshot);
    becomes(snapshot, SnapshotState::ready);
    BOOST_TEST(fake::sha256_of(spec()) == before);

    request_deletion(snapshot);
    becomes(snapshot, SnapshotState::deleted);
    BOOST_TEST(in_storage().empty());
    BOOST_TEST(spans_of(snapshot) == 1);
    BOOST_TEST(open_spans_of(snapshot) == 0);
}

BOOST_FIXTURE_TEST_CASE(all_images_of_a_machine_are_taken_and_put_back_together, OnTwoImages)
{
    const auto system = fake::sha256_of(spec(0)), data = fake::sha256_of(spec(1));
    const auto snapshot = taken();
    BOOST_TEST(read(snapshot).size_gib == 2);
    check_agreement();
    overwrite(0);
    overwrite(1);
    request_restore(snapshot);
    becomes(snapshot, SnapshotState::ready);
    BOOST_TEST(fake::sha256_of(spec(0)) == system);
    BOOST_TEST(fake::sha256_of(spec(1)) == data);
    request_deletion(snapshot);
    becomes(snapshot, SnapshotState::deleted);
    check_agreement();
}

BOOST_FIXTURE_TEST_CASE(its_machine_goes_after_it, OnCeph)
{
    const auto snapshot = taken();
    cancel(machine, service::CancelWhen::now, true);
    becomes(snapshot, SnapshotState::deleted);
    BOOST_TEST(becomes_true([&] { return machine_of(machine).state == domain::MachineState::deleted; }, 30s));
    BOOST_TEST(fake::ceph_tool("rbd", "admin", {"info", spec()}).code == ENOENT);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_snapshot_that_meets_a_fault)

// What a killed predecessor had made already: the name is our uuid.
BOOST_FIXTURE_TEST_CASE(whose_name_is_taken_is_that_one, OnCeph)
{
    worker.kill();
    const auto snapshot = ordered_snapshot(vm);
    as_admin("rbd", {"snap", "create", "--no-progress", spec() + "@" + snapshot.uuid.text()});
    worker.start();
    becomes_in_a_hurry(*this, snapshot, SnapshotState::ready);
    check_agreement();
    BOOST_TEST(spans_of(snapshot) == 1);
}

BOOST_FIXTURE_TEST_CASE(whose_image_is_missing_fails_for_good_and_costs_nothing, OnCeph)
{
    as_admin("rbd", {"rm", "--no-progress", spec()});
    const auto snapshot = ordered_snapshot(vm);
    becomes_in_a_hurry(*this, snapshot, SnapshotState::failed);
    BOOST_TEST(read(snapshot).error == "image_missing");
    BOOST_TEST(spans_of(snapshot) == 0);
    BOOST_TEST(!domain::is_running(fake::in_transaction(
        [&](store::Session& session) { return store::OrderStore{session}.by_uuid(read(snapshot).order_uuid).value().status; })));
    request_deletion(snapshot); // a failed record can always be deleted
    becomes(snapshot, SnapshotState::deleted);
}

BOOST_FIXTURE_TEST_CASE(for_which_the_key_is_wrong_fails_and_a_person_is_told, OnCeph)
{
    fake::change("UPDATE clusters SET ceph_user = 'forged' WHERE id = ?", pool.cluster);
    const auto snapshot = ordered_snapshot(vm);
    becomes_in_a_hurry(*this, snapshot, SnapshotState::failed);
    BOOST_TEST(read(snapshot).error == "storage_denied");
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM jobs WHERE target = ? AND state = 'dead'", snapshot.uuid) == 1);
    check_agreement();
}

BOOST_DATA_TEST_CASE_F(OnCeph, while_a_daemon_hangs_is_taken_afterwards, boost::unit_test::data::make({"osd", "mon"}), daemon)
{
    const auto snapshot = [&] {
        const fake::Hung hung{daemon};
        const auto asked = ordered_snapshot(vm);
        BOOST_TEST(becomes_true([&] { return trouble_with(asked); }, 20s));
        BOOST_TEST((state_of(asked) != SnapshotState::ready));
        return asked;
    }();
    becomes_in_a_hurry(*this, snapshot, SnapshotState::ready);
    check_agreement();
    BOOST_TEST(spans_of(snapshot) == 1);
}

// In the middle of being made: whether it was, nobody knows before storage is asked.
BOOST_FIXTURE_TEST_CASE(S13_whose_osd_stops_while_it_is_made_is_one_snapshot, OnCeph)
{
    int caught = 0;
    for (int i = 0; i < 3; ++i) {
        const auto snapshot = ordered_snapshot(vm);
        if (is_caught_at_work(snapshot)) {
            const fake::Hung osd{"osd"};
            ++caught;
            std::this_thread::sleep_for(7s);
        }
        becomes_in_a_hurry(*this, snapshot, SnapshotState::ready);
        BOOST_TEST(spans_of(snapshot) == 1);
    }
    BOOST_TEST(caught > 0);
    check_agreement();
}

BOOST_FIXTURE_TEST_CASE(that_is_to_go_while_the_osd_hangs_is_gone_afterwards_and_not_billed_meanwhile, OnCeph)
{
    const auto snapshot = taken();
    {
        const fake::Hung osd{"osd"};
        request_deletion(snapshot);
        BOOST_TEST(open_spans_of(snapshot) == 0);
        std::this_thread::sleep_for(7s);
        BOOST_TEST((state_of(snapshot) == SnapshotState::deleting));
    }
    becomes_in_a_hurry(*this, snapshot, SnapshotState::deleted);
    check_agreement();
}

// Ceph CSI 446: a time-out that nobody looked after left 14 of 50 behind.
BOOST_FIXTURE_TEST_CASE(S13_whose_tool_is_killed_is_one_snapshot, OnCeph)
{
    for (int i = 0; i < 3; ++i) {
        const auto snapshot = ordered_snapshot(vm);
        const bool hit = becomes_true([&] { return worker.kill_tool("rbd") || state_of(snapshot) == SnapshotState::ready; }, 20s);
        BOOST_TEST(hit);
        becomes_in_a_hurry(*this, snapshot, SnapshotState::ready);
        BOOST_TEST(spans_of(snapshot) == 1);
    }
    check_agreement();
}

BOOST_AUTO_TEST_SUITE_END()

// The worker's process and its tool, at any moment. One snapshot a request, none lost, none billed twice or after its deletion.
BOOST_FIXTURE_TEST_CASE(S13_thirty_kills_of_the_worker_and_of_its_tool_leave_what_was_asked_for, OnCeph)
{
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::minstd_rand random{seed};
    std::uniform_int_distribution<int> moment{0, 1500}, coin{0, 1};
    std::vector<domain::Snapshot> kept, deleted;
    int kills = 0, tools = 0;
    while (kills + tools < 30) {
        if (kept.size() < 8) kept.push_back(ordered_snapshot(vm));
        else if (state_of(kept.front()) == SnapshotState::ready) {
            request_deletion(kept.front());
            deleted.push_back(kept.front());
            kept.erase(kept.begin());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{moment(random)});
        if (coin(random) == 1) tools += worker.kill_tool("rbd") ? 1 : 0;
        else {
            worker.kill();
            ++kills;
            worker.start();
        }
        hasten();
    }
    BOOST_TEST_MESSAGE(kills << " kills of the worker, " << tools << " of its tool");
    const auto rests = [&](const domain::Snapshot& snapshot) {
        hasten();
        return state_of(snapshot) == SnapshotState::ready || state_of(snapshot) == SnapshotState::failed; // which it may after five tries
    };
    for (const auto& snapshot : kept)
        BOOST_TEST(becomes_true([&] { return rests(snapshot); }, 120s), domain::to_text(state_of(snapshot)) << ", seed " << seed);
    for (const auto& snapshot : deleted) becomes_in_a_hurry(*this, snapshot, SnapshotState::deleted);
    sweep();
    for (const auto& snapshot : kept) {
        const std::int64_t billed = state_of(snapshot) == SnapshotState::ready ? 1 : 0;
        BOOST_TEST((spans_of(snapshot) == billed && open_spans_of(snapshot) == billed), "seed " << seed);
    }
    for (const auto& snapshot : deleted) BOOST_TEST((spans_of(snapshot) == 1 && open_spans_of(snapshot) == 0), "seed " << seed);
}

// An image whose lock somebody holds who hangs: what was asked of it comes later, when nobody waits for it any more.
BOOST_FIXTURE_TEST_CASE(S13_what_comes_to_storage_after_it_failed_is_swept_and_what_is_lost_is_told, OnCeph)
{
    const auto late = taken(), lost = taken(), kept = taken();
    fake::change("UPDATE snapshots SET state = 'failed' WHERE uuid = ?", late.uuid);
    as_admin("rbd", {"snap", "rm", "--no-progress", spec() + "@" + lost.uuid.text()});
    sweep();
    BOOST_TEST(becomes(lost, SnapshotState::lost));
    BOOST_TEST(open_spans_of(lost) == 0);
    BOOST_TEST(in_storage() == Names{kept.uuid.text()});
}
