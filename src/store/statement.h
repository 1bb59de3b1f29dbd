#pragma once
#include "domain/uuid.h"
#include "store/database.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

// What is hot or comes in bulk goes to the server as a real prepared statement in the binary protocol (SOCI 4.0.3 pastes
// values into text). A statement is prepared once per connection and found again by the address of its literal.

using MYSQL = struct st_mysql;

namespace store {

/// The statements one connection has prepared.
class StatementCache {
public:
    StatementCache();
    ~StatementCache();
    StatementCache(StatementCache&&) noexcept;
    StatementCache(const StatementCache&) = delete;

    void connect(MYSQL* connection);
    void clear();

private:
    friend class StatementRun;
    struct Entry;
    struct State;
    std::unique_ptr<State> state_;
};

/// One execution of a prepared statement, for the functions below.
class StatementRun {
public:
    StatementRun(Session& session, const char* sql);
    ~StatementRun();
    StatementRun(const StatementRun&) = delete;
    StatementRun& operator=(const StatementRun&) = delete;

    void bind(std::int64_t value);
    void bind(std::string_view value); ///< must live until execute()
    void bind_null();
    void bind_column(const std::vector<std::int64_t>& values);
    void bind_column(const std::vector<std::string>& values);
    void bind_column(const std::vector<std::optional<std::int64_t>>& values);
    void bind_column(const std::vector<std::optional<std::string>>& values);

    /// Runs it for the bound values. @returns rows inserted, matched or deleted.
    std::uint64_t execute(std::size_t array_size = 0);
    std::int64_t insert_id() const;

    void expect_integer();
    void expect_text();
    bool fetch();
    bool is_null(std::size_t column) const;
    std::int64_t integer(std::size_t column) const;
    std::string text(std::size_t column) const;

private:
    StatementCache::Entry& entry_;
};

namespace detail {

inline void bind(StatementRun& run, std::integral auto value) { run.bind(static_cast<std::int64_t>(value)); }
inline void bind(StatementRun& run, std::string_view value) { run.bind(value); }
inline void bind(StatementRun& run, const std::string& value) { run.bind(std::string_view{value}); }
inline void bind(StatementRun& run, const domain::Uuid& value) { run.bind(std::string_view{value.text()}); }
template <class Value> void bind(StatementRun& run, const std::optional<Value>& value)
{
    if (value) bind(run, *value);
    else run.bind_null();
}

template <class Column> struct ColumnReader;
template <std::integral Number> struct ColumnReader<Number> {
    static void expect(StatementRun& run) { run.expect_integer(); }
    static Number read(const StatementRun& run, std::size_t column) { return static_cast<Number>(run.integer(column)); }
};
template <> struct ColumnReader<std::string> {
    static void expect(StatementRun& run) { run.expect_text(); }
    static std::string read(const StatementRun& run, std::size_t column) { return run.text(column); }
};
template <class Value> struct ColumnReader<std::optional<Value>> {
    static void expect(StatementRun& run) { ColumnReader<Value>::expect(run); }
    static std::optional<Value> read(const StatementRun& run, std::size_t column)
    {
        if (run.is_null(column)) return std::nullopt;
        return ColumnReader<Value>::read(run, column);
    }
};

} // namespace detail

/// Runs a statement without a result. `sql` must be a literal with one `?` for each argument: integers, text, Uuid, or
/// optionals of them. @returns rows inserted, matched or deleted. @throws DatabaseError
template <class... Args> std::uint64_t execute(Session& session, const char* sql, const Args&... args)
{
    StatementRun run{session, sql};
    (detail::bind(run, args), ...);
    return run.execute();
}

/// Runs a SELECT: select<std::int64_t, std::string>(session, "SELECT id, name …", …). NULL is only read into optionals.
/// Dates and times are read as text: CAST(… AS CHAR). @throws DatabaseError
template <class... Columns, class... Args>
std::vector<std::tuple<Columns...>> select(Session& session, const char* sql, const Args&... args)
{
    StatementRun run{session, sql};
    (detail::bind(run, args), ...);
    run.execute();
    (detail::ColumnReader<Columns>::expect(run), ...);
    std::vector<std::tuple<Columns...>> rows;
    while (run.fetch()) {
        rows.push_back([&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple<Columns...>{detail::ColumnReader<Columns>::read(run, I)...};
        }(std::index_sequence_for<Columns...>{}));
    }
    return rows;
}

/// The first row of a SELECT, or nullopt.
template <class... Columns, class... Args>
std::optional<std::tuple<Columns...>> select_first(Session& session, const char* sql, const Args&... args)
{
    auto rows = select<Columns...>(session, sql, args...);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

/// Runs one INSERT, UPDATE or DELETE for whole columns of values in a single round trip (COM_STMT_BULK_EXECUTE); all
/// columns have the same length. Nothing happens for empty ones. @throws DatabaseError
template <class... Values> std::uint64_t execute_bulk(Session& session, const char* sql, const std::vector<Values>&... columns)
{
    const std::size_t size = std::get<0>(std::tie(columns...)).size();
    if (size == 0) return 0;
    StatementRun run{session, sql};
    (run.bind_column(columns), ...);
    return run.execute(size);
}

/// Runs one INSERT. @returns the AUTO_INCREMENT value of its row. @throws DatabaseError
template <class... Args> std::int64_t insert(Session& session, const char* sql, const Args&... args)
{
    StatementRun run{session, sql};
    (detail::bind(run, args), ...);
    run.execute();
    return run.insert_id();
}

} // namespace store
