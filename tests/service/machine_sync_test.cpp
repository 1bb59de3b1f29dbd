#include "service/machine_sync.h"

#include "fake/fake_provisioner.h"
#include "fake/shop.h"
#include "service/placement.h"
#include "store/collection_store.h"
#include "store/provisioning_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using domain::MachineState;
using fake::count;
using gateway::ProvisionPower;
using gateway::ProvisionVerb;
using store::Session;

/// Hosts whose machines are as a case says.
class FakeGuests final : public gateway::GuestSet, public gateway::Guest {
public:
    gateway::Guest& of(const domain::Host&) override { return *this; }
    gateway::GuestPower power(const domain::Uuid&) override
    {
        ++asked;
        return now;
    }
    gateway::Freeze freeze(const domain::Uuid&) override { return {}; }
    gateway::Thaw thaw(const domain::Uuid&) override { return {}; }
    gateway::FreezeStatus status(const domain::Uuid&) override { return gateway::FreezeStatus::unknown; }

    gateway::GuestPower now{gateway::GuestPower::unknown};
    int asked{0};
};

/// One machine by a program, on a database where others left theirs.
struct Synced : fake::Shop {
    fake::FakeProvisioner* program{nullptr};
    FakeGuests guests{};
    domain::Order order{};
    domain::Uuid vm{};
    service::MachineSync sync{fake::database(), storage, guests, provisioners, clock};
    service::Placement placement{fake::database(), clock};

    Synced()
    {
        auto made = std::make_unique<fake::FakeProvisioner>();
        program = made.get();
        provisioners.add("ipv6-only-vm", {std::move(made), true});
        order = active_machine();
        vm = machine_of(order).uuid;
    }

