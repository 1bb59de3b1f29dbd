// The ceiling for PUT /orders: the same statements, prepared once, straight through Connector/C, 8 threads.
// commits SOCKET USER PASSWORD_FILE MEMBER_UID SECONDS: prints transactions per second.
#include "gateway/random_uuid.h"

#include <mysql.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using Connection = std::unique_ptr<MYSQL, decltype(&mysql_close)>;

Connection connect(const std::string& socket, const std::string& user, const std::string& password)
{
    Connection connection{mysql_init(nullptr), &mysql_close};
    if (!mysql_real_connect(connection.get(), nullptr, user.c_str(), password.c_str(), "uncloud", 0, socket.c_str(), 0))
        throw std::runtime_error{mysql_error(connection.get())};
    mysql_query(connection.get(), "SET tx_isolation = 'READ-COMMITTED'");
    return connection;
}

/// A prepared statement whose parameters are all text.
class Statement {
public:
    Statement(MYSQL* connection, const char* sql) : statement_{mysql_stmt_init(connection), &mysql_stmt_close}
    {
        if (mysql_stmt_prepare(statement_.get(), sql, std::strlen(sql)) != 0) throw std::runtime_error{mysql_stmt_error(statement_.get())};
    }

    void run(const std::vector<std::string>& values)
    {
        std::vector<MYSQL_BIND> binds(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            binds[i].buffer_type = MYSQL_TYPE_STRING;
            binds[i].buffer = const_cast<char*>(values[i].data());
            binds[i].buffer_length = values[i].size();
        }
        if (!binds.empty()) mysql_stmt_bind_param(statement_.get(), binds.data());
        if (mysql_stmt_execute(statement_.get()) != 0) throw std::runtime_error{mysql_stmt_error(statement_.get())};
        mysql_stmt_store_result(statement_.get());
        mysql_stmt_free_result(statement_.get());
    }

    std::string insert_id() const { return std::to_string(mysql_stmt_insert_id(statement_.get())); }

private:
    std::unique_ptr<MYSQL_STMT, decltype(&mysql_stmt_close)> statement_;
};

/// What service::Ordering::place sends for an order of the VPN.
class PlaceOrder {
public:
    explicit PlaceOrder(MYSQL* connection) : connection_{connection} {}

    void run(const std::string& member)
    {
        const auto uuid = gateway::random_uuid().text();
        mysql_query(connection_, "BEGIN");
        by_uuid_.run({uuid, member});
        standing_.run({member});
        offer_.run({"CHF", "CHF", "2026-11-24", "ipv6-vpn"});
        order_.run({uuid, member, "ipv6-vpn", "CHF", "0", "500", "1", "P1M", "provisioning", "2026-11-24 12:00:00.123456", "2026-11-24"});
        event_.run({order_.insert_id(), "2026-11-24 12:00:00.123456", "bench", "provisioning", "placed"});
        job_.run({"order_start", "order_start:" + uuid, uuid, "250000"});
        if (mysql_query(connection_, "COMMIT") != 0) throw std::runtime_error{mysql_error(connection_)};
    }

private:
    MYSQL* connection_;
    Statement by_uuid_{connection_,
        "SELECT id, uuid, member_id, sku, cores, ram_mb, os_disk_gb, os, vm_uuid, currency, setup_minor,"
        " recurring_minor, price_includes_vat, billing_interval, status, CAST(placed_at AS CHAR),"
        " CAST(started_on AS CHAR), CAST(ends_on AS CHAR), version FROM orders WHERE uuid = ? AND member_id = ?"};
    Statement standing_{connection_,
        "SELECT m.currency, EXISTS (SELECT 1 FROM payment_methods WHERE member_id = m.id AND status = 'active'),"
        " EXISTS (SELECT 1 FROM orders WHERE running_key = CONCAT(m.id, ':membership')) FROM members m WHERE m.id = ?"};
    Statement offer_{connection_,
        "SELECT p.sku, p.name, p.description, p.billing_interval, p.parameter_kind, p.requires_membership, p.one_per_member, p.tag,"
        " p.free_while, p.vat_class, CAST(c.valid_from AS CHAR), c.includes_vat, c.setup_minor, c.recurring_minor,"
        " u.unit, u.setup_minor, u.recurring_minor FROM products p LEFT JOIN product_prices c ON c.sku = p.sku AND c.currency = ? AND"
        " c.valid_from = (SELECT MAX(valid_from) FROM product_prices WHERE sku = p.sku AND currency = ? AND valid_from <= ?)"
        " LEFT JOIN product_unit_prices u ON u.price_id = c.id WHERE p.sku = COALESCE(?, p.sku) ORDER BY p.position, u.unit"};
    Statement order_{connection_,
        "INSERT INTO orders (uuid, member_id, sku, currency, setup_minor, recurring_minor, price_includes_vat,"
        " billing_interval, status, placed_at, started_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Statement event_{connection_, "INSERT INTO order_events (order_id, at, actor, to_status, reason) VALUES (?, ?, ?, ?, ?)"};
    Statement job_{connection_,
        "INSERT INTO jobs (kind, dedupe_key, target, not_before, created_at) VALUES (?, ?, ?, NOW(6) + INTERVAL ? MICROSECOND, NOW(6))"
        " ON DUPLICATE KEY UPDATE id = id"};
};

std::string member_id(MYSQL* connection, const std::string& uid)
{
    mysql_query(connection, ("SELECT id FROM members WHERE uid = '" + uid + "'").c_str());
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result{mysql_store_result(connection), &mysql_free_result};
    const auto row = mysql_fetch_row(result.get());
    if (!row) throw std::runtime_error{"no such member"};
    return row[0];
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 6) throw std::runtime_error{"usage: commits SOCKET USER PASSWORD_FILE MEMBER_UID SECONDS"};
    std::string password;
    std::getline(std::ifstream{argv[3]}, password);
    const auto member = member_id(connect(argv[1], argv[2], password).get(), argv[4]);
    const std::chrono::duration<double> duration{std::stod(argv[5])};

    std::atomic<long> commits{0};
    const auto start = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                const auto connection = connect(argv[1], argv[2], password);
                PlaceOrder place{connection.get()};
                while (std::chrono::steady_clock::now() - start < duration) {
                    place.run(member);
                    ++commits;
                }
            });
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::cout << static_cast<double>(commits) / taken.count() << '\n';
} catch (const std::exception& error) {
    std::cerr << "commits: " << error.what() << '\n';
    return EXIT_FAILURE;
}
