#include "store/database.h"

#include "domain/refusal.h"
#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>
#include <soci/soci.h>

#include <atomic>

namespace {

using namespace std::chrono_literals;
using store::Database;
using store::DatabaseError;
using store::execute;
using store::select_first;
using store::Session;

std::int64_t connection_of(Session& session) { return std::get<0>(select_first<std::int64_t>(session, "SELECT CONNECTION_ID()").value()); }

/// Ends a connection from another one, as an operator or a restart of the server does, and waits until it is gone.
void kill(std::int64_t connection)
{
    fake::database().read([&](Session& session) {
        session.sql() << "KILL CONNECTION " + std::to_string(connection);
        const auto gone = [&] {
            return std::get<0>(
                       *select_first<std::int64_t>(session, "SELECT COUNT(*) FROM information_schema.processlist WHERE id = ?", connection))
                == 0;
        };
        while (!gone()) std::this_thread::sleep_for(5ms);
    });
}

/// A database with one session, so that a case knows which one it gets, and a member to write on.
struct OneSession {
    Database one{fake::app().config.database, 1};
    std::string uid = fake::new_name();
    std::int64_t member = fake::number(fake::new_member(uid).member);

    std::int64_t connection()
    {
        return one.read([](Session& session) { return connection_of(session); });
    }
    void add_one(Session& session) const { execute(session, "UPDATE members SET version = version + 1 WHERE id = ?", member); }
    std::int64_t version() const { return fake::count("SELECT version FROM members WHERE id = ?", member); }
};

/// Which part is missing, as Unavailable says it.
template <class Work> std::string missing_part(const Work& work)
{
    try {
        work();
    } catch (const domain::Unavailable& missing) {
        return missing.what();
    }
    return "nothing";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(database, OneSession)

BOOST_AUTO_TEST_CASE(what_a_transaction_did_stays_and_its_result_comes_back)
{
    const auto result = one.transact([&](Session& session) {
        add_one(session);
        return std::string{"done"};
    });
    BOOST_TEST(result == "done");
    BOOST_TEST(version() == 2);
}

BOOST_AUTO_TEST_CASE(work_that_throws_leaves_nothing_and_its_exception_arrives_as_it_was)
{
    try {
        one.transact([&](Session& session) {
            add_one(session);
            throw domain::Refusal{domain::Reason::order_state, "no"};
        });
        BOOST_ERROR("nothing was thrown");
    } catch (const domain::Refusal& refusal) {
        BOOST_TEST((refusal.reason() == domain::Reason::order_state));
    }
    BOOST_TEST(version() == 1);
    one.read([&](Session& session) { add_one(session); }); // the next one is in no transaction of its predecessor
    BOOST_TEST(version() == 2);
}

BOOST_AUTO_TEST_CASE(a_rehearsal_shows_its_effect_and_leaves_nothing)
{
    const auto seen = one.rehearse([&](Session& session) {
        add_one(session);
        return std::get<0>(*select_first<std::int64_t>(session, "SELECT version FROM members WHERE id = ?", member));
    });
    BOOST_TEST(seen == 2);
    BOOST_TEST(version() == 1);
}

BOOST_AUTO_TEST_CASE(nobody_sees_a_transaction_before_its_end)
{
    one.transact([&](Session& session) {
        add_one(session);
        BOOST_TEST(version() == 1);
    });
    BOOST_TEST(version() == 2);
}

BOOST_AUTO_TEST_CASE(each_session_counts_in_utc_strictly_and_reads_what_is_committed)
{
    const auto settings =
        fake::text("SELECT CONCAT_WS(' ', @@time_zone, @@tx_isolation, @@autocommit, FIND_IN_SET('STRICT_ALL_TABLES', @@sql_mode) > 0,"
                   " @@character_set_connection)");
    BOOST_TEST(settings == "+00:00 READ-COMMITTED ON 1 utf8mb4");
}

BOOST_AUTO_TEST_CASE(a_connection_killed_while_it_rested_is_replaced_unnoticed)
{
    const auto before = connection();
    kill(before);
    BOOST_CHECK_NO_THROW(one.transact([&](Session& session) { add_one(session); }));
    BOOST_TEST(version() == 2);
    BOOST_TEST(connection() != before);

    kill(connection());
    BOOST_TEST(one.read([](Session&) { return true; }));
    BOOST_CHECK_NO_THROW(connection());
}

BOOST_AUTO_TEST_CASE(a_connection_killed_inside_a_transaction_repeats_the_whole_of_it)
{
    int attempts = 0;
    one.transact([&](Session& session) {
        ++attempts;
        add_one(session);
        if (attempts == 1) kill(connection_of(session));
        add_one(session);
    });
    BOOST_TEST(attempts == 2);
    BOOST_TEST(version() == 3); // and not 4: the first half went with its connection
}

BOOST_AUTO_TEST_CASE(soci_statements_are_repeated_after_a_killed_connection_too)
{
    int attempts = 0;
    one.transact([&](Session& session) {
        if (++attempts == 1) kill(connection_of(session));
        session.sql() << "UPDATE members SET version = version + 1 WHERE id = :id", soci::use(member);
    });
    BOOST_TEST(attempts == 2);
    BOOST_TEST(version() == 2);
}

BOOST_AUTO_TEST_CASE(a_connection_lost_at_the_end_is_told_as_an_unknown_outcome)
{
    int attempts = 0;
    BOOST_TEST(missing_part([&] {
        one.transact([&](Session& session) {
            ++attempts;
            add_one(session);
            kill(connection_of(session));
        });
    }) == "outcome_unknown");
    BOOST_TEST(attempts == 1); // it may have been stored: never twice
    BOOST_CHECK_NO_THROW(connection());
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_lost_each_time_is_given_up)
{
    int attempts = 0;
    BOOST_TEST(missing_part([&] {
        one.transact([&](Session& session) {
            ++attempts;
            kill(connection_of(session));
            add_one(session);
        });
    }) == "database_unavailable");
    BOOST_TEST(attempts == 5);
    BOOST_TEST(version() == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_statement_is_not_repeated)
{
    int attempts = 0;
    try {
        one.transact([&](Session& session) {
            ++attempts;
            execute(session, "INSERT INTO members (uuid, uid, name, email, joined_at) VALUES (?, ?, '', '', NOW(6))",
                gateway::random_uuid(), uid);
        });
        BOOST_ERROR("it was accepted");
    } catch (const DatabaseError& error) {
        BOOST_TEST(error.code() == 1062u);
    }
    BOOST_TEST(attempts == 1);
}

BOOST_AUTO_TEST_CASE(both_sides_of_a_deadlock_succeed_in_the_end)
{
    const auto other = fake::number(fake::new_member().member);
    std::atomic<int> attempts{0};
    std::latch both_hold_one{2};
    fake::at_once(2, [&](int side) {
        bool first_time = true;
        fake::in_transaction([&](Session& session) {
            ++attempts;
            execute(session, "UPDATE members SET version = version + 1 WHERE id = ?", side == 0 ? member : other);
            if (std::exchange(first_time, false)) both_hold_one.arrive_and_wait();
            execute(session, "UPDATE members SET version = version + 1 WHERE id = ?", side == 0 ? other : member);
        });
    });
    BOOST_TEST(attempts == 3);
    BOOST_TEST(version() == 3);
    BOOST_TEST(fake::count("SELECT version FROM members WHERE id = ?", other) == 3);
}

BOOST_AUTO_TEST_CASE(a_deadlock_that_is_told_among_the_rows_of_a_select_is_repeated_too)
{
    const auto other = fake::number(fake::new_member().member);
    std::atomic<int> attempts{0}, rows{0};
    std::latch both_hold_one{2};
    fake::at_once(2, [&](int side) {
        bool first_time = true;
        fake::in_transaction([&](Session& session) {
            ++attempts;
            execute(session, "UPDATE members SET version = version + 1 WHERE id = ?", side == 0 ? member : other);
            if (std::exchange(first_time, false)) both_hold_one.arrive_and_wait();
            rows += static_cast<int>(
                store::select<std::int64_t>(session, "SELECT id FROM members WHERE id IN (?, ?) ORDER BY id FOR UPDATE", member, other)
                    .size());
        });
    });
    BOOST_TEST(attempts == 3);
    BOOST_TEST(rows == 4);
}

BOOST_AUTO_TEST_CASE(a_unique_key_that_refuses_leaves_the_transaction_as_it_was)
{
    one.transact([&](Session& session) {
        add_one(session);
        BOOST_TEST(!store::unless_duplicate([&] {
            execute(session, "INSERT INTO members (uuid, uid, name, email, joined_at) VALUES (?, ?, '', '', NOW(6))",
                gateway::random_uuid(), uid);
        }));
        add_one(session);
        BOOST_CHECK_THROW(store::unless_duplicate([&] { execute(session, "INSERT INTO members (uid) VALUES (NULL)"); }), DatabaseError);
    });
    BOOST_TEST(version() == 3);
}

BOOST_AUTO_TEST_CASE(who_gets_no_session_in_time_is_told_that_the_database_is_busy)
{
    auto settings = fake::app().config.database;
    settings.patience = 10s;
    Database requests{settings, 1};
    const auto ask = [&] { requests.read([](Session& session) { connection_of(session); }); };
    const auto begin = std::chrono::steady_clock::now();
    requests.transact([&](Session&) { BOOST_TEST(missing_part(ask) == "database_busy"); });
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 30s));
    BOOST_CHECK_NO_THROW(ask());
}

/// Sessions that are waited for less than a second.
struct LittlePatience {
    Database requests{settings(), 1};

