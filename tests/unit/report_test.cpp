// Beside http_test.cpp and sign_in_test.cpp: reports as text, credentials, migration scripts, bounds of what is remembered.
#include "api/auth.h"
#include "api/table_text.h"
#include "http/json.h"
#include "service/failed_logins.h"
#include "service/sign_in_cache.h"
#include "store/migration_store.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::chrono_literals;
using namespace std::string_literals;
using api::credentials_of;
using store::statements_of;
using store::Table;

unsigned seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

std::string basic(const std::string& name_and_password)
{
    std::string encoded((name_and_password.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
        reinterpret_cast<const unsigned char*>(name_and_password.data()), static_cast<int>(name_and_password.size()));
    encoded.resize(static_cast<std::size_t>(size));
    return "Basic " + encoded;
}

bool is_nobody(const std::string& authorization)
{
    const auto credentials = credentials_of(authorization);
    return credentials.uid.empty() && credentials.password.empty();
}

Table one_cell(const std::string& cell, bool numeric = false) { return {.columns = {"c"}, .numeric = {numeric}, .rows = {{cell}}}; }

/// The one cell of a table as CSV.
std::string csv_cell(const std::string& cell)
{
    const auto csv = api::csv_of(one_cell(cell));
    return csv.substr(3, csv.size() - 5); // between "c\r\n" and "\r\n"
}

/// The one cell of a table as JSON.
std::string json_cell(const std::string& cell, bool numeric)
{
    const auto json = api::json_of(one_cell(cell, numeric)).dump();
    const std::string_view before{R"({"columns":["c"],"rows":[{"c":)"};
    BOOST_TEST_REQUIRE(json.starts_with(before), json);
    return json.substr(before.size(), json.size() - before.size() - 3);
}

/// A folder of migrations that is gone at the end of the case.
struct Folder {
    std::filesystem::path path;

    Folder()
    {
        std::string name{(std::filesystem::temp_directory_path() / "unit-test.XXXXXX").string()};
        if (!mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
        path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    void add(const std::string& name, const std::string& text = "SELECT 1;\n") const { std::ofstream{path / name} << text; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(report_csv)

BOOST_AUTO_TEST_CASE(a_plain_cell_is_not_quoted)
{
    BOOST_TEST(csv_cell("Z\xC3\xBCrich 8005") == "Z\xC3\xBCrich 8005");
    BOOST_TEST(csv_cell("12.30") == "12.30");
}

BOOST_AUTO_TEST_CASE(separators_quotes_and_line_ends_are_quoted)
{
    BOOST_TEST(csv_cell("a,b") == "\"a,b\"");
    BOOST_TEST(csv_cell("a\"b") == "\"a\"\"b\"");
    BOOST_TEST(csv_cell("a\nb") == "\"a\nb\"");
    BOOST_TEST(csv_cell("a\rb") == "\"a\rb\"");
}

BOOST_DATA_TEST_CASE(a_cell_that_a_spreadsheet_would_compute_gets_an_apostrophe,
    bdata::make({"=1+1", "+41445000000", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "-1-1", "-2026-11-24", "-"}), cell)
{
    BOOST_TEST(csv_cell(cell) == "'" + std::string{cell});
}

BOOST_AUTO_TEST_CASE(a_formula_is_quoted_and_disarmed)
{
    BOOST_TEST(csv_cell("=HYPERLINK(\"x\",\"y\")") == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
}

BOOST_AUTO_TEST_CASE(a_negative_amount_stays_a_number)
{
    BOOST_TEST(csv_cell("-5") == "-5");
    BOOST_TEST(csv_cell("-12.30") == "-12.30");
}

BOOST_AUTO_TEST_CASE(a_column_name_is_a_cell_too)
{
    BOOST_TEST(api::csv_of({.columns = {"a,b", "=c"}, .numeric = {false, false}}) == "\"a,b\",'=c\r\n");
}

BOOST_AUTO_TEST_CASE(nothing_is_an_empty_cell)
{
    const Table table{.columns = {"a", "b"}, .numeric = {false, false}, .rows = {{std::nullopt, std::nullopt}, {"", "x"}}};
    BOOST_TEST(api::csv_of(table) == "a,b\r\n,\r\n,x\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_json)

BOOST_AUTO_TEST_CASE(only_whole_numbers_of_numeric_columns_are_numbers)
{
    BOOST_TEST(json_cell("-1300", true) == "-1300");
    BOOST_TEST(json_cell("0", true) == "0");
    BOOST_TEST(json_cell("8005", false) == "\"8005\"");
}

BOOST_AUTO_TEST_CASE(a_fraction_stays_the_text_that_the_database_printed)
{
    BOOST_TEST(json_cell("12.30", true) == "\"12.30\"");
    BOOST_TEST(json_cell("99999999999999999999", true) == "\"99999999999999999999\"");
    BOOST_TEST(json_cell("", true) == "\"\"");
}

BOOST_AUTO_TEST_CASE(a_report_without_rows_still_names_its_columns)
{
    BOOST_TEST(api::json_of({.columns = {"a", "b"}, .numeric = {true, false}}).dump() == R"({"columns":["a","b"],"rows":[]})");
}

BOOST_AUTO_TEST_CASE(a_column_named_by_its_expression_is_still_json)
{
    const Table table{.columns = {"CONCAT(\"a\")"}, .numeric = {false}, .rows = {{"x"}}};
    BOOST_CHECK_NO_THROW(http::parse_object(api::json_of(table).dump()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_plain)

BOOST_AUTO_TEST_CASE(names_stand_left_and_numbers_right)
{
    const Table table{
        .columns = {"name", "n"}, .numeric = {false, true}, .rows = {{"a", "1"}, {"longer", "1000"}, {std::nullopt, std::nullopt}}};
    BOOST_TEST(api::plain_of(table) == "name       n\n------  ----\na          1\nlonger  1000\n-          -\n");
}

BOOST_AUTO_TEST_CASE(umlauts_take_one_column)
{
    const Table table{.columns = {"city", "n"}, .numeric = {false, true}, .rows = {{"Z\xC3\xBCrich", "1"}, {"Geneva", "2"}}};
    BOOST_TEST(api::plain_of(table) == "city    n\n------  -\nZ\xC3\xBCrich  1\nGeneva  2\n");
}

BOOST_AUTO_TEST_CASE(no_line_ends_in_blanks)
{
    const Table table{.columns = {"a", "long column"}, .numeric = {false, false}, .rows = {{"x", "y"}}};
    BOOST_TEST(api::plain_of(table) == "a  long column\n-  -----------\nx  y\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(basic_credentials)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_7617_is_read)
{
    const auto credentials = credentials_of("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    BOOST_TEST(credentials.uid == "Aladdin");
    BOOST_TEST(credentials.password == "open sesame");
}

BOOST_AUTO_TEST_CASE(a_name_in_utf_8_is_read)
{
    const auto credentials = credentials_of("Basic dGVzdDoxMjPCow=="); // RFC 7617, section 2.1
    BOOST_TEST(credentials.uid == "test");
    BOOST_TEST(credentials.password == "123\xC2\xA3");
}

BOOST_AUTO_TEST_CASE(either_half_may_be_empty)
{
    BOOST_TEST(credentials_of(basic("nico:")).uid == "nico");
    BOOST_TEST(credentials_of(basic("nico:")).password.empty());
    BOOST_TEST(credentials_of(basic(":secret")).uid.empty());
    BOOST_TEST(credentials_of(basic(":secret")).password == "secret");
}

BOOST_AUTO_TEST_CASE(random_credentials_come_back_whatever_their_length)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 2'000; ++i) {
        std::string uid, password;
        for (auto size = random() % 20; size > 0; --size) uid += static_cast<char>('a' + random() % 26);
        for (auto size = random() % 40; size > 0; --size) password += static_cast<char>(1 + random() % 255);
        const auto credentials = credentials_of(basic(uid + ':' + password));
        BOOST_TEST_REQUIRE(credentials.uid == uid);
        BOOST_TEST_REQUIRE(credentials.password == password);
    }
}

BOOST_AUTO_TEST_CASE(a_nul_in_either_half_is_nobody)
{
    BOOST_TEST(is_nobody(basic("ni\0co:x"s)));
    BOOST_TEST(is_nobody(basic("nico:\0"s)));
    BOOST_TEST(is_nobody(basic("nico:x\0y"s)));
}

BOOST_DATA_TEST_CASE(what_is_no_base64_is_nobody,
    bdata::make({"Basic =", "Basic ====", "Basic bmljbzp4eHg", "Basic bmljbzp4e*g=", "Basic bmlj bzp4eHg=", "Basic bmljbzp4eH-_",
        "Basic \xff\xff\xff\xff", "Basic bmljbzp4eHg==="}),
    authorization)
{
    BOOST_TEST(is_nobody(authorization));
}

BOOST_DATA_TEST_CASE(another_scheme_is_nobody,
    bdata::make({"", "Basic", "Basic    ", "BasicbmljbzpuIGM=", "Bearer bmljbzp4eHg=", "Digest username=\"nico\"", " Basic bmljbzp4eHg="}),
    authorization)
{
    BOOST_TEST(is_nobody(authorization));
}

BOOST_AUTO_TEST_CASE(a_header_beyond_4_kib_is_not_looked_at)
{
    BOOST_TEST(!is_nobody(basic("nico:" + std::string(3'000, 'x'))));
    BOOST_TEST(is_nobody(basic("nico:" + std::string(4'000, 'x'))));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(remembered_sign_ins)

BOOST_AUTO_TEST_CASE(the_whole_identity_is_remembered)
{
    service::SignInCache cache{10s, 10};
    cache.keep("nico", "right", {.member = domain::MemberId{7}, .uid = "nico", .operator_ = true});
    const auto identity = cache.find("nico", "right");
    BOOST_REQUIRE(identity.has_value());
    BOOST_TEST((identity->member == domain::MemberId{7}));
    BOOST_TEST(identity->operator_);
}

BOOST_AUTO_TEST_CASE(the_latest_sign_in_replaces_the_one_before)
{
    service::SignInCache cache{10s, 10};
    cache.keep("nico", "right", {.uid = "nico", .operator_ = true});
    cache.keep("nico", "right", {.uid = "nico", .operator_ = false});
    BOOST_TEST(!cache.find("nico", "right")->operator_);
}

BOOST_AUTO_TEST_CASE(the_same_sign_in_again_takes_no_second_place)
{
    service::SignInCache cache{10s, 2};
    cache.keep("a", "p", {.uid = "a"});
    for (int time = 0; time < 5; ++time) cache.keep("b", "p", {.uid = "b"});
    BOOST_TEST(cache.find("a", "p").has_value());
}

BOOST_AUTO_TEST_CASE(exactly_the_capacity_is_remembered)
{
    service::SignInCache cache{10s, 100};
    for (int i = 0; i < 1'000; ++i) cache.keep(std::to_string(i), "p", {});
    int remembered = 0;
    for (int i = 0; i < 1'000; ++i) remembered += cache.find(std::to_string(i), "p") ? 1 : 0;
    BOOST_TEST(remembered == 100);
}

BOOST_AUTO_TEST_CASE(a_capacity_of_0_remembers_nothing)
{
    service::SignInCache cache{10s, 0};
    cache.keep("nico", "right", {});
    BOOST_TEST(!cache.find("nico", "right").has_value());
}

BOOST_AUTO_TEST_CASE(many_threads_may_ask_at_once)
{
    service::SignInCache cache{10s, 50};
    service::FailedLogins failures{1'000'000, 1'000'000, 60s};
    const auto work = [&](int thread) {
        for (int i = 0; i < 500; ++i) {
            const auto uid = std::to_string((thread * 7 + i) % 100);
            cache.keep(uid, "p", {.uid = uid});
            if (const auto found = cache.find(uid, "p"); found && found->uid != uid) throw std::logic_error{"somebody else's identity"};
            failures.note(uid, "::1");
            failures.too_many(uid, "::1");
            failures.forget(uid);
        }
    };
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) threads.emplace_back(work, thread);
    for (auto& thread : threads) thread.join();
    int remembered = 0;
    for (int i = 0; i < 100; ++i) remembered += cache.find(std::to_string(i), "p") ? 1 : 0;
    BOOST_TEST(remembered == 50);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(failed_logins)

BOOST_AUTO_TEST_CASE(as_many_failures_as_the_limit_are_too_many)
{
    service::FailedLogins failures{3, 100, 60s};
    for (int failure = 0; failure < 2; ++failure) failures.note("nico", "::1");
    BOOST_TEST(!failures.too_many("nico", "::1"));
    failures.note("nico", "::1");
    BOOST_TEST(failures.too_many("nico", "::1"));
}

BOOST_AUTO_TEST_CASE(a_success_leaves_the_address_its_count)
{
    service::FailedLogins failures{100, 3, 60s};
    for (int failure = 0; failure < 3; ++failure) failures.note("nico", "::1");
    failures.forget("nico");
    BOOST_TEST(failures.too_many("nico", "::1"));
    BOOST_TEST(!failures.too_many("nico", "::2"));
}

BOOST_AUTO_TEST_CASE(nobody_is_refused_before_the_first_failure)
{
    service::FailedLogins failures{1, 1, 60s};
    BOOST_TEST(!failures.too_many("nico", "::1"));
    failures.forget("nico"); // of whom nothing is known
    BOOST_TEST(!failures.too_many("nico", "::1"));
}

// Else the owner of an account that is attacked without a pause would never get in again.
BOOST_AUTO_TEST_CASE(a_refused_try_prolongs_nothing)
{
    service::FailedLogins failures{1, 100, 3s};
    failures.note("nico", "::1");
    const auto until = std::chrono::steady_clock::now() + 3050ms;
    BOOST_TEST(failures.too_many("nico", "::1"));
    while (std::chrono::steady_clock::now() < until) {
        failures.too_many("nico", "::1");
        std::this_thread::sleep_for(50ms);
    }
    BOOST_TEST(!failures.too_many("nico", "::2"));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_names_are_the_most_that_are_held)
{
    service::FailedLogins failures{1, 1'000'000, 600s};
    failures.note("first", "::1");
    for (int i = 0; i < 100'000; ++i) failures.note("name" + std::to_string(i), "::1");
    BOOST_TEST(!failures.too_many("first", "::1"));
    BOOST_TEST(failures.too_many("name99999", "::1"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(migration_scripts)

BOOST_AUTO_TEST_CASE(each_statement_is_one_entry_without_its_semicolon)
{
    BOOST_TEST((statements_of("SELECT 1;\nSELECT 2;\n") == std::vector{"SELECT 1"s, "SELECT 2"s}));
}

BOOST_AUTO_TEST_CASE(a_statement_may_take_many_lines)
{
    BOOST_TEST((statements_of("CREATE TABLE a (\n  b INT\n);\n") == std::vector{"CREATE TABLE a (\n  b INT\n)"s}));
}

BOOST_AUTO_TEST_CASE(a_semicolon_within_a_line_cuts_nothing)
{
    BOOST_TEST((statements_of("SELECT ';', 1;\n") == std::vector{"SELECT ';', 1"s}));
}

BOOST_AUTO_TEST_CASE(comments_are_left_out_even_within_a_statement)
{
    BOOST_TEST((statements_of("-- why;\nSELECT\n-- because;\n1;\n") == std::vector{"SELECT\n1"s}));
}

BOOST_AUTO_TEST_CASE(a_script_of_comments_does_nothing)
{
    BOOST_TEST(statements_of("").empty());
    BOOST_TEST(statements_of("\n\n-- nothing yet\n\n").empty());
}

BOOST_AUTO_TEST_CASE(the_last_line_needs_no_line_end) { BOOST_TEST((statements_of("SELECT 1;") == std::vector{"SELECT 1"s})); }

BOOST_AUTO_TEST_CASE(a_statement_without_its_end_is_refused)
{
    BOOST_CHECK_THROW(statements_of("SELECT 1;\nSELECT 2\n"), std::runtime_error);
    BOOST_CHECK_THROW(statements_of("SELECT 1; -- why\n"), std::runtime_error);
    BOOST_CHECK_THROW(statements_of("SELECT 1;\r\n"), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(migrations_are_read_in_the_order_of_their_numbers, Folder)
{
    add("0002_second.sql", "SELECT 2;\n");
    add("0001_first.sql", "SELECT 1;\n");
    add("README.md");
    const auto migrations = store::read_migrations(path);
    BOOST_REQUIRE(migrations.size() == 2u);
    BOOST_TEST(migrations[0].name == "0001_first");
    BOOST_TEST(migrations[1].number == 2);
    BOOST_TEST(migrations[1].text == "SELECT 2;\n");
}

BOOST_FIXTURE_TEST_CASE(a_migration_is_known_by_its_sha_256, Folder)
{
    add("0001_first.sql", "abc");
    BOOST_TEST(
        store::read_migrations(path).at(0).sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2
}

BOOST_FIXTURE_TEST_CASE(a_gap_in_the_numbers_is_refused, Folder)
{
    add("0001_first.sql");
    add("0003_third.sql");
    BOOST_CHECK_THROW(store::read_migrations(path), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_number_given_twice_is_refused, Folder)
{
    add("0001_first.sql");
    add("0001_also_first.sql");
    BOOST_CHECK_THROW(store::read_migrations(path), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_migration_without_a_number_is_refused, Folder)
{
    add("first.sql");
    BOOST_CHECK_THROW(store::read_migrations(path), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_migration_with_an_absurd_number_is_refused, Folder)
{
    add("99999999999999_first.sql");
    BOOST_CHECK_THROW(store::read_migrations(path), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_migrations_of_this_product_can_be_cut)
{
    if (!std::filesystem::exists("sql/migrations")) return; // started from elsewhere
    const auto migrations = store::read_migrations("sql/migrations");
    BOOST_TEST(!migrations.empty());
    for (const auto& migration : migrations) BOOST_TEST(!statements_of(migration.text).empty(), migration.name);
}

BOOST_AUTO_TEST_SUITE_END()
