#pragma once
#include "domain/scenario.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace api {

/// A scenario that is not valid: why (a stable slug) and where (a JSON pointer to the value, or to where it would be).
class InvalidScenario : public std::runtime_error {
public:
    InvalidScenario(std::string code, std::string path, const std::string& message)
        : std::runtime_error{message}, code_{std::move(code)}, path_{std::move(path)}
    {
    }
    const std::string& code() const noexcept { return code_; }
    const std::string& path() const noexcept { return path_; }

private:
    std::string code_;
    std::string path_;
};

/// Reads a billing scenario, version 1. Instants become civil days of the scenario's zone here; there are none after that.
/// @throws InvalidScenario
domain::Scenario read_scenario(std::string_view text);

} // namespace api
