#include "store/gateway_event_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <stdexcept>

namespace store {
namespace {

using domain::GatewayEventState;

/// Somebody else's words in UTF-8, cut to their column: an event must not be lost for a long one.
std::string_view cut(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes; // not within a character
    return text.substr(0, bytes);
}

} // namespace

bool GatewayEventStore::add(const domain::GatewayEvent& event, GatewayEventState state, std::string_view reason)
{
    const bool fresh = state == GatewayEventState::fresh;
    return unless_duplicate([&] {
        execute(session_,
            "INSERT INTO gateway_events (event_id, type, object_id, object_kind, instance, api_version, idempotency_key, livemode,"
            " created_at, received_at, body, state, next_at, error, finished_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(6), ?, ?, NOW(6), ?, IF(?, NULL, NOW(6)))",
            event.id, cut(event.type, 128), cut(event.object_id, 255), cut(event.object_kind, 64), cut(event.instance, 255),
            cut(event.api_version, 64), cut(event.idempotency_key, 255), event.livemode, to_sql(event.created), event.body,
            domain::to_text(state), reason, fresh);
    });
}

std::vector<ClaimedEvent> GatewayEventStore::claim(std::chrono::seconds lease, int limit)
{
    const auto rows = select<std::int64_t, int, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
        bool, std::string, std::string>(session_,
        "SELECT id, attempts, event_id, type, object_id, object_kind, instance, api_version, idempotency_key, livemode,"
        " CAST(created_at AS CHAR), body FROM gateway_events WHERE state = 'new' AND next_at <= NOW(6)"
        " ORDER BY next_at LIMIT ? FOR UPDATE SKIP LOCKED",
        limit);
    std::vector<ClaimedEvent> claimed;
    std::vector<std::int64_t> ids, leases;
    for (const auto& [id, attempts, event_id, type, object_id, object_kind, instance, api_version, key, livemode, created, body] : rows) {
        ids.push_back(id);
        leases.push_back(lease.count());
        claimed.push_back({.id = id,
            .attempts = attempts + 1,
            .event = {.id = event_id,
                .type = type,
                .object_id = object_id,
                .object_kind = object_kind,
                .instance = instance,
                .api_version = api_version,
                .idempotency_key = key,
                .created = instant_of(created),
                .livemode = livemode,
                .body = body}});
    }
    execute_bulk(
        session_, "UPDATE gateway_events SET attempts = attempts + 1, next_at = NOW(6) + INTERVAL ? SECOND WHERE id = ?", leases, ids);
    return claimed;
}

bool GatewayEventStore::finish(const ClaimedEvent& claimed, GatewayEventState state, const std::string& error)
{
    if (state == GatewayEventState::fresh) throw std::logic_error{"an event does not end as a new one"};
    return execute(session_,
               "UPDATE gateway_events SET state = ?, error = ?, finished_at = NOW(6) WHERE id = ? AND state = 'new' AND attempts = ?",
               domain::to_text(state), cut(error, 255), claimed.id, claimed.attempts)
        == 1;
}

bool GatewayEventStore::again(const ClaimedEvent& claimed, std::chrono::milliseconds pause, const std::string& error)
{
    return execute(session_,
               "UPDATE gateway_events SET next_at = NOW(6) + INTERVAL ? MICROSECOND, error = ?"
               " WHERE id = ? AND state = 'new' AND attempts = ?",
               std::chrono::microseconds{pause}.count(), cut(error, 255), claimed.id, claimed.attempts)
        == 1;
}

bool GatewayEventStore::retry(const std::string& event_id)
{
    return execute(session_,
               "UPDATE gateway_events SET state = 'new', attempts = 0, next_at = NOW(6), finished_at = NULL"
               " WHERE event_id = ? AND state = 'failed'",
               event_id)
        == 1;
}

std::optional<domain::Instant> GatewayEventStore::newest()
{
    const auto row = select_first<std::optional<std::string>>(session_, "SELECT CAST(MAX(created_at) AS CHAR) FROM gateway_events");
    return row ? instant_of(std::get<0>(*row)) : std::nullopt;
}

void GatewayEventStore::remove_finished(std::chrono::hours older_than)
{
    execute(session_,
        "DELETE FROM gateway_events WHERE state IN ('handled', 'ignored') AND finished_at < NOW(6) - INTERVAL ? HOUR LIMIT 1000",
        std::int64_t{older_than.count()});
}

} // namespace store
