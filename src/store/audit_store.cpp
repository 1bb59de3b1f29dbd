#include "store/audit_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

using soci::use;

namespace store {

void AuditStore::add(const AuditEntry& entry)
{
    const auto at = to_sql(entry.at);
    session_.sql() << "INSERT INTO audit_log (at, actor, action, subject, detail) VALUES (:at, :actor, :action, :subject, :detail)",
        use(at), use(entry.actor), use(entry.action), use(entry.subject), use(entry.detail);
}

std::vector<AuditEntry> AuditStore::page(std::optional<std::int64_t> before, int limit)
{
    std::vector<AuditEntry> entries;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, std::string, std::string>(session_,
        "SELECT id, CAST(at AS CHAR), actor, action, subject, detail FROM audit_log WHERE id < ? ORDER BY id DESC LIMIT ?",
        before.value_or(INT64_MAX), limit);
    for (const auto& [id, at, actor, action, subject, detail] : rows)
        entries.push_back({id, instant_of(at), actor, action, subject, detail});
    return entries;
}

} // namespace store
