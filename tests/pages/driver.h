#pragma once
#include <string>

namespace browser {

/// The address of the WebDriver server, chromedriver, which is started at the first question and ended with the program.
/// @throws std::runtime_error if it does not come up
const std::string& driver();

/// Ends a process for good: asked first, made to after three seconds.
void end_process(long process);

} // namespace browser
