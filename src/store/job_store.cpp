#include "store/job_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <soci/soci.h>

#include <stdexcept>

using soci::use;

namespace store {
namespace {

/// Bulk columns are all of one kind of value; every row gets the same one.
template <class Value> std::vector<Value> repeated(std::size_t count, Value value) { return std::vector<Value>(count, value); }

std::int64_t microseconds(std::chrono::milliseconds pause) { return std::chrono::microseconds{pause}.count(); }

} // namespace

void JobStore::add(domain::JobKind kind, const domain::Uuid& target, const std::string& occasion, std::chrono::milliseconds delay)
{
    const std::string name{domain::to_text(kind)};
    const auto dedupe_key = name + ':' + target.text() + (occasion.empty() ? "" : ':' + occasion);
    execute(session_,
        "INSERT INTO jobs (kind, dedupe_key, target, not_before, created_at) VALUES (?, ?, ?, NOW(6) + INTERVAL ? MICROSECOND, NOW(6))"
        " ON DUPLICATE KEY UPDATE id = id",
        name, dedupe_key, target, microseconds(delay));
}

void JobStore::add(const std::vector<NewJob>& jobs)
{
    std::vector<std::string> kinds, keys, uuids;
    for (const auto& [kind, target, occasion] : jobs) {
        kinds.emplace_back(domain::to_text(kind));
        uuids.push_back(target.text());
        keys.push_back(kinds.back() + ':' + target.text() + (occasion.empty() ? "" : ':' + occasion));
    }
    execute_bulk(session_,
        "INSERT INTO jobs (kind, dedupe_key, target, not_before, created_at) VALUES (?, ?, ?, NOW(6), NOW(6))"
        " ON DUPLICATE KEY UPDATE id = id",
        kinds, keys, uuids);
}

void JobStore::add(domain::JobKind kind, const std::vector<domain::Uuid>& targets, const std::string& occasion)
{
    std::vector<NewJob> jobs;
    for (const auto& target : targets) jobs.push_back({kind, target, occasion});
    add(jobs);
}

std::vector<domain::Job> JobStore::claim(const std::string& owner, std::chrono::seconds lease, int limit)
{
    const auto rows = select<std::int64_t, std::string, std::string, int>(session_,
        "SELECT id, kind, target, attempts FROM jobs WHERE state = 'queued' AND not_before <= NOW(6)"
        " ORDER BY not_before LIMIT ? FOR UPDATE SKIP LOCKED",
        limit);
    std::vector<domain::Job> jobs;
    std::vector<std::int64_t> ids;
    for (const auto& [id, kind_text, target, attempts] : rows) {
        const auto kind = domain::job_kind_from(kind_text);
        if (!kind) throw std::runtime_error{"a job of an unknown kind; is this worker older than the database?"};
        jobs.push_back({.id = id, .kind = *kind, .target = uuid_of(target), .attempts = attempts + 1});
        ids.push_back(id);
    }
    execute_bulk(session_,
        "UPDATE jobs SET state = 'leased', attempts = attempts + 1, lease_owner = ?, lease_until = NOW(6) + INTERVAL ? SECOND WHERE id = ?",
        repeated(ids.size(), owner), repeated(ids.size(), std::int64_t{lease.count()}), ids);
    return jobs;
}

void JobStore::release_expired()
{
    execute(session_,
        "UPDATE jobs SET state = 'queued', not_before = NOW(6), lease_owner = NULL, lease_until = NULL"
        " WHERE state = 'leased' AND lease_until <= NOW(6)");
}

void JobStore::release_all(const std::string& owner)
{
    session_.sql() << "UPDATE jobs SET state = 'queued', not_before = NOW(6), lease_owner = NULL, lease_until = NULL"
                      " WHERE state = 'leased' AND lease_owner = :owner",
        use(owner);
}

void JobStore::take_back(domain::JobKind kind, const domain::Uuid& target)
{
    execute(session_,
        "UPDATE jobs SET state = 'queued', not_before = NOW(6), lease_owner = NULL, lease_until = NULL"
        " WHERE dedupe_key = ? AND state IN ('queued', 'leased')",
        std::string{domain::to_text(kind)} + ':' + target.text());
}

void JobStore::done(const domain::Job& job, const std::string& owner)
{
    execute(session_,
        "UPDATE jobs SET state = 'done', finished_at = NOW(6), last_error = '', lease_owner = NULL, lease_until = NULL"
        " WHERE id = ? AND state = 'leased' AND lease_owner = ?",
        job.id, owner);
}

void JobStore::again(const domain::Job& job, const std::string& owner, std::chrono::milliseconds pause, const std::string& error)
{
    execute(session_,
        "UPDATE jobs SET state = 'queued', not_before = NOW(6) + INTERVAL ? MICROSECOND, last_error = ?, lease_owner = NULL, lease_until = "
        "NULL"
        " WHERE id = ? AND state = 'leased' AND lease_owner = ?",
        microseconds(pause), error.substr(0, 255), job.id, owner);
}

void JobStore::postpone(const domain::Job& job, const std::string& owner, std::chrono::milliseconds pause, const std::string& why)
{
    execute(session_,
        "UPDATE jobs SET state = 'queued', attempts = attempts - 1, not_before = NOW(6) + INTERVAL ? MICROSECOND, last_error = ?,"
        " lease_owner = NULL, lease_until = NULL WHERE id = ? AND state = 'leased' AND lease_owner = ?",
        microseconds(pause), why.substr(0, 255), job.id, owner);
}

void JobStore::dead(const domain::Job& job, const std::string& owner, const std::string& error)
{
    execute(session_,
        "UPDATE jobs SET state = 'dead', finished_at = NOW(6), last_error = ?, lease_owner = NULL, lease_until = NULL"
        " WHERE id = ? AND state = 'leased' AND lease_owner = ?",
        error.substr(0, 255), job.id, owner);
}

std::vector<JobRecord> JobStore::list(const std::string& state, int limit)
{
    std::vector<JobRecord> records;
    const auto rows = select<std::int64_t, std::string, std::string, std::string, int, std::string, std::string>(session_,
        "SELECT id, kind, target, state, attempts, CAST(not_before AS CHAR), last_error FROM jobs WHERE ? IN ('', state)"
        " ORDER BY id DESC LIMIT ?",
        state, limit);
    for (const auto& [id, kind, target, row_state, attempts, not_before, last_error] : rows)
        records.push_back({id, kind, target, row_state, attempts, instant_of(not_before), last_error});
    return records;
}

std::optional<JobRecord> JobStore::by_id(std::int64_t id)
{
    const auto row = select_first<std::string, std::string, std::string, int, std::string, std::string>(
        session_, "SELECT kind, target, state, attempts, CAST(not_before AS CHAR), last_error FROM jobs WHERE id = ?", id);
    if (!row) return std::nullopt;
    const auto& [kind, target, state, attempts, not_before, last_error] = *row;
    return JobRecord{id, kind, target, state, attempts, instant_of(not_before), last_error};
}

bool JobStore::retry(std::int64_t id)
{
    return execute(session_,
               "UPDATE jobs SET state = 'queued', attempts = 0, not_before = NOW(6), finished_at = NULL WHERE id = ? AND state = 'dead'",
               id)
        == 1;
}

void JobStore::remove_finished(std::chrono::hours older_than)
{
    execute(session_, "DELETE FROM jobs WHERE state = 'done' AND finished_at < NOW(6) - INTERVAL ? HOUR LIMIT 1000",
        std::int64_t{older_than.count()});
}

} // namespace store
