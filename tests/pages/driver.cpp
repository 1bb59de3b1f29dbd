#include "driver.h"

#include "../api/site.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace browser {
namespace {

using namespace std::chrono_literals;

int free_port()
{
    const int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(door, any, size) != 0 || getsockname(door, any, &size) != 0) throw std::runtime_error{"no free port"};
    close(door);
    return ntohs(address.sin_port);
}

class Driver {
public:
    Driver()
    {
        const auto port = std::to_string(free_port());
        url = "http://127.0.0.1:" + port;
        const auto log = site::environment("TEST_VAR") + "/log/chromedriver.log";
        const auto argument = "--port=" + port;
        process_ = fork();
        if (process_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0640);
            dup2(out, STDOUT_FILENO);
            dup2(out, STDERR_FILENO);
            execlp("chromedriver", "chromedriver", argument.c_str(), nullptr);
            _exit(127);
        }
        for (int round = 0; round < 200; ++round) {
            if (site::ask({.path = url + "/status"}).status == 200) return;
            if (waitpid(process_, nullptr, WNOHANG) == process_) break;
            std::this_thread::sleep_for(100ms);
        }
        throw std::runtime_error{"chromedriver does not come up: see " + log};
    }
    ~Driver() { end_process(process_); }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    std::string url{};

private:
    pid_t process_{0};
};

/// True once it is gone, be it our child or not.
bool is_gone(pid_t process)
{
    waitpid(process, nullptr, WNOHANG);
    return kill(process, 0) != 0;
}

} // namespace

const std::string& driver()
{
    static const Driver one;
    return one.url;
}

void end_process(long process)
{
    const auto id = static_cast<pid_t>(process);
    if (id <= 1) return;
    for (const int signal : {SIGTERM, SIGKILL}) {
        if (kill(id, signal) != 0) break;
        for (int round = 0; round < 60 && !is_gone(id); ++round) std::this_thread::sleep_for(50ms);
        if (is_gone(id)) break;
    }
}

} // namespace browser
