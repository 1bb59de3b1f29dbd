#include "client/terminal.h"

#include "client/table.h"
#include "http/json_text.h"

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

/// Line by line: line breaks are ours to keep.
std::string printable_lines(const std::string& text)
{
    std::string clean;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        clean += printable(std::string_view{text}.substr(at, end - at)) + '\n';
        at = end + 1;
    }
    return clean;
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

int report(const Failure& failure, const Console& console)
{
    const auto exit = static_cast<int>(failure.exit());
    if (console.json) {
        console.notes << http::JsonText::object()
                             .set("error", failure.what())
                             .set("remedy", failure.remedy())
                             .set("status", failure.status)
                             .set("errorCode", failure.error_code)
                             .set("queryId", failure.query_id)
                             .set("exit", exit)
                             .dump()
                      << '\n';
        return exit;
    }
    console.notes << "ovh-order: " << printable_lines(failure.what());
    if (!failure.remedy().empty()) console.notes << printable_lines(failure.remedy());
    if (!failure.query_id.empty()) console.notes << "query id: " << printable(failure.query_id) << '\n';
    return exit;
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
