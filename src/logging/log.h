#pragma once
#include <initializer_list>
#include <string_view>
#include <utility>

namespace logging {

/// Names the program in every line that follows. Called once, before threads start.
void set_program(std::string_view name);

/// Writes one JSON object on one line to standard error: ts, level, program, event, then the fields. Never give it a
/// secret: it escapes, it does not judge.
void event(std::string_view level, std::string_view name, std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {});

} // namespace logging
