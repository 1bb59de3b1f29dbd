#include "service/job_report.h"

#include <stdexcept>

namespace service {

std::string storage_error(gateway::StorageAnswer answer)
{
    using enum gateway::StorageAnswer;
    switch (answer) {
    case done: return "";
    case exists: return "storage_name_taken";
    case not_found: return "image_missing";
    case busy: return "storage_busy";
    case denied: return "storage_denied";
    case unavailable: return "storage_unavailable";
    case unknown: return "storage_outcome_unknown";
    }
    throw std::logic_error{"no such storage answer"};
}

} // namespace service
