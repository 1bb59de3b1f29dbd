#pragma once
#include "fake/ceph.h"
#include "fake/shop.h"
#include "gateway/guest.h"
#include "store/placement_store.h"
#include "store/provisioning_store.h"

#include <algorithm>
#include <string>
#include <vector>

namespace fake {

/// A shop whose machines' images are in a storage that is really there, and on hosts that are really asked: what the worker does
/// goes through all of it.
struct PlacedShop : Shop {
    std::unique_ptr<gateway::StorageSet> storages = gateway::make_storage_set("/nowhere");
    std::unique_ptr<gateway::GuestSet> guests = gateway::make_guest_set();
    service::MachineFulfilment machines_placed{database(), *storages, provisioners, clock};
    service::SnapshotFulfilment snapshots_placed{database(), *storages, *guests, clock};

    /// A place for images: a cluster of its own with one pool.
    static domain::Pool new_pool(domain::Cluster cluster, const std::string& name)
    {
        cluster.name = "c" + gateway::random_uuid().text().substr(0, 13);
        cluster.enabled = false; // of this shop alone
        return in_transaction([&](store::Session& session) {
            store::PlacementStore placement{session};
            domain::Pool pool{.name = name};
            pool.cluster = placement.add(cluster).value();
            pool.id = placement.add(pool).value();
            return pool;
        });
    }

    /// The pool vms of the real Ceph, as that user finds it.
    static domain::Pool ceph_pool(const std::string& user)
    {
        return new_pool({.driver = domain::ClusterDriver::rbd, .location = ceph_conf(), .ceph_user = user}, "vms");
    }

    static domain::Pool directory_pool(const std::string& directory)
    {
        return new_pool({.driver = domain::ClusterDriver::local, .location = directory}, ".");
    }

    /// An order of a machine, which has one GiB in each of the pools and is not made yet.
    domain::Order placed_machine(const std::vector<domain::Pool>& pools)
    {
        const auto membership = join(nico);
        if (membership.is_new) orders_work.start(membership.order.uuid);
        auto command = machine_of(nico);
        command.parameters.os_disk_gb = 1;
        const auto order = place(command).order;
        orders_work.start(order.uuid);
        const auto machine = machine_of(order).uuid;
        in_transaction([&](store::Session& session) {
            for (std::size_t i = 0; i < pools.size(); ++i)
                store::PlacementStore{session}.add_image(machine, static_cast<int>(i), pools[i].id, image_name(machine, i), 1);
        });
        return order;
    }
    static std::string image_name(const domain::Uuid& machine, std::size_t ordinal)
    {
        return machine.text() + (ordinal == 0 ? "" : "-" + std::to_string(ordinal));
    }

    void make(const domain::Order& machine) { machines_placed.create(machine_of(machine).uuid, false); }

    domain::Snapshot ordered_snapshot(const domain::Order& machine, bool require_fs = false)
    {
        const auto order = place(order_of(nico, "vm-snapshot", {.vm = machine_of(machine).uuid, .require_fs = require_fs})).order;
        return in_transaction([&](store::Session& session) { return snapshots.of_order(session, order.id); });
    }
};

} // namespace fake
