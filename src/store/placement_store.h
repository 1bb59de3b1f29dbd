#pragma once
#include "domain/placement.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// Rows of `clusters`, `pools`, `hosts` and `machine_images`.
class PlacementStore {
public:
    explicit PlacementStore(Session& session) : session_{session} {}

    std::vector<domain::Cluster> clusters();
    std::optional<domain::Cluster> cluster(const std::string& name);

    /// Adds it. nullopt if the name is taken; else its number.
    std::optional<std::int64_t> add(const domain::Cluster& cluster);
    void update(const domain::Cluster& cluster);

    std::vector<domain::Pool> pools();
    std::vector<domain::Pool> pools(std::int64_t cluster);

    /// Adds it. nullopt if the cluster has it; else its number.
    std::optional<std::int64_t> add(const domain::Pool& pool);
    void enable_pool(std::int64_t pool, bool enabled);

    /// The oldest enabled pool of an enabled cluster: where a new machine's image goes.
    std::optional<domain::Pool> pool_for_new();

    std::vector<domain::Host> hosts();
    std::vector<domain::Host> hosts(std::int64_t cluster);

    /// Adds it. nullopt if the cluster has one of the name; else its number.
    std::optional<std::int64_t> add(const domain::Host& host);
    void update(const domain::Host& host);

    /// Says where the machine runs; nullopt: nowhere.
    void move_machine(const domain::Uuid& machine, std::optional<std::int64_t> host);

    /// The host of the machine, if it runs anywhere.
    std::optional<domain::Host> host_of(const domain::Uuid& machine);

    /// False: the machine's guest must not be frozen.
    bool may_freeze(const domain::Uuid& machine);
    void let_freeze(const domain::Uuid& machine, bool freezes);

    /// Adds an image to a machine. Returns false if the pool has one of the name, or the machine one of the ordinal.
    bool add_image(const domain::Uuid& machine, int ordinal, std::int64_t pool, const std::string& name, int size_gib);

    /// The machine's images by ordinal, also of a deleted machine.
    std::vector<domain::PlacedImage> images_of(const domain::Uuid& machine);

    /// The newest of all, also of deleted machines.
    std::vector<domain::PlacedImage> newest_images(int limit);

    /// Images of machines that are not deleted, by number, from the first after `after`: for reconciling pool by pool.
    std::vector<domain::PlacedImage> images_in(std::int64_t pool, std::int64_t after, int limit);

    void note_size(std::int64_t image, int size_gib);

    /// The first that keep a pool or a host from being removed, as people call them: images of machines, machines.
    std::vector<std::string> users_of_pool(std::int64_t pool, int limit);
    std::vector<std::string> users_of_host(std::int64_t host, int limit);

    /// Snapshots of the machine that are not deleted.
    std::vector<std::string> snapshots_of(const domain::Uuid& machine, int limit);

    // Remove the row alone, and what deleted machines say of it. False if something else refers to it.
    bool remove_cluster(std::int64_t cluster);
    bool remove_pool(std::int64_t pool);
    bool remove_host(std::int64_t host);
    bool remove_image(std::int64_t image);

private:
    Session& session_;
};

} // namespace store
