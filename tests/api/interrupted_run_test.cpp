#include "site.h"

#include <boost/test/unit_test.hpp>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

// A run of suites that is ended early, as by Ctrl-C: make has the signal from its group and sends it along, so that several come.
namespace {

using namespace site;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto start_limit = 120s;
constexpr auto end_limit = 100s; // longer than the stack may take

/// Whether the condition holds before the limit.
template <class Condition> bool becomes(const Condition& condition, std::chrono::seconds limit)
{
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

/// `make`, which runs a suite that goes on until it is ended, in a session of its own and with a folder for temporary files of its own.
/// Above it is a process that takes in whatever is left without a parent, and ends when nothing is.
class InterruptedRun {
public:
    InterruptedRun()
    {
        fs::create_directories(folder_ / "tmp");
        fs::create_directories(folder_ / "build/tests");
        for (const auto& entry : fs::directory_iterator{environment("BUILD")})
            if (entry.path().filename() != "tests") fs::create_symlink(entry.path(), folder_ / "build" / entry.path().filename());
        std::ofstream{folder_ / "build/tests/store"} << "#!/bin/sh\ntouch " << at_work().string() << "\nexec sleep 1000\n";
        fs::permissions(folder_ / "build/tests/store", fs::perms::owner_all);
        std::ofstream{folder_ / "Makefile"} << "test:\n\t@tests/run store\n";
        keeper_ = ::fork();
        if (keeper_ < 0) throw std::runtime_error{"fork"};
        if (keeper_ == 0) keep(command());
    }
    ~InterruptedRun()
    {
        while (!is_over()) { // a test has failed
            for (const auto child : children()) ::kill(child, SIGKILL);
            std::this_thread::sleep_for(10ms);
        }
        fs::remove_all(folder_);
    }
    InterruptedRun(const InterruptedRun&) = delete;
    InterruptedRun& operator=(const InterruptedRun&) = delete;

    fs::path temporary() const { return folder_ / "tmp"; }
    fs::path at_work() const { return folder_ / "at-work"; }

    /// Of its stack; whether there is one such file.
    bool has_file(const fs::path& name) const
    {
        return std::ranges::any_of(fs::directory_iterator{temporary()}, [&](const auto& entry) { return fs::exists(entry.path() / name); });
    }
    /// Nothing of what it started is left.
    bool is_over()
    {
        if (keeper_ > 0 && ::waitpid(keeper_, nullptr, WNOHANG) == keeper_) keeper_ = 0;
        return keeper_ == 0;
    }
    /// To make, and all that it started and that did not leave its group.
    void signal_group() const { ::kill(-keeper_, SIGTERM); }

    /// What it printed.
    std::string told() const
    {
        std::ostringstream text;
        text << std::ifstream{folder_ / "told"}.rdbuf();
        return text.str();
    }

private:
    std::string command() const
    {
        return "exec env -u EXTRA_CONFIG -u MAKEFLAGS -u MAKELEVEL TMPDIR=" + temporary().string() + " BUILD="
            + (folder_ / "build").string() + " make -f " + (folder_ / "Makefile").string() + " >" + (folder_ / "told").string() + " 2>&1";
    }
    [[noreturn]] static void keep(const std::string& command)
    {
        ::setsid();
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        if (::fork() == 0) {
            ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
        std::signal(SIGTERM, SIG_IGN); // it is of the group, too
        std::signal(SIGHUP, [](int) { ::kill(0, SIGTERM); });
        ::prctl(PR_SET_PDEATHSIG, SIGHUP); // nor does a suite that is ended leave it behind
        while (::wait(nullptr) > 0 || errno == EINTR) {}
        ::_exit(0);
    }
    /// Of the keeper: those that it started, and those whose parent is gone.
    std::vector<pid_t> children() const
    {
        std::ifstream list{"/proc/" + std::to_string(keeper_) + "/task/" + std::to_string(keeper_) + "/children"};
        return {std::istream_iterator<pid_t>{list}, {}};
    }

    // As long as a folder can be for the sockets in it: the stack makes one with a short name for them.
    fs::path folder_ = "/tmp/uncloud-interrupted-" + fresh_uuid();
    pid_t keeper_{0};
};

void end_by_many_signals(InterruptedRun& run)
{
    for (int i = 0; i < 15; ++i) {
        run.signal_group();
        std::this_thread::sleep_for(10ms);
    }
    BOOST_TEST(becomes([&] { return run.is_over(); }, end_limit), "processes are left: " << run.told());
    std::string left;
    for (const auto& entry : fs::directory_iterator{run.temporary()}) left += entry.path().filename().string() + ' ';
    BOOST_TEST(left == "", run.told());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(interrupted_runs, InterruptedRun)

BOOST_AUTO_TEST_CASE(a_run_that_is_ended_while_a_suite_is_at_work_leaves_nothing)
{
    BOOST_TEST_REQUIRE(becomes([&] { return fs::exists(at_work()); }, start_limit), told());
    end_by_many_signals(*this);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_ended_while_its_stack_starts_leaves_nothing)
{
    BOOST_TEST_REQUIRE(becomes([&] { return has_file("run/status"); }, start_limit), told());
    end_by_many_signals(*this);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_ended_while_its_test_database_is_made_leaves_nothing)
{
    BOOST_TEST_REQUIRE(becomes([&] { return has_file("etc/test.toml"); }, start_limit), told());
    end_by_many_signals(*this);
}

BOOST_AUTO_TEST_SUITE_END()
