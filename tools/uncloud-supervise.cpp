// uncloud-supervise DIR: keeps the processes of one stack alive, in the foreground, until SIGTERM or SIGINT.
//
// DIR/etc/services lists them, one a line, in the order of their start:
//   once NAME command…                     runs to its end before the next line; if it fails, everything ends
//   service NAME SOCKET|- SIGNAL command…  is started again whenever it ends; SIGNAL is what asks it to stop
// A `once` line also begins a stage: stages are stopped last to first, the services of one stage together.
//
// DIR/log/NAME.log takes what a command prints, DIR/run/status has a line `NAME PID STATE` for each service, and
// DIR/run/supervisor.lock is locked, our PID written in it, for as long as anything of the stack may be alive.

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr auto settled = 2s; // a process that lived this long was not broken from the start
constexpr auto first_backoff = 100ms;
constexpr auto longest_backoff = 5000ms;
constexpr auto stop_patience = 10s;
constexpr auto lock_patience = 1s; // who asks whether the lock is held holds it for a moment
constexpr int listen_backlog = 512;

/// `restarting` waits out its back-off; `failed` does too, but has ended so often in a row that somebody should look.
enum class State { starting, running, restarting, failed, stopped };

const char* name_of(State state)
{
    switch (state) {
    case State::starting: return "starting";
    case State::running: return "running";
    case State::restarting: return "restarting";
    case State::failed: return "failed";
    case State::stopped: return "stopped";
    }
    return "";
}

/// One line of the services file, and how it is doing.
struct Service {
    bool once{};
    std::string name{};
    std::string socket{}; // empty: none
    int stop_signal{SIGTERM};
    std::vector<std::string> command{};
    int stage{};

    int listener{-1}; // ours over restarts, so that connections wait in its queue while there is no process
    pid_t pid{};      // leader of its own process group; 0: there is none
    int exit_status{};
    State state{State::starting};
    Clock::time_point started{};
    Clock::time_point due{}; // when to start it again
    std::chrono::milliseconds backoff{};
};

template <typename Result> Result checked(Result result, const std::string& what)
{
    if (result == -1) throw std::system_error{errno, std::generic_category(), what};
    return result;
}

void say(const std::string& message)
{
    char now[sizeof "2026-01-31T12:00:00Z"];
    const auto seconds = std::time(nullptr);
    std::strftime(now, sizeof now, "%FT%TZ", std::gmtime(&seconds));
    std::cerr << now << ' ' << message << std::endl;
}

// --- the services file ---

int signal_named(const std::string& name)
{
    static const std::map<std::string, int> signals{{"TERM", SIGTERM}, {"QUIT", SIGQUIT}, {"INT", SIGINT}};
    const auto found = signals.find(name);
    if (found == signals.end()) throw std::runtime_error{"unknown signal '" + name + "'"};
    return found->second;
}

Service parse_service(std::istringstream words)
{
    Service service;
    std::string kind;
    words >> kind >> service.name;
    service.once = kind == "once";
    if (kind == "service") {
        std::string signal;
        words >> service.socket >> signal;
        if (service.socket == "-") service.socket.clear();
        service.stop_signal = signal_named(signal);
    } else if (!service.once) {
        throw std::runtime_error{"neither 'once' nor 'service'"};
    }
    for (std::string word; words >> word;) service.command.push_back(word);
    if (service.command.empty()) throw std::runtime_error{"no command"};
    return service;
}

std::vector<Service> read_services(const fs::path& path)
{
    std::ifstream file{path};
    if (!file) throw std::runtime_error{"cannot read " + path.string()};

    std::vector<Service> services;
    int stage = 0;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        const auto begin = line.find_first_not_of(" \t");
        if (begin == std::string::npos || line[begin] == '#') continue;
        try {
            services.push_back(parse_service(std::istringstream{line}));
        } catch (const std::runtime_error& fault) {
            throw std::runtime_error{path.string() + ':' + std::to_string(number) + ": " + fault.what()};
        }
        if (services.back().once) ++stage;
        services.back().stage = stage;
    }
    if (services.empty()) throw std::runtime_error{path.string() + " lists nothing"};
    return services;
}

// --- what a child is given ---

int listen_on(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error{"path too long for a socket: " + path};
    path.copy(address.sun_path, path.size());

    const int listener = checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    ::unlink(path.c_str()); // left by a supervisor that was killed
    const auto before = ::umask(0117);
    const int bound = ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::umask(before);
    checked(bound, path);
    checked(::listen(listener, listen_backlog), path);
    return listener;
}

[[noreturn]] void become(const Service& service, const fs::path& log, pid_t supervisor)
{
    ::setpgid(0, 0);
    // A supervisor that is killed can ask nobody to stop; then the kernel asks for it.
    ::prctl(PR_SET_PDEATHSIG, service.stop_signal);
    if (::getppid() != supervisor) ::_exit(EXIT_FAILURE);

    const int input = service.listener >= 0 ? service.listener : ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0) ::_exit(EXIT_FAILURE);

    for (const int inherited : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE})
        std::signal(inherited, SIG_DFL); // a shell ignores some for its background jobs
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);

    std::vector<char*> arguments;
    for (const auto& word : service.command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    std::perror(arguments.front());
    ::_exit(127);
}

