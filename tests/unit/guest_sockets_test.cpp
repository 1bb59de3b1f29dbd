#include "fake/scripted_socket.h"
#include "gateway/guest.h"
#include "gateway/qemu_monitor.h"
#include "gateway/random_uuid.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using gateway::FreezeAnswer;
using gateway::FreezeStatus;
using gateway::GuestPower;
using std::chrono::steady_clock;

bool has(const std::string& line, const std::string& word) { return line.find(word) != std::string::npos; }

const std::string greeting{"{\"QMP\":{\"version\":{}}}\n"};

/// What QEMU says of a running machine. Events come whenever they like, also before an answer.
std::string running(const std::string& line)
{
    if (has(line, "query-status"))
        return "{\"event\":\"RTC_CHANGE\",\"data\":{}}\n{\"return\":{\"status\":\"running\",\"running\":true}}\n";
    return "{\"return\":{}}\n";
}

std::string paused(const std::string& line)
{
    return has(line, "query-status") ? "{\"return\":{\"status\":\"paused\",\"running\":false}}\n" : "{\"return\":{}}\n";
}

/// The agent's answer to guest-sync, which repeats the number.
std::string synchronised(const std::string& line)
{
    const auto number = line.substr(line.find("\"id\":") + 5);
    return "{\"return\":" + number.substr(0, number.find('}')) + "}\n";
}

fake::ScriptedSocket::Answer agent_that(const std::string& answer)
{
    return [answer](const std::string& line) { return has(line, "guest-sync") ? synchronised(line) : answer; };
}

struct Host {
    Host()
    {
        std::string pattern{"/tmp/guest-XXXXXX"};
        BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
        guest = gateway::make_qmp_guest(folder);
    }
    ~Host() { fs::remove_all(folder); }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    fs::path monitor() const { return gateway::monitor_socket(folder, machine); }
    fs::path agent() const { return folder / (machine.text() + ".agent"); }

    fs::path folder{};
    const domain::Uuid machine = gateway::random_uuid();
    std::unique_ptr<gateway::Guest> guest{};
};

