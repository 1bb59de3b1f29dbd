#include "fake/program_folder.h"
#include "gateway/random_uuid.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <ostream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace gateway {

static std::ostream& operator<<(std::ostream& out, ProvisionAnswer answer) { return out << to_text(answer); }

} // namespace gateway

namespace {

namespace data = boost::unit_test::data;
namespace fs = std::filesystem;
using gateway::ProvisionAnswer;
using gateway::ProvisionPower;
using gateway::ProvisionVerb;
using std::chrono::seconds;

struct Program : fake::ProgramFolder {
    gateway::ProvisionReport call(ProvisionVerb verb = ProvisionVerb::create, seconds deadline = seconds{20})
    {
        request.verb = verb;
        return provisioner(deadline)->carry_out(request);
    }
    std::string content(const std::string& name) const
    {
        std::ifstream file{path() / name};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    gateway::ProvisionRequest request{.verb = ProvisionVerb::create,
        .machine = gateway::random_uuid(),
        .order = gateway::random_uuid(),
        .generation = 1,
        .product = "ipv6-only-vm",
        .member = "nico",
        .parameters = {.cores = 2, .ram_mb = 4096, .os_disk_gb = 20, .os = "debian-12"},
        .images = {{"local", "images", "", "the-image", 20}}};
};

struct Example : Program {
    Example() { write_example(); }
    ProvisionAnswer answer(ProvisionVerb verb) { return call(verb).answer; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(the_example_program, Example)

BOOST_AUTO_TEST_CASE(a_machine_lives_and_every_verb_may_come_twice)
{
    const auto made = call();
    BOOST_TEST(made.answer == ProvisionAnswer::done);
    BOOST_TEST(made.address.starts_with("2001:db8:"));
    BOOST_TEST(made.name == "vm-" + request.machine.text().substr(0, 8));
    BOOST_TEST(call().answer == ProvisionAnswer::exists);
    BOOST_TEST(call().address == made.address);

    request.generation = 2;
    BOOST_TEST(answer(ProvisionVerb::suspend) == ProvisionAnswer::done);
    BOOST_TEST(answer(ProvisionVerb::suspend) == ProvisionAnswer::exists);
    auto listed = provisioner()->list();
    BOOST_TEST_REQUIRE(listed.machines.size() == 1u);
    BOOST_TEST((listed.machines[0].machine == request.machine));
    BOOST_TEST((listed.machines[0].power == ProvisionPower::suspended));

    request.generation = 3;
    BOOST_TEST(answer(ProvisionVerb::resume) == ProvisionAnswer::done);
    BOOST_TEST((provisioner()->list().machines.at(0).power == ProvisionPower::running));
    request.parameters.cores = 8;
    BOOST_TEST(answer(ProvisionVerb::resize) == ProvisionAnswer::done);

    request.generation = 5;
    BOOST_TEST(answer(ProvisionVerb::terminate) == ProvisionAnswer::done);
    BOOST_TEST(answer(ProvisionVerb::terminate) == ProvisionAnswer::done);
    BOOST_TEST((provisioner()->status(request).state == gateway::ProvisionState::gone));
    BOOST_TEST(provisioner()->list().answer == ProvisionAnswer::done);
    BOOST_TEST(provisioner()->list().machines.empty());
}

BOOST_AUTO_TEST_CASE(a_verb_of_an_earlier_generation_changes_nothing)
{
    call();
    request.generation = 3;
    BOOST_TEST(answer(ProvisionVerb::resume) == ProvisionAnswer::done);
    request.generation = 2;
    BOOST_TEST(answer(ProvisionVerb::suspend) == ProvisionAnswer::busy);
    BOOST_TEST((provisioner()->list().machines.at(0).power == ProvisionPower::running));
}

BOOST_AUTO_TEST_CASE(what_was_never_made_is_not_there)
{
    for (const auto verb : {ProvisionVerb::suspend, ProvisionVerb::resume, ProvisionVerb::resize, ProvisionVerb::terminate})
        BOOST_TEST(answer(verb) == ProvisionAnswer::not_found);
}

BOOST_AUTO_TEST_CASE(a_refusal_tells_the_member_why)
{
    request.parameters.os = "unsupported-1";
    const auto told = call();
    BOOST_TEST(told.answer == ProvisionAnswer::denied);
    BOOST_TEST(told.message == "this operating system is not offered");
}

// A mount that is missing must not look like a machine that is gone.
BOOST_AUTO_TEST_CASE(without_its_folder_it_says_nothing)
{
    call();
    fs::remove_all(machines());
    BOOST_TEST(answer(ProvisionVerb::terminate) == ProvisionAnswer::unavailable);
    BOOST_TEST(provisioner()->status(request).report.answer == ProvisionAnswer::unavailable);
    BOOST_TEST(provisioner()->list().answer == ProvisionAnswer::unavailable);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(any_program, Program)

BOOST_DATA_TEST_CASE_F(Program, the_exit_code_is_the_answer,
    data::make({0, 1, 2, 3, 10, 77, 124, 126, 127, 137, 255})
        ^ data::make({ProvisionAnswer::done, ProvisionAnswer::unavailable, ProvisionAnswer::denied, ProvisionAnswer::unknown,
            ProvisionAnswer::unknown, ProvisionAnswer::unknown, ProvisionAnswer::unknown, ProvisionAnswer::unknown,
            ProvisionAnswer::unknown, ProvisionAnswer::unknown, ProvisionAnswer::unknown}),
    code, expected)
{
    write("#!/bin/sh\nexit " + std::to_string(code) + "\n");
    BOOST_TEST(call().answer == expected);
}

// What it says beside must fit what it ends with: a word alone never makes a failure a success.
BOOST_AUTO_TEST_CASE(the_output_may_say_more_exactly_what_the_exit_code_means)
{
    const auto said = [&](int code, const std::string& word, ProvisionVerb verb = ProvisionVerb::resume) {
        write("#!/bin/sh\necho '{\"answer\":\"" + word + "\"}'\nexit " + std::to_string(code) + "\n");
        return call(verb).answer;
    };
    BOOST_TEST(said(0, "exists") == ProvisionAnswer::exists);
    BOOST_TEST(said(0, "not_found", ProvisionVerb::terminate) == ProvisionAnswer::not_found);
    BOOST_TEST(said(1, "busy") == ProvisionAnswer::busy);
    BOOST_TEST(said(2, "not_found") == ProvisionAnswer::not_found);
    BOOST_TEST(said(0, "not_found") == ProvisionAnswer::done);
    BOOST_TEST(said(0, "exists", ProvisionVerb::terminate) == ProvisionAnswer::done);
    BOOST_TEST(said(1, "done") == ProvisionAnswer::unavailable);
    BOOST_TEST(said(2, "exists") == ProvisionAnswer::denied);
    BOOST_TEST(said(2, "not_found", ProvisionVerb::terminate) == ProvisionAnswer::denied); // gone is a success: it ends with 0
    BOOST_TEST(said(77, "done") == ProvisionAnswer::unknown);
}

BOOST_AUTO_TEST_CASE(a_status_tells_what_is_there_or_nothing)
{
    using gateway::ProvisionState;
    const auto told = [&](const std::string& body) {
        write("#!/bin/sh\n" + body + "\n");
        return provisioner()->status(request);
    };
    for (const auto& [word, state] : {std::pair{"gone", ProvisionState::gone}, {"busy", ProvisionState::busy},
             {"running", ProvisionState::running}, {"suspended", ProvisionState::suspended}}) {
        const auto status = told(std::string{"echo '{\"state\":\""} + word + "\",\"address\":\"2001:db8::7\"}'");
        BOOST_TEST(status.report.answer == ProvisionAnswer::done, word);
        BOOST_TEST((status.state == state), word);
        BOOST_TEST(status.report.address == "2001:db8::7", word);
    }
    for (const std::string body :
        {"", "echo '{\"state\":'", "echo '{\"state\":\"melting\"}'", "echo '{\"state\":1}'", "echo null", "exit 9"})
        BOOST_TEST(told(body).report.answer == ProvisionAnswer::unknown, body);
    BOOST_TEST(told("echo '{\"state\":\"gone\"}'; exit 1").report.answer == ProvisionAnswer::unavailable);
    BOOST_TEST(told("exit 2").report.answer == ProvisionAnswer::denied);
}

// Neither what it is told nor what it has to say is waited for: who reads nothing, or closes all at once, ends as its exit code says.
BOOST_AUTO_TEST_CASE(one_that_closes_its_descriptors_is_heard_by_its_exit_code)
{
    request.images =
        std::vector<gateway::ProvisionImage>(2000, {"cluster", "pool", "", std::string(90, 'x'), 20}); // more than a pipe holds
    write("#!/bin/sh\nexec <&-\nexit 0\n");
    BOOST_TEST(call().answer == ProvisionAnswer::done);
    write("#!/bin/sh\nexec <&- >&- 2>&-\nexit 1\n");
    BOOST_TEST(call().answer == ProvisionAnswer::unavailable);
    write("#!/bin/sh\ncat >" + (path() / "stdin").string() + "\n");
    BOOST_TEST(call().answer == ProvisionAnswer::done);
    BOOST_TEST(content("stdin").size() > 200'000u);
}

// Slow within its deadline is all right, to the last word.
BOOST_AUTO_TEST_CASE(a_slow_one_is_waited_for)
{
    write("#!/bin/sh\nsleep 1\nprintf '{\"address\":'\nsleep 1\nprintf '\"2001:db8::9\"}'\n");
    const auto told = call(ProvisionVerb::create, seconds{10});
    BOOST_TEST(told.answer == ProvisionAnswer::done);
    BOOST_TEST(told.address == "2001:db8::9");
}

BOOST_AUTO_TEST_CASE(it_gets_verb_uuid_and_one_json_object_and_nothing_of_our_environment)
{
    ::setenv("UNCLOUD_SECRET_OF_THE_TEST", "x", 1);
    write("#!/bin/sh\ncd " + path().string() + "\necho \"$# $1 $2\" >argv; cat >stdin; env >env; ls /proc/self/fd >fds\n");
    BOOST_TEST(call(ProvisionVerb::suspend).answer == ProvisionAnswer::done);
    BOOST_TEST(content("argv") == "2 suspend " + request.machine.text() + "\n");
    BOOST_TEST(content("env").find("UNCLOUD") == std::string::npos);
    const auto json = content("stdin");
    for (const std::string part :
        {R"("verb":"suspend")", R"("generation":1)", R"("product":"ipv6-only-vm")", R"("member":"nico")", R"("cores":2)",
            R"("ram_mb":4096)", R"("os_disk_gb":20)", R"("os":"debian-12")", R"("pool":"images")", R"("name":"the-image")"})
        BOOST_TEST(json.find(part) != std::string::npos, part << " is not in " << json);
    BOOST_TEST(content("fds") == "0\n1\n2\n3\n"); // 3: the folder that ls reads
    ::unsetenv("UNCLOUD_SECRET_OF_THE_TEST");
}

BOOST_AUTO_TEST_CASE(nothing_in_a_request_is_read_by_a_shell)
{
    request.parameters.os = "$(touch " + (path() / "shell").string() + ")`id`'\"\n;";
    write("#!/bin/sh\ncat >" + (path() / "stdin").string() + "\n");
    BOOST_TEST(call().answer == ProvisionAnswer::done);
    BOOST_TEST(!fs::exists(path() / "shell"));
    BOOST_TEST(content("stdin").find(R"('\"\n;")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(garbage_and_megabytes_are_not_the_answer)
{
    for (const std::string body : {"echo '{\"address\":'", "echo '[1,2]'", "head -c 100000 /dev/urandom", "printf '\\000\\377'",
             "yes | head -c 30000000; yes | head -c 30000000 >&2", "echo '{\"address\": 5, \"name\": null, \"message\": {}}'"}) {
        write("#!/bin/sh\n" + body + "\nexit 0\n");
        const auto told = call();
        BOOST_TEST(told.answer == ProvisionAnswer::done, body);
        BOOST_TEST(told.address + told.name + told.message == "", body);
    }
}

BOOST_AUTO_TEST_CASE(what_it_tells_is_bounded_and_without_control_characters)
{
    write("#!/usr/bin/env python3\nimport json\nprint(json.dumps({'message': 'a\\x1b[31m\\n' + 'ü' * 500, 'address': 'x' * 1000}))\n");
    const auto told = call();
    BOOST_TEST(told.answer == ProvisionAnswer::done);
    BOOST_TEST(told.address.size() == 255u);
    BOOST_TEST(told.message.size() <= 255u);
    BOOST_TEST(told.message.starts_with("a?[31m?ü"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_started_has_done_nothing)
{
    BOOST_TEST(call().answer == ProvisionAnswer::unavailable); // it is not there
    write("#!/bin/sh\n");
    fs::permissions(program(), fs::perms::owner_read);
    if (::geteuid() != 0) BOOST_TEST(call().answer == ProvisionAnswer::unavailable);
    fs::remove(program());
    fs::create_directory(program());
    BOOST_TEST(call().answer != ProvisionAnswer::done);
}

BOOST_AUTO_TEST_CASE(one_that_is_killed_may_have_done_it)
{
    write("#!/bin/sh\nkill -9 $$\n");
    BOOST_TEST(call().answer == ProvisionAnswer::unknown);
}

// A program that hangs: nothing of it is left at work, nor of what it started.
BOOST_AUTO_TEST_CASE(one_that_hangs_is_ended_with_all_it_started)
{
    write("#!/bin/sh\n(sleep 6; touch " + (path() / "late").string() + ") &\nsleep 60\n");
    const auto began = std::chrono::steady_clock::now();
    BOOST_TEST(call(ProvisionVerb::create, seconds{1}).answer == ProvisionAnswer::unknown);
    BOOST_TEST((std::chrono::steady_clock::now() - began < seconds{30}));
    std::this_thread::sleep_for(seconds{7});
    BOOST_TEST(!fs::exists(path() / "late"));
}

// kill -9 of the worker: its program is an orphan that nobody waits for, and still ends at the deadline.
BOOST_AUTO_TEST_CASE(one_whose_worker_was_killed_ends_at_the_deadline)
{
    write("#!/bin/sh\ntouch " + (path() / "begun").string() + "\nsleep 8\ntouch " + (path() / "late").string() + "\n");
    const auto worker = ::fork();
    if (worker == 0) {
        call(ProvisionVerb::create, seconds{4});
        ::_exit(0);
    }
    for (int i = 0; i < 3000 && !fs::exists(path() / "begun"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    BOOST_TEST(fs::exists(path() / "begun"));
    ::kill(worker, SIGKILL);
    ::waitpid(worker, nullptr, 0);
    std::this_thread::sleep_for(seconds{9});
    BOOST_TEST(!fs::exists(path() / "late"));
}

BOOST_AUTO_TEST_CASE(half_a_list_is_no_list)
{
    const auto uuid = request.machine.text();
    const auto listed = [&](const std::string& output) {
        write("#!/bin/sh\necho '" + output + "'\n");
        return provisioner()->list();
    };
    BOOST_TEST(listed(R"({"machines":[{"uuid":")" + uuid + R"(","power":"running"}]})").machines.size() == 1u);
    BOOST_TEST(listed(R"({"machines":[]})").answer == ProvisionAnswer::done);
    for (const auto& output : {std::string{""}, std::string{"{}"}, R"({"machines":[{"uuid":")" + uuid + R"(","power":"running"},{"uuid":)",
             R"({"machines":[{"uuid":")" + uuid + R"(","power":"running"},{"uuid":"vm-7","power":"running"}]})",
             R"({"machines":[{"uuid":")" + uuid + R"(","power":"melting"}]})"}) {
        const auto listing = listed(output);
        BOOST_TEST(listing.answer == ProvisionAnswer::unknown, output);
        BOOST_TEST(listing.machines.empty(), output);
    }
}

BOOST_AUTO_TEST_SUITE_END()
