#include "store/migration_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>
#include <soci/soci.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

namespace fs = std::filesystem;
using store::Migration;
using store::MigrationStore;
using store::read_migrations;

/// A copy of the product's migrations, to which a case adds its own; the database forgets those at the end.
struct Migrations {
    Migrations()
    {
        std::string pattern{fs::temp_directory_path() / "migrations-XXXXXX"};
        BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
        fs::copy(fs::path{fake::app().config.share} / "migrations", folder);
        known = static_cast<int>(read_migrations(folder).size());
    }
    ~Migrations()
    {
        fake::change("DELETE FROM schema_migrations WHERE number > ?", known);
        fake::database().read([](store::Session& session) { session.sql() << "DROP TABLE IF EXISTS migration_test"; });
        fs::remove_all(folder);
    }
    Migrations(const Migrations&) = delete;
    Migrations& operator=(const Migrations&) = delete;

    fs::path file(int number) const
    {
        const auto digits = std::to_string(number);
        return folder / (std::string(4 - digits.size(), '0') + digits + "_test.sql");
    }
    void write(int number, const std::string& text) const { std::ofstream{file(number)} << text; }

    std::vector<Migration> pending() { return migrations.pending(read_migrations(folder)); }
    void apply_pending()
    {
        for (const auto& migration : pending()) migrations.apply(migration);
    }

    fs::path folder{};
    int known{0};
    MigrationStore migrations{fake::database()};
};

constexpr const char* table =
    "-- What this file is for.\nCREATE TABLE IF NOT EXISTS migration_test (\n  note VARCHAR(20) NOT NULL UNIQUE\n);\n\n"
    "INSERT INTO migration_test (note) VALUES ('a; b')\nON DUPLICATE KEY UPDATE note = VALUES(note);\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(migration_store, Migrations)

BOOST_AUTO_TEST_CASE(the_database_of_these_tests_is_up_to_date)
{
    BOOST_TEST(pending().empty());
    BOOST_TEST(migrations.version() == known);
}

BOOST_AUTO_TEST_CASE(a_new_file_is_pending_until_it_is_applied)
{
    write(known + 1, table);
    const auto before = pending();
    BOOST_REQUIRE(before.size() == 1u);
    BOOST_TEST(before[0].number == known + 1);
    BOOST_TEST(before[0].name == file(known + 1).stem());

    apply_pending();
    BOOST_TEST(pending().empty());
    BOOST_TEST(migrations.version() == known + 1);
    BOOST_TEST(fake::text("SELECT note FROM migration_test") == "a; b");
}

BOOST_AUTO_TEST_CASE(files_are_applied_in_the_order_of_their_numbers)
{
    write(known + 2, "INSERT INTO migration_test (note) VALUES ('second');\n");
    write(known + 1, table);
    BOOST_CHECK_NO_THROW(apply_pending());
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM migration_test") == 2);
}

BOOST_AUTO_TEST_CASE(a_file_that_was_applied_is_never_edited)
{
    write(known + 1, table);
    apply_pending();
    write(known + 1, std::string{table} + "-- harmless\n");
    BOOST_CHECK_THROW(pending(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_program_older_than_its_database_does_not_start)
{
    write(known + 1, table);
    apply_pending();
    fs::remove(file(known + 1));
    BOOST_CHECK_THROW(pending(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_migration_that_was_interrupted_is_run_once_more)
{
    write(known + 1, table);
    apply_pending();
    fake::change("DELETE FROM schema_migrations WHERE number = ?", known + 1); // killed before it could write this down
    BOOST_CHECK_NO_THROW(apply_pending());
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM migration_test") == 1);
}

BOOST_AUTO_TEST_CASE(a_migration_that_fails_stays_pending)
{
    write(known + 1, "INSERT INTO no_such_table VALUES (1);\n");
    BOOST_CHECK_THROW(apply_pending(), store::DatabaseError);
    BOOST_TEST(pending().size() == 1u);
    BOOST_TEST(migrations.version() == known);
}

// MariaDB commits after each DDL statement, so each file must bear to be run again.
BOOST_AUTO_TEST_CASE(each_migration_of_the_product_may_run_twice)
{
    const auto schema = [] {
        return fake::text(
            "SELECT SHA2(GROUP_CONCAT(table_name, column_name, column_type, is_nullable ORDER BY table_name, ordinal_position), 256)"
            " FROM information_schema.columns WHERE table_schema = DATABASE()");
    };
    const auto rows = [] {
        return fake::text(
            "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM products), (SELECT COUNT(*) FROM vat_rates), (SELECT COUNT(*) FROM members))");
    };
    const auto schema_before = schema(), rows_before = rows();
    for (const auto& migration : read_migrations(folder)) BOOST_CHECK_NO_THROW(migrations.apply(migration));
    BOOST_TEST(schema() == schema_before);
    BOOST_TEST(rows() == rows_before);
    BOOST_TEST(pending().empty());
}

BOOST_AUTO_TEST_CASE(two_who_migrate_at_once_do_no_harm)
{
    write(known + 1, table);
    fake::at_once(2, [&](int) {
        MigrationStore mine{fake::database()};
        for (const auto& migration : mine.pending(read_migrations(folder))) mine.apply(migration);
    });
    BOOST_TEST(migrations.version() == known + 1);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM migration_test") == 1);
}

BOOST_AUTO_TEST_CASE(a_gap_or_a_repetition_in_the_numbers_is_refused)
{
    write(known + 2, table);
    BOOST_CHECK_THROW(read_migrations(folder), std::runtime_error);
    fs::remove(file(known + 2));
    std::ofstream{folder / "0001_again.sql"} << table;
    BOOST_CHECK_THROW(read_migrations(folder), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(other_files_in_the_folder_do_not_count)
{
    std::ofstream{folder / "README.md"} << "not a migration";
    std::ofstream{file(known + 1).string() + "~"} << "nor is this";
    BOOST_TEST(static_cast<int>(read_migrations(folder).size()) == known);
}

BOOST_AUTO_TEST_CASE(a_name_without_a_number_is_refused_with_the_contracts_exception)
{
    std::ofstream{folder / "later.sql"} << table;
    BOOST_CHECK_THROW(read_migrations(folder), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
