#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace soci {
class session;
}

namespace store {

class StatementCache;

struct DatabaseSettings {
    std::string socket{}; ///< Unix socket of MariaDB
    std::string name{};
    std::string user{};
    std::string password{};
    std::chrono::seconds patience{10}; ///< with one statement; a fifth of it until a session is free
};

/// MariaDB said no. Carries its error number only: the server's and SOCI's texts contain bound values.
class DatabaseError : public std::runtime_error {
public:
    explicit DatabaseError(unsigned code);
    unsigned code() const noexcept { return code_; }

private:
    unsigned code_;
};

/// A row is no longer what the caller has read: read again, decide again.
class Conflict : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One leased connection, as the stores see it.
class Session {
public:
    /// For ordinary statements, through SOCI. Bind named variables only.
    soci::session& sql() noexcept { return sql_; }

    /// For hot and bulk statements, see statement.h.
    StatementCache& statements() noexcept { return statements_; }

private:
    friend class Database;
    Session(soci::session& sql, StatementCache& statements) : sql_{sql}, statements_{statements} {}

    soci::session& sql_;
    StatementCache& statements_;
};

/// The only way to a session. Each call leases one from the pool, makes sure that it is alive and clean, runs the work
/// and gives it back. Deadlocks and lock waits (1213, 1205), a Conflict, and connections lost before COMMIT repeat the
/// whole work, a bounded number of times, so the work must have no effect outside the transaction.
/// @throws domain::Unavailable if the database cannot be reached or no session comes free in time, or, as
/// "outcome_unknown", if the connection is lost during COMMIT; DatabaseError for everything else MariaDB refuses.
class Database {
public:
    Database(const DatabaseSettings& settings, std::size_t sessions);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs the work in one transaction; it is rolled back if the work throws.
    template <class Work> auto transact(Work&& work) { return call(Mode::commit, std::forward<Work>(work)); }

    /// As transact, but rolls back at the end: shows what would happen.
    template <class Work> auto rehearse(Work&& work) { return call(Mode::roll_back, std::forward<Work>(work)); }

    /// Runs reading work in which each statement stands for itself (autocommit).
    template <class Work> auto read(Work&& work) { return call(Mode::autocommit, std::forward<Work>(work)); }

private:
    enum class Mode { autocommit, commit, roll_back };
    struct Pool;
    class Lease;

    template <class Work> auto call(Mode mode, Work&& work)
    {
        using Result = std::invoke_result_t<Work, Session&>;
        if constexpr (std::is_void_v<Result>) {
            run(mode, [&](Session& session) { work(session); });
        } else {
            std::optional<Result> result;
            run(mode, [&](Session& session) { result.emplace(work(session)); });
            return std::move(*result);
        }
    }

    void run(Mode mode, const std::function<void(Session&)>& work);
    void attempt(Mode mode, const std::function<void(Session&)>& work);

    std::unique_ptr<Pool> pool_;
};

/// Runs one INSERT or UPDATE. Returns false if a UNIQUE key refused it: somebody else was first.
bool unless_duplicate(const std::function<void()>& statement);

} // namespace store
