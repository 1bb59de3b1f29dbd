// run_ceiling SOCKET USER PASSWORD_FILE FROM TO DOCUMENTS: the ceiling of the billing run. Reads the rows that a run has
// written in database FROM and writes the same rows into database TO, which has the same schema, members and orders: array
// binding through Connector/C, one transaction for each DOCUMENTS documents, no logic. Prints the seconds of writing.
#include <mysql.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Connection = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

Connection connect(const char* socket, const char* user, const std::string& password, const char* database)
{
    Connection connection{mysql_init(nullptr), &mysql_close};
    if (!mysql_real_connect(connection.get(), nullptr, user, password.c_str(), database, 0, socket, 0))
        throw std::runtime_error{mysql_error(connection.get())};
    if (mysql_query(connection.get(), "SET tx_isolation = 'READ-COMMITTED', time_zone = '+00:00'") != 0)
        throw std::runtime_error{mysql_error(connection.get())};
    return connection;
}

void query(MYSQL* connection, const std::string& sql)
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

Batch read(MYSQL* from, const std::string& select, const std::string& write)
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

std::string insert_into(const std::string& table, const std::string& columns)
{
    std::string marks{"?"};
    for (const char c : columns)
        if (c == ',') marks += ",?";
    return "INSERT INTO " + table + " (" + columns + ") VALUES (" + marks + ")";
}

constexpr const char* invoice_columns =
    "id,uuid,member_id,number,kind,status,currency,net_minor,vat_minor,total_minor,billed_on,issued_at,due_on,issued_on,series,"
    "series_year,series_number,chain_position,content_hash,chain_hash,reason,company,address_name,street,house_number,postal_code,city,"
    "country,language,vat_id,issuer_id,vat_treatment,vat_country,vat_note,vat_flag,vat_reason,vat_id_used,vat_consultation,oss_id";
constexpr const char* line_columns =
    "invoice_id,position,order_id,kind,sku,text,period_start,period_end,net_minor,vat_rate,vat_minor,gross_minor,turn,whole_start,"
    "whole_end,quantity,unit_minor,includes_vat,credited_invoice_id,credited_position,earned_from,earned_until";
constexpr const char* receivable_columns = "invoice_id,member_id,currency,due_on,total_minor,open_minor,applied_minor,paid_minor,attend_on";
constexpr const char* transaction_columns = "id,booked_on,kind,reference,member_id,booked_at";
constexpr const char* entry_columns = "transaction_id,position,debit,credit,amount_minor,currency";

std::vector<Batch> slice_after(MYSQL* from, std::int64_t& last, std::int64_t documents)
{
    query(from,
        "SELECT MAX(id) FROM (SELECT id FROM invoices WHERE id > " + std::to_string(last) + " ORDER BY id LIMIT "
            + std::to_string(documents) + ") i");
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result{mysql_store_result(from), &mysql_free_result};
    const auto row = mysql_fetch_row(result.get());
    if (!row[0]) return {};
    const auto first = last;
    last = std::atoll(row[0]);
    const auto these = [&](const std::string& column) {
        return " WHERE " + column + " > " + std::to_string(first) + " AND " + column + " <= " + std::to_string(last);
    };
    const auto select = [](const std::string& columns, const std::string& table) { return "SELECT " + columns + " FROM " + table; };
    std::vector<Batch> batches;
    batches.push_back(read(from,
        "SELECT o.next_due_on, o.open_from, o.billed_through, o.setup_billed, o.id FROM orders o WHERE o.id IN"
        " (SELECT order_id FROM invoice_lines"
            + these("invoice_id") + ") ORDER BY o.id",
        "UPDATE orders SET next_due_on = ?, open_from = ?, billed_through = ?, setup_billed = ?, billing_turn = billing_turn + 1 WHERE id "
        "= ?"));
    batches.push_back(
        read(from, select(invoice_columns, "invoices") + these("id") + " ORDER BY id", insert_into("invoices", invoice_columns)));
    batches.push_back(read(from, select(line_columns, "invoice_lines") + these("invoice_id") + " ORDER BY invoice_id, position",
        insert_into("invoice_lines", line_columns)));
    batches.push_back(read(from, select(receivable_columns, "receivables") + these("invoice_id") + " ORDER BY invoice_id",
        insert_into("receivables", receivable_columns)));
    batches.push_back(read(from, "SELECT invoice_id, kind, queued_at FROM mail_outbox" + these("invoice_id") + " ORDER BY invoice_id",
        insert_into("mail_outbox", "invoice_id,kind,queued_at")));
    batches.push_back(read(from,
        select(transaction_columns, "ledger_transactions") + " WHERE reference IN (SELECT uuid FROM invoices" + these("id")
            + ") ORDER BY id",
        insert_into("ledger_transactions", transaction_columns)));
    batches.push_back(read(from,
        select(entry_columns, "ledger_entries")
            + " WHERE transaction_id IN (SELECT t.id FROM ledger_transactions t"
              " JOIN invoices i ON i.uuid = t.reference"
            + these("i.id") + ") ORDER BY transaction_id, position",
        insert_into("ledger_entries", entry_columns)));
    return batches;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 7) throw std::invalid_argument{"usage: run_ceiling SOCKET USER PASSWORD_FILE FROM TO DOCUMENTS"};
    std::string password;
    std::getline(std::ifstream{argv[3]}, password);
    const auto from = connect(argv[1], argv[2], password, argv[4]);
    const auto to = connect(argv[1], argv[2], password, argv[5]);
    Writer writer{to.get()};
    std::chrono::duration<double> writing{};
    std::int64_t last = 0;
    while (true) {
        auto batches = slice_after(from.get(), last, std::atoll(argv[6]));
        if (batches.empty()) break;
        const auto began = std::chrono::steady_clock::now();
        query(to.get(), "BEGIN");
        for (auto& batch : batches) writer.write(batch);
        query(to.get(), "COMMIT");
        writing += std::chrono::steady_clock::now() - began;
    }
    std::cout << writing.count() << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << "run_ceiling: " << error.what() << '\n';
    return EXIT_FAILURE;
}
