#include "fake/hosted_machine.h"
#include "fake/last_step.h"
#include "fake/printed_answers.h"
#include "fake/shared_world.h"

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>

// One snapshot for each request, billed once and not after its deletion, and a guest that is thawed within the bound, wherever the
// worker's process dies. Real processes and the real database; storage and guest are a folder, or storage is a real directory of qcow2
// files.
namespace {

using namespace std::chrono_literals;
using domain::SnapshotState;
using service::JobOutcome;
using store::Session;

/// A machine on a host, with two images, in a world that outlives its worker.
struct World : fake::HostedMachine {
    fake::SharedFolder folder{};
    fake::SharedStorage shared{folder.path()};
    fake::SharedGuest guest{folder.path()};
    std::string data = add_image(1, 20);
    service::SnapshotFulfilment work{fake::database(), shared, guest, clock};
    service::SnapshotRecovery recovery{fake::database(), guest};

    World()
    {
        for (const auto& name : {vm.text(), data}) shared.create_image(image(name), 20);
    }

    service::JobReport carry_out(service::SnapshotFulfilment& by, const domain::Uuid& snapshot) const
    {
        switch (row(snapshot).state) {
        case SnapshotState::restoring: return by.restore(snapshot);
        case SnapshotState::deleting: return by.remove(snapshot);
        default: return by.create(snapshot, false);
        }
    }
    static domain::Snapshot row(const domain::Uuid& snapshot)
    {
        return fake::in_transaction([&](Session& session) { return store::SnapshotStore{session}.by_uuid(snapshot).value(); });
    }
    static bool rests(const domain::Uuid& snapshot)
    {
        const auto state = row(snapshot).state;
        return state == SnapshotState::ready || state == SnapshotState::deleted || state == SnapshotState::failed;
    }
    /// A worker comes up when the lease is over.
    void recover(const domain::Uuid& snapshot)
    {
        fake::change("UPDATE snapshots SET lease_until = NOW(6) WHERE uuid = ? AND lease_until > NOW(6)", snapshot);
        recovery.work({});
        for (int turn = 0; turn < 20 && !rests(snapshot); ++turn) carry_out(work, snapshot);
    }
    /// "ready fs, 2 in storage, 1 billed": how it stands.
    std::string standing(const domain::Uuid& snapshot)
    {
        const auto is_listed = [&](const std::string& name) {
            return std::ranges::count(shared.list_snapshots(image(name)).names, snapshot.text());
        };
        const auto now = row(snapshot);
        return std::string{domain::to_text(now.state)} + ", " + std::to_string(is_listed(vm.text()) + is_listed(data)) + " in storage, "
            + std::to_string(fake::count("SELECT COUNT(*) FROM usage_spans WHERE resource_uuid = ? AND ended_at IS NULL", snapshot))
            + " of " + std::to_string(fake::count("SELECT COUNT(*) FROM usage_spans WHERE resource_uuid = ?", snapshot)) + " billed"
            + (guest.is_frozen() ? ", frozen" : "") + (machine_is_busy() ? ", busy" : "")
            + (fake::count("SELECT COUNT(*) FROM snapshots WHERE may_be_frozen AND uuid = ?", snapshot) > 0 ? ", to be thawed" : "");
    }
};

/// What a worker's process does, and how that must end.
struct Flow {
    const char* name{};
    gateway::GuestPower power{gateway::GuestPower::on};
    bool require_fs{false};
    SnapshotState from{SnapshotState::requested};
    std::string expected{"ready, 2 in storage, 1 of 1 billed"};
};

std::vector<Flow> flows()
{
    return {{.name = "taking, guest frozen"}, {.name = "taking, guest must be frozen", .require_fs = true},
        {.name = "taking, machine off", .power = gateway::GuestPower::off},
        {.name = "restoring", .power = gateway::GuestPower::off, .from = SnapshotState::restoring},
        {.name = "deleting", .from = SnapshotState::deleting, .expected = "deleted, 0 in storage, 0 of 1 billed"}};
}

domain::Uuid prepared(World& world, const Flow& flow)
{
    world.guest.switch_to(flow.power);
    const auto snapshot = world.requested_snapshot(world.vm_order);
    if (flow.require_fs) fake::change("UPDATE snapshots SET require_fs = TRUE WHERE uuid = ?", snapshot.uuid);
    if (flow.from != SnapshotState::requested) world.work.create(snapshot.uuid, false);
    if (flow.from == SnapshotState::restoring) world.request_restore(snapshot);
    if (flow.from == SnapshotState::deleting) world.request_deletion(snapshot);
    return snapshot.uuid;
}

int act(World& world, const domain::Uuid& snapshot, int step)
{
    try {
        store::Database database{fake::app().config.database, 2};
        service::SnapshotFulfilment work{database, world.shared, world.guest, world.clock};
        database.read([](Session& session) { store::select<std::int64_t>(session, "SELECT 1"); });
        const auto state = World::row(snapshot).state;
        fake::die_at(step);
        if (state == SnapshotState::restoring) work.restore(snapshot);
        else if (state == SnapshotState::deleting) work.remove(snapshot);
        else work.create(snapshot, false);
        fake::die_at(0);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "step %d: %s\n", step, error.what());
        return 3;
    }
}