    /// What is told of this name.
    std::vector<domain::SyncFinding> findings(const std::string& name)
    {
        auto all = sync.look();
        std::erase_if(all, [&](const auto& finding) { return finding.name != name; });
        return all;
    }
    std::string faults(const std::string& name)
    {
        std::string text;
        for (const auto& finding : findings(name)) text += std::string{domain::to_text(finding.fault)} + ' ';
        return text;
    }
    std::string repaired(const std::string& name)
    {
        std::string text;
        for (auto& finding : findings(name)) {
            sync.repair(finding, "cli:test");
            text += std::string{domain::to_text(finding.fault)} + ": " + finding.repair + (finding.repaired ? "; " : " (not); ");
        }
        return text;
    }
    std::string name() const { return vm.text(); }
    void end_order()
    {
        cancel(order);
        orders_work.end(order.uuid);
        machines_work.adjust(vm, false);
        BOOST_TEST_REQUIRE((machine_of(order).state == MachineState::deleted));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(machine_sync, Synced)

BOOST_AUTO_TEST_CASE(what_agrees_is_not_told)
{
    // The host of the listing is none of ours yet.
    BOOST_TEST(faults(name()) == "host_differs ");
    BOOST_TEST(repaired(name()) == "host_differs: no host of this name: uncloud host add (not); ");
}

BOOST_AUTO_TEST_CASE(where_a_machine_runs_is_noted)
{
    fake::change("INSERT IGNORE INTO hosts (cluster_id, name) SELECT id, 'host-1' FROM clusters WHERE name = 'local'");
    BOOST_TEST(repaired(name()) == "host_differs: noted; ");
    BOOST_TEST(faults(name()) == "");
    BOOST_TEST(count("SELECT COUNT(*) FROM audit_log WHERE action = 'vm.sync' AND subject = ?", name()) == 1);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_missing_is_told_and_never_made)
{
    storage.remove_image(storage.in_default_pool(name()));
    BOOST_TEST(faults(name()).find("image_missing ") != std::string::npos);
    repaired(name());
    BOOST_TEST(!storage.has_image(name()));
}

BOOST_AUTO_TEST_CASE(an_image_of_nobody_is_told_and_never_removed)
{
    const auto stray = gateway::random_uuid().text();
    storage.create_image(storage.in_default_pool(stray), 1);
    BOOST_TEST(faults(stray) == "image_stray ");
    BOOST_TEST(repaired(stray) == "image_stray:  (not); ");
    BOOST_TEST(storage.has_image(stray));
}

// Bytes are removed by a command about this machine alone, never by a comparison.
BOOST_AUTO_TEST_CASE(what_is_left_of_a_deleted_machine_is_told_and_goes_when_an_operator_says_so)
{
    end_order();
    storage.create_image(storage.in_default_pool(name()), 1);
    program->put(vm, ProvisionPower::running);
    BOOST_TEST(faults(name()) == "image_left machine_left ");
    BOOST_TEST(repaired(name()) == "image_left:  (not); machine_left:  (not); ");
    BOOST_TEST(storage.has_image(name()));
    BOOST_TEST(program->machines() == 1u);

    const auto end = [&] { fake::in_transaction([&](Session& session) { placement.end_machine(session, vm, "cli:test"); }); };
    end();
    BOOST_TEST(jobs("machine_delete", vm) == 2); // the order's end, and this
    machines_work.adjust(vm, false);
    BOOST_TEST(!storage.has_image(name()));
    BOOST_TEST(program->machines() == 0u);
    BOOST_TEST(faults(name()) == "");
    end(); // whatever is left or not
    BOOST_TEST((machines_work.adjust(vm, false).outcome == service::JobOutcome::done));
    BOOST_TEST((machine_of(order).state == MachineState::deleted));
}

BOOST_AUTO_TEST_CASE(a_machine_whose_order_runs_is_not_ended)
{
    const auto refusal =
        fake::refusal_of([&] { fake::in_transaction([&](Session& session) { placement.end_machine(session, vm, "cli:test"); }); });
    BOOST_TEST((refusal == domain::Reason::order_state));
    BOOST_TEST((machine_of(order).state == MachineState::active));
    BOOST_TEST(jobs("machine_delete", vm) == 0);
}

BOOST_AUTO_TEST_CASE(an_image_with_snapshots_stays)
{
    end_order();
    const auto image = storage.in_default_pool(name());
    storage.create_image(image, 1);
    storage.create_snapshot(image, gateway::random_uuid().text());
    fake::in_transaction([&](Session& session) { placement.end_machine(session, vm, "cli:test"); });
    BOOST_TEST(machines_work.adjust(vm, false).error == "vm_has_snapshots");
    BOOST_TEST(storage.has_image(name()));
}

BOOST_AUTO_TEST_CASE(machines_that_are_missing_or_nobodys_are_told_alone)
{
    const auto stray = gateway::random_uuid();
    program->put(stray, ProvisionPower::running);
    program->forget(vm);
    BOOST_TEST(faults(stray.text()) == "machine_stray ");
    BOOST_TEST(faults(name()) == "machine_missing ");
    repaired(stray.text());
    repaired(name());
    BOOST_TEST(program->machines() == 1u);
    BOOST_TEST(program->calls(ProvisionVerb::terminate) == 0);
}

// One program for two products lists the machines of both.
BOOST_AUTO_TEST_CASE(a_machine_of_another_product_is_no_stray)
{
    const auto hosting = active(order_of(nico, "django-hosting", {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"}));
    const auto other = machine_of(hosting).uuid;
    program->put(other, ProvisionPower::running);
    BOOST_TEST(faults(other.text()).find("machine_stray") == std::string::npos);
}

// Somebody switched it on by hand while its order is suspended.
BOOST_AUTO_TEST_CASE(a_machine_that_runs_against_its_order_is_stopped_by_a_job)
{
    fake::in_transaction([&](Session& session) {
        store::CollectionStore{session}.suspend({nico.member}, "not paid", clock.now());
        store::ProvisioningStore{session}.follow_orders({nico.member});
    });
    machines_work.adjust(vm, false);
    program->put(vm, ProvisionPower::running);
    BOOST_TEST(faults(name()) == "power_differs host_differs ");
    repaired(name());
    BOOST_TEST(jobs("machine_suspend", vm) == 1);
    machines_work.adjust(vm, false);
    BOOST_TEST((program->machine(vm)->power == ProvisionPower::suspended));
}

// Nothing is concluded from a storage or a program that does not answer.
BOOST_AUTO_TEST_CASE(silence_is_no_absence)
{
    program->list_answer = gateway::ProvisionAnswer::unavailable;
    const auto pools = count("SELECT COUNT(*) FROM pools");
    for (int i = 0; i < pools; ++i) storage.answer_next(fake::FakeStorage::Verb::list_images, gateway::StorageAnswer::unavailable);
    const auto all = sync.look();
    for (const auto& finding : all) {
        using enum domain::SyncFault;
        const bool is_silence =
            finding.fault == storage_unreadable || finding.fault == program_unreadable || finding.fault == host_unreadable;
        BOOST_TEST(is_silence, domain::to_text(finding.fault) << ' ' << finding.name);
    }
    const auto hosts = count("SELECT COUNT(DISTINCT h.id) FROM hosts h JOIN machines m ON m.host_id = h.id"
                             " WHERE h.agent <> 'none' AND m.state IN ('active', 'stopped', 'suspended')");
    BOOST_TEST(all.size() == static_cast<std::size_t>(pools + hosts) + 1);
}

BOOST_AUTO_TEST_CASE(a_silent_host_is_told_of_and_not_waited_for_with_each_of_its_machines)
{
    fake::change("INSERT IGNORE INTO hosts (cluster_id, name, agent) SELECT id, 'host-3', 'qmp' FROM clusters WHERE name = 'local'");
    fake::change("UPDATE machines SET host_id = NULL");
    const auto on_it = [](const domain::Uuid& machine) {
        fake::change("UPDATE machines SET power = 'on', host_id = (SELECT id FROM hosts WHERE name = 'host-3') WHERE uuid = ?", machine);
    };
    on_it(vm);
    for (int i = 0; i < 4; ++i) on_it(machine_of(active_machine()).uuid);
    const auto told = [&] {
        std::string text;
        for (const auto& finding : sync.look())
            if (finding.place == "local/host-3") text += std::string{domain::to_text(finding.fault)} + ": " + finding.detail;
        return text;
    };
    BOOST_TEST(told() == "host_unreadable: tells of 0 of 5 machines");
    BOOST_TEST(guests.asked == 3);
    guests.now = gateway::GuestPower::on;
    BOOST_TEST(told() == "");
    fake::change("UPDATE machines SET host_id = NULL");
}

BOOST_AUTO_TEST_CASE(whether_a_machine_runs_is_noted_as_its_host_tells_it)
{
    fake::change("INSERT IGNORE INTO hosts (cluster_id, name, agent) SELECT id, 'host-2', 'qmp' FROM clusters WHERE name = 'local'");
    fake::change("UPDATE machines SET power = 'off', host_id = (SELECT id FROM hosts WHERE name = 'host-2') WHERE uuid = ?", vm);
    guests.now = gateway::GuestPower::unknown;
    BOOST_TEST(faults(name()).find("power_unnoted") == std::string::npos);
    guests.now = gateway::GuestPower::paused;
    BOOST_TEST(repaired(name()).find("power_unnoted: noted; ") != std::string::npos);
    BOOST_TEST(fake::text("SELECT power FROM machines WHERE uuid = ?", vm) == "paused");
    BOOST_TEST(faults(name()).find("power_unnoted") == std::string::npos);
    fake::change("UPDATE machines SET host_id = NULL WHERE uuid = ?", vm);
}

BOOST_AUTO_TEST_SUITE_END()
