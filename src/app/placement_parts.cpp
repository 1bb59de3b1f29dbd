#include "app/placement_parts.h"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace app {

void check_name(const std::string& name, const char* what)
{
    const bool fits = !name.empty() && name.size() <= 64 && name.front() != '-' && name != ".."
        && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == std::string::npos;
    if (!fits) throw std::invalid_argument{std::string{what} + " must be 1 to 64 letters, digits, dots, hyphens and underscores: " + name};
}

std::optional<bool> yes_of(const std::optional<std::string>& text) { return text ? std::optional{*text == "yes"} : std::nullopt; }

std::string yes_or_no(bool yes) { return yes ? "yes" : "no"; }

CLI::App* add_list(CLI::App& group, const char* what, std::string& format)
{
    auto* command = group.add_subcommand("list", what);
    command->add_option("--format", format, "table or json")->check(CLI::IsMember({"table", "json"}));
    return command;
}

} // namespace app
