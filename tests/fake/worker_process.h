#pragma once
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fake {

/// The worker itself, on the test database, with all that a process can suffer. Ends with this.
class WorkerProcess {
public:
    WorkerProcess() { start(); }
    ~WorkerProcess() { kill(); }
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    void start()
    {
        const auto program = std::string{std::getenv("BUILD")} + "/bin/uncloud-worker";
        const auto log = std::string{std::getenv("TEST_VAR")} + "/log/worker-process.log";
        pid_ = ::fork();
        if (pid_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        ::execl(program.c_str(), program.c_str(), nullptr);
        ::_exit(127);
    }

    /// kill -9; what it had begun goes on without it.
    void kill()
    {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

    /// kill -9 of the storage tool that it runs now. Returns false if it runs none.
    bool kill_tool(const std::string& name) const
    {
        const auto tool = child_named(name);
        return tool && ::kill(*tool, SIGKILL) == 0;
    }

private:
    std::optional<pid_t> child_named(const std::string& name) const
    {
        for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
            std::ifstream stat{entry.path() / "stat"};
            int pid = 0, parent = 0;
            std::string command, state;
            if (stat >> pid >> command >> state >> parent && parent == pid_ && command == '(' + name + ')') return pid;
        }
        return std::nullopt;
    }

    pid_t pid_{0};
};

} // namespace fake
