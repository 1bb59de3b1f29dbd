#include "service/failed_logins.h"
#include "service/sign_in_cache.h"
#include "store/migration_store.h"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sign_in)

BOOST_AUTO_TEST_CASE(a_success_is_remembered_for_its_password_only)
{
    service::SignInCache cache{10s, 10};
    cache.keep("nico", "right", {.uid = "nico"});
    BOOST_TEST(cache.find("nico", "right").has_value());
    BOOST_TEST(!cache.find("nico", "wrong").has_value());
    BOOST_TEST(!cache.find("nicor", "ight").has_value()); // no shifting of the border
}

BOOST_AUTO_TEST_CASE(a_success_is_forgotten_in_time)
{
    service::SignInCache cache{1s, 10};
    cache.keep("nico", "right", {.uid = "nico"});
    std::this_thread::sleep_for(1100ms);
    BOOST_TEST(!cache.find("nico", "right").has_value());
}

BOOST_AUTO_TEST_CASE(a_lifetime_of_zero_remembers_nothing)
{
    service::SignInCache cache{0s, 10};
    cache.keep("nico", "right", {.uid = "nico"});
    BOOST_TEST(!cache.find("nico", "right").has_value());
}

BOOST_AUTO_TEST_CASE(the_oldest_leave_a_full_cache)
{
    service::SignInCache cache{10s, 3};
    for (const char* uid : {"a", "b", "c", "d"}) cache.keep(uid, "p", {.uid = uid});
    BOOST_TEST(!cache.find("a", "p").has_value());
    BOOST_TEST(cache.find("d", "p").has_value());
}

BOOST_AUTO_TEST_CASE(failed_logins_are_limited_per_account_whatever_the_case)
{
    service::FailedLogins failures{3, 100, 60s};
    for (const char* uid : {"nico", "NICO", "Nico"}) failures.note(uid, "::1");
    BOOST_TEST(failures.too_many("nIco", "::2"));
    BOOST_TEST(!failures.too_many("anna", "::1"));
    failures.forget("nico");
    BOOST_TEST(!failures.too_many("nico", "::1"));
}

BOOST_AUTO_TEST_CASE(failed_logins_are_limited_per_address)
{
    service::FailedLogins failures{100, 3, 60s};
    for (const char* uid : {"a", "b", "c"}) failures.note(uid, "192.0.2.1");
    BOOST_TEST(failures.too_many("d", "192.0.2.1"));
    BOOST_TEST(!failures.too_many("d", "192.0.2.2"));
}

BOOST_AUTO_TEST_CASE(a_window_later_the_owner_gets_in_again)
{
    service::FailedLogins failures{1, 1, 3s};
    failures.note("nico", "::1");
    BOOST_TEST(failures.too_many("nico", "::1"));
    std::this_thread::sleep_for(3100ms);
    BOOST_TEST(!failures.too_many("nico", "::1"));
}

BOOST_AUTO_TEST_CASE(a_script_is_cut_at_the_semicolons_that_end_lines)
{
    const auto statements =
        store::statements_of("-- it's a comment; really\nCREATE TABLE a (\n  b INT\n);\n\nINSERT INTO a VALUES (';'), (1);\n");
    BOOST_REQUIRE(statements.size() == 2);
    BOOST_TEST(statements[1].find("(';'), (1)") != std::string::npos);
    BOOST_CHECK_THROW(store::statements_of("SELECT 1"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
