#include "app/app.h"

#include "logging/log.h"

namespace app {
namespace {

Config named_config(const std::string& program)
{
    logging::set_program(program);
    return load_config();
}

} // namespace

App::App(const std::string& program)
    : config{named_config(program)},
      clock{[this]() -> std::unique_ptr<gateway::Clock> {
          if (config.mode == Mode::production || config.clock_file.empty()) return gateway::make_system_clock(config.timezone);
          auto settable = gateway::make_sandbox_clock(config.timezone, config.clock_file);
          test_clock_ = settable.get();
          return settable;
      }()},
      database{config.database, static_cast<std::size_t>(config.threads)}
{
}

} // namespace app
