#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

// Everything that a client can write into a field, a path, a query or a header, put where it does not belong.
namespace {

bool is_problem(const Answer& answer)
{
    return answer.status >= 400 && answer.status < 500 && answer.header("content-type") == "application/problem+json"
        && !answer.at("code").empty();
}

bool is_sound(const Answer& answer) { return (answer.status >= 200 && answer.status < 300) || is_problem(answer); }

/// A request that is in order, and the fields to spoil, by dotted paths.
struct Sample {
    std::string method{};
    std::string path{};
    std::string body{};
    std::vector<std::string> fields{};
};

/// The body with the raw text in the place of the field.
std::string with_field(const std::string& body, const std::string& field, const std::string& raw)
{
    const Json document{json_loads(body.c_str(), 0, nullptr), json_decref};
    auto* object = document.get();
    auto name = field;
    if (const auto dot = field.find('.'); dot != std::string::npos) {
        object = json_object_get(object, field.substr(0, dot).c_str());
        name = field.substr(dot + 1);
    }
    json_object_set_new(object, name.c_str(), json_string("@here@"));
    const std::unique_ptr<char, decltype(&std::free)> text{json_dumps(document.get(), JSON_COMPACT), &std::free};
    std::string spoiled{text.get()};
    return spoiled.replace(spoiled.find("\"@here@\""), 8, raw);
}

/// No field takes one of these, whatever it is for.
const std::vector<std::string> nonsense{"[]", "[[1]]", R"({"a":{"b":1}})", "1e400", "-1e400", "18446744073709551616", R"("a\u0000b")",
    R"("\u0000")", "\"\xff\xfe\"", "\"\xed\xa0\x80\"", "\"\xc0\xaf\"", R"("\ud800")", "\"a\nb\"", "nul", "NaN", "0x10", "'x'", "01", "+1"};

/// Some fields may take some of these.
const std::vector<std::string> oddities{"null", "true", "0", "-1", "1.5", "1e3", "9223372036854775807", "-9223372036854775808", R"("")",
    R"("x")", R"("' OR 1=1 --")", R"("\\' OR 1=1 #")", R"("%00")", R"("../../../etc/passwd")", R"("a\r\nX-Injected: 1")",
    R"("\ud83d\ude00")", R"("\u202egnp.exe")", R"("\ufeff")", R"("{{7*7}}")", R"("1e400")", R"("-0")",
    R"("0.0000000000000000000000000001")", R"("٣")", '"' + std::string(40'000, 'x') + '"', '"' + std::string(300, '9') + '"', "{}"};

std::vector<Sample> samples_of(const Member& member, const std::string& vm, const std::string& vm_order, const std::string& order)
{
    const std::vector<std::string> machine{
        "product", "parameters", "parameters.cores", "parameters.ram", "parameters.os_disk_size", "parameters.os"};
    auto with_uuid = machine;
    with_uuid.push_back("uuid");
    const std::string card{R"("cc_number":"4242424242424242","cc_month":"11","cc_year":"2031","cc_cvc":"987")"};
    const std::vector<std::string> cc{"cc_number", "cc_month", "cc_year", "cc_cvc"};
    return {
        {"POST", "/quotes", small_vm, machine},
        {"POST", "/quotes", R"({"product":"vm-snapshot","parameters":{"vm":")" + vm + R"(","require":"fs"}})",
            {"parameters.vm", "parameters.require"}},
        {"POST", "/orders?dry_run=true", small_vm, with_uuid},
        {"PUT", "/orders?dry_run=true", small_vm, with_uuid},
        {"PUT", "/orders/" + fresh_uuid() + "?dry_run=true", small_vm, with_uuid},
        {"POST", "/orders?dry_run=true", R"({"product":"vm-snapshot","parameters":{"vm":")" + vm + "\"}}", {"parameters.vm"}},
        {"POST", "/orders/" + order + "/cancel?dry_run=true", R"({"when":"end_of_term","snapshots":"delete"})", {"when", "snapshots"}},
        {"POST", "/orders/" + vm_order + "/change?dry_run=true", R"({"parameters":{"cores":2,"ram":1,"os_disk_size":1}})",
            {"parameters", "parameters.cores", "parameters.ram", "parameters.os_disk_size"}},
        {"POST", "/vm/create_snapshot?dry_run=true", R"({"uuid":")" + vm + R"(","require":"fs"})", {"uuid", "require"}},
        {"POST", "/payment-methods", R"({"type":"card","token":"pm_card_visa"})", {"type", "token"}},
        {"POST", "/payment-methods", R"({"type":"card",)" + card + "}", cc},
        {"PUT", "/payment-methods/card/setup/" + member.send("POST", "/payment-methods/card/setup").at("id") + "/consent",
            R"({"version":"2026-11-29","language":"de"})", {"version", "language"}},
        {"POST", "/membership", R"({"username":")" + member.name + R"(","password":")" + member.password + R"(",)" + card + "}",
            {"username", "cc_number", "cc_cvc"}},
        {"PUT", "/account",
            R"({"billing_address":{"company":"c","name":"n","street":"s","house_number":"1","postal_code":"3","city":"b","country":"CH"},)"
            R"("language":"de","vat_id":"CHE-123.456.788"})",
            {"billing_address", "billing_address.company", "billing_address.name", "billing_address.street", "billing_address.house_number",
                "billing_address.postal_code", "billing_address.city", "billing_address.country", "language", "currency", "vat_id"}},
    };
}

void spoil(const Member& member, const Sample& sample)
{
    for (const auto& field : sample.fields) {
        for (const auto& value : nonsense) {
            const auto answer = member.send(sample.method, sample.path, with_field(sample.body, field, value));
            BOOST_TEST(
                is_problem(answer), answer.status << " for " << sample.path << ' ' << field << " = " << value << ": " << answer.body);
        }
        for (const auto& value : oddities) {
            const auto answer = member.send(sample.method, sample.path, with_field(sample.body, field, value));
            BOOST_TEST(is_sound(answer),
                answer.status << " for " << sample.path << ' ' << field << " = " << value.substr(0, 60) << ": " << answer.body);
            BOOST_TEST(answer.count("x-injected") == 0u);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_fields)

BOOST_AUTO_TEST_CASE(no_field_of_a_member_takes_nonsense)
{
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const auto order = member.send("POST", "/orders", R"({"product":"ipv6-vpn"})").at("uuid");
    for (const auto& sample : samples_of(member, vm, member.get("/vm/" + vm).at("order"), order)) spoil(member, sample);
    BOOST_TEST(member.get("/orders/" + order).status == 200);
}

BOOST_AUTO_TEST_CASE(no_field_of_an_operator_takes_nonsense)
{
    spoil(the_operator,
        {"POST", "/admin/products/ipv6-vpn/prices?dry_run=true",
            R"({"valid_from":"2099-01-01","currency":"CHF","setup":0,"recurring":500,"includes_vat":true,"units":{"core":1}})",
            {"valid_from", "currency", "setup", "recurring", "includes_vat", "units", "units.core", "units.gib"}});
    spoil(the_operator, {"POST", "/admin/test-clock?dry_run=true", R"({"now":"2026-02-28T12:00:00+01:00"})", {"now"}});
    for (const char* day : {"2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01", "2026-1-1", "-0001-01-01", "2026-01-01T00:00:00Z"}) {
        const auto answer = the_operator.send(
            "POST", "/admin/products/ipv6-vpn/prices?dry_run=true", R"({"valid_from":")" + std::string{day} + R"(","recurring":1})");
        BOOST_TEST(answer.status == 422, day << ": " << answer.body);
    }
    for (const char* now : {"2026-02-30T00:00:00Z", "2026-02-28T24:00:01Z", "2026-02-28T12:00:00", "2026-02-28T12:00:00+99:00", "now",
             "99999999-01-01T00:00:00Z"}) {
        const auto answer = the_operator.send("POST", "/admin/test-clock?dry_run=true", R"({"now":")" + std::string{now} + "\"}");
        BOOST_TEST(answer.status == 422, now << ": " << answer.body);
    }
}

BOOST_AUTO_TEST_CASE(no_part_of_a_path_breaks_anything)
{
    const std::vector<std::pair<std::string, std::string>> routes{{"GET", "/products/@"}, {"GET", "/orders/@"}, {"PUT", "/orders/@"},
        {"POST", "/orders/@/cancel"}, {"POST", "/orders/@/change"}, {"GET", "/vm/@"}, {"GET", "/vm/@/snapshots"}, {"POST", "/vm/@/stop"},
        {"POST", "/vm/@/start"}, {"GET", "/snapshots/@"}, {"DELETE", "/snapshots/@"}, {"POST", "/snapshots/@/restore"},
        {"DELETE", "/payment-methods/@"}, {"POST", "/payment-methods/card/setup/@/finish"},
        {"PUT", "/payment-methods/card/setup/@/consent"}, {"GET", "/invoices/@/payment"}, {"POST", "/invoices/@/pay"},
        {"PUT", "/payment-methods/@/default"}, {"GET", "/invoices/@"}, {"GET", "/admin/members/@"}, {"POST", "/admin/approvals/@/approve"},
        {"POST", "/admin/jobs/@/retry"}, {"GET", "/admin/reports/@"}, {"GET", "/admin/reports/@.csv"},
        {"POST", "/admin/products/@/prices"}};
    const std::vector<std::string> parts{"%ff", "%fe%ff", "\xff\xfe", "%c3%28", "%ed%a0%80", "%c0%af", "%f0%9f%98%80", "%00", "a%00b",
        "%0d%0aX-Injected:%201", "%0a", "%7f", "'", "%27%20OR%201=1--", "%22", "\\", "%5c", "%25", "%2500", "-1", "0",
        "18446744073709551616", "99999999999999999999999999", "1e400", "+1", "%20", "*", "%2a", "..%2f..%2fetc%2fpasswd", "..;", "a;b=c",
        "{uuid}", "[]", "%zz", "%", std::string(300, 'a'), std::string(6'000, 'a'), "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "%EF%BC%87", "2026-000001%ff"};
    for (const auto& [method, route] : routes)
        for (const auto& part : parts) {
            auto path = route;
            path.replace(path.find('@'), 1, part);
            const bool reads = method == "GET" || method == "DELETE";
            const auto answer = the_operator.send(method, path, reads ? "" : R"({"product":"ipv6-vpn"})");
            BOOST_TEST(is_problem(answer), answer.status << " for " << method << ' ' << path.substr(0, 80) << ": " << answer.body);
            BOOST_TEST(answer.count("x-injected") == 0u);
        }
}

BOOST_AUTO_TEST_CASE(no_query_breaks_a_list)
{
    for (const char* list : {"/orders", "/vm", "/snapshots", "/vpn", "/invoices", "/admin/members", "/admin/audit-log"})
        for (const char* query : {"limit=-1", "limit=0", "limit=101", "limit=1e2", "limit=18446744073709551616", "limit=%00", "limit=1%20",
                 "limit=%ff", "limit=1&limit=1", "cursor=0.AAAA", "cursor=-1.AAAAAAAAAAAAAAAA", "cursor=1.%00", "cursor=.", "cursor=1.",
                 "cursor=9223372036854775808.AAAAAAAAAAAAAAAA", "cursor=%27;DROP%20TABLE%20orders;--", "cursor=%zz", "cursor=%",
                 "cursor=%f"}) {
            const auto answer = the_operator.get(std::string{list} + '?' + query);
            BOOST_TEST(answer.status == 400, answer.status << " for " << list << '?' << query);
            BOOST_TEST(is_problem(answer));
        }
    for (const char* path : {"/products?currency=XYZ", "/products?currency=%00", "/products?currency=%ff", "/admin/jobs?state=x",
             "/admin/jobs?state=%27%20OR%201=1", "/admin/reports/trial-balance?from=x", "/admin/reports/trial-balance?to=2026-02-30",
             "/admin/reports/trial-balance?from=%27"})
        BOOST_TEST(the_operator.get(path).status == 400, path);
    BOOST_TEST(the_operator.send("POST", "/orders?dry_run=maybe", small_vm).status / 100 == 4);
    for (const char* query : {"?", "?&&&", "?=", "?%", "?limit", "?a=%ff&b=\xff", "?x[]=1", "?'", "?limit=5&&x"})
        BOOST_TEST(is_sound(the_operator.get(std::string{"/orders"} + query)), query);
}

BOOST_AUTO_TEST_CASE(no_header_breaks_anything)
{
    const auto member = joined_member();
    const std::vector<std::string> values{"\xff\xfe", "\xed\xa0\x80", "' OR 1=1 --", std::string(7'000, 'h'), "\"", "\"\"", "\x7f", "*",
        "%00", "-1", "18446744073709551616", "W/\"1\"", "\"1\", \"2\"", "../../etc", "${jndi:ldap://x}"};
    for (const char* name : {"X-Request-Id", "If-Match", "If-None-Match", "Idempotency-Key", "Accept", "User-Agent", "Origin", "Cookie",
             "X-Forwarded-For", "Range", "Prefer", "traceparent", "Accept-Language", "Content-Encoding", "Sec-Fetch-Site", "Referer"})
        for (const auto& value : values) {
            const auto header = std::string{name} + ": " + value;
            const auto read = member.send("GET", "/orders", "", {header});
            const auto written = member.send("PUT", "/account", R"({"language":"fr"})", {header});
            BOOST_TEST(is_sound(read), read.status << " for GET with " << header.substr(0, 60));
            BOOST_TEST(is_sound(written), written.status << " for PUT with " << header.substr(0, 60));
            BOOST_TEST(!read.header("x-request-id").empty());
        }
}

BOOST_AUTO_TEST_CASE(a_media_type_is_taken_at_its_word)
{
    const auto member = fresh_member();
    for (const char* type :
        {"text/plain", "application/jsonx", "application/json-patch+json", "", "multipart/form-data; boundary=x", "\xff"}) {
        const auto answer = ask({.method = "POST",
            .path = "/payment-methods",
            .body = R"({"type":"invoice"})",
            .credentials = member.credentials(),
            .content_type = type});
        BOOST_TEST(answer.status == 415, type << ": " << answer.status);
    }
    BOOST_TEST(member.get("/payment-methods").at("items.0.id").empty());
    BOOST_TEST(ask({.method = "POST",
                       .path = "/quotes",
                       .body = R"({"product":"ipv6-vpn"})",
                       .credentials = member.credentials(),
                       .content_type = "application/json; charset=utf-8"})
                   .status
        == 200);
}

BOOST_AUTO_TEST_CASE(credentials_that_are_none_are_401)
{
    const auto member = fresh_member();
    for (const std::string& value : {std::string{"Basic"}, std::string{"Basic "}, std::string{"Basic !!!!"}, std::string{"Basic AAA"},
             std::string{"Basic ////"}, std::string{"Basic Og=="}, std::string{"Bearer abc"}, std::string{"Digest username=\"nico\""},
             std::string{"Basic " + std::string(6'000, 'A')}, std::string{"Basic \xff\xfe=="}, std::string{"Basic /v46eHh4"},
             std::string{"*"}, std::string{"Basic bmljbzp5b3VycGFzc3dvcmQ"} /* without its padding */})
        for (const char* path : {"/account", "/membership", "/admin/members"}) {
            const auto answer = ask({.path = path, .headers = {"Authorization: " + value}});
            BOOST_TEST(answer.status == 401, answer.status << " for " << value.substr(0, 40));
            BOOST_TEST(answer.header("content-type") == "application/problem+json");
        }
    // Two of them: it must not depend on who reads which.
    const auto twice = ask({.path = "/account", .credentials = member.credentials(), .headers = {"Authorization: Basic YWRtaW46eA=="}});
    BOOST_TEST((is_problem(twice) || twice.at("username") == member.name), twice.body);
}

BOOST_AUTO_TEST_CASE(a_path_is_behind_the_sign_in_however_it_is_written)
{
    const auto member = fresh_member();
    for (const char* path : {"/admin/members", "//admin/members", "/%61dmin/members", "/admin%2fmembers", "/./admin/members",
             "/health/../admin/members", "/docs/../admin/members", "/docs/%2e%2e/admin/members", "/openapi.json/../admin/members",
             "/admin/./members", "/admin//members", "/membership/../admin/members"}) {
        BOOST_TEST(ask({.path = path}).status >= 400, path);
        BOOST_TEST(member.get(path).status >= 400, path);
    }
    for (const char* path :
        {"/internal/auth", "/internal/auth/optional", "/internal/problem", "/docs/../site.conf", "/docs/..%2fsite.conf.in"})
        BOOST_TEST(member.get(path).status == 404, path);
    BOOST_TEST(ask({.method = "POST", .path = "/membership", .body = "{}", .headers = {"Authorization: Bearer x"}}).status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
