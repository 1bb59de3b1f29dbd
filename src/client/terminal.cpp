#include "client/terminal.h"

#include "client/failure.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace client {
namespace {

std::string ask(const std::string& question)
{
    std::cerr << question << std::flush;
    std::string answer;
    if (!std::getline(std::cin, answer)) throw Failure{Exit::usage, "the question was not answered"};
    return answer;
}

/// Nothing typed is shown while it lives.
class NoEcho {
public:
    NoEcho()
    {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~NoEcho()
    {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios before_{};
    bool changed_{false};
};

std::string ask_secret(const std::string& question)
{
    const NoEcho silence;
    auto answer = ask(question);
    std::cerr << '\n';
    return answer;
}

} // namespace

Console program_console(bool json, bool table)
{
    const bool is_for_people = table || (!json && ::isatty(STDOUT_FILENO) == 1);
    Console console{.out = std::cout, .notes = std::cerr, .json = !is_for_people};
    if (::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1) {
        console.ask = &ask;
        console.ask_secret = &ask_secret;
    }
    return console;
}

bool has_desktop() { return std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY"); }

void open_browser(const std::string& url)
{
    const pid_t child = ::fork();
    if (child < 0) return;
    if (child > 0) {
        ::waitpid(child, nullptr, 0);
        return;
    }
    // Its own child belongs to nobody and is waited for by init.
    if (::fork() == 0) {
        const int nothing = ::open("/dev/null", O_RDWR);
        for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, descriptor);
        ::execlp("xdg-open", "xdg-open", url.c_str(), static_cast<char*>(nullptr));
    }
    ::_exit(0);
}

} // namespace client
