#include "store/idempotency_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

using soci::use;

namespace store {

bool IdempotencyStore::take(const RequestKey& key)
{
    return unless_duplicate([&] {
        execute(session_,
            "INSERT INTO idempotency_keys (member_id, route, idempotency_key, fingerprint, status, location, body, created_at)"
            " VALUES (?, ?, ?, ?, 0, '', '', NOW(6))",
            static_cast<std::int64_t>(key.member), key.route, key.key, key.fingerprint);
    });
}

void IdempotencyStore::store_answer(const RequestKey& key, const StoredAnswer& answer)
{
    execute(session_,
        "UPDATE idempotency_keys SET status = ?, location = ?, body = ? WHERE member_id = ? AND route = ? AND idempotency_key = ?",
        answer.status, answer.location, answer.body, static_cast<std::int64_t>(key.member), key.route, key.key);
}

std::optional<StoredAnswer> IdempotencyStore::read(const RequestKey& key)
{
    const auto row = select_first<std::string, int, std::string, std::string>(session_,
        "SELECT fingerprint, status, location, body FROM idempotency_keys WHERE member_id = ? AND route = ? AND idempotency_key = ?"
        " LOCK IN SHARE MODE",
        static_cast<std::int64_t>(key.member), key.route, key.key);
    if (!row) return std::nullopt;
    const auto& [fingerprint, status, location, body] = *row;
    return StoredAnswer{fingerprint, status, location, body};
}

void IdempotencyStore::remove_older_than(int hours)
{
    session_.sql() << "DELETE FROM idempotency_keys WHERE created_at < NOW(6) - INTERVAL :hours HOUR LIMIT 1000", use(hours);
}

} // namespace store