/// Takes every process group along when the supervisor is killed, also those without a leader: the workers of a
/// killed nginx would go on serving. It holds the lock as well, so that no successor starts before that is done.
pid_t start_guard(const std::array<int, 2>& lifeline, std::span<const pid_t> groups)
{
    const pid_t guard = checked(::fork(), "fork");
    if (guard != 0) return guard;

    ::setpgid(0, 0);
    ::prctl(PR_SET_NAME, "uncloud-guard");
    ::close(lifeline[1]);
    char nothing{}; // never written: reading ends when the supervisor does, however that ends
    while (::read(lifeline[0], &nothing, 1) < 0 && errno == EINTR) {}
    for (const pid_t group : groups)
        if (group > 0) ::kill(-group, SIGKILL);
    ::_exit(EXIT_SUCCESS);
}

// --- the supervisor ---

class Supervisor {
public:
    explicit Supervisor(fs::path dir);

    /// Until asked to stop, or until a `once` command fails. Returns the exit code.
    int run();

private:
    void lock();
    void start(Service& service);
    bool finishes(Service& service);
    bool waits_for_restart(const Service& service) const;
    void tend(std::optional<Clock::time_point> until);
    void reap();
    void ended(Service& service, int status);
    void stop();
    void stop(int stage);
    void write_status() const;
    void show_log(const Service& service, std::uintmax_t from) const;

    fs::path log_of(const Service& service) const { return dir_ / "log" / (service.name + ".log"); }
    pid_t& group_of(const Service& service) { return groups_[static_cast<std::size_t>(&service - services_.data())]; }

    fs::path dir_;
    std::vector<Service> services_;
    std::span<pid_t> groups_{}; // shared with the guard; 0: no such group
    std::array<int, 2> lifeline_{};
    pid_t guard_{};
    sigset_t signals_{};
    bool stopping_{};
};

Supervisor::Supervisor(fs::path dir) : dir_{std::move(dir)}, services_{read_services(dir_ / "etc/services")}
{
    lock();

    ::sigemptyset(&signals_);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals_, signal);
    ::sigprocmask(SIG_BLOCK, &signals_, nullptr);
    checked(::prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl"); // workers of a killed nginx become our children

    const auto bytes = services_.size() * sizeof(pid_t);
    void* shared = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::system_error{errno, std::generic_category(), "mmap"};
    groups_ = {static_cast<pid_t*>(shared), services_.size()};
    checked(::pipe2(lifeline_.data(), O_CLOEXEC), "pipe");
    guard_ = start_guard(lifeline_, groups_);

    for (auto& service : services_)
        if (!service.socket.empty()) service.listener = listen_on(service.socket);
    write_status();
}

void Supervisor::lock()
{
    const auto path = (dir_ / "run/supervisor.lock").string();
    const int file = checked(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640), path);
    const auto deadline = Clock::now() + lock_patience;
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (Clock::now() < deadline) {
            ::usleep(20'000);
            continue;
        }
        std::string owner;
        std::ifstream{path} >> owner;
        throw std::runtime_error{"already running as process " + owner};
    }
    const auto pid = std::to_string(::getpid()) + '\n';
    checked(::ftruncate(file, 0), path);
    checked(::write(file, pid.data(), pid.size()), path);
}

int Supervisor::run()
{
    int code = EXIT_SUCCESS;
    for (auto& service : services_) {
        const auto log_begin = fs::exists(log_of(service)) ? fs::file_size(log_of(service)) : 0;
        start(service);
        if (service.once && !finishes(service)) {
            show_log(service, log_begin);
            code = EXIT_FAILURE;
            break;
        }
        if (stopping_) break;
    }
    while (!stopping_ && code == EXIT_SUCCESS) tend(std::nullopt);
    stop();
    return code;
}

/// Waits for a `once` command. A command cut short by a request to stop has not failed.
bool Supervisor::finishes(Service& service)
{
    while (service.pid != 0 && !stopping_) tend(std::nullopt);
    return stopping_ || service.exit_status == 0;
}

void Supervisor::start(Service& service)
{
    const pid_t self = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become(service, log_of(service), self);

    service.started = Clock::now();
    if (pid < 0) { // out of processes or memory: as good as a command that ended at once
        ended(service, W_EXITCODE(EXIT_FAILURE, 0));
        return;
    }
    ::setpgid(pid, pid); // the child does it too: whichever comes first
    service.pid = group_of(service) = pid;
    service.state = State::running;
    write_status();
}

