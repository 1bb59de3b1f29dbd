#pragma once
#include "api/scenario_reader.h"
#include "domain/scenario.h"

#include <string>

namespace api {

/// What a scenario comes to, as JSON.
std::string answer_text(const domain::ScenarioOutcome& outcome);

/// Why a scenario is not valid, as JSON.
std::string answer_text(const InvalidScenario& error);

} // namespace api
