#pragma once
#include "store/database.h"

#include <filesystem>
#include <string>
#include <vector>

namespace store {

struct Migration {
    int number{0};
    std::string name{}; ///< file name without ".sql"
    std::string sha256{};
    std::string text{};
};

/// The numbered files of a folder, ascending. @throws std::runtime_error on a name or numbering that is off.
std::vector<Migration> read_migrations(const std::filesystem::path& folder);

/// What the database has of them. MariaDB commits after each DDL statement, so files are written to be safe to run again:
/// one that was interrupted is simply run once more.
class MigrationStore {
public:
    explicit MigrationStore(Database& database) : database_{database} {}

    /// Those not applied yet. @throws std::runtime_error if an applied one was edited or is missing.
    std::vector<Migration> pending(const std::vector<Migration>& all);

    void apply(const Migration& migration);

    /// The number of the newest applied migration, 0 for an empty database.
    int version();

private:
    Database& database_;
};

/// The statements of a script: cut at each `;` that ends a line, comments left out.
std::vector<std::string> statements_of(const std::string& script);

} // namespace store
