#pragma once
#include "domain/calendar.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// Something an operator did.
struct AuditEntry {
    std::int64_t id{0};
    domain::Instant at{};
    std::string actor{};
    std::string action{};
    std::string subject{};
    std::string detail{};
};

/// Rows of `audit_log`; they are only ever added.
class AuditStore {
public:
    explicit AuditStore(Session& session) : session_{session} {}

    void add(const AuditEntry& entry);

    /// Newest first.
    std::vector<AuditEntry> page(std::optional<std::int64_t> before, int limit);

private:
    Session& session_;
};

} // namespace store
