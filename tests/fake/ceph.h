#pragma once
#include "gateway/child_process.h"
#include "gateway/storage_set.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// The Ceph that tests/rbd/ceph has brought up in the folder TEST_CEPH.
namespace fake {

inline std::string ceph_folder()
{
    const char* folder = std::getenv("TEST_CEPH");
    if (!folder) throw std::runtime_error{"TEST_CEPH is not set: run this suite by tests/run"};
    return folder;
}

inline std::string ceph_conf() { return ceph_folder() + "/ceph.conf"; }

inline std::unique_ptr<gateway::Storage> ceph_storage_of(const std::string& user) { return gateway::make_rbd_storage(ceph_conf(), user); }

/// Runs one of Ceph's tools as that user.
inline gateway::ChildResult ceph_tool(const std::string& tool, const std::string& user, const std::vector<std::string>& arguments)
{
    std::vector<std::string> argv{tool, "--conf", ceph_conf(), "--id", user};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return gateway::run_child(argv, std::chrono::seconds{60});
}

/// The same as admin, which must succeed. @returns its output
inline std::string as_admin(const std::string& tool, const std::vector<std::string>& arguments)
{
    const auto result = ceph_tool(tool, "admin", arguments);
    BOOST_TEST_REQUIRE((result.end == gateway::ChildEnd::exited && result.code == 0), tool << ": " << result.errors);
    return result.output;
}

/// SHA-256 of all bytes of an image, or of IMAGE@SNAPSHOT.
inline std::string sha256_of(const std::string& image)
{
    const auto result =
        gateway::run_child({"sh", "-c", R"(rbd --conf "$0" --id admin export --no-progress "$1" - | sha256sum)", ceph_conf(), image},
            std::chrono::seconds{60});
    BOOST_TEST_REQUIRE(result.output.size() > 64u, result.errors);
    return result.output.substr(0, 64);
}

/// A daemon of it that hears and says nothing as long as this lives.
class Hung {
public:
    explicit Hung(const std::string& daemon)
    {
        std::ifstream{ceph_folder() + "/" + daemon + ".pid"} >> pid_;
        BOOST_TEST_REQUIRE(pid_ > 0);
        ::kill(pid_, SIGSTOP);
    }
    ~Hung() { ::kill(pid_, SIGCONT); }
    Hung(const Hung&) = delete;
    Hung& operator=(const Hung&) = delete;

private:
    pid_t pid_{0};
};

/// Somebody who has an image open and writes it, as a machine's QEMU does, until this goes.
class Writer {
public:
    explicit Writer(const std::string& image) : pid_{::fork()}
    {
        if (pid_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int nowhere = ::open("/dev/null", O_RDWR);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        const auto conf = ceph_conf();
        ::execlp("rbd", "rbd", "--conf", conf.c_str(), "--id", "hypervisor", "bench", "--io-type", "write", "--io-size", "4096",
            "--io-threads", "1", "--io-total", "100G", image.c_str(), nullptr);
        ::_exit(127);
    }
    ~Writer()
    {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void hang() const { ::kill(pid_, SIGSTOP); }
    void wake() const { ::kill(pid_, SIGCONT); }
    bool lives() const { return ::waitpid(pid_, nullptr, WNOHANG) == 0; }

private:
    pid_t pid_;
};

} // namespace fake
