#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

// What operators say of clusters, pools, hosts and images, and what members see of how their things are made.
namespace {

std::string uncloud(const std::string& arguments)
{
    return shell(environment("BUILD") + "/bin/uncloud " + arguments + " 2>&1; echo \"exit $?\"");
}

bool says(const std::string& output, const std::string& text) { return output.find(text) != std::string::npos; }

std::string image_of(const std::string& vm) { return environment("TEST_VAR") + "/images/" + vm + ".qcow2"; }

/// What `vm sync` says of this name, its exit status at the end.
std::string sync_line(const std::string& name, const std::string& arguments = "")
{
    return shell(environment("BUILD") + "/bin/uncloud vm sync " + arguments + " | grep -F " + name + " || true");
}

} // namespace

BOOST_AUTO_TEST_SUITE(placement)

BOOST_AUTO_TEST_CASE(the_default_cluster_is_there)
{
    BOOST_TEST(says(uncloud("cluster list"), "local"));
    BOOST_TEST(says(uncloud("pool list --format json"), "\"local\""));
}

BOOST_AUTO_TEST_CASE(clusters_pools_and_hosts_are_added_and_changed)
{
    const auto name = "c" + fresh_uuid().substr(0, 13);
    BOOST_TEST(
        says(uncloud("cluster add " + name + " --driver rbd --location /etc/ceph/x.conf --ceph-user billing --enabled no"), "exit 0"));
    BOOST_TEST(says(uncloud("cluster add " + name + " --driver rbd --location /etc/ceph/x.conf --ceph-user billing"), "exit 5"));
    BOOST_TEST(says(uncloud("cluster set " + name + " --location /etc/ceph/y.conf"), "exit 0"));
    BOOST_TEST(says(uncloud("cluster list"), "/etc/ceph/y.conf"));
    BOOST_TEST(says(uncloud("pool add " + name + " vms --namespace ns1 --enabled no"), "exit 0"));
    BOOST_TEST(says(uncloud("pool add " + name + " vms --namespace ns1"), "exit 5"));
    BOOST_TEST(says(uncloud("pool set " + name + " other --enabled no"), "exit 4"));
    BOOST_TEST(says(uncloud("host add " + name + " kvm1 --agent virsh --endpoint qemu+tls://kvm1/system"), "exit 0"));
    BOOST_TEST(says(uncloud("host set " + name + " kvm1 --enabled no"), "exit 0"));
    BOOST_TEST(says(uncloud("host list --format json"), "qemu+tls://kvm1/system"));
    BOOST_TEST(says(the_operator.get("/admin/audit-log?limit=20").body, "host.set"));

    const auto used = uncloud("cluster remove " + name);
    BOOST_TEST(says(used, "is in use by pool " + name + "/vms/ns1, host " + name + "/kvm1"), used);
    BOOST_TEST(says(used, "exit 5"));
    BOOST_TEST(says(uncloud("host remove " + name + " kvm1"), "exit 0"));
    BOOST_TEST(says(uncloud("host remove " + name + " kvm1"), "exit 4"));
    BOOST_TEST(says(uncloud("pool remove " + name + " vms"), "exit 4")); // of another namespace
    BOOST_TEST(says(uncloud("pool remove " + name + " vms --namespace ns1"), "exit 0"));
    BOOST_TEST(says(uncloud("cluster remove " + name), "exit 0"));
    BOOST_TEST(!says(uncloud("cluster list"), name));
}

