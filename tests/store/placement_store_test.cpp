#include "store/placement_store.h"

#include "fake/test_database.h"
#include "store/machine_store.h"

#include <boost/test/unit_test.hpp>

namespace {

using store::PlacementStore;
using store::Session;

template <class Work> auto with_store(const Work& work)
{
    return fake::in_transaction([&](Session& session) {
        PlacementStore placement{session};
        return work(placement);
    });
}

/// A cluster of its own with a pool and a host, and a machine that is nowhere yet.
struct Cluster {
    Cluster()
    {
        cluster = {.name = fake::new_name(), .driver = domain::ClusterDriver::rbd, .location = "/etc/ceph/a.conf", .ceph_user = "worker"};
        cluster.enabled = false; // other cases' machines must not come here
        cluster.id = with_store([&](PlacementStore& placement) { return placement.add(cluster).value(); });
        pool.cluster = host.cluster = cluster.id;
        pool.id = with_store([&](PlacementStore& placement) { return placement.add(pool).value(); });
        host.id = with_store([&](PlacementStore& placement) { return placement.add(host).value(); });
    }

    domain::Uuid new_machine() const
    {
        const auto order = fake::added(fake::machine_order(member));
        const domain::Machine added{.uuid = gateway::random_uuid(), .member = member, .order = order.id, .parameters = order.parameters};
        fake::in_transaction([&](Session& session) { BOOST_TEST_REQUIRE(store::MachineStore{session}.add(added, fake::monday)); });
        return added.uuid;
    }
    static std::vector<domain::PlacedImage> images_of(const domain::Uuid& machine)
    {
        return with_store([&](PlacementStore& placement) { return placement.images_of(machine); });
    }

    domain::MemberId member = fake::new_member().member;
    domain::Cluster cluster{};
    domain::Pool pool{.name = "vms", .pool_namespace = "tenant"};
    domain::Host host{.name = "node1", .agent = domain::HostAgent::qmp, .endpoint = "/run/vm"};
    domain::Uuid machine = new_machine();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(placement_store, Cluster)

// Who had machines before there were clusters finds them in the directory where they are.
BOOST_AUTO_TEST_CASE(there_is_a_local_cluster_with_the_directory_itself_as_its_pool)
{
    const auto local = with_store([&](PlacementStore& placement) { return placement.cluster("local"); });
    BOOST_TEST_REQUIRE(local.has_value());
    BOOST_TEST((local->driver == domain::ClusterDriver::local));
    BOOST_TEST(local->location == "");
    const auto chosen = with_store([&](PlacementStore& placement) { return placement.pool_for_new(); });
    BOOST_TEST_REQUIRE(chosen.has_value());
    BOOST_TEST(chosen->cluster == local->id);
    BOOST_TEST(chosen->name == ".");
}

BOOST_AUTO_TEST_CASE(names_are_taken_once)
{
    with_store([&](PlacementStore& placement) {
        BOOST_TEST(!placement.add(cluster).has_value());
        BOOST_TEST(!placement.add(pool).has_value());
        BOOST_TEST(!placement.add(host).has_value());
        auto whole_pool = pool;
        whole_pool.pool_namespace = "";
        BOOST_TEST(placement.add(whole_pool).has_value());
        BOOST_TEST(placement.pools(cluster.id).size() == 2u);
        BOOST_TEST(placement.hosts(cluster.id).size() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_machines_images_are_told_with_all_that_leads_to_them)
{
    with_store([&](PlacementStore& placement) {
        BOOST_TEST(placement.add_image(machine, 1, pool.id, "data-" + machine.text(), 100));
        BOOST_TEST(placement.add_image(machine, 0, pool.id, machine.text(), 20));
        BOOST_TEST(!placement.add_image(machine, 0, pool.id, "another", 20));
    });
    auto images = images_of(machine);
    BOOST_TEST_REQUIRE(images.size() == 2u);
    BOOST_TEST(images[0].name == machine.text());
    BOOST_TEST(images[0].size_gib == 20);
    BOOST_TEST(images[1].ordinal == 1);
    BOOST_TEST(images[1].pool.name == "vms");
    BOOST_TEST(images[1].pool.pool_namespace == "tenant");
    BOOST_TEST((images[1].cluster == cluster));
    BOOST_TEST(!images[0].host.has_value());

    with_store([&](PlacementStore& placement) { placement.move_machine(machine, host.id); });
    images = images_of(machine);
    BOOST_TEST_REQUIRE(images[0].host.has_value());
    BOOST_TEST((*images[0].host == host));
    BOOST_TEST((with_store([&](PlacementStore& placement) { return placement.host_of(machine); }) == host));
    with_store([&](PlacementStore& placement) { placement.move_machine(machine, std::nullopt); });
    BOOST_TEST(!images_of(machine)[0].host.has_value());
}

BOOST_AUTO_TEST_CASE(one_pool_has_a_name_once)
{
    const auto other = new_machine();
    with_store([&](PlacementStore& placement) {
        BOOST_TEST(placement.add_image(machine, 0, pool.id, machine.text(), 20));
        BOOST_TEST(!placement.add_image(other, 0, pool.id, machine.text(), 20));
    });
}

BOOST_AUTO_TEST_CASE(a_pools_images_come_by_pages_without_those_of_deleted_machines)
{
    std::vector<domain::Uuid> machines;
    for (int i = 0; i < 3; ++i) machines.push_back(new_machine());
    with_store([&](PlacementStore& placement) {
        for (const auto& each : machines) placement.add_image(each, 0, pool.id, each.text(), 20);
    });
    fake::change("UPDATE machines SET state = 'deleted' WHERE uuid = ?", machines[1]);
    const auto page = [&](std::int64_t after) {
        return with_store([&](PlacementStore& placement) { return placement.images_in(pool.id, after, 1); });
    };
    const auto first = page(0);
    BOOST_TEST_REQUIRE(first.size() == 1u);
    BOOST_TEST(first[0].name == machines[0].text());
    const auto second = page(first[0].id);
    BOOST_TEST_REQUIRE(second.size() == 1u);
    BOOST_TEST(second[0].name == machines[2].text());
    BOOST_TEST(page(second[0].id).empty());
}

BOOST_AUTO_TEST_CASE(what_an_operator_changes_is_kept)
{
    cluster.location = "/etc/ceph/b.conf";
    host.agent = domain::HostAgent::virsh;
    host.enabled = false;
    with_store([&](PlacementStore& placement) {
        placement.update(cluster);
        placement.update(host);
        placement.enable_pool(pool.id, false);
        BOOST_TEST(placement.cluster(cluster.name)->location == "/etc/ceph/b.conf");
        BOOST_TEST((placement.hosts(cluster.id)[0] == host));
        BOOST_TEST(!placement.pools(cluster.id)[0].enabled);
        BOOST_TEST(placement.may_freeze(machine));
    });
    fake::change("UPDATE machines SET freezes = FALSE WHERE uuid = ?", machine);
    BOOST_TEST(!with_store([&](PlacementStore& placement) { return placement.may_freeze(machine); }));
}

BOOST_AUTO_TEST_SUITE_END()
