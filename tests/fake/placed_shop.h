#pragma once
#include "fake/ceph.h"
#include "fake/shop.h"
#include "fake/worker_process.h"
#include "store/placement_store.h"
#include "store/snapshot_record_store.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

namespace fake {

/// What the clock of the worker says.
inline domain::Instant now() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

/// A shop of today whose machines have their images in storages that are really there. The members' side is called, all else is done by
/// a worker's process.
struct PlacedShop : Shop {
    PlacedShop()
    {
        forget_jobs(); // of other cases
        clock.set(now());
    }

    /// A place for images: a cluster of its own with one pool, into which nothing comes by itself.
    static domain::Pool new_pool(domain::Cluster cluster, const std::string& name)
    {
        cluster.name = "c" + gateway::random_uuid().text().substr(0, 13);
        cluster.enabled = false;
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

    /// An order of a machine that has one GiB in each of the pools.
    domain::Order ordered_machine(const std::vector<domain::Pool>& pools)
    {
        const auto membership = join(nico);
        if (membership.is_new) orders_work.start(membership.order.uuid);
        auto command = Shop::machine_of(nico);
        command.parameters.os_disk_gb = 1;
        const auto order = place(command).order;
        orders_work.start(order.uuid);
        const auto machine = Shop::machine_of(order).uuid;
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

    domain::Snapshot ordered_snapshot(const domain::Uuid& machine, bool require_fs = false)
    {
        const auto order = place(order_of(nico, "vm-snapshot", {.vm = machine, .require_fs = require_fs})).order;
        return in_transaction([&](store::Session& session) { return snapshots.of_order(session, order.id); });
    }

    static domain::SnapshotState state_of(const domain::Snapshot& snapshot) { return read(snapshot).state; }

    /// What waits for a later moment of the worker's is due now.
    static void hasten() { fake::change("UPDATE jobs SET not_before = NOW(6) WHERE state = 'queued' AND not_before > NOW(6)"); }

    static std::int64_t spans_of(const domain::Snapshot& snapshot)
    {
        return count("SELECT COUNT(*) FROM usage_spans WHERE resource_kind = 'snapshot' AND resource_uuid = ?", snapshot.uuid);
    }
    static std::int64_t open_spans_of(const domain::Snapshot& snapshot)
    {
        return count(
            "SELECT COUNT(*) FROM usage_spans WHERE resource_kind = 'snapshot' AND resource_uuid = ? AND ended_at IS NULL", snapshot.uuid);
    }
};

/// Looks ten times a second.
template <class Condition> bool becomes_true(const Condition& condition, std::chrono::seconds patience)
{
    for (const auto deadline = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < deadline;
         std::this_thread::sleep_for(std::chrono::milliseconds{100}))
        if (condition()) return true;
    return condition();
}

} // namespace fake