BOOST_AUTO_TEST_CASE(what_is_in_use_is_not_forgotten)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    BOOST_TEST(says(uncloud("cluster remove local"), "is in use by pool local/."));
    BOOST_TEST(says(uncloud("pool remove local ."), "of machine "));
    BOOST_TEST(says(uncloud("image remove " + vm + " --ordinal 0"), "pays for"));
    BOOST_TEST(says(uncloud("image remove " + vm + " --ordinal 1"), "uncloud image list --vm " + vm));

    const auto host = "h" + fresh_uuid().substr(0, 13);
    BOOST_TEST(says(uncloud("host add local " + host), "exit 0"));
    BOOST_TEST(says(uncloud("vm set " + vm + " --host local/" + host), "exit 0"));
    BOOST_TEST(says(uncloud("host remove local " + host), "is in use by machine " + vm));
    BOOST_TEST(says(uncloud("vm set " + vm + " --host none"), "exit 0"));
    BOOST_TEST(says(uncloud("host remove local " + host), "exit 0"));

    BOOST_TEST(says(uncloud("image add " + vm + " --ordinal 1 --cluster local --pool . --name " + host + " --size 1"), "exit 0"));
    BOOST_TEST(says(uncloud("image list --vm " + vm), host));
    BOOST_TEST(says(uncloud("image remove " + vm + " --ordinal 1"), "its bytes stay"));
    BOOST_TEST(!says(uncloud("image list --vm " + vm), host));

    BOOST_TEST(says(uncloud("vm end " + vm), "the order of this machine is not over"));
    BOOST_TEST(says(uncloud("vm stop " + fresh_uuid()), "exit 4"));
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused_with_its_reason)
{
    BOOST_TEST(says(uncloud("cluster add 'a b'"), "exit 2"));
    BOOST_TEST(says(uncloud("cluster add ../x"), "exit 2"));
    BOOST_TEST(says(uncloud("cluster add ceph --driver rbd"), "--ceph-user"));
    BOOST_TEST(says(uncloud("cluster add ceph --driver rbd --location /x --ceph-user client.billing"), "without \"client.\""));
    BOOST_TEST(says(uncloud("cluster set nowhere --enabled no"), "exit 4"));
    BOOST_TEST(says(uncloud("cluster add x --driver tape"), "exit 2"));
    BOOST_TEST(says(uncloud("pool add nowhere vms"), "there is no cluster nowhere"));
    BOOST_TEST(says(uncloud("pool add local .."), "exit 2"));
    BOOST_TEST(says(uncloud("host add local kvm1 --agent qmp"), "--endpoint"));
    BOOST_TEST(says(uncloud("host add local kvm1 --agent virsh --endpoint kvm1"), "URI"));
    BOOST_TEST(says(uncloud("image list --vm me"), "exit 2"));
    BOOST_TEST(says(uncloud("vm set " + fresh_uuid() + " --host none"), "exit 4"));
    BOOST_TEST(says(uncloud("vm set " + fresh_uuid()), "exit 2"));
    BOOST_TEST(says(uncloud("order give-up " + fresh_uuid()), "exit 4"));
    BOOST_TEST(says(uncloud("order give-up it"), "exit 2"));
    BOOST_TEST(says(uncloud("job show 999999999"), "exit 4"));
}

BOOST_AUTO_TEST_CASE(a_member_sees_the_steps_of_its_order_and_its_machine)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto machine = member.get("/vm/" + vm);
    BOOST_TEST(machine.at("steps.0.step") == "image");
    BOOST_TEST(machine.at("steps.0.state") == "done");
    BOOST_TEST(machine.at("steps.0.attempts") == "1");
    BOOST_TEST(says(machine.body, "\"address\":null"));
    const auto order = member.get("/orders/" + machine.at("order"));
    BOOST_TEST(order.at("steps.0.step") == "image");
    BOOST_TEST(order.at("events.0.reason") == "placed");
    BOOST_TEST(says(uncloud("image list --vm " + vm), "local/."));
    BOOST_TEST(says(uncloud("order give-up " + machine.at("order")), "only an order that is being made can be given up"));
}

BOOST_AUTO_TEST_CASE(a_job_is_shown_with_its_machine)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto listed = shell(environment("BUILD") + "/bin/uncloud job list | grep machine_create | grep -F " + vm + " | awk '{print $1}'");
    const auto id = listed.substr(0, listed.find('\n'));
    BOOST_TEST_REQUIRE(!id.empty());
    const auto shown = uncloud("job show " + id);
    BOOST_TEST(says(shown, "\"kind\":\"machine_create\""), shown);
    BOOST_TEST(says(shown, "\"step\":\"image\""));
    const auto told = the_operator.get("/admin/jobs/" + id);
    BOOST_TEST(told.status == 200);
    BOOST_TEST(told.at("machine.uuid") == vm);
    BOOST_TEST(member.get("/admin/jobs/1").status == 403);
}

BOOST_AUTO_TEST_CASE(vm_sync_tells_strays_both_ways_and_removes_nothing)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    BOOST_TEST(sync_line(vm) == "");

    const auto stray = fresh_uuid();
    shell("qemu-img create -q -f qcow2 " + image_of(stray) + " 1M");
    BOOST_TEST(says(sync_line(stray), "image_stray"));
    BOOST_TEST(says(uncloud("vm sync"), "exit 1"));
    sync_line(stray, "--apply");
    BOOST_TEST(says(sync_line(stray, "--format json"), "image_stray"));
    shell("rm " + image_of(stray));

    shell("mv " + image_of(vm) + ' ' + image_of(vm) + ".away");
    BOOST_TEST(says(sync_line(vm, "--apply"), "image_missing"));
    shell("mv " + image_of(vm) + ".away " + image_of(vm));
    BOOST_TEST(sync_line(vm) == "");

    const auto order = member.get("/vm/" + vm).at("order");
    member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})");
    eventually([&] { return member.get("/vm/" + vm); }, [](const Answer& answer) { return answer.status == 404; });
    shell("qemu-img create -q -f qcow2 " + image_of(vm) + " 1M");
    BOOST_TEST(says(sync_line(vm), "image_left"));
    BOOST_TEST(says(sync_line(vm, "--apply"), "uncloud vm end " + vm));
    shell("test -e " + image_of(vm)); // bytes are never removed by a comparison
    BOOST_TEST(says(uncloud("vm end " + vm), "exit 0"));
    shell("for i in $(seq 200); do test -e " + image_of(vm) + " || exit 0; sleep 0.1; done; exit 1");
    BOOST_TEST(sync_line(vm) == "");
}

BOOST_AUTO_TEST_SUITE_END()
