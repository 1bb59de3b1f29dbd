#include "fake/test_database.h"
#include "store/report_store.h"

#include <boost/test/unit_test.hpp>

using namespace store;

BOOST_AUTO_TEST_SUITE(report_store)

BOOST_AUTO_TEST_CASE(a_report_shows_what_mariadb_computed)
{
    const auto table = fake::database().read([](Session& session) {
        return run_report(session, "SELECT 90071992547409.93 AS amount, @from AS first_day, NULL AS nothing", {.from = "2026-01-01"});
    });
    BOOST_REQUIRE(table.rows.size() == 1u);
    BOOST_TEST(*table.rows[0][0] == "90071992547409.93");
    BOOST_TEST(*table.rows[0][1] == "2026-01-01");
    BOOST_TEST(!table.rows[0][2].has_value());
}

BOOST_AUTO_TEST_CASE(a_report_changes_nothing_and_a_broken_one_leaves_no_transaction)
{
    fake::database().read([](Session& session) {
        BOOST_CHECK_THROW(run_report(session, "DELETE FROM audit_log", {}), DatabaseError);
        BOOST_CHECK_THROW(run_report(session, "SELECT nonsense FROM nowhere", {}), DatabaseError);
        BOOST_TEST(std::get<0>(select_first<int>(session, "SELECT @@in_transaction").value()) == 0);
    });
}

BOOST_AUTO_TEST_SUITE_END()