template <class Call> auto within(std::chrono::seconds limit, const Call& call)
{
    const auto begin = steady_clock::now();
    auto answer = call();
    BOOST_TEST((steady_clock::now() - begin < limit));
    return answer;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(guest_sockets, Host)

BOOST_AUTO_TEST_CASE(a_frozen_guest_tells_how_many_file_systems)
{
    const fake::ScriptedSocket qemu{monitor(), greeting, running}, ga{agent(), "", agent_that("{\"return\":2}\n")};
    BOOST_TEST((guest->power(machine) == GuestPower::on));
    const auto freeze = guest->freeze(machine);
    BOOST_TEST((freeze.answer == FreezeAnswer::frozen));
    BOOST_TEST(freeze.file_systems == 2);
    const auto thaw = guest->thaw(machine);
    BOOST_TEST(thaw.answered);
    BOOST_TEST(thaw.file_systems == 2);
}

// OpenNebula 5921: a freeze that hung for ever left the machine in a passing state.
BOOST_AUTO_TEST_CASE(an_agent_that_falls_silent_is_unknown_in_time)
{
    const fake::ScriptedSocket qemu{monitor(), greeting, running}, ga{agent(), "", agent_that("")};
    BOOST_TEST((within(12s, [&] { return guest->freeze(machine); }).answer == FreezeAnswer::unknown));
    BOOST_TEST(!within(12s, [&] { return guest->thaw(machine); }).answered);
    BOOST_TEST((within(10s, [&] { return guest->status(machine); }) == FreezeStatus::unknown));
}

// It was never asked to freeze: the snapshot goes on without it.
BOOST_AUTO_TEST_CASE(an_agent_that_was_silent_from_the_beginning_was_not_asked)
{
    const fake::ScriptedSocket qemu{monitor(), greeting, running}, ga{agent(), "", [](const std::string&) { return std::string{}; }};
    BOOST_TEST((within(10s, [&] { return guest->freeze(machine); }).answer == FreezeAnswer::not_possible));
    BOOST_TEST(!within(10s, [&] { return guest->thaw(machine); }).answered);
}

BOOST_AUTO_TEST_CASE(an_agent_that_refuses_cannot_be_frozen)
{
    const auto disabled = "{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"disabled: the agent is in frozen state\"}}\n";
    const fake::ScriptedSocket qemu{monitor(), greeting, running}, ga{agent(), "", agent_that(disabled)};
    BOOST_TEST((guest->freeze(machine).answer == FreezeAnswer::not_possible));
    BOOST_TEST(!guest->thaw(machine).answered);
}

BOOST_AUTO_TEST_CASE(a_freeze_of_nothing_is_none)
{
    const fake::ScriptedSocket qemu{monitor(), greeting, running}, ga{agent(), "", agent_that("{\"return\":0}\n")};
    BOOST_TEST((guest->freeze(machine).answer == FreezeAnswer::not_possible));
    BOOST_TEST(guest->thaw(machine).answered);
}

// Answers to somebody who was killed before they came, and half a line.
BOOST_AUTO_TEST_CASE(an_agent_that_still_answers_others_is_waited_for)
{
    const fake::ScriptedSocket qemu{monitor(), greeting, running};
    const fake::ScriptedSocket ga{agent(), "turn\":7}\n{\"return\":\"thawed\"}\n", [](const std::string& line) {
                                      if (!has(line, "guest-sync")) return std::string{"{\"return\":\"frozen\"}\n"};
                                      return "{\"error\":{\"class\":\"GenericError\",\"desc\":\"JSON parse error\"}}\n{\"return\":3}\n"
                                          + synchronised(line);
                                  }};
    BOOST_TEST((guest->status(machine) == FreezeStatus::frozen));
}

BOOST_AUTO_TEST_CASE(a_paused_guest_is_not_asked)
{
    std::atomic<int> asked{0};
    const fake::ScriptedSocket qemu{monitor(), greeting, paused}, ga{agent(), "", [&](const std::string&) {
                                                                         ++asked;
                                                                         return std::string{};
                                                                     }};
    BOOST_TEST((guest->power(machine) == GuestPower::paused));
    BOOST_TEST((within(10s, [&] { return guest->freeze(machine); }).answer == FreezeAnswer::not_possible));
    BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_CASE(without_sockets_or_their_processes_the_machine_is_off)
{
    BOOST_TEST((guest->power(machine) == GuestPower::off));
    BOOST_TEST((guest->freeze(machine).answer == FreezeAnswer::not_possible));
    BOOST_TEST(guest->thaw(machine).answered);
    BOOST_TEST((guest->status(machine) == FreezeStatus::thawed));
    {
        const fake::ScriptedSocket gone{monitor(), greeting, running};
    }
    BOOST_TEST(fs::exists(monitor()));
    BOOST_TEST((guest->power(machine) == GuestPower::off));
}

BOOST_AUTO_TEST_CASE(a_qemu_that_says_nothing_is_unknown_in_time)
{
    const fake::ScriptedSocket qemu{monitor(), "", [](const std::string&) { return std::string{}; }};
    BOOST_TEST((within(10s, [&] { return guest->power(machine); }) == GuestPower::unknown));
    BOOST_TEST((within(10s, [&] { return guest->freeze(machine); }).answer == FreezeAnswer::unknown));
}

// QEMU serves one connection; the next one waits in the queue, and must not wait for ever.
BOOST_AUTO_TEST_CASE(a_monitor_that_somebody_else_holds_is_unknown_in_time)
{
    const fake::ScriptedSocket qemu{monitor(), greeting, running};
    const gateway::QemuMonitor other{monitor()};
    BOOST_TEST_REQUIRE(other.is_ready());
    BOOST_TEST((within(10s, [&] { return guest->power(machine); }) == GuestPower::unknown));
}

BOOST_AUTO_TEST_CASE(a_host_without_agents_freezes_nothing)
{
    const auto hosts = gateway::make_guest_set();
    auto& none = hosts->of({.name = "a"});
    BOOST_TEST((none.power(machine) == GuestPower::unknown));
    BOOST_TEST((none.freeze(machine).answer == FreezeAnswer::not_possible));
    const fake::ScriptedSocket qemu{monitor(), greeting, running};
    BOOST_TEST((hosts->of({.name = "b", .agent = domain::HostAgent::qmp, .endpoint = folder}).power(machine) == GuestPower::on));
    BOOST_TEST((hosts->of({.name = "c", .agent = domain::HostAgent::qmp, .endpoint = "/nowhere"}).power(machine) == GuestPower::off));
}

BOOST_AUTO_TEST_SUITE_END()
