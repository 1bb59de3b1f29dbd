#include "logging/log.h"

#include "domain/calendar.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace logging {
namespace {

std::string program{"uncloud"};

void append_escaped(std::string& line, std::string_view text)
{
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < 0x20 || byte >= 0x7f) { // also what is no UTF-8: a log line is plain ASCII
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", byte);
            line += code;
        } else {
            line += c;
        }
    }
}

void append_member(std::string& line, std::string_view name, std::string_view value)
{
    line += line.empty() ? "{\"" : ",\"";
    line += name;
    line += "\":\"";
    append_escaped(line, value);
    line += '"';
}

} // namespace

void set_program(std::string_view name) { program = name; }

void event(std::string_view level, std::string_view name, std::initializer_list<std::pair<std::string_view, std::string_view>> fields)
{
    std::string line;
    line.reserve(256);
    append_member(line, "ts", domain::to_text(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())));
    append_member(line, "level", level);
    append_member(line, "program", program);
    append_member(line, "event", name);
    for (const auto& [field, value] : fields) append_member(line, field, value);
    line += "}\n";
    // One write: lines of several threads and programs do not mix.
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

} // namespace logging
