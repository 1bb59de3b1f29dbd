#include "app/commands.h"

#include "app/app.h"

#include <CLI/CLI.hpp>

namespace app {
namespace {

/// That there is an answer is the answer: what cannot be used is thrown.
void check_config(std::ostream& out)
{
    App app{"uncloud"};
    out << "the configuration can be used\n";
}

} // namespace

void add_config_commands(CLI::App& cli, std::ostream& out)
{
    auto* config = cli.add_subcommand("config", "the configuration")->require_subcommand(1);
    config->add_subcommand("check", "read it and say whether it can be used")->callback([&] { check_config(out); });
}

} // namespace app
