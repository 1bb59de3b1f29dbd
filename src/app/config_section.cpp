#include "app/config_section.h"

#include <sys/stat.h>

#include <fstream>

namespace app {
namespace {

/// @throws std::runtime_error if others may read it, too
std::ifstream opened(const std::string& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw std::runtime_error{"cannot read " + path};
    if ((status.st_mode & 077) != 0) throw std::runtime_error{path + " may be read by others; run: chmod 600 " + path};
    return std::ifstream{path};
}

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

} // namespace

std::string secret_in(const std::string& path)
{
    auto file = opened(path);
    std::string content;
    if (!std::getline(file, content)) throw std::runtime_error{path + " is empty"};
    return content;
}

std::map<std::string, std::string> secrets_in(const std::string& path)
{
    auto file = opened(path);
    std::map<std::string, std::string> values;
    for (std::string line; std::getline(file, line);) {
        const auto equals = line.find('=');
        const auto name = trimmed(line.substr(0, equals));
        if (name.empty() || name.starts_with('#') || name.starts_with(';') || name.starts_with('[')) continue;
        if (equals == std::string::npos) throw std::runtime_error{path + ": a line is not NAME=VALUE"};
        values[name] = trimmed(line.substr(equals + 1));
    }
    return values;
}

} // namespace app
