#include "store/statement.h"

#include <mysql.h>

#include <array>
#include <cstring>
#include <list>
#include <stdexcept>
#include <unordered_map>

namespace store {
namespace {

constexpr std::size_t usual_text = 256;

struct Result {
    std::int64_t integer{0};
    std::string text{};
    unsigned long length{0};
    my_bool null{0};
    my_bool truncated{0};
    bool is_text{false};
};

/// What MariaDB tells among the rows of a result (a deadlock, a lock that did not come), Connector/C keeps for the connection
/// alone.
[[noreturn]] void throw_error(MYSQL_STMT* statement)
{
    const auto code = mysql_stmt_errno(statement);
    throw DatabaseError{code ? code : mysql_errno(statement->mysql)};
}

} // namespace

struct StatementCache::Entry {
    MYSQL_STMT* statement{nullptr};
    // Of the execution under way; kept for their capacity.
    std::vector<MYSQL_BIND> parameters{};
    std::list<std::int64_t> integers{};
    std::list<unsigned long> lengths{};
    std::list<std::vector<char*>> array_texts{};
    std::list<std::vector<unsigned long>> array_lengths{};
    std::list<std::vector<std::int64_t>> array_integers{};
    std::list<std::vector<char>> array_indicators{};
    std::vector<Result> results{};
    bool results_bound{false};

    [[noreturn]] void fail() const { throw_error(statement); }

    /// One per row of a column: whether it is NULL.
    template <class Value> char* indicators_of(const std::vector<std::optional<Value>>& values)
    {
        auto& indicators = array_indicators.emplace_back();
        for (const auto& value : values) indicators.push_back(value ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL);
        return indicators.data();
    }
};

struct StatementCache::State {
    MYSQL* connection{nullptr};
    std::unordered_map<const char*, Entry> entries{};
};

StatementCache::StatementCache() : state_{std::make_unique<State>()} {}
StatementCache::~StatementCache()
{
    if (state_) clear();
}
StatementCache::StatementCache(StatementCache&&) noexcept = default;

void StatementCache::connect(MYSQL* connection) { state_->connection = connection; }

void StatementCache::clear()
{
    for (auto& [sql, entry] : state_->entries) mysql_stmt_close(entry.statement);
    state_->entries.clear();
    state_->connection = nullptr;
}

namespace {

MYSQL_STMT* prepare(MYSQL* connection, const char* sql)
{
    auto* statement = mysql_stmt_init(connection);
    if (!statement) throw std::bad_alloc{};
    if (mysql_stmt_prepare(statement, sql, std::strlen(sql)) != 0) {
        const DatabaseError error{mysql_stmt_errno(statement)};
        mysql_stmt_close(statement);
        throw error;
    }
    return statement;
}

} // namespace

StatementRun::StatementRun(Session& session, const char* sql)
    : entry_{[&]() -> StatementCache::Entry& {
          auto& state = *session.statements().state_;
          const auto found = state.entries.find(sql);
          if (found != state.entries.end()) return found->second;
          auto* statement = prepare(state.connection, sql);
          auto& entry = state.entries[sql];
          entry.statement = statement;
          return entry;
      }()}
{
    entry_.parameters.clear();
    entry_.integers.clear();
    entry_.lengths.clear();
    entry_.array_texts.clear();
    entry_.array_integers.clear();
    entry_.array_indicators.clear();
    entry_.array_lengths.clear();
    entry_.results.clear();
    entry_.results_bound = false;
}

StatementRun::~StatementRun() { mysql_stmt_free_result(entry_.statement); }

void StatementRun::bind(std::int64_t value)
{
    auto& bind = entry_.parameters.emplace_back();
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = &entry_.integers.emplace_back(value);
}

void StatementRun::bind(std::string_view value)
{
    auto& bind = entry_.parameters.emplace_back();
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = const_cast<char*>(value.data() ? value.data() : ""); // Connector/C reads it only, and takes nullptr for NULL
    bind.length = &entry_.lengths.emplace_back(value.size());
    bind.buffer_length = value.size();
}

void StatementRun::bind_null() { entry_.parameters.emplace_back().buffer_type = MYSQL_TYPE_NULL; }

void StatementRun::bind_column(const std::vector<std::int64_t>& values)
{
    auto& bind = entry_.parameters.emplace_back();
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = const_cast<std::int64_t*>(values.data());
}

void StatementRun::bind_column(const std::vector<std::string>& values)
{
    auto& texts = entry_.array_texts.emplace_back();
    auto& lengths = entry_.array_lengths.emplace_back();
    for (const auto& value : values) {
        texts.push_back(const_cast<char*>(value.data()));
        lengths.push_back(value.size());
    }
    auto& bind = entry_.parameters.emplace_back();
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = texts.data();
    bind.length = lengths.data();
}

void StatementRun::bind_column(const std::vector<std::optional<std::int64_t>>& values)
{
    auto& numbers = entry_.array_integers.emplace_back();
    auto& bind = entry_.parameters.emplace_back();
    for (const auto& value : values) numbers.push_back(value.value_or(0));
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = numbers.data();
    bind.u.indicator = entry_.indicators_of(values);
}

void StatementRun::bind_column(const std::vector<std::optional<std::string>>& values)
{
    auto& texts = entry_.array_texts.emplace_back();
    auto& lengths = entry_.array_lengths.emplace_back();
    for (const auto& value : values) {
        texts.push_back(value ? const_cast<char*>(value->data()) : nullptr);
        lengths.push_back(value ? value->size() : 0);
    }
    auto& bind = entry_.parameters.emplace_back();
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = texts.data();
    bind.length = lengths.data();
    bind.u.indicator = entry_.indicators_of(values);
}

std::uint64_t StatementRun::execute(std::size_t array_size)
{
    auto* statement = entry_.statement;
    if (mysql_stmt_param_count(statement) != entry_.parameters.size())
        throw std::logic_error{"a prepared statement got another number of arguments than it has question marks"};
    const auto size = static_cast<unsigned int>(array_size);
    mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &size);
    if (!entry_.parameters.empty() && mysql_stmt_bind_param(statement, entry_.parameters.data()) != 0) entry_.fail();
    if (mysql_stmt_execute(statement) != 0) entry_.fail();
    return mysql_stmt_affected_rows(statement);
}

