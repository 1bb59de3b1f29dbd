#include "store/database.h"

#include "domain/refusal.h"
#include "logging/log.h"
#include "store/statement.h"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include <chrono>
#include <random>
#include <thread>
#include <vector>

namespace store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned er_dup_entry = 1062;
constexpr unsigned er_lock_wait_timeout = 1205;
constexpr unsigned er_lock_deadlock = 1213;
constexpr int max_attempts = 5;
constexpr auto patience = std::chrono::seconds{8}; // nginx gives up a little later
constexpr auto idle_before_ping = std::chrono::seconds{5};

bool is_lost_connection(unsigned code)
{
    switch (code) {
    case 1040: // too many connections
    case 1053: // server shutdown in progress
    case 1927: // connection was killed
    case 2002: // cannot connect through the socket
    case 2003:
    case 2006: // server has gone away
    case 2013: // lost connection during the query
    case 2055: return true;
    default: return false;
    }
}

bool is_conflict(unsigned code) { return code == er_lock_deadlock || code == er_lock_wait_timeout; }

/// MariaDB's number for a SOCI exception, 0 if it has none.
unsigned code_of(const soci::soci_error& error)
{
    const auto* mysql_error = dynamic_cast<const soci::mysql_soci_error*>(&error);
    return mysql_error ? mysql_error->err_num_ : 0;
}

void pause_before(int attempt)
{
    thread_local std::minstd_rand random{std::random_device{}()};
    std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{1, 5 << attempt}(random)});
}

std::string quoted(const std::string& value)
{
    std::string text{"'"};
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text += '\'';
}

MYSQL* handle_of(soci::session& sql) { return static_cast<soci::mysql_session_backend*>(sql.get_backend())->conn_; }

} // namespace

DatabaseError::DatabaseError(unsigned code) : std::runtime_error{"MariaDB error " + std::to_string(code)}, code_{code} {}

struct Database::Pool {
    struct Slot {
        bool open{false};
        Clock::time_point last_used{};
        StatementCache statements{};
    };

    Pool(const DatabaseSettings& settings, std::size_t size)
        : connect_string{"unix_socket=" + quoted(settings.socket) + " db=" + quoted(settings.name) + " user=" + quoted(settings.user)
            + " password=" + quoted(settings.password)
            + " charset=utf8mb4 connect_timeout=2 write_timeout=10 read_timeout=" + std::to_string(settings.patience.count())},
          wait_for_session{std::chrono::milliseconds{settings.patience} / 5},
          sessions{size},
          slots(size)
    {
    }

    void close(std::size_t position)
    {
        slots[position].open = false;
        slots[position].statements.clear();
        try {
            sessions.at(position).close();
        } catch (const soci::soci_error&) {
            // It is being thrown away because it is broken.
        }
    }

    void open(std::size_t position)
    {
        auto& sql = sessions.at(position);
        try {
            sql.open(soci::mysql, connect_string);
            auto* handle = handle_of(sql);
            const unsigned off = 0;
            mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &off);
            sql << "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',"
                   " tx_isolation = 'READ-COMMITTED', innodb_lock_wait_timeout = 3";
            slots[position].statements.connect(handle);
        } catch (const soci::soci_error&) {
            close(position);
            throw domain::Unavailable{"database_unavailable"};
        }
        slots[position].open = true;
        slots[position].last_used = Clock::now();
    }

    void make_alive(std::size_t position)
    {
        auto& slot = slots[position];
        if (slot.open && Clock::now() - slot.last_used > idle_before_ping && mysql_ping(handle_of(sessions.at(position))) != 0)
            close(position);
        if (!slot.open) open(position);
    }

    std::string connect_string;
    std::chrono::milliseconds wait_for_session;
    soci::connection_pool sessions;
    std::vector<Slot> slots;
};

/// A session out of the pool, alive and without a transaction.
class Database::Lease {
public:
    explicit Lease(Pool& pool) : pool_{pool}
    {
        if (!pool_.sessions.try_lease(position_, static_cast<int>(pool_.wait_for_session.count())))
            throw domain::Unavailable{"database_busy"};
        try {
            pool_.make_alive(position_);
        } catch (...) {
            pool_.sessions.give_back(position_);
            throw;
        }
    }

    ~Lease()
    {
        if (in_transaction_) roll_back();
        pool_.slots[position_].last_used = Clock::now();
        pool_.sessions.give_back(position_);
    }

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    soci::session& sql() { return pool_.sessions.at(position_); }
    StatementCache& statements() { return pool_.slots[position_].statements; }

    void begin()
    {
        sql().begin();
        in_transaction_ = true;
    }

    void commit()
    {
        in_transaction_ = false;
        try {
            sql().commit();
        } catch (const soci::soci_error& error) {
            const auto code = code_of(error);
            pool_.close(position_);
            if (is_conflict(code)) throw DatabaseError{code}; // Galera's certification refused it: nothing was stored
            throw domain::Unavailable{"outcome_unknown"};
        }
    }

    void roll_back()
    {
        in_transaction_ = false;
        try {
            sql().rollback();
        } catch (const soci::soci_error&) {
            discard();
        }
    }

    void discard()
    {
        in_transaction_ = false;
        pool_.close(position_);
    }

private:
    Pool& pool_;
    std::size_t position_{0};
    bool in_transaction_{false};
};

Database::Database(const DatabaseSettings& settings, std::size_t sessions) : pool_{std::make_unique<Pool>(settings, sessions)} {}

Database::~Database() = default;

void Database::run(Mode mode, const std::function<void(Session&)>& work)
{
    const auto deadline = Clock::now() + patience;
    for (int tried = 1;; ++tried) {
        try {
            return attempt(mode, work);
        } catch (const Conflict&) {
            if (tried == max_attempts || Clock::now() >= deadline) throw;
            pause_before(tried);
        } catch (const DatabaseError& error) {
            const bool again = is_conflict(error.code()) || is_lost_connection(error.code());
            if (again && tried < max_attempts && Clock::now() < deadline) {
                logging::event("info", "transaction_repeated", {{"code", std::to_string(error.code())}});
                pause_before(tried);
                continue;
            }
            if (is_lost_connection(error.code())) throw domain::Unavailable{"database_unavailable"};
            if (is_conflict(error.code())) throw domain::Unavailable{"database_busy"};
            throw;
        }
    }
}

void Database::attempt(Mode mode, const std::function<void(Session&)>& work)
{
    Lease lease{*pool_};
    try {
        Session session{lease.sql(), lease.statements()};
        if (mode != Mode::autocommit) lease.begin();
        work(session);
        if (mode == Mode::commit) lease.commit();
    } catch (const soci::soci_error& error) {
        const auto code = code_of(error);
        if (code == 0 || is_lost_connection(code)) lease.discard();
        throw DatabaseError{code};
    } catch (const DatabaseError& error) {
        if (is_lost_connection(error.code())) lease.discard();
        throw;
    }
}

bool unless_duplicate(const std::function<void()>& statement)
{
    try {
        statement();
        return true;
    } catch (const soci::soci_error& error) {
        if (code_of(error) != er_dup_entry) throw;
    } catch (const DatabaseError& error) {
        if (error.code() != er_dup_entry) throw;
    }
    return false;
}

} // namespace store
