#pragma once
#include <string>

namespace app {

/// Who runs the command line, for the audit log.
std::string operator_name();

} // namespace app
