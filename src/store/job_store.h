#pragma once
#include "domain/calendar.h"
#include "domain/job.h"
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// A job as operators see it.
struct JobRecord {
    std::int64_t id{0};
    std::string kind{};
    std::string target{};
    std::string state{};
    int attempts{0};
    domain::Instant not_before{};
    std::string last_error{};
};

struct NewJob {
    domain::JobKind kind{};
    domain::Uuid target{};
    std::string occasion{}; ///< tells several of one kind and target apart; empty if there can only be one
};

/// Rows of `jobs`. All their times are the database's own clock, one for all machines.
class JobStore {
public:
    explicit JobStore(Session& session) : session_{session} {}

    /// Adds the job, due after `delay`; one with the same dedupe key that exists already is left as it is. `occasion`
    /// tells several jobs of one kind and target apart ("" if there can only be one).
    void add(domain::JobKind kind, const domain::Uuid& target, const std::string& occasion = "", std::chrono::milliseconds delay = {});

    /// Adds the jobs, due now, as add() does.
    void add(const std::vector<NewJob>& jobs);

    /// One for each target, due now.
    void add(domain::JobKind kind, const std::vector<domain::Uuid>& targets, const std::string& occasion = "");

    /// Leases the due jobs that waited longest, at most `limit`; rows that others are just taking are passed over.
    std::vector<domain::Job> claim(const std::string& owner, std::chrono::seconds lease, int limit);

    /// Makes jobs due again whose owner let the lease run out.
    void release_expired();

    /// Makes the jobs of an owner that is known to be gone due at once.
    void release_all(const std::string& owner);

    /// The job's worker is known to be gone: it is due at once, unless it ended.
    void take_back(domain::JobKind kind, const domain::Uuid& target);

    // The outcome of a claimed job; nothing happens if the lease was lost to another owner meanwhile.
    void done(const domain::Job& job, const std::string& owner);
    void again(const domain::Job& job, const std::string& owner, std::chrono::milliseconds pause, const std::string& error);
    void dead(const domain::Job& job, const std::string& owner, const std::string& error);

    /// As again(), for a job that could not even begin: the attempt does not count.
    void postpone(const domain::Job& job, const std::string& owner, std::chrono::milliseconds pause, const std::string& why);

    /// Newest first; `state` empty: all.
    std::vector<JobRecord> list(const std::string& state, int limit);

    std::optional<JobRecord> by_id(std::int64_t id);

    /// Gives a dead job a new start. Returns false if there is no such dead job.
    bool retry(std::int64_t id);

    void remove_finished(std::chrono::hours older_than);

private:
    Session& session_;
};

} // namespace store
