#pragma once
#include "client/console.h"

#include <string>

namespace client {

/// The console of a program: questions are asked if both standard input and standard error are a terminal, results are tables
/// if standard output is one. `json` and `table` win over that.
Console program_console(bool json, bool table);

/// Starts the desktop's browser if there is one; never waits for it.
void open_browser(const std::string& url);

/// True if there is a desktop whose browser could be opened.
bool has_desktop();

} // namespace client
