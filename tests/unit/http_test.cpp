#include "api/auth.h"
#include "api/parameters.h"
#include "api/table_text.h"
#include "domain/refusal.h"
#include "http/form.h"
#include "http/json_text.h"
#include "http/paging.h"
#include "http/router.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace http;

namespace {

Form form_of(const std::string& body) { return Form{parse_object(body)}; }

/// The faults that finish() reports, as "pointer code".
std::set<std::string> faults_of(Form& form)
{
    std::set<std::string> faults;
    try {
        form.finish();
    } catch (const InvalidFields& invalid) {
        for (const auto& fault : invalid.faults()) faults.insert(fault.pointer + ' ' + fault.code);
    }
    return faults;
}

using Names = std::set<std::string>;

Request request_of(const std::string& method, const std::string& path, const std::string& body = "")
{
    Request request{.method = method, .path = path, .id = "test-request", .body = body};
    if (!body.empty()) request.params.emplace_back("CONTENT_TYPE", "application/json");
    return request;
}

Router sample_router()
{
    Router router;
    router.on("GET", "/things/{id}", [](const Request& request) { return Response{.body = request.segments.at(0)}; });
    router.on("POST", "/things", [](const Request&) { return Response{.status = 201}; });
    router.on("GET", "/refused", [](const Request&) -> Response { throw domain::Refusal{domain::Reason::membership_required, "join"}; });
    router.on("GET", "/down", [](const Request&) -> Response { throw domain::Unavailable{"database_unavailable"}; });
    router.on("GET", "/bug", [](const Request&) -> Response { throw std::runtime_error{"secret text"}; });
    return router;
}

std::string header(const Response& response, const std::string& name)
{
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(numbers_may_come_as_strings)
{
    auto form = form_of(R"({"a":"2","b":3})");
    BOOST_TEST(form.integer("a", 1, 64) == 2);
    BOOST_TEST(form.integer("b", 1, 64) == 3);
    BOOST_TEST(faults_of(form).empty());
}

BOOST_AUTO_TEST_CASE(fractions_are_read_exactly_or_not_at_all)
{
    auto form = form_of(R"({"a":0.5,"b":"0.5","c":4,"d":0.1,"e":"1e3","f":0.00001,"g":1e300})");
    BOOST_TEST(form.thousandths("a", 0, 9000) == 500);
    BOOST_TEST(form.thousandths("b", 0, 9000) == 500);
    BOOST_TEST(form.thousandths("c", 0, 9000) == 4000);
    BOOST_TEST(form.thousandths("d", 0, 9000) == 100);
    for (const char* name : {"e", "f", "g"}) form.thousandths(name, 0, 9000);
    BOOST_TEST((faults_of(form) == Names{"#/e wrong_type", "#/f wrong_type", "#/g wrong_type"}));
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once_with_their_pointers)
{
    auto form = form_of(R"({"name":7,"size":999,"colour":"red","inner":{"x":[],"unknown":1},"extra":null})");
    form.text("name");
    form.text("missing");
    form.integer("size", 1, 10);
    form.choice("colour", {"blue", "green"});
    form.object("inner").integer("x", 0, 1);
    BOOST_TEST((faults_of(form)
        == Names{"#/name wrong_type", "#/missing required", "#/size out_of_range", "#/colour not_allowed", "#/inner/x wrong_type",
            "#/inner/unknown unknown_field", "#/extra unknown_field"}));
}

BOOST_AUTO_TEST_CASE(integers_refuse_everything_else)
{
    for (const char* value : {"true", "1.0", "1e2", "\"\"", "\" 1\"", "\"1 \"", "\"0x1\"", "\"1.5\"", "[]", "{}", "null", "99999999999999",
             "-1", "\"-1\"", "9223372036854775807", "-9223372036854775808", "\"999999999999999999999\""}) {
        auto form = form_of("{\"n\":" + std::string{value} + "}");
        form.integer("n", 0, 100);
        BOOST_TEST(faults_of(form).size() == 1u, value);
    }
}

BOOST_AUTO_TEST_CASE(text_has_no_control_characters_and_a_bound)
{
    auto form = form_of(R"({"a":"x\ny","b":"","c":"abcd"})");
    form.text("a");
    form.text("b");
    form.text("c", 3);
    BOOST_TEST((faults_of(form) == Names{"#/a invalid", "#/b out_of_range", "#/c out_of_range"}));
}

BOOST_AUTO_TEST_CASE(a_machine_needs_all_its_parameters_within_their_bounds)
{
    auto form = form_of(R"({"parameters":{"cores":"2","ram":"0.5","os_disk_size":20,"os":"debian-12"}})");
    const auto parameters = api::read_parameters(form, "ipv6-only-vm");
    BOOST_TEST(*parameters.ram_mb == 512);
    BOOST_TEST(faults_of(form).empty());

    auto wrong = form_of(R"({"parameters":{"cores":0,"ram":0.7,"os":"a;b"}})");
    api::read_parameters(wrong, "django-hosting");
    BOOST_TEST((faults_of(wrong)
        == Names{"#/parameters/cores out_of_range", "#/parameters/ram out_of_range", "#/parameters/os_disk_size required",
            "#/parameters/os invalid"}));
}

BOOST_AUTO_TEST_CASE(a_vpn_has_no_parameters)
{
    auto form = form_of(R"({"parameters":{"cores":1}})");
    api::read_parameters(form, "ipv6-vpn");
    BOOST_TEST((faults_of(form) == Names{"#/parameters/cores unknown_field"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(only_one_clean_object_is_a_body)
{
    for (const std::string body : {"", "[]", "1", "null", "{", "{} x", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}",
             "{\"a\":1e400}", "{'a':1}", "{\"a\":NaN}", "\xEF\xBB\xBF{}"})
        BOOST_CHECK_THROW(parse_object(body), BadRequest);
    BOOST_CHECK_THROW(parse_object(std::string{"{\"a\":\0}", 7}), BadRequest);
}

BOOST_AUTO_TEST_CASE(depth_is_refused_before_it_is_parsed)
{
    BOOST_CHECK_THROW(parse_object("{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}"), BadRequest);
    BOOST_CHECK_NO_THROW(parse_object(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[\"[[["})"));
}

BOOST_AUTO_TEST_CASE(answers_are_json_whatever_the_text_holds)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (int i = 0; i < 12; ++i) text += static_cast<char>(random());
        const auto dumped =
            JsonText::object().set("text", text).set("list", JsonText::array().push(1).push(true).push(JsonText::null())).dump();
        const Json parsed{json_loadb(dumped.data(), dumped.size(), JSON_ALLOW_NUL, nullptr)};
        if (!parsed.get()) BOOST_FAIL("seed " << seed << " gave " << dumped);
    }
}

BOOST_AUTO_TEST_CASE(text_is_escaped_and_kept)
{
    BOOST_TEST(JsonText{"a\"b\\c\n\u00fc\xff"}.dump() == "\"a\\\"b\\\\c\\u000a\u00fc\uFFFD\"");
    BOOST_TEST(JsonText::thousandths(500).dump() == "0.5");
    BOOST_TEST(JsonText::thousandths(4000).dump() == "4");
    BOOST_TEST(JsonText::thousandths(1250).dump() == "1.25");
    BOOST_TEST(JsonText::object().set("a", JsonText::object()).set("b", JsonText::array()).dump() == R"({"a":{},"b":[]})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(a_placeholder_takes_one_segment)
{
    const auto router = sample_router();
    BOOST_TEST(router.answer(request_of("GET", "/things/7")).body == "7");
    for (const char* path : {"/things/", "/things/7/", "/things/7/8", "/thing/7", "/", "", "//things/7"})
        BOOST_TEST(router.answer(request_of("GET", path)).status == 404, path);
}

BOOST_AUTO_TEST_CASE(another_method_is_405_and_told_which_are_allowed)
{
    const auto response = sample_router().answer(request_of("DELETE", "/things/7"));
    BOOST_TEST(response.status == 405);
    BOOST_TEST(header(response, "Allow") == "GET, HEAD, OPTIONS");
    BOOST_TEST(sample_router().answer(request_of("HEAD", "/things/7")).status == 200);
    BOOST_TEST(sample_router().answer(request_of("OPTIONS", "/things")).status == 204);
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_becomes_a_problem_without_inner_texts)
{
    const auto router = sample_router();
    BOOST_TEST(router.answer(request_of("GET", "/refused")).status == 402);
    const auto down = router.answer(request_of("GET", "/down"));
    BOOST_TEST(down.status == 503);
    BOOST_TEST(header(down, "Retry-After") == "2");
    const auto bug = router.answer(request_of("GET", "/bug"));
    BOOST_TEST(bug.status == 500);
    BOOST_TEST(bug.content_type == "application/problem+json");
    BOOST_TEST(bug.body.find("secret text") == std::string::npos);
    BOOST_TEST(bug.body.find("test-request") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_page_of_another_site_changes_nothing)
{
    auto request = request_of("POST", "/things", "{}");
    BOOST_TEST(sample_router().answer(request).status == 201);
    request.params.emplace_back("HTTP_SEC_FETCH_SITE", "cross-site");
    BOOST_TEST(sample_router().answer(request).status == 403);
    auto plain_form = request_of("POST", "/things");
    plain_form.body = "a=1";
    plain_form.params.emplace_back("CONTENT_TYPE", "application/x-www-form-urlencoded");
    BOOST_TEST(sample_router().answer(plain_form).status == 415);
}

BOOST_AUTO_TEST_CASE(query_values_are_decoded_strictly)
{
    Request request{.query = "a=1%2C2&b=x+y&c=%zz&d=%00&e=1&e=2&f"};
    BOOST_TEST(request.query_value("a") == "1,2");
    BOOST_TEST(request.query_value("b") == "x y");
    BOOST_TEST(request.query_value("f").empty());
    BOOST_TEST(request.query_value("none").empty());
    for (const char* name : {"c", "d", "e"}) BOOST_CHECK_THROW(request.query_value(name), BadRequest);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cursors)

BOOST_AUTO_TEST_CASE(a_cursor_only_fits_its_own_list)
{
    const Cursors cursors{"key"};
    const auto cursor = cursors.make("orders:1", 42);
    BOOST_TEST(cursors.read("orders:1", cursor) == 42);
    BOOST_CHECK_THROW(cursors.read("orders:2", cursor), BadRequest);
    BOOST_CHECK_THROW(Cursors{"other"}.read("orders:1", cursor), BadRequest);
}

BOOST_AUTO_TEST_CASE(an_altered_cursor_is_never_taken)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    const Cursors cursors{"key"};
    const auto cursor = cursors.make("orders:1", 123456);
    for (int round = 0; round < 20'000; ++round) {
        auto altered = cursor;
        altered[random() % altered.size()] = static_cast<char>(random());
        if (altered == cursor) continue;
        BOOST_CHECK_THROW(cursors.read("orders:1", altered), BadRequest);
    }
}

BOOST_AUTO_TEST_CASE(a_page_has_one_to_a_hundred_rows)
{
    const Cursors cursors{"key"};
    BOOST_TEST(page_of({.query = ""}, cursors, "s").limit == 25);
    BOOST_TEST(page_of({.query = "limit=100"}, cursors, "s").limit == 100);
    for (const char* query : {"limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5", "limit=99999999999999999999", "cursor=1",
             "cursor=';DROP TABLE orders--"})
        BOOST_CHECK_THROW(page_of({.query = query}, cursors, "s"), BadRequest);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(basic_credentials_are_read)
{
    BOOST_TEST(api::credentials_of("Basic bmljbzp4eHg=").uid == "nico");
    BOOST_TEST(api::credentials_of("bAsIc bmljbzp4eHg=").password == "xxx");
    BOOST_TEST(api::credentials_of("Basic bmljbzphOmI=").password == "a:b"); // only the first colon counts
}

BOOST_AUTO_TEST_CASE(everything_else_is_nobody)
{
    for (const char* header : {"", "Basic", "Basic ", "Bearer abcd", "Basic bmljbw==", "Basic !!!!", "Basic bmljbzp4eHg", "Basic AGE6Yg=="})
        BOOST_TEST(api::credentials_of(header).uid.empty(), header);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(a_spreadsheet_gets_no_formula)
{
    const store::Table table{
        .columns = {"name", "amount"}, .numeric = {false, true}, .rows = {{"=1+1", "-5"}, {"a,\"b\"", std::nullopt}, {"@x", "7"}}};
    BOOST_TEST(api::csv_of(table) == "name,amount\r\n'=1+1,-5\r\n\"a,\"\"b\"\"\",\r\n'@x,7\r\n");
    BOOST_TEST(api::json_of(table).dump()
        == R"({"columns":["name","amount"],"rows":[{"name":"=1+1","amount":-5},{"name":"a,\"b\"","amount":null},{"name":"@x","amount":7}]})");
}

BOOST_AUTO_TEST_SUITE_END()
