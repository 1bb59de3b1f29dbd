#include "store/report_store.h"

#include "store/statement.h"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include <memory>

namespace store {
namespace {

MYSQL* handle_of(Session& session) { return static_cast<soci::mysql_session_backend*>(session.sql().get_backend())->conn_; }

/// In the text protocol: what is printed is what MariaDB computed.
void query(MYSQL* handle, const std::string& sql)
{
    if (mysql_real_query(handle, sql.data(), sql.size()) != 0) throw DatabaseError{mysql_errno(handle)};
}

/// A transaction that can only read, and ends with the report whatever becomes of it.
class ReadOnly {
public:
    explicit ReadOnly(MYSQL* handle) : handle_{handle} { query(handle_, "START TRANSACTION READ ONLY"); }
    ~ReadOnly() { mysql_rollback(handle_); }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

private:
    MYSQL* handle_;
};

} // namespace

Table run_report(Session& session, const std::string& sql, const ReportArguments& arguments)
{
    execute(session, "SET @from = ?, @to = ?, @member = ?, @today = CAST(? AS DATE)", arguments.from, arguments.to, arguments.member,
        arguments.today);
    auto* handle = handle_of(session);
    const ReadOnly transaction{handle};
    query(handle, sql);
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result{mysql_store_result(handle), &mysql_free_result};
    if (!result) throw DatabaseError{mysql_errno(handle)};

    Table table;
    const auto width = mysql_num_fields(result.get());
    const auto* fields = mysql_fetch_fields(result.get());
    for (unsigned i = 0; i < width; ++i) {
        table.columns.emplace_back(fields[i].name);
        table.numeric.push_back(IS_NUM(fields[i].type));
    }
    while (const auto row = mysql_fetch_row(result.get())) {
        const auto* lengths = mysql_fetch_lengths(result.get());
        auto& cells = table.rows.emplace_back();
        for (unsigned i = 0; i < width; ++i) cells.push_back(row[i] ? std::optional{std::string(row[i], lengths[i])} : std::nullopt);
    }
    return table;
}

} // namespace store