    static store::DatabaseSettings settings()
    {
        auto settings = fake::app().config.database;
        settings.patience = 4s;
        return settings;
    }
    void ask()
    {
        requests.read([](Session& session) { connection_of(session); });
    }
};

BOOST_FIXTURE_TEST_CASE(patience_of_a_few_seconds_is_not_none, LittlePatience)
{
    requests.transact([&](Session&) {
        const auto begin = std::chrono::steady_clock::now();
        BOOST_TEST(missing_part([&] { ask(); }) == "database_busy");
        BOOST_TEST((std::chrono::steady_clock::now() - begin > 500ms));
    });
}

BOOST_FIXTURE_TEST_CASE(a_session_that_comes_back_meanwhile_is_had, LittlePatience)
{
    std::latch is_taken{1};
    std::jthread holder{[&] {
        requests.transact([&](Session&) {
            is_taken.count_down();
            std::this_thread::sleep_for(20ms);
        });
    }};
    is_taken.wait();
    BOOST_TEST(missing_part([&] { ask(); }) == "nothing");
}

BOOST_AUTO_TEST_CASE(a_session_comes_back_from_work_that_threw)
{
    for (int i = 0; i < 3; ++i) // more often than there are sessions
        BOOST_CHECK_THROW(one.transact([](Session&) { throw std::runtime_error{"bug"}; }), std::runtime_error);
    BOOST_CHECK_NO_THROW(connection());
}

BOOST_AUTO_TEST_CASE(a_database_that_is_not_there_is_unavailable)
{
    auto settings = fake::app().config.database;
    settings.socket += ".gone";
    Database gone{settings, 2};
    for (int i = 0; i < 3; ++i) BOOST_TEST(missing_part([&] { gone.read([](Session&) {}); }) == "database_unavailable");

    settings = fake::app().config.database;
    settings.password = "it's \\wrong\\";
    Database refused{settings, 1};
    BOOST_TEST(missing_part([&] { refused.read([](Session&) {}); }) == "database_unavailable");
}

BOOST_AUTO_TEST_CASE(sixteen_threads_share_eight_sessions)
{
    fake::at_once(16, [&](int) {
        for (int i = 0; i < 20; ++i) fake::in_transaction([&](Session& session) { add_one(session); });
    });
    BOOST_TEST(version() == 1 + 16 * 20);
}

BOOST_AUTO_TEST_SUITE_END()
