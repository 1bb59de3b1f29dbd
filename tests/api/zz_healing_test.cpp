#include "site.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <set>
#include <thread>

using namespace site;

// What is killed here comes back; the suite stands last (cases run in the order of their files).
namespace {

/// Requests from four threads until stop(); what was answered by status.
class Load {
public:
    Load(const Member& member, const std::string& path)
    {
        for (int i = 0; i < 4; ++i)
            threads_.emplace_back([this, member, path] {
                while (!stopping_) {
                    const auto answer = member.get(path);
                    if (answer.status == 200) ++good_;
                    else if (answer.status == 503 && answer.header("content-type") == "application/problem+json") ++unavailable_;
                    else ++other_, last_other_ = answer.status;
                }
            });
    }

    void stop()
    {
        stopping_ = true;
        threads_.clear();
    }

    std::atomic<int> good_{0}, unavailable_{0}, other_{0}, last_other_{0};

private:
    std::atomic<bool> stopping_{false};
    std::vector<std::jthread> threads_;
};

template <class Condition> bool comes_true(const Condition& condition)
{
    for (int look = 0; look < 1200 && !condition(); ++look) std::this_thread::sleep_for(std::chrono::milliseconds{25});
    return condition();
}

/// It may just be being started again.
void kill_service(const std::string& name, int signal)
{
    std::map<std::string, int> running;
    BOOST_REQUIRE(comes_true([&] { return (running = services()).contains(name); }));
    BOOST_REQUIRE(::kill(running.at(name), signal) == 0);
}

/// Unless it is just being started again.
void kill_worker()
{
    const auto running = services();
    if (const auto found = running.find("worker"); found != running.end()) ::kill(found->second, SIGKILL);
}

bool answers_again(const Member& member, const std::string& path)
{
    return eventually([&] { return member.get(path); }, [](const Answer& answer) { return answer.status == 200; }).status == 200;
}

const std::vector<std::string> one_path_each{"/products", "/account", "/payment-methods", "/orders", "/vm", "/invoices"};

} // namespace

BOOST_AUTO_TEST_SUITE(healing)

BOOST_AUTO_TEST_CASE(a_database_that_goes_and_comes_is_only_missed_while_it_is_away)
{
    const auto member = joined_member();
    for (const int signal : {SIGKILL, SIGTERM}) {
        Load load{member, "/orders"};
        std::this_thread::sleep_for(std::chrono::milliseconds{300});
        kill_service("mariadb", signal);
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
        BOOST_TEST(answers_again(member, "/orders"));
        const int good = load.good_;
        std::this_thread::sleep_for(std::chrono::milliseconds{700});
        BOOST_TEST(comes_true([&] { return load.good_ > good + 20; }));
        load.stop();
        BOOST_TEST(load.other_ == 0, "answered " << load.last_other_);
        for (const auto& path : one_path_each) BOOST_TEST(answers_again(member, path), path);
    }
    BOOST_TEST(member.send("PUT", "/orders/" + fresh_uuid(), R"({"product":"ipv6-vpn"})").status == 201);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_away_lets_nobody_new_in)
{
    const auto known = fresh_member();
    ::kill(services().at("slapd"), SIGSTOP); // it hangs, which is worse than being gone
    const auto pid = services().at("slapd");
    BOOST_TEST(known.get("/products").status == 200); // remembered
    const auto wrong = ask({.path = "/products", .credentials = known.name + ":wrong"});
    BOOST_TEST(wrong.status == 503);
    BOOST_TEST(wrong.at("code") == "directory_unavailable");
    ::kill(pid, SIGKILL);
    const auto back = eventually([&] { return ask({.path = "/products", .credentials = known.name + ":wrong"}); },
        [](const Answer& answer) { return answer.status != 503; });
    BOOST_TEST(back.status == 401);
    BOOST_TEST(fresh_member().get("/products").status == 200);
}

BOOST_AUTO_TEST_CASE(a_killed_executable_comes_back)
{
    const auto member = joined_member();
    const auto before = services();
    for (const char* name : {"auth", "products", "membership", "payment", "orders", "vm", "invoices", "admin", "stripe-fake", "nginx"})
        kill_service(name, SIGKILL);
    for (const auto& path : one_path_each) BOOST_TEST(answers_again(member, path), path);
    const auto after = services();
    for (const char* name : {"auth", "orders", "nginx"}) BOOST_TEST(before.at(name) != after.at(name), name);
    BOOST_TEST(member.send("POST", "/payment-methods", R"({"type":"card","token":"pm_card_mastercard"})").status == 201);
}

BOOST_AUTO_TEST_CASE(an_executable_that_is_asked_to_stop_finishes_its_requests)
{
    const auto member = joined_member();
    Load load{member, "/orders"};
    for (int i = 0; i < 3; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{600});
        kill_service("orders", SIGTERM);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{600});
    BOOST_TEST(comes_true([&] { return load.good_ > 100; }));
    load.stop();
    BOOST_TEST(load.unavailable_ == 0);
    BOOST_TEST(load.other_ == 0, "answered " << load.last_other_);
}

BOOST_AUTO_TEST_CASE(a_killed_worker_finishes_its_machines_and_makes_none_twice)
{
    const auto member = joined_member();
    const int machines = 8;
    const auto images = [] { return std::stoi(shell("ls " + environment("TEST_VAR") + "/images | grep -c qcow2 || true")); };
    const int before = images();
    for (int i = 0; i < machines; ++i) {
        member.send("PUT", "/orders/" + fresh_uuid(), small_vm);
        if (i % 3 == 1) kill_worker();
    }
    const auto count = [&](const Answer& answer) {
        int active = 0;
        for (int i = 0; i < 30; ++i) active += answer.at("items." + std::to_string(i) + ".status") == "active";
        return active;
    };
    const auto list =
        eventually([&] { return member.get("/vm?limit=100"); }, [&](const Answer& answer) { return count(answer) == machines; });
    BOOST_TEST(count(list) == machines);
    BOOST_TEST(list.at("items." + std::to_string(machines) + ".uuid").empty());
    BOOST_TEST(images() == before + machines);

    for (int i = 0; i < machines; ++i) {
        member.send("POST", "/vm/create_snapshot", R"({"uuid":")" + list.at("items." + std::to_string(i) + ".uuid") + "\"}");
        if (i % 3 == 1) kill_worker();
    }
    const auto ready = [&](const Answer& answer) {
        int found = 0;
        for (int i = 0; i < 30; ++i) found += answer.at("items." + std::to_string(i) + ".status") == "ready";
        return found;
    };
    const auto snapshots =
        eventually([&] { return member.get("/snapshots?limit=100"); }, [&](const Answer& answer) { return ready(answer) == machines; });
    BOOST_TEST(ready(snapshots) == machines);
    for (int i = 0; i < machines; ++i) {
        const auto image = environment("TEST_VAR") + "/images/" + list.at("items." + std::to_string(i) + ".uuid") + ".qcow2";
        BOOST_TEST(shell("qemu-img info --output=json " + image + " | jq '.snapshots | length'") == "1\n");
    }
}

BOOST_AUTO_TEST_SUITE_END()
