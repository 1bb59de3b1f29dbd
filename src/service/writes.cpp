#include "service/writes.h"

#include "domain/refusal.h"

namespace service {

using domain::Reason;
using domain::Refusal;

namespace {

Answer replayed(const store::StoredAnswer& stored, const store::RequestKey& key)
{
    if (stored.fingerprint != key.fingerprint)
        throw Refusal{Reason::idempotency_key_reused, "this Idempotency-Key was used for another request; use a new one"};
    return {.status = stored.status, .body = stored.body, .location = stored.location, .replayed = true};
}

} // namespace

Answer Writes::run(const WriteRequest& request, const std::function<Answer(store::Session&)>& use_case)
{
    try {
        if (request.dry_run) return database_.rehearse(use_case);
        if (!request.key) return database_.transact(use_case);
        return database_.transact([&](store::Session& session) { return run_once(session, *request.key, use_case); });
    } catch (const store::Conflict&) { // others were quicker, again and again
        throw domain::Unavailable{"database_busy"};
    } catch (const domain::Unavailable& missing) {
        if (!request.key || std::string_view{missing.what()} != "database_busy") throw;
        throw Refusal{Reason::idempotency_key_in_use, "a request with this Idempotency-Key is still running; ask again shortly"};
    }
}

Answer Writes::run_once(store::Session& session, const store::RequestKey& key, const std::function<Answer(store::Session&)>& use_case)
{
    store::IdempotencyStore keys{session};
    if (keys.take(key)) {
        auto answer = use_case(session);
        keys.store_answer(key, {.fingerprint = key.fingerprint, .status = answer.status, .location = answer.location, .body = answer.body});
        return answer;
    }
    const auto stored = keys.read(key);
    if (!stored) throw Refusal{Reason::idempotency_key_in_use, "a request with this Idempotency-Key has just failed; ask again"};
    return replayed(*stored, key);
}

std::optional<Answer> Writes::earlier(const WriteRequest& request)
{
    if (!request.key || request.dry_run) return std::nullopt;
    const auto stored = database_.read([&](store::Session& session) { return store::IdempotencyStore{session}.read(*request.key); });
    if (!stored) return std::nullopt;
    return replayed(*stored, *request.key);
}

} // namespace service
