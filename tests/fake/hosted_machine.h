#pragma once
#include "fake/shop.h"
#include "store/placement_store.h"

namespace fake {

/// A machine that runs on a host of its own, which tells of its guest, and a snapshot of it that was asked for. Its images are in a pool
/// of its own.
struct HostedMachine : Shop {
    domain::Order vm_order = active_machine();
    domain::Uuid vm = machine_of(vm_order).uuid;
    domain::Pool pool = own_pool();
    domain::Host host = own_host();
    domain::Snapshot requested = requested_snapshot(vm_order);

    HostedMachine() { switch_to(gateway::GuestPower::on); }

    void switch_to(gateway::GuestPower power) { guests.switch_to(vm, power); }

    static std::int64_t local_cluster()
    {
        return in_transaction([](store::Session& session) { return store::PlacementStore{session}.cluster("local").value().id; });
    }
    domain::Host own_host() const
    {
        domain::Host added{.cluster = local_cluster(), .name = new_name(), .agent = domain::HostAgent::qmp, .endpoint = "/nowhere"};
        in_transaction([&](store::Session& session) {
            store::PlacementStore placement{session};
            added.id = placement.add(added).value();
            placement.move_machine(vm, added.id);
        });
        return added;
    }
    domain::Pool own_pool()
    {
        domain::Pool added{.cluster = local_cluster(), .name = new_name(), .enabled = false};
        in_transaction([&](store::Session& session) { added.id = store::PlacementStore{session}.add(added).value(); });
        fake::change("UPDATE machine_images SET pool_id = ? WHERE machine_uuid = ?", added.id, vm);
        storage.create_image({.pool = added.name, .name = vm.text()}, 20);
        return added;
    }
    /// @returns its name
    std::string add_image(int ordinal, int size_gib)
    {
        const auto name = new_name();
        in_transaction([&](store::Session& session) { store::PlacementStore{session}.add_image(vm, ordinal, pool.id, name, size_gib); });
        storage.create_image({.pool = pool.name, .name = name}, size_gib);
        return name;
    }

    gateway::Image image(const std::string& name) const { return {.pool = pool.name, .name = name}; }
    gateway::Image image() const { return image(vm.text()); }
    std::vector<std::string> in_storage(const std::string& name) { return storage.list_snapshots(image(name)).names; }
    std::vector<std::string> in_storage() { return in_storage(vm.text()); }

    service::JobReport create(bool last_try = false) { return snapshots_work.create(requested.uuid, last_try); }
    domain::SnapshotState state() const { return read(requested).state; }
    std::string error() const { return read(requested).error; }
    std::string consistency() const { return read(requested).consistency; }
    bool is_frozen() const { return guests.is_frozen(vm); }
    FakeGuest::State guest() const { return guests.state(vm); }
    void require_fs() const { fake::change("UPDATE snapshots SET require_fs = TRUE WHERE uuid = ?", requested.uuid); }
    void lease_runs_out() const { fake::change("UPDATE snapshots SET lease_until = NOW(6) WHERE uuid = ?", requested.uuid); }
    bool may_be_frozen() const { return count("SELECT may_be_frozen FROM snapshots WHERE uuid = ?", requested.uuid) == 1; }
    bool machine_is_busy() const { return count("SELECT COUNT(*) FROM snapshots WHERE busy_machine = ?", vm) == 1; }
    std::int64_t spans() const { return count("SELECT COUNT(*) FROM usage_spans WHERE resource_uuid = ?", requested.uuid); }

    /// In a transaction, with the snapshot as its row is.
    template <class Work> auto with_row(const Work& work) const
    {
        return in_transaction([&](store::Session& session) {
            store::SnapshotStore store{session};
            return work(store, store.by_uuid(requested.uuid).value());
        });
    }
};

} // namespace fake
