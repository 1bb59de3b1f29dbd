#include "store/statement.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>
#include <soci/soci.h>

#include <limits>

namespace {

using store::DatabaseError;
using store::execute;
using store::execute_bulk;
using store::select;
using store::select_first;
using store::Session;

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

constexpr unsigned er_data_too_long = 1406;

/// Work with an empty table that only this connection sees.
template <class Work> void with_table(const Work& work)
{
    fake::database().read([&](Session& session) {
        session.sql()
            << "CREATE OR REPLACE TEMPORARY TABLE statement_test (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, number BIGINT NULL,"
               " small VARCHAR(10) NULL UNIQUE, text LONGTEXT NULL)";
        work(session);
        session.sql() << "DROP TEMPORARY TABLE statement_test";
    });
}

std::string message_of(const std::function<void(Session&)>& work)
{
    try {
        fake::in_transaction(work);
    } catch (const DatabaseError& error) {
        BOOST_TEST(error.code() == er_data_too_long);
        return error.what();
    }
    return "nothing was thrown";
}

} // namespace

BOOST_AUTO_TEST_SUITE(statement)

BOOST_AUTO_TEST_CASE(integers_keep_their_whole_range)
{
    with_table([](Session& session) {
        for (const std::int64_t number :
            {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
            execute(session, "DELETE FROM statement_test");
            execute(session, "INSERT INTO statement_test (number) VALUES (?)", number);
            BOOST_TEST(std::get<0>(*select_first<std::int64_t>(session, "SELECT number FROM statement_test")) == number);
        }
    });
}

BOOST_AUTO_TEST_CASE(an_integer_that_does_not_fit_is_an_error_and_not_another_number)
{
    fake::database().read([](Session& session) {
        BOOST_CHECK_THROW(select_first<std::int64_t>(session, "SELECT 18446744073709551615"), std::overflow_error);
    });
}

BOOST_AUTO_TEST_CASE(null_and_an_empty_text_and_zero_are_three_things)
{
    with_table([](Session& session) {
        execute(session, "INSERT INTO statement_test (number, text) VALUES (?, ?)", Number{}, Text{});
        execute(session, "INSERT INTO statement_test (number, text) VALUES (?, ?)", Number{0}, Text{""});
        const auto rows = select<Number, Text>(session, "SELECT number, text FROM statement_test ORDER BY id");
        BOOST_REQUIRE(rows.size() == 2u);
        BOOST_TEST(!std::get<0>(rows[0]).has_value());
        BOOST_TEST(!std::get<1>(rows[0]).has_value());
        BOOST_TEST(std::get<0>(rows[1]).value() == 0);
        BOOST_TEST(std::get<1>(rows[1]).value() == "");
    });
}

BOOST_AUTO_TEST_CASE(null_is_only_read_into_an_optional)
{
    fake::database().read([](Session& session) {
        BOOST_CHECK_THROW(select_first<std::int64_t>(session, "SELECT CAST(NULL AS SIGNED)"), std::logic_error);
        BOOST_CHECK_THROW(select_first<std::string>(session, "SELECT CAST(NULL AS CHAR)"), std::logic_error);
    });
}

BOOST_AUTO_TEST_CASE(null_in_one_row_does_not_stick_to_the_next)
{
    fake::database().read([](Session& session) {
        const auto rows = select<Number, Text>(session, "SELECT 1, 'a' UNION ALL SELECT NULL, NULL UNION ALL SELECT 2, 'b'");
        BOOST_REQUIRE(rows.size() == 3u);
        BOOST_TEST(!std::get<0>(rows[1]).has_value());
        BOOST_TEST(std::get<0>(rows[2]).value() == 2);
        BOOST_TEST(std::get<1>(rows[2]).value() == "b");
    });
}

BOOST_AUTO_TEST_CASE(text_of_any_length_comes_back_whole)
{
    with_table([](Session& session) {
        for (const std::size_t length : {0u, 1u, 255u, 256u, 257u, 65'536u, 1'000'000u, 3u}) {
            execute(session, "DELETE FROM statement_test");
            const std::string text(length, 'x');
            execute(session, "INSERT INTO statement_test (text) VALUES (?)", text);
            BOOST_TEST((std::get<0>(*select_first<std::string>(session, "SELECT text FROM statement_test")) == text), length);
        }
    });
}

// A text beyond the buffer is fetched in a second step, in whichever of the columns it stands.
BOOST_AUTO_TEST_CASE(long_and_short_rows_may_alternate)
{
    with_table([](Session& session) {
        const std::string longer(10'000, 'l'), longest(100'000, 'L');
        for (const auto& text : {std::string{"a"}, longer, std::string{"b"}, longest, std::string{}, longer})
            execute(session, "INSERT INTO statement_test (number, text) VALUES (?, ?)", text.size(), text);
        const auto rows =
            select<std::string, std::int64_t, std::string>(session, "SELECT text, number, REVERSE(text) FROM statement_test ORDER BY id");
        std::vector<std::size_t> lengths;
        for (const auto& [text, number, reversed] : rows) {
            BOOST_TEST(static_cast<std::int64_t>(text.size()) == number);
            BOOST_TEST((reversed == text));
            lengths.push_back(text.size());
        }
        BOOST_TEST((lengths == std::vector<std::size_t>{1, 10'000, 1, 100'000, 0, 10'000}));
    });
}

BOOST_AUTO_TEST_CASE(every_byte_of_a_text_is_a_value_and_never_sql)
{
    with_table([](Session& session) {
        for (const auto& text : {std::string{"'; DROP TABLE members; --"}, std::string{"\\' OR 1=1 #"}, std::string{"? :x %s"},
                 std::string{"a\0b", 3}, std::string{"Zürich 😀 \n\t"}}) {
            execute(session, "DELETE FROM statement_test");
            execute(session, "INSERT INTO statement_test (text) VALUES (?)", text);
            BOOST_TEST(
                (std::get<0>(*select_first<std::string>(session, "SELECT text FROM statement_test WHERE text = ?", text)) == text), text);
        }
    });
}

BOOST_AUTO_TEST_CASE(an_update_counts_the_rows_it_matched_also_if_they_stay_the_same)
{
    with_table([](Session& session) {
        execute(session, "INSERT INTO statement_test (number) VALUES (7)");
        BOOST_TEST(execute(session, "UPDATE statement_test SET number = 7") == 1u);
        BOOST_TEST(execute(session, "UPDATE statement_test SET number = 8 WHERE number = ?", 9) == 0u);
        BOOST_TEST(execute(session, "DELETE FROM statement_test") == 1u);
    });
}

BOOST_AUTO_TEST_CASE(an_insert_tells_the_id_of_its_row)
{
    with_table([](Session& session) {
        const auto first = store::insert(session, "INSERT INTO statement_test (number) VALUES (?)", 1);
        const auto second = store::insert(session, "INSERT INTO statement_test (number) VALUES (?)", 2);
        BOOST_TEST(second == first + 1);
        BOOST_TEST(std::get<0>(*select_first<std::int64_t>(session, "SELECT number FROM statement_test WHERE id = ?", second)) == 2);
    });
}

BOOST_AUTO_TEST_CASE(ten_thousand_rows_go_in_at_once)
{
    with_table([](Session& session) {
        std::vector<std::int64_t> numbers;
        std::vector<std::string> texts;
        for (int i = 0; i < 10'000; ++i) {
            numbers.push_back(i * 1'000'000'007LL);
            texts.push_back(std::string(static_cast<std::size_t>(i % 400), 'x') + std::to_string(i));
        }
        BOOST_TEST(execute_bulk(session, "INSERT INTO statement_test (number, text) VALUES (?, ?)", numbers, texts) == 10'000u);
        int wrong = 0;
        std::size_t i = 0;
        for (const auto& [number, text] :
            select<std::int64_t, std::string>(session, "SELECT number, text FROM statement_test ORDER BY number")) {
            wrong += number == numbers[i] && text == texts[i] ? 0 : 1;
            ++i;
        }
        BOOST_TEST(i == 10'000u);
        BOOST_TEST(wrong == 0);
    });
}

BOOST_AUTO_TEST_CASE(a_statement_runs_for_single_values_after_it_ran_in_bulk)
{
    with_table([](Session& session) {
        const char* sql = "INSERT INTO statement_test (number, text) VALUES (?, ?)";
        execute_bulk(session, sql, std::vector<std::int64_t>{1, 2, 3}, std::vector<std::string>{"a", "", "c"});
        BOOST_TEST(execute(session, sql, 4, std::string{"d"}) == 1u);
        BOOST_TEST(execute_bulk(session, sql, std::vector<std::int64_t>{5}, std::vector<std::string>{"e"}) == 1u);
        std::string all;
        for (const auto& [number, text] :
            select<std::int64_t, std::string>(session, "SELECT number, text FROM statement_test ORDER BY number"))
            all += std::to_string(number) + text;
        BOOST_TEST(all == "1a23c4d5e");
    });
}

BOOST_AUTO_TEST_CASE(nothing_in_bulk_is_nothing)
{
    with_table([](Session& session) {
        BOOST_TEST(execute_bulk(session, "INSERT INTO statement_test (number) VALUES (?)", std::vector<std::int64_t>{}) == 0u);
        BOOST_TEST(!select_first<std::int64_t>(session, "SELECT number FROM statement_test").has_value());
    });
}

BOOST_AUTO_TEST_CASE(one_bad_row_refuses_the_bulk_in_its_transaction)
{
    const auto uid = fake::new_name();
    BOOST_CHECK_THROW(fake::in_transaction([&](Session& session) {
        const std::vector<std::string> uuids{gateway::random_uuid().text(), gateway::random_uuid().text()}, uids{uid, uid};
        execute_bulk(session, "INSERT INTO members (uuid, uid, name, email, joined_at) VALUES (?, ?, '', '', NOW(6))", uuids, uids);
    }),
        DatabaseError);
    BOOST_TEST(fake::count("SELECT COUNT(*) FROM members WHERE uid = ?", uid) == 0);
}

BOOST_AUTO_TEST_CASE(the_same_statement_runs_a_thousand_times)
{
    fake::database().read([](Session& session) {
        int wrong = 0;
        for (int i = 0; i < 1000; ++i) wrong += std::get<0>(*select_first<std::int64_t>(session, "SELECT 2 * ?", i)) == 2 * i ? 0 : 1;
        BOOST_TEST(wrong == 0);
    });
}

BOOST_AUTO_TEST_CASE(a_statement_used_wrongly_is_a_bug_and_leaves_the_connection_usable)
{
    fake::database().read([](Session& session) {
        const auto one_too_many = [&] { return select<std::int64_t, std::int64_t>(session, "SELECT 1 UNION SELECT 2"); };
        BOOST_CHECK_THROW(execute(session, "DO ?", 1, 2), std::logic_error);
        BOOST_CHECK_THROW(execute(session, "DO ?"), std::logic_error);
        BOOST_CHECK_THROW(one_too_many(), std::logic_error);
        BOOST_TEST(std::get<0>(*select_first<std::int64_t>(session, "SELECT 5")) == 5);
    });
}

BOOST_AUTO_TEST_CASE(a_result_left_half_read_does_not_disturb_the_next_statement)
{
    fake::database().read([](Session& session) {
        const char* sql = "SELECT 1 UNION ALL SELECT NULL UNION ALL SELECT 3";
        BOOST_CHECK_THROW(select<std::int64_t>(session, sql), std::logic_error); // at its second row
        BOOST_TEST((select<Number>(session, sql).size() == 3u));
    });
}

BOOST_AUTO_TEST_CASE(a_syntax_error_is_an_error_with_its_number)
{
    try {
        fake::database().read([](Session& session) { execute(session, "SELEKT 1"); });
        BOOST_ERROR("it was accepted");
    } catch (const DatabaseError& error) {
        BOOST_TEST(error.code() == 1064u);
    }
}

// An error's text goes to the log. SOCI's own carries the statement with all its values.
BOOST_AUTO_TEST_CASE(no_value_gets_into_an_errors_text)
{
    const std::string secret = "sk_live_" + std::string(100, 's');
    const auto uuid = gateway::random_uuid();
    const auto prepared = message_of([&](Session& session) {
        execute(session, "INSERT INTO members (uuid, uid, name, email, joined_at) VALUES (?, ?, '', '', NOW(6))", uuid, secret);
    });
    BOOST_TEST(prepared == "MariaDB error 1406");
    const auto by_soci = message_of([&](Session& session) {
        session.sql() << "INSERT INTO members (uuid, uid, name, email, joined_at) VALUES (:uuid, :uid, '', '', NOW(6))",
            soci::use(uuid.text()), soci::use(secret);
    });
    BOOST_TEST(by_soci == "MariaDB error 1406");
}

BOOST_AUTO_TEST_SUITE_END()
