#include "store/migration_store.h"

#include "store/sha256.h"
#include "store/statement.h"

#include <soci/soci.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace store {
namespace {

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error{"cannot read " + path.string()};
    return text.str();
}

/// The number in front of a file's name; 0 if there is none, which no numbering has.
int number_of(const std::string& name)
{
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number;
}

void ensure_table(Session& session)
{
    session.sql() << "CREATE TABLE IF NOT EXISTS schema_migrations (number INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL,"
                     " sha256 CHAR(64) NOT NULL, applied_at DATETIME(6) NOT NULL)";
}

} // namespace

std::vector<Migration> read_migrations(const std::filesystem::path& folder)
{
    std::vector<Migration> migrations;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".sql") continue;
        const auto name = entry.path().stem().string();
        const auto text = read_file(entry.path());
        migrations.push_back({.number = number_of(name), .name = name, .sha256 = sha256_of(text), .text = text});
    }
    std::ranges::sort(migrations, {}, &Migration::number);
    for (std::size_t i = 0; i < migrations.size(); ++i)
        if (migrations[i].number != static_cast<int>(i) + 1)
            throw std::runtime_error{"migrations are not numbered without gaps: see " + migrations[i].name};
    return migrations;
}

std::vector<Migration> MigrationStore::pending(const std::vector<Migration>& all)
{
    std::map<int, std::string> applied;
    database_.read([&](Session& session) {
        ensure_table(session);
        applied.clear();
        for (const auto& [number, sha256] : select<int, std::string>(session, "SELECT number, sha256 FROM schema_migrations"))
            applied.emplace(number, sha256);
    });
    std::vector<Migration> pending;
    for (const auto& migration : all) {
        const auto found = applied.find(migration.number);
        if (found == applied.end()) pending.push_back(migration);
        else if (found->second != migration.sha256)
            throw std::runtime_error{"migration " + migration.name + " was applied with another text; a merged file is never edited"};
    }
    if (!applied.empty() && applied.rbegin()->first > static_cast<int>(all.size()))
        throw std::runtime_error{"the database is newer than this program: it has migration " + std::to_string(applied.rbegin()->first)};
    return pending;
}

void MigrationStore::apply(const Migration& migration)
{
    database_.read([&](Session& session) {
        for (const auto& statement : statements_of(migration.text)) session.sql() << statement;
        execute(session,
            "INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES (?, ?, ?, NOW(6)) ON DUPLICATE KEY UPDATE number = "
            "number",
            migration.number, migration.name, migration.sha256);
    });
}

int MigrationStore::version()
{
    return database_.read([](Session& session) {
        ensure_table(session);
        const auto row = select_first<int>(session, "SELECT COALESCE(MAX(number), 0) FROM schema_migrations");
        return row ? std::get<0>(*row) : 0;
    });
}

std::vector<std::string> statements_of(const std::string& script)
{
    std::vector<std::string> statements;
    std::istringstream lines{script};
    std::string statement;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("--")) continue;
        statement += line + '\n';
        if (!line.ends_with(';')) continue;
        statement.erase(statement.rfind(';'));
        statements.push_back(std::move(statement));
        statement.clear();
    }
    if (statement.find_first_not_of(" \n\t") != std::string::npos) throw std::runtime_error{"the script's last statement has no ;"};
    return statements;
}

} // namespace store
