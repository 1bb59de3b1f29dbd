#include "store/billing_run_store.h"

#include "store/sql.h"
#include "store/statement.h"

#include <algorithm>

#define RUN_COLUMNS                                                                                                                        \
    "SELECT r.id, CAST(r.run_on AS CHAR), CAST(r.started_at AS CHAR), CAST(r.finished_at AS CHAR), r.started_by, r.members,"               \
    " (SELECT COUNT(*) FROM billing_slices s WHERE s.run_id = r.id),"                                                                      \
    " (SELECT COUNT(*) FROM billing_slices s WHERE s.run_id = r.id AND s.state = 'done'),"                                                 \
    " (SELECT CAST(COALESCE(SUM(members), 0) AS INT) FROM billing_slices s WHERE s.run_id = r.id),"                                        \
    " (SELECT CAST(COALESCE(SUM(documents), 0) AS INT) FROM billing_slices s WHERE s.run_id = r.id),"                                      \
    " (SELECT CAST(COALESCE(SUM(errors), 0) AS INT) FROM billing_slices s WHERE s.run_id = r.id) FROM billing_runs r "

namespace store {
namespace {

using Text = std::optional<std::string>;
using Row = std::tuple<std::int64_t, std::string, std::string, Text, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
    std::int64_t, std::int64_t>;

constexpr std::size_t longest_error = 255;

BillingRunRecord run_of(const Row& row)
{
    const auto& [id, run_on, started_at, finished_at, started_by, members, slices, done, billed, documents, errors] = row;
    return {.id = id,
        .run_on = date_of(run_on),
        .started_at = instant_of(started_at),
        .finished_at = instant_of(finished_at),
        .started_by = started_by,
        .members = members,
        .slices = slices,
        .slices_done = done,
        .billed = billed,
        .documents = documents,
        .errors = errors};
}

template <class... Args> std::vector<BillingRunRecord> select_runs(Session& session, const char* sql, const Args&... args)
{
    const auto rows = [&]<class... Columns>(std::type_identity<std::tuple<Columns...>>) {
        return select<Columns...>(session, sql, args...);
    }(std::type_identity<Row>{});
    std::vector<BillingRunRecord> runs;
    for (const auto& row : rows) runs.push_back(run_of(row));
    return runs;
}

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

} // namespace

std::optional<std::int64_t> BillingRunStore::open_run(domain::Date day)
{
    const auto row = select_first<std::int64_t>(session_, "SELECT id FROM billing_runs WHERE open_on = ? LOCK IN SHARE MODE", to_sql(day));
    return row ? std::optional{std::get<0>(*row)} : std::nullopt;
}

std::optional<std::pair<std::int64_t, domain::Date>> BillingRunStore::oldest_open()
{
    const auto row = select_first<std::int64_t, std::string>(
        session_, "SELECT id, CAST(open_on AS CHAR) FROM billing_runs WHERE open_on IS NOT NULL ORDER BY open_on LIMIT 1");
    if (!row) return std::nullopt;
    return std::pair{std::get<0>(*row), date_of(std::get<1>(*row))};
}

std::optional<std::int64_t> BillingRunStore::begin(
    domain::Date day, const std::vector<SliceRecord>& slices, std::int64_t members, const std::string& started_by, domain::Instant now)
{
    std::int64_t run = 0;
    const bool is_first = unless_duplicate([&] {
        run = insert(session_, "INSERT INTO billing_runs (run_on, open_on, started_at, started_by, members) VALUES (?, ?, ?, ?, ?)",
            to_sql(day), to_sql(day), to_sql(now), started_by, members);
    });
    if (!is_first) return std::nullopt;
    std::vector<std::int64_t> runs, positions, firsts, lasts;
    for (const auto& slice : slices) {
        runs.push_back(run);
        positions.push_back(slice.position);
        firsts.push_back(number_of(slice.first));
        lasts.push_back(number_of(slice.last));
    }
    execute_bulk(session_, "INSERT INTO billing_slices (run_id, position, first_member, last_member) VALUES (?, ?, ?, ?)", runs, positions,
        firsts, lasts);
    return run;
}

std::optional<SliceRecord> BillingRunStore::claim(std::int64_t run, const std::string& owner, std::chrono::seconds lease)
{
    // Candidates are looked at without a lock; the UPDATE takes exactly one, or finds that another worker did.
    const auto candidates = select<int, std::int64_t, std::int64_t>(session_,
        "SELECT position, first_member, last_member FROM billing_slices WHERE run_id = ? AND (state = 'queued'"
        " OR (state = 'leased' AND lease_until < UTC_TIMESTAMP(6))) ORDER BY position LIMIT 32",
        run);
    for (const auto& [position, first, last] : candidates) {
        const auto taken = execute(session_,
            "UPDATE billing_slices SET state = 'leased', lease_owner = ?, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND"
            " WHERE run_id = ? AND position = ? AND (state = 'queued' OR (state = 'leased' AND lease_until < UTC_TIMESTAMP(6)))",
            owner, static_cast<std::int64_t>(lease.count()), run, position);
        if (taken == 1) return SliceRecord{run, position, domain::MemberId{first}, domain::MemberId{last}};
    }
    return std::nullopt;
}

void BillingRunStore::finish_slice(const SliceRecord& slice, std::size_t members, std::size_t documents, std::size_t errors)
{
    execute(session_,
        "UPDATE billing_slices SET state = 'done', members = members + ?, documents = documents + ?, errors = ?"
        " WHERE run_id = ? AND position = ?",
        members, documents, errors, slice.run, slice.position);
}

void BillingRunStore::give_back(const SliceRecord& slice)
{
    execute(session_,
        "UPDATE billing_slices SET state = 'queued', lease_owner = NULL WHERE run_id = ? AND position = ? AND state = 'leased'", slice.run,
        slice.position);
}

bool BillingRunStore::finish_if_done(std::int64_t run, domain::Instant now)
{
    execute(session_,
        "UPDATE billing_runs SET open_on = NULL, finished_at = ? WHERE id = ? AND open_on IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM billing_slices WHERE run_id = ? AND state <> 'done')",
        to_sql(now), run, run);
    return select_first<int>(session_, "SELECT 1 FROM billing_runs WHERE id = ? AND open_on IS NULL", run).has_value();
}

std::optional<BillingRunRecord> BillingRunStore::read(std::int64_t run)
{
    auto runs = select_runs(session_, RUN_COLUMNS "WHERE r.id = ?", run);
    if (runs.empty()) return std::nullopt;
    return std::move(runs.front());
}

std::vector<BillingRunRecord> BillingRunStore::page(std::optional<std::int64_t> before, int limit)
{
    return select_runs(session_, RUN_COLUMNS "WHERE r.id < ? ORDER BY r.id DESC LIMIT ?", before.value_or(INT64_MAX), limit);
}

void BillingRunStore::note_error(domain::MemberId member, domain::Date run_on, const std::string& error, domain::Instant now)
{
    execute(session_,
        "INSERT INTO billing_errors (member_id, run_on, error, first_at, last_at) VALUES (?, ?, ?, ?, ?)"
        " ON DUPLICATE KEY UPDATE run_on = VALUES(run_on), error = VALUES(error), tries = tries + 1, last_at = VALUES(last_at)",
        number_of(member), to_sql(run_on), error.substr(0, longest_error), to_sql(now), to_sql(now));
}

void BillingRunStore::forget_errors(const std::vector<domain::MemberId>& members)
{
    if (members.empty()) return;
    const auto noted = select<std::int64_t>(session_, "SELECT member_id FROM billing_errors WHERE member_id BETWEEN ? AND ?",
        number_of(members.front()), number_of(members.back()));
    std::vector<std::int64_t> billed;
    for (const auto& [member] : noted)
        if (std::ranges::binary_search(members, domain::MemberId{member})) billed.push_back(member);
    execute_bulk(session_, "DELETE FROM billing_errors WHERE member_id = ?", billed);
}

std::vector<BillingErrorRecord> BillingRunStore::errors(int limit)
{
    std::vector<BillingErrorRecord> errors;
    const auto rows = select<std::string, std::string, std::string, int, std::string, std::string>(session_,
        "SELECT m.uid, CAST(e.run_on AS CHAR), e.error, e.tries, CAST(e.first_at AS CHAR), CAST(e.last_at AS CHAR)"
        " FROM billing_errors e JOIN members m ON m.id = e.member_id ORDER BY e.first_at, e.member_id LIMIT ?",
        limit);
    for (const auto& [uid, run_on, error, tries, first_at, last_at] : rows)
        errors.push_back({uid, date_of(run_on), error, tries, instant_of(first_at), instant_of(last_at)});
    return errors;
}

} // namespace store

#undef RUN_COLUMNS
