#include "site.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace site;

// Hosting by an operator's program (tests/api/provisioner), from the order to its end, as members and operators see it.
namespace {

namespace fs = std::filesystem;

fs::path machines() { return environment("TEST_VAR") + "/machines"; }

std::string content(const fs::path& path)
{
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string uncloud(const std::string& arguments)
{
    return shell(environment("BUILD") + "/bin/uncloud " + arguments + " 2>&1; echo \"exit $?\"");
}

/// What `vm sync` tells, but for hosts that it does not know.
std::string sync_faults() { return shell(environment("BUILD") + "/bin/uncloud vm sync | grep -v host_differs || true"); }

bool says(const std::string& output, const std::string& text) { return output.find(text) != std::string::npos; }

/// A member, and how the program fares for it.
struct Hosting {
    Member member = joined_member();
    std::string order = fresh_uuid();

    void fares(const std::string& mode) const { std::ofstream{machines() / (member.name + ".mode")} << mode; }
    void place() const
    {
        const auto answer = member.send("PUT", "/orders/" + order,
            R"({"product":"django-hosting","parameters":{"cores":"2","ram":"4","os_disk_size":20,"os":"debian-12"}})");
        BOOST_TEST_REQUIRE(answer.status == 201, answer.body);
    }
    Answer read() const { return member.get("/orders/" + order); }
    Answer until(const std::string& path, const std::string& value) const
    {
        const auto answer = eventually([&] { return read(); }, [&](const Answer& now) { return now.at(path) == value; });
        BOOST_TEST(answer.at(path) == value, path << " of " << answer.body);
        return answer;
    }
    Answer active() const
    {
        place();
        return until("status", "active");
    }
    std::string vm() const { return member.get("/vm").at("items.0.uuid"); }
    std::string made() const { return content(machines() / (vm() + ".json")); }

    /// How often the program was called so for the member's machines.
    int calls(const std::string& verb) const
    {
        std::ifstream file{machines() / ("calls." + member.name)};
        int count = 0;
        for (std::string line; std::getline(file, line);) count += line.starts_with(verb + ' ') ? 1 : 0;
        return count;
    }
    /// The number of the dead job for the machine, as an operator finds it.
    std::string dead_job() const
    {
        const auto listed = shell(environment("BUILD") + "/bin/uncloud job list --state dead | grep -F " + vm() + " | awk '{print $1}'");
        return listed.substr(0, listed.find('\n'));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provisioning, Hosting)

BOOST_AUTO_TEST_CASE(hosting_is_made_resized_stopped_started_and_ended)
{
    const auto shown = active();
    BOOST_TEST(shown.at("steps.0.step") == "create");
    BOOST_TEST(shown.at("steps.0.state") == "done");
    const auto uuid = vm();
    BOOST_TEST(member.get("/vm/" + uuid).at("address").starts_with("2001:db8:"));
    BOOST_TEST(says(made(), "\"cores\": 2"));

    BOOST_TEST(member.send("POST", "/orders/" + order + "/change", R"({"parameters":{"cores":4}})").status == 200);
    until("steps.1.state", "done");
    BOOST_TEST(read().at("steps.1.step") == "resize");
    BOOST_TEST(says(made(), "\"cores\": 4"));

    BOOST_TEST(says(uncloud("vm stop " + uuid), "is being stopped"));
    until("steps.2.state", "done");
    BOOST_TEST(says(made(), "\"power\": \"suspended\""));
    const auto at_rest = [](const Answer& answer) { return answer.at("status") == "stopped"; }; // told a moment after its last step
    BOOST_TEST(eventually([&] { return member.get("/vm/" + uuid); }, at_rest).at("status") == "stopped");
    BOOST_TEST(member.get("/vm/" + uuid).at("wanted") == "stopped");
    BOOST_TEST(says(uncloud("vm start " + uuid), "is being started"));
    until("steps.3.state", "done");
    BOOST_TEST(says(made(), "\"power\": \"running\""));
    BOOST_TEST(says(the_operator.get("/admin/audit-log?limit=20").body, "vm.stop"));
    BOOST_TEST(!says(sync_faults(), uuid));

    BOOST_TEST(member.send("POST", "/orders/" + order + "/cancel", R"({"when":"now"})").status == 200);
    until("steps.4.state", "done");
    BOOST_TEST(read().at("steps.4.step") == "terminate");
    BOOST_TEST(says(content(machines() / (uuid + ".json")), "terminated"));
    for (const auto* verb : {"create", "resize", "suspend", "resume", "terminate"}) BOOST_TEST(calls(verb) == 1, verb);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_to_the_member_and_retried_by_one_command)
{
    fares("refuse");
    place();
    const auto failed = until("steps.0.state", "failed");
    BOOST_TEST(failed.at("status") == "provisioning");
    BOOST_TEST(failed.at("steps.0.error") == "provisioner_denied");
    BOOST_TEST(failed.at("steps.0.message") == "no room on any host");
    BOOST_TEST(says(failed.body, "could not be made: provisioner_denied; we look into it"));
    BOOST_TEST(member.get("/vm/" + vm()).at("status") == "failed");
    BOOST_TEST(says(uncloud("report unfinished-machines"), vm()));

    Answer dead = eventually([&] { return Answer{.body = dead_job()}; }, [](const Answer& answer) { return !answer.body.empty(); });
    BOOST_TEST_REQUIRE(!dead.body.empty());
    BOOST_TEST(says(uncloud("job show " + dead.body), "no room on any host"));
    fares("");
    BOOST_TEST(says(uncloud("job retry " + dead.body), "is queued again"));
    until("status", "active");
    BOOST_TEST(!says(uncloud("report unfinished-machines"), vm()));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_delivered_is_given_up_and_paid_back)
{
    fares("refuse");
    place();
    until("steps.0.state", "failed");
    BOOST_TEST(says(uncloud("order give-up " + order), "is given up"));
    BOOST_TEST(says(uncloud("order give-up " + order), "exit 0")); // safe to repeat
    until("status", "cancelled");
    const auto refund = [&] { return the_operator.get("/admin/refunds"); };
    const auto refunds = eventually(refund, [&](const Answer& answer) { return says(answer.body, "undelivered " + order); });
    BOOST_TEST(says(refunds.body, "undelivered " + order), refunds.body);
    const auto paid_back = [&] { // the hosting's 65.00, not the membership's 5.00 that may stand on the same document
        return Answer{.body = shell(environment("BUILD") + "/bin/uncloud payments " + member.name + " | grep -E ' 0 +6500 ' || true")};
    };
    BOOST_TEST(
        !eventually(paid_back, [](const Answer& answer) { return !answer.body.empty(); }).body.empty(), uncloud("payments " + member.name));
    BOOST_TEST(!says(uncloud("verify"), member.name));
}

// Nobody knows what became of it: the program is asked what is there, and nothing is made twice.
BOOST_AUTO_TEST_CASE(an_unknown_outcome_is_asked_about)
{
    fares("break-after");
    active();
    BOOST_TEST(calls("create") == 1);
    BOOST_TEST(calls("status") == 1);
    BOOST_TEST(read().at("steps.0.attempts") == "2");
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_is_ended_and_asked_again)
{
    fares("hang");
    place();
    until("steps.0.error", "provisioner_outcome_unknown");
    fares("");
    until("status", "active");
    BOOST_TEST(calls("status") >= 1);
}

// kill -9 of the worker while its program is at work: the supervisor starts another, which finds out.
BOOST_AUTO_TEST_CASE(a_worker_that_is_killed_meanwhile_leaves_one_machine)
{
    fares("slow");
    place();
    eventually([&] { return Answer{.status = calls("create")}; }, [](const Answer& answer) { return answer.status > 0; });
    BOOST_TEST(::kill(services().at("worker"), SIGKILL) == 0);
    eventually([&] { return read(); }, [](const Answer& answer) { return answer.at("status") == "active"; });
    until("status", "active");
    BOOST_TEST(says(made(), "\"power\": \"running\""));
    BOOST_TEST(calls("create") == 1);
    BOOST_TEST(calls("status") == 1);
    BOOST_TEST(member.get("/vm").at("items.1.uuid") == "");
}

// A machine there that no order of ours has, and the other way round.
BOOST_AUTO_TEST_CASE(vm_sync_tells_strays_of_programs_both_ways)
{
    active();
    const auto uuid = vm();
    const auto file = machines() / (uuid + ".json");
    const auto stray = fresh_uuid();
    fs::copy_file(file, machines() / (stray + ".json"));
    BOOST_TEST(says(uncloud("vm sync | grep -F " + stray), "machine_stray"));
    fs::rename(file, machines() / (uuid + ".away"));
    BOOST_TEST(says(uncloud("vm sync | grep -F " + uuid), "machine_missing"));
    uncloud("vm sync --apply");
    BOOST_TEST(fs::exists(machines() / (stray + ".json")));
    BOOST_TEST(!fs::exists(file));
    fs::rename(machines() / (uuid + ".away"), file);
    fs::remove(machines() / (stray + ".json"));
    BOOST_TEST(!says(sync_faults(), uuid));

    // Switched off by hand: --apply lets the worker ask for what is wanted.
    shell("sed -i 's/\"power\": \"running\"/\"power\": \"suspended\"/' " + file.string());
    BOOST_TEST(says(uncloud("vm sync | grep -F " + uuid), "power_differs"));
    uncloud("vm sync --apply");
    until("steps.1.state", "done");
    BOOST_TEST(says(made(), "\"power\": \"running\""));
}

BOOST_AUTO_TEST_SUITE_END()