std::int64_t StatementRun::insert_id() const { return static_cast<std::int64_t>(mysql_stmt_insert_id(entry_.statement)); }

void StatementRun::expect_integer() { entry_.results.emplace_back(); }

void StatementRun::expect_text()
{
    auto& result = entry_.results.emplace_back();
    result.is_text = true;
    result.text.resize(usual_text);
}

namespace {

void bind_results(MYSQL_STMT* statement, std::vector<Result>& results)
{
    std::vector<MYSQL_BIND> binds(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
        auto& result = results[i];
        auto& bind = binds[i];
        bind.buffer_type = result.is_text ? MYSQL_TYPE_STRING : MYSQL_TYPE_LONGLONG;
        bind.buffer = result.is_text ? static_cast<void*>(result.text.data()) : &result.integer;
        bind.buffer_length = result.is_text ? result.text.size() : sizeof result.integer;
        bind.length = &result.length;
        bind.is_null = &result.null;
        bind.error = &result.truncated;
    }
    if (mysql_stmt_bind_result(statement, binds.data()) != 0) throw_error(statement);
}

/// Fetches the whole of a text that did not fit, and keeps the larger buffer for the rows to come.
void fetch_rest(MYSQL_STMT* statement, std::vector<Result>& results)
{
    for (std::size_t i = 0; i < results.size(); ++i) {
        auto& result = results[i];
        if (!result.is_text || result.length <= result.text.size()) continue;
        result.text.resize(result.length);
        MYSQL_BIND bind{};
        bind.buffer_type = MYSQL_TYPE_STRING;
        bind.buffer = result.text.data();
        bind.buffer_length = result.text.size();
        bind.length = &result.length;
        if (mysql_stmt_fetch_column(statement, &bind, static_cast<unsigned>(i), 0) != 0) throw_error(statement);
    }
    bind_results(statement, results);
}

} // namespace

bool StatementRun::fetch()
{
    if (!entry_.results_bound) {
        if (mysql_stmt_field_count(entry_.statement) != entry_.results.size())
            throw std::logic_error{"a SELECT is read into another number of columns than it has"};
        bind_results(entry_.statement, entry_.results);
        entry_.results_bound = true;
    }
    switch (mysql_stmt_fetch(entry_.statement)) {
    case 0: return true;
    case MYSQL_NO_DATA: return false;
    case MYSQL_DATA_TRUNCATED: fetch_rest(entry_.statement, entry_.results); return true;
    default: entry_.fail();
    }
}

bool StatementRun::is_null(std::size_t column) const { return entry_.results[column].null != 0; }

std::int64_t StatementRun::integer(std::size_t column) const
{
    const auto& result = entry_.results[column];
    if (result.null) throw std::logic_error{"NULL read into a plain integer"};
    if (result.truncated) throw std::overflow_error{"a number of the database does not fit"};
    return result.integer;
}

std::string StatementRun::text(std::size_t column) const
{
    const auto& result = entry_.results[column];
    if (result.null) throw std::logic_error{"NULL read into plain text"};
    return result.text.substr(0, result.length);
}

} // namespace store
