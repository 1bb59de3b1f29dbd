#pragma once
#include "gateway/storage.h"

#include <chrono>
#include <string>

namespace service {

/// How a try of a job ended. `again`: something outside was not ready; `postponed`: its turn has not come yet, the try
/// does not count; `dead`: no further try will help, an operator decides.
enum class JobOutcome { done, again, postponed, dead };

struct JobReport {
    JobOutcome outcome{JobOutcome::done};
    std::string error{};                  ///< a slug
    std::chrono::milliseconds pause{300}; ///< with postponed
};

/// The slug under which members and operators see what storage said.
std::string storage_error(gateway::StorageAnswer answer);

} // namespace service