bool Supervisor::waits_for_restart(const Service& service) const
{
    return !stopping_ && service.pid == 0 && (service.state == State::restarting || service.state == State::failed);
}

/// Sleeps until a signal came, a restart is due, or `until`; then does what is to be done.
void Supervisor::tend(std::optional<Clock::time_point> until)
{
    for (const auto& service : services_)
        if (waits_for_restart(service)) until = std::min(until.value_or(service.due), service.due);

    siginfo_t info{};
    if (until) {
        const auto left = std::max<std::chrono::nanoseconds>(*until - Clock::now(), 0ns);
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
        ::sigtimedwait(&signals_, &info, &timeout);
    } else {
        ::sigwaitinfo(&signals_, &info);
    }
    if (info.si_signo != 0 && info.si_signo != SIGCHLD) stopping_ = true;

    reap();
    for (auto& service : services_)
        if (waits_for_restart(service) && service.due <= Clock::now()) start(service);
}

void Supervisor::reap()
{
    for (;;) {
        // Only looked at: as long as the leader is not waited for, the number of its group cannot be given anew.
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;

        const auto service = std::ranges::find(services_, info.si_pid, &Service::pid);
        if (service != services_.end()) {
            ::kill(-service->pid, SIGKILL);
            int status = 0;
            ::waitpid(service->pid, &status, 0);
            while (::waitpid(-service->pid, nullptr, 0) > 0) {} // the next nginx needs the port that these still hold
            ended(*service, status);
        } else {
            ::waitpid(info.si_pid, nullptr, 0);
            if (info.si_pid == guard_ && !stopping_) guard_ = start_guard(lifeline_, groups_);
        }
    }
}

void Supervisor::ended(Service& service, int status)
{
    service.pid = group_of(service) = 0;
    service.exit_status = status;
    if (service.once) return;

    if (stopping_) {
        service.state = State::stopped;
    } else {
        const auto now = Clock::now();
        service.backoff = now - service.started >= settled ? 0ms : std::clamp(service.backoff * 2, first_backoff, longest_backoff);
        service.due = now + service.backoff;
        service.state = service.backoff == longest_backoff ? State::failed : State::restarting;
        say(service.name + " ended "
            + (WIFSIGNALED(status) ? "by signal " + std::to_string(WTERMSIG(status)) : "with code " + std::to_string(WEXITSTATUS(status)))
            + ", starts again in " + std::to_string(service.backoff.count()) + " ms");
    }
    write_status();
}

void Supervisor::stop()
{
    stopping_ = true;
    for (int stage = services_.back().stage; stage >= 0; --stage) stop(stage);

    for (const auto& service : services_)
        if (service.listener >= 0) ::unlink(service.socket.c_str());
    fs::remove(dir_ / "run/status");
    ::kill(guard_, SIGKILL); // it would hold the lock
    ::waitpid(guard_, nullptr, 0);
}

void Supervisor::stop(int stage)
{
    const auto lives = [stage](const Service& service) { return service.stage == stage && service.pid != 0; };
    for (auto& service : services_) {
        if (lives(service)) ::kill(service.pid, service.stop_signal); // to the leader: nginx tells its workers itself
        else if (service.stage == stage) service.state = State::stopped;
    }
    const auto deadline = Clock::now() + stop_patience;
    while (std::ranges::any_of(services_, lives) && Clock::now() < deadline) tend(deadline);

    for (const auto& service : services_) {
        if (!lives(service)) continue;
        say(service.name + " did not stop when asked and is killed");
        ::kill(-service.pid, SIGKILL);
    }
    while (std::ranges::any_of(services_, lives)) tend(std::nullopt);
}

/// Written aside and renamed, so that a reader never sees half of it.
void Supervisor::write_status() const
{
    const auto path = dir_ / "run/status";
    const auto aside = dir_ / "run/status.new";
    {
        std::ofstream file{aside};
        for (const auto& service : services_) {
            if (service.once) continue;
            file << service.name << ' ' << (service.pid != 0 ? std::to_string(service.pid) : "-") << ' ' << name_of(service.state) << '\n';
        }
    }
    std::error_code ignored; // a full disk must not end the services
    fs::rename(aside, path, ignored);
}

void Supervisor::show_log(const Service& service, std::uintmax_t from) const
{
    constexpr std::uintmax_t enough = 4096;
    say(service.name + " failed; " + log_of(service).string() + " ends with:");
    std::ifstream log{log_of(service)};
    const auto size = fs::file_size(log_of(service));
    log.seekg(static_cast<std::streamoff>(size - from > enough ? size - enough : from));
    for (std::string line; std::getline(log, line);) std::cerr << "    " << line << '\n';
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 2) {
        std::cerr << "usage: uncloud-supervise DIR\n";
        return 2;
    }
    return Supervisor{fs::absolute(argv[1])}.run();
} catch (const std::exception& error) {
    std::cerr << "uncloud-supervise: " << error.what() << '\n';
    return EXIT_FAILURE;
}
