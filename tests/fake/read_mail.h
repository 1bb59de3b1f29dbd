#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace fake {

/// What Python's email package finds in the bytes of a mail, by name: see tests/fake/read_mail.py.
inline std::map<std::string, std::string> read_mail(const std::string& bytes)
{
    const auto path = std::filesystem::temp_directory_path() / ("mail-test-" + std::to_string(::getpid()) + ".eml");
    std::ofstream{path, std::ios::binary} << bytes;
    const auto script = std::filesystem::path{__FILE__}.parent_path() / "read_mail.py";
    const auto command = "python3 '" + std::filesystem::absolute(script).string() + "' < '" + path.string() + "'";
    std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), ::pclose};
    if (!pipe) throw std::runtime_error{"cannot run " + command};
    std::string output;
    char buffer[4096];
    for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, pipe.get())) > 0;) output.append(buffer, size);
    const int status = ::pclose(pipe.release());
    std::filesystem::remove(path);
    if (status != 0) throw std::runtime_error{"the mail cannot be read:\n" + bytes};

    std::map<std::string, std::string> found;
    for (std::size_t at = 0; at < output.size();) {
        const auto middle = output.find('\x1f', at);
        const auto end = output.find('\x1e', middle);
        found[output.substr(at, middle - at)] = output.substr(middle + 1, end - middle - 1);
        at = end + 1;
    }
    return found;
}

} // namespace fake
