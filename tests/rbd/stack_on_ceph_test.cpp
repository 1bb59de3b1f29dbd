// The whole stack, from nginx to Ceph: what a member sees while storage hangs.
#include "api/site.h"
#include "fake/ceph.h"

#include <algorithm>
#include <thread>
#include <vector>

using namespace site;

namespace {

using std::chrono::steady_clock;

/// On the stack's own database, as its operator does.
std::string uncloud(const std::string& arguments)
{
    return shell("UNCLOUD_CONFIG=" + environment("TEST_VAR") + "/etc/billing.toml " + environment("BUILD") + "/bin/uncloud " + arguments);
}

/// New machines of the stack have their images on Ceph as long as this lives.
struct StackOnCeph {
    StackOnCeph()
    {
        uncloud("cluster add " + cluster + " --driver rbd --location " + fake::ceph_conf() + " --ceph-user worker");
        uncloud("pool add " + cluster + " vms");
        uncloud("pool set local . --enabled no");
    }
    ~StackOnCeph() { uncloud("pool set local . --enabled yes"); }

    const std::string cluster = "ceph-" + fresh_uuid().substr(0, 8);
};

const auto status_is = [](const char* wanted) { return [wanted](const Answer& answer) { return answer.at("status") == wanted; }; };

} // namespace

// rbd hangs take the whole service down: ciao 905, docker-volume-rbd 32, rook 179.
BOOST_FIXTURE_TEST_CASE(S18_the_service_answers_while_storage_hangs, StackOnCeph)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto take = [&] { return member.send("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + "\"}"); };
    const auto first = take().at("uuid");
    BOOST_TEST(eventually([&] { return member.get("/snapshots/" + first); }, status_is("ready")).at("status") == "ready");
    BOOST_TEST(fake::as_admin("rbd", {"snap", "ls", "vms/" + vm}).find(first) != std::string::npos);

    std::string second;
    std::vector<std::chrono::microseconds> times;
    {
        const fake::Hung osd{"osd"};
        second = take().at("uuid");
        std::this_thread::sleep_for(std::chrono::seconds{2}); // the worker is in the middle of it
        const auto begin = steady_clock::now();
        while (steady_clock::now() - begin < std::chrono::seconds{4}) {
            for (const auto& path : {std::string{"/vm"}, "/vm/" + vm, "/vm/" + vm + "/snapshots", std::string{"/snapshots"}}) {
                const auto asked = steady_clock::now();
                const auto answer = member.get(path);
                times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - asked));
                BOOST_TEST(answer.status == 200, path);
            }
            BOOST_TEST(member.get("/snapshots/" + second).at("status") != "ready");
        }
        BOOST_TEST(member.send("POST", "/vm/" + vm + "/stop").status == 202);
        BOOST_TEST(member.send("DELETE", "/snapshots/" + first).status == 202);
    }
    std::ranges::sort(times);
    BOOST_TEST_MESSAGE(times.size() << " answers while the OSD hung: median " << times[times.size() / 2].count() << " us, slowest "
                                    << times.back().count() << " us");
    BOOST_TEST(times.size() > 40u); // nobody waited for storage, which takes five seconds to be given up

    const auto patiently = [&](const std::function<bool()>& condition) {
        for (int i = 0; i < 6 && !condition(); ++i) eventually([&] { return member.get("/snapshots/" + second); }, status_is("ready"));
        return condition();
    };
    BOOST_TEST(patiently([&] { return member.get("/snapshots/" + second).at("status") == "ready"; }));
    BOOST_TEST(patiently([&] { return member.get("/snapshots/" + first).status == 404; }));
    const auto listed = fake::as_admin("rbd", {"snap", "ls", "vms/" + vm});
    BOOST_TEST(listed.find(first) == std::string::npos);
    BOOST_TEST(listed.find(second) != std::string::npos);
}
