#pragma once
#include "domain/call_fault.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace store {

/// Rows of `call_faults`.
class CallFaultStore {
public:
    explicit CallFaultStore(Session& session) : session_{session} {}

    std::vector<domain::CallFault> all();
    void add(const domain::CallFault& fault);
    void clear();

    /// Notes that the fault strikes. Returns false if it has struck as often as it was to.
    bool strike(std::int64_t fault);

private:
    Session& session_;
};

} // namespace store
