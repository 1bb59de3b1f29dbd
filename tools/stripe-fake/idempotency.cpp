#include "idempotency.h"

#include "api_error.h"
#include "store/statement.h"

namespace stripe_fake {
namespace {

constexpr std::int64_t kept_seconds = 24 * 60 * 60;
constexpr std::size_t max_key = 255;
constexpr unsigned er_lock_wait_timeout = 1205;

ApiError misused(const std::string& message, const std::string& key)
{
    return ApiError{
        400, "idempotency_error", message + " Try using a key other than '" + key + "' if you meant to execute a different request."};
}

} // namespace

void IdempotencyKeys::create_table(store::Session& session)
{
    store::execute(session,
        "CREATE TABLE IF NOT EXISTS stripe_fake_idempotency_keys ("
        " idempotency_key VARCHAR(255) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,"
        " path VARCHAR(255) NOT NULL,"
        " fingerprint CHAR(64) NOT NULL,"
        " request_id VARCHAR(64) NOT NULL,"
        " status SMALLINT NOT NULL COMMENT '0 only while the request is carried out',"
        " body MEDIUMTEXT NOT NULL,"
        " created BIGINT NOT NULL,"
        " KEY by_age (created)"
        ") ENGINE = InnoDB");
}

void IdempotencyKeys::remove_expired(store::Session& session, std::int64_t now)
{
    store::execute(session, "DELETE FROM stripe_fake_idempotency_keys WHERE created <= ?", now - kept_seconds);
}

std::optional<KeptAnswer> IdempotencyKeys::take(const KeyedRequest& request)
{
    if (request.key.size() > max_key) throw invalid_request("Idempotency keys can have up to 255 characters.");
    if (insert(request)) return std::nullopt;

    const auto row = store::select_first<std::string, std::string, std::string, int, std::string, std::int64_t>(session_,
        "SELECT path, fingerprint, request_id, status, body, created FROM stripe_fake_idempotency_keys"
        " WHERE idempotency_key = ? LOCK IN SHARE MODE", // the refused INSERT holds that lock already: no upgrade, no deadlock
        request.key);
    if (!row) throw unknown_error(); // swept away in between
    const auto& [path, fingerprint, request_id, status, body, created] = *row;
    if (created <= request.now - kept_seconds) {
        store::execute(session_,
            "UPDATE stripe_fake_idempotency_keys SET path = ?, fingerprint = ?, request_id = ?, status = 0, body = '', created = ?"
            " WHERE idempotency_key = ?",
            request.path, request.fingerprint, request.request_id, request.now, request.key);
        return std::nullopt;
    }
    if (path != request.path)
        throw misused("Keys for idempotent requests can only be used for the same endpoint they were first used for ('" + path + "' vs '"
                + request.path + "').",
            request.key);
    if (fingerprint != request.fingerprint)
        throw misused("Keys for idempotent requests can only be used with the same parameters they were first used with.", request.key);
    return KeptAnswer{status, body, request_id};
}

bool IdempotencyKeys::insert(const KeyedRequest& request)
{
    try {
        // Whoever holds the key has not committed yet, so its row is locked: that is the one way to see it at work.
        return store::unless_duplicate([&] {
            store::execute(session_,
                "SET STATEMENT innodb_lock_wait_timeout = 0 FOR"
                " INSERT INTO stripe_fake_idempotency_keys (idempotency_key, path, fingerprint, request_id, status, body, created)"
                " VALUES (?, ?, ?, ?, 0, '', ?)",
                request.key, request.path, request.fingerprint, request.request_id, request.now);
        });
    } catch (const store::DatabaseError& error) {
        if (error.code() != er_lock_wait_timeout) throw;
        throw ApiError{409, "idempotency_error",
            "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice,"
            " and the other request is still going through): "
                + request.key + ". Please try again later."}
            .coded("idempotency_key_in_use");
    }
}

void IdempotencyKeys::keep(const KeyedRequest& request, int status, const std::string& body)
{
    store::execute(
        session_, "UPDATE stripe_fake_idempotency_keys SET status = ?, body = ? WHERE idempotency_key = ?", status, body, request.key);
}

} // namespace stripe_fake
