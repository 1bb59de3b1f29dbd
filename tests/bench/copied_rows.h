#pragma once
#include <mysql.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Reads rows of one database and writes the same into another with array binding through Connector/C: what a ceiling is made
// of.
namespace bench {

using Connection = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

inline Connection connect(const char* socket, const char* user, const std::string& password, const char* database)
{
    Connection connection{mysql_init(nullptr), &mysql_close};
    if (!mysql_real_connect(connection.get(), nullptr, user, password.c_str(), database, 0, socket, 0))
        throw std::runtime_error{mysql_error(connection.get())};
    if (mysql_query(connection.get(), "SET tx_isolation = 'READ-COMMITTED', time_zone = '+00:00'") != 0)
        throw std::runtime_error{mysql_error(connection.get())};
    return connection;
}

inline void query(MYSQL* connection, const std::string& sql)
{
    if (mysql_real_query(connection, sql.data(), sql.size()) != 0) throw std::runtime_error{mysql_error(connection) + (": " + sql)};
}

/// A column of rows, as array binding takes it.
struct Column {
    bool is_number{false};
    std::vector<std::int64_t> numbers{};
    std::vector<std::string> texts{};
    std::vector<char*> pointers{};
    std::vector<unsigned long> lengths{};
    std::vector<char> indicators{};
};

/// Rows of one table for one transaction, and the statement that writes them.
struct Batch {
    std::string sql{};
    std::vector<Column> columns{};
    std::size_t rows{0};
};

inline Batch read(MYSQL* from, const std::string& select, const std::string& write)
{
    query(from, select);
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result{mysql_store_result(from), &mysql_free_result};
    Batch batch{.sql = write, .columns = std::vector<Column>(mysql_num_fields(result.get()))};
    for (std::size_t i = 0; i < batch.columns.size(); ++i)
        batch.columns[i].is_number = IS_NUM(mysql_fetch_field_direct(result.get(), static_cast<unsigned>(i))->type);
    while (const auto row = mysql_fetch_row(result.get())) {
        const auto* lengths = mysql_fetch_lengths(result.get());
        ++batch.rows;
        for (std::size_t i = 0; i < batch.columns.size(); ++i) {
            auto& column = batch.columns[i];
            column.indicators.push_back(row[i] ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL);
            if (column.is_number) column.numbers.push_back(row[i] ? std::atoll(row[i]) : 0);
            else column.texts.emplace_back(row[i] ? row[i] : "", row[i] ? lengths[i] : 0);
        }
    }
    for (auto& column : batch.columns) {
        for (auto& text : column.texts) {
            column.pointers.push_back(text.data());
            column.lengths.push_back(text.size());
        }
    }
    return batch;
}

class Writer {
public:
    explicit Writer(MYSQL* to) : to_{to} {}

    void write(Batch& batch)
    {
        if (batch.rows == 0) return;
        auto* statement = prepared(batch.sql);
        std::vector<MYSQL_BIND> binds(batch.columns.size());
        for (std::size_t i = 0; i < binds.size(); ++i) {
            auto& column = batch.columns[i];
            binds[i].buffer_type = column.is_number ? MYSQL_TYPE_LONGLONG : MYSQL_TYPE_STRING;
            binds[i].buffer = column.is_number ? static_cast<void*>(column.numbers.data()) : static_cast<void*>(column.pointers.data());
            binds[i].length = column.lengths.data();
            binds[i].u.indicator = column.indicators.data();
        }
        const auto size = static_cast<unsigned>(batch.rows);
        mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &size);
        if (mysql_stmt_bind_param(statement, binds.data()) != 0 || mysql_stmt_execute(statement) != 0)
            throw std::runtime_error{mysql_stmt_error(statement) + (": " + batch.sql)};
    }

private:
    MYSQL_STMT* prepared(const std::string& sql)
    {
        for (const auto& [known, statement] : statements_)
            if (known == sql) return statement.get();
        Statement statement{mysql_stmt_init(to_), &mysql_stmt_close};
        if (mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) != 0) throw std::runtime_error{mysql_stmt_error(statement.get())};
        return statements_.emplace_back(sql, std::move(statement)).second.get();
    }

    using Statement = std::unique_ptr<MYSQL_STMT, decltype(&mysql_stmt_close)>;
    MYSQL* to_;
    std::vector<std::pair<std::string, Statement>> statements_{};
};

inline std::string insert_into(const std::string& table, const std::string& columns)
{
    std::string marks{"?"};
    for (const char c : columns)
        if (c == ',') marks += ",?";
    return "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")";
}

inline std::string select_from(const std::string& columns, const std::string& table) { return "SELECT " + columns + " FROM " + table; }

/// The one text that a query gives; empty for NULL.
inline std::string value_of(MYSQL* from, const std::string& sql)
{
    query(from, sql);
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result{mysql_store_result(from), &mysql_free_result};
    const auto row = mysql_fetch_row(result.get());
    return row && row[0] ? row[0] : "";
}

/// "p.id,p.uuid" of "id,uuid".
inline std::string columns_of(const std::string& table, const std::string& columns)
{
    auto all = table + '.';
    for (const char c : columns) all += c == ',' ? "," + table + '.' : std::string{c};
    return all;
}

/// Writes list after list of batches until there are none, each in a transaction of its own or all in one. @returns the seconds
/// of writing.
template <class Next> double seconds_of_writing(MYSQL* to, bool in_one_transaction, Next next)
{
    Writer writer{to};
    std::chrono::duration<double> writing{};
    const auto timed = [&](auto work) {
        const auto began = std::chrono::steady_clock::now();
        work();
        writing += std::chrono::steady_clock::now() - began;
    };
    if (in_one_transaction) query(to, "BEGIN");
    for (auto batches = next(); !batches.empty(); batches = next())
        timed([&] {
            if (!in_one_transaction) query(to, "BEGIN");
            for (auto& batch : batches) writer.write(batch);
            if (!in_one_transaction) query(to, "COMMIT");
        });
    if (in_one_transaction) timed([&] { query(to, "COMMIT"); });
    return writing.count();
}

} // namespace bench
