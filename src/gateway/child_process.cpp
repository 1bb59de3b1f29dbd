#include "gateway/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_kept = 8 << 20;
constexpr auto patience_after_kill = std::chrono::seconds{1};

struct Pipe {
    Descriptor read_end{}, write_end{};
};

/// 0, or the errno of the failure. Reading from it does not block.
int open_pipe(Pipe& pipe)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
    pipe = {Descriptor{ends[0]}, Descriptor{ends[1]}};
    return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

/// What the child's descriptors become.
class FileActions {
public:
    FileActions(const Pipe& output, const Pipe& errors, const Descriptor* held, const Descriptor* input)
    {
        posix_spawn_file_actions_init(&actions_);
        if (input) posix_spawn_file_actions_adddup2(&actions_, input->get(), STDIN_FILENO);
        else posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output.write_end.get(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, errors.write_end.get(), STDERR_FILENO);
        if (held) posix_spawn_file_actions_adddup2(&actions_, held->get(), 3);
        // Libraries do not open all of theirs with O_CLOEXEC, and a database connection must not outlive us in a child.
        posix_spawn_file_actions_addclosefrom_np(&actions_, held ? 4 : 3);
    }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

/// A process group of its own, and none of the signals that our threads block or ignore.
class Attributes {
public:
    Attributes()
    {
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// 0, or the errno of the failure.
int spawn(pid_t& pid, std::vector<std::string> argv, const FileActions& actions)
{
    std::vector<char*> arguments;
    for (auto& argument : argv) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    std::string path{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, locale{"LC_ALL=C"};
    const std::array<char*, 3> environment{path.data(), locale.data(), nullptr};
    const Attributes attributes;
    return ::posix_spawnp(&pid, arguments[0], actions.get(), attributes.get(), arguments.data(), environment.data());
}

/// Reads what is there; closes the pipe at its end.
void drain(Descriptor& pipe, std::string& kept)
{
    std::array<char, 16384> buffer;
    while (pipe.is_open()) {
        const auto count = ::read(pipe.get(), buffer.data(), buffer.size());
        if (count > 0) kept.append(buffer.data(), std::min(static_cast<std::size_t>(count), max_kept - kept.size()));
        else if (count < 0 && errno == EINTR) continue;
        else if (count < 0 && errno == EAGAIN) return;
        else pipe = Descriptor{};
    }
}

/// Waits for the child's end, not for the end of its output: that a grandchild might hold open. False at the deadline.
bool await_end(const Descriptor& process, Pipe& output, Pipe& errors, ChildResult& result, Clock::time_point deadline)
{
    for (;;) {
        const auto left = std::max(Clock::duration::zero(), deadline - Clock::now());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds{left - seconds}.count()};
        std::array<pollfd, 3> watched{{{process.get(), POLLIN, 0}, {output.read_end.get(), POLLIN, 0}, {errors.read_end.get(), POLLIN, 0}}};
        const int ready = ::ppoll(watched.data(), watched.size(), &timeout, nullptr);
        if (ready > 0 && watched[0].revents != 0) return true;
        drain(output.read_end, result.output);
        drain(errors.read_end, result.errors);
        if (ready == 0 || left == Clock::duration::zero()) return false;
    }
}

/// Children that SIGKILL did not end in time because they hang in the kernel. Later calls reap them.
class LeftBehind {
public:
    void add(pid_t pid)
    {
        const std::lock_guard guard{mutex_};
        pids_.push_back(pid);
    }

    void reap()
    {
        const std::lock_guard guard{mutex_};
        std::erase_if(pids_, [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
    }

private:
    std::mutex mutex_{};
    std::vector<pid_t> pids_{};
};

LeftBehind& left_behind()
{
    static LeftBehind children;
    return children;
}

void take_status(pid_t pid, ChildResult& result)
{
    int status = 0;
    pid_t reaped;
    while ((reaped = ::waitpid(pid, &status, 0)) < 0 && errno == EINTR) {}
    if (reaped == pid && WIFEXITED(status)) {
        result.end = ChildEnd::exited;
        result.code = WEXITSTATUS(status);
    } else { // also when somebody else reaped it: its work is then as uncertain as after a signal
        result.end = ChildEnd::signalled;
        result.code = reaped == pid ? WTERMSIG(status) : 0;
    }
}

/// glibc 2.36 declares pidfd_open without C linkage.
Descriptor process_of(pid_t pid) { return Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))}; }

ChildResult await(pid_t pid, Pipe& output, Pipe& errors, Clock::time_point deadline)
{
    ChildResult result;
    const auto process = process_of(pid);
    const bool ended = process.is_open() && await_end(process, output, errors, result, deadline);
    ::kill(-pid, SIGKILL); // as long as the child is not reaped, the group's number is nobody else's
    const auto killed_by = Clock::now() + patience_after_kill;
    if (!ended && process.is_open() && !await_end(process, output, errors, result, killed_by)) {
        left_behind().add(pid);
        result.end = ChildEnd::killed_at_deadline;
        return result;
    }
    drain(output.read_end, result.output);
    drain(errors.read_end, result.errors);
    take_status(pid, result);
    if (!ended) result.end = ChildEnd::killed_at_deadline;
    return result;
}

} // namespace

Descriptor::~Descriptor()
{
    if (is_open()) ::close(number_);
}

ChildResult run_child(
    const std::vector<std::string>& argv, std::chrono::microseconds limit, const Descriptor* held, const Descriptor* input)
{
    const auto deadline = Clock::now() + limit;
    left_behind().reap();
    Pipe output, errors;
    pid_t pid = 0;
    int failure = argv.empty() ? EINVAL : open_pipe(output);
    if (failure == 0) failure = open_pipe(errors);
    if (failure == 0) failure = spawn(pid, argv, FileActions{output, errors, held, input});
    if (failure != 0) return {.end = ChildEnd::not_started, .code = failure, .output = {}, .errors = {}};
    output.write_end = Descriptor{};
    errors.write_end = Descriptor{};
    return await(pid, output, errors, deadline);
}

} // namespace gateway