/// A process of its own does the work and dies at the step. Returns false if it came through.
bool dies(World& world, const domain::Uuid& snapshot, int step)
{
    const auto child = ::fork();
    if (child == 0) {
        std::thread{[&] { ::_exit(act(world, snapshot, step)); }}.join(); // a thread shares no connection with the parent
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error{"waitpid"};
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGKILL;
    BOOST_TEST(WEXITSTATUS(status) == 0);
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(snapshot_crashes)

// S4, S10, S13, S23: killed before and after each statement to the database and each call of storage and guest.
BOOST_AUTO_TEST_CASE(S10_a_worker_may_be_killed_at_every_step)
{
    World world;
    std::printf("%-30s %6s %6s   %s\n", "killed at every step of", "kills", "wrong", "every one ends as");
    for (const auto& flow : flows()) {
        int kills = 0, wrong = 0;
        for (int step = 1;; ++step) {
            const auto snapshot = prepared(world, flow);
            const bool died = dies(world, snapshot, step);
            kills += died;
            world.recover(snapshot);
            const auto standing = world.standing(snapshot);
            const auto consistency = world.row(snapshot).consistency;
            BOOST_TEST(standing == flow.expected, flow.name << ", step " << step << ": " << standing);
            if (flow.require_fs) BOOST_TEST(consistency == "fs", "step " << step << ": " << consistency);
            wrong += standing != flow.expected || (flow.require_fs && consistency != "fs");
            if (World::row(snapshot).state == SnapshotState::ready) {
                world.request_deletion(World::row(snapshot));
                world.work.remove(snapshot);
            }
            if (!died) break;
        }
        BOOST_TEST(kills > 20);
        std::printf("%-30s %6d %6d   %s\n", flow.name, kills, wrong, flow.expected.c_str());
        std::fflush(stdout);
    }
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A machine with a real qcow2 file; its guest and its worker are killed at random.
struct Directory : fake::HostedMachine {
    fake::SharedFolder folder{};
    fake::SharedGuest guest{folder.path()};
    std::unique_ptr<gateway::StorageSet> storages{gateway::make_storage_set(folder.path())};
    service::Ordering generous{fake::database(), clock, {.per_machine = 1000, .between = 0s}};
    gateway::Storage& qcow2 = storages->of({.driver = domain::ClusterDriver::local});

    Directory()
    {
        std::filesystem::create_directory(folder.path() / pool.name);
        BOOST_TEST_REQUIRE((qcow2.create_image(image(), 1) == gateway::StorageAnswer::done));
        forget_jobs();
        fake::change("UPDATE snapshots SET state = 'failed' WHERE uuid = ?", requested.uuid); // the case makes its own
    }

    domain::Uuid ask_for_one(bool require)
    {
        const auto order = fake::in_transaction(
            [&](Session& session) { return generous.place(session, order_of(nico, "vm-snapshot", {.vm = vm})).order; });
        const auto snapshot = fake::in_transaction([&](Session& session) { return snapshots.of_order(session, order.id).uuid; });
        if (require) fake::change("UPDATE snapshots SET require_fs = TRUE WHERE uuid = ?", snapshot);
        return snapshot;
    }
    std::vector<domain::Uuid> in_state(const std::string& state) const
    {
        std::vector<domain::Uuid> uuids;
        for (const auto& [uuid] : fake::database().read([&](Session& session) {
                 return store::select<std::string>(
                     session, "SELECT uuid FROM snapshots WHERE machine_uuid = ? AND state = ? ORDER BY position", vm, state);
             }))
            uuids.push_back(domain::Uuid::parse(uuid).value());
        return uuids;
    }

    /// A worker's process, on connections of its own; it works until it is killed.
    [[noreturn]] void be_a_worker()
    {
        store::Database database{fake::app().config.database, 12};
        service::Billing its_billing{database, clock, {.vat = one_stop_shop}};
        service::Books its_books{database, clock};
        service::BillingRuns its_runs{database, clock, its_billing, its_books, true};
        service::Charging its_charging{database, gateway, clock};
        service::Collection its_collection{database, clock, its_charging, {{{"reminder", 10}}, "reminder"}};
        service::Refunds its_refunds{database, gateway, clock};
        service::PaymentMethods its_methods{database, cards, clock};
        service::OrderFulfilment its_orders{database, clock, its_billing, its_charging};
        service::MachineFulfilment its_machines{database, *storages, provisioners, clock};
        service::SnapshotFulfilment its_snapshots{database, *storages, guest, clock};
        service::SnapshotRecovery its_recovery{database, guest};
        service::Worker worker{database,
            {.orders = its_orders,
                .machines = its_machines,
                .snapshots = its_snapshots,
                .methods = its_methods,
                .billing = its_runs,
                .charging = its_charging,
                .collection = its_collection,
                .refunds = its_refunds,
                .bill_every = std::chrono::hours{1},
                .snapshot_recovery = &its_recovery},
            "killed"};
        worker.run(2);
        ::_exit(0);
    }
    pid_t start_worker()
    {
        const auto child = ::fork();
        if (child == 0) std::thread{[&] { be_a_worker(); }}.join(); // a thread shares no connection with the parent
        return child;
    }
    static void kill_it(pid_t child)
    {
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
    }
    std::int64_t under_way() const
    {
        return fake::count("SELECT COUNT(*) FROM snapshots WHERE machine_uuid = ? AND state NOT IN ('ready', 'deleted', 'failed')", vm);
    }
    /// Whatever pause they are in, and as if they were new: without the pauses a tool that was not yet gone would use all tries up.
    static void make_jobs_due()
    {
        fake::change("UPDATE jobs SET not_before = LEAST(not_before, NOW(6)), attempts = 0 WHERE state = 'queued'");
    }
    /// Gives up after a minute in which nothing came to its end.
    void let_it_rest() const
    {
        auto left = under_way();
        for (int look = 0; look < 1200 && left != 0; ++look) {
            std::this_thread::sleep_for(50ms);
            make_jobs_due();
            if (const auto now_left = under_way(); now_left != left) {
                left = now_left;
                look = 0;
            }
        }
    }
    /// Attempts that end by a kill count as all others: one kill more, and a snapshot would have failed by right.
    bool has_one_attempt_left() const
    {
        return fake::count("SELECT COUNT(*) FROM snapshots WHERE machine_uuid = ? AND attempts >= ?"
                           " AND state IN ('requested', 'freezing', 'creating', 'unknown')",
                   vm, domain::taking_limit - 1)
            > 0;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(snapshots_and_random_kills, Directory)

// S13, ceph-csi 446: create and delete with random kills; what storage lists is what the rows say.
BOOST_AUTO_TEST_CASE(S13_after_200_random_kills_storage_and_rows_agree)
{
    const char* given = std::getenv("TEST_SEED");
    const auto seed = given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    std::printf("random kills: TEST_SEED=%u\n", seed);
    std::fflush(stdout);
    std::mt19937 random{seed};
    constexpr int kills = 200;
    int asked = 0;
    for (int round = 0; round < kills; ++round) {
        const auto ready = in_state("ready");
        if (ready.size() < 3 || random() % 3 != 0) {
            ask_for_one(random() % 2 == 0);
            ++asked;
        } else {
            request_deletion({.uuid = ready[random() % ready.size()]});
        }
        const bool is_spared = has_one_attempt_left();
        const auto worker = start_worker();
        std::this_thread::sleep_for(std::chrono::milliseconds{30 + random() % 300});
        if (is_spared) let_it_rest();
        kill_it(worker);
        make_jobs_due();
    }
    const auto worker = start_worker();
    let_it_rest();
    kill_it(worker);
    BOOST_TEST(under_way() == 0, "TEST_SEED=" << seed);

    std::vector<std::string> ready;
    for (const auto& uuid : in_state("ready")) ready.push_back(uuid.text());
    auto listed = qcow2.list_snapshots(image()).names;
    std::ranges::sort(ready);
    std::ranges::sort(listed);
    BOOST_TEST(listed == ready, boost::test_tools::per_element());
    const auto failed = in_state("failed").size() - 1; // the fixture's
    BOOST_TEST(in_state("ready").size() + in_state("deleted").size() + failed == static_cast<std::size_t>(asked), "TEST_SEED=" << seed);
    BOOST_TEST(failed == 0u, "TEST_SEED=" << seed);
    const auto count_of = [&](const char* sql) { return fake::count(sql, vm); };
    // One span each, open as long as it is ready, closed with the request to delete.
    BOOST_TEST(
        count_of("SELECT COUNT(*) FROM snapshots s LEFT JOIN usage_spans u ON u.resource_uuid = s.uuid AND u.resource_kind = 'snapshot'"
                 " WHERE s.machine_uuid = ? AND s.state = 'ready' AND (u.id IS NULL OR u.ended_at IS NOT NULL)")
        == 0);
    BOOST_TEST(count_of("SELECT COUNT(*) FROM snapshots s JOIN usage_spans u ON u.resource_uuid = s.uuid"
                        " WHERE s.machine_uuid = ? AND s.state = 'deleted' AND (u.ended_at IS NULL OR u.ended_at <> s.delete_requested_at)")
        == 0);
    BOOST_TEST(count_of("SELECT COUNT(*) FROM (SELECT u.resource_uuid FROM usage_spans u JOIN snapshots s ON s.uuid = u.resource_uuid"
                        " WHERE s.machine_uuid = ? GROUP BY u.resource_uuid HAVING COUNT(*) > 1) twice")
        == 0);
    BOOST_TEST(count_of("SELECT COUNT(*) FROM snapshots WHERE machine_uuid = ? AND (may_be_frozen OR busy_machine IS NOT NULL)") == 0);
    BOOST_TEST(
        count_of("SELECT COUNT(*) FROM snapshots WHERE machine_uuid = ? AND state = 'ready' AND require_fs AND consistency <> 'fs'") == 0);
    BOOST_TEST(!guest.is_frozen());
    BOOST_TEST((guest.longest_frozen() < 27s), guest.longest_frozen().count() << " ms");
    std::printf("%d kills, %d snapshots asked for, %zu ready, %zu deleted; the guest was frozen for %lld ms at the longest\n", kills, asked,
        in_state("ready").size(), in_state("deleted").size(), static_cast<long long>(guest.longest_frozen().count()));
}

BOOST_AUTO_TEST_SUITE_END()
