#pragma once
#include "store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

/// The answer of a report, every value as MariaDB prints it, so that no amount passes through a floating point number.
struct Table {
    std::vector<std::string> columns{};
    std::vector<bool> numeric{};                                 ///< a column per entry: to be aligned right, unquoted in JSON
    std::vector<std::vector<std::optional<std::string>>> rows{}; ///< nullopt: NULL
};

/// What a report may ask for, as session variables: @from and @to (civil dates), @member (a username), @today (a civil date).
struct ReportArguments {
    std::optional<std::string> from{}, to{}, member{}, today{};
};

/// Runs one SELECT with the session variables set (nullopt: NULL), in a read-only transaction. @throws DatabaseError
Table run_report(Session& session, const std::string& sql, const ReportArguments& arguments);

} // namespace store
