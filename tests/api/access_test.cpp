#include "site.h"

#include <boost/test/unit_test.hpp>

using namespace site;

namespace {

const std::vector<std::string> families{"/products", "/quotes", "/account", "/payment-methods", "/membership", "/orders", "/vm",
    "/snapshots", "/vpn", "/invoices", "/admin/members"};

}

BOOST_AUTO_TEST_SUITE(who_may_come_in)

BOOST_AUTO_TEST_CASE(nobody_comes_in_without_credentials)
{
    for (const auto& path : families)
        for (const std::string credentials : {"", "nicocustomer:wrong", "nobody:xxx", "nicocustomer:", ":xxx"}) {
            const auto answer = ask({.path = path, .credentials = credentials, .headers = {"X-Request-Id: my-own-request-id"}});
            BOOST_TEST(answer.status == 401, path << " for " << credentials);
            BOOST_TEST(answer.header("content-type") == "application/problem+json");
            BOOST_TEST(answer.count("www-authenticate") == 1u);
            BOOST_TEST(answer.header("x-request-id") == "my-own-request-id");
            BOOST_TEST(answer.at("request_id") == "my-own-request-id");
        }
}

BOOST_AUTO_TEST_CASE(the_public_pages_need_no_sign_in)
{
    for (const char* path : {"/health", "/openapi.json", "/docs/"}) BOOST_TEST(ask({.path = path}).status == 200, path);
}

BOOST_AUTO_TEST_CASE(no_header_of_a_client_becomes_an_identity)
{
    const auto member = fresh_member();
    const std::vector<std::string> forged{"REMOTE_USER: admin", "Remote-User: admin", "X-Remote-User: admin", "X-Auth-User: admin",
        "X-Auth-Member: 1", "X-Auth-Groups: operators", "MEMBER_ID: 1", "Member-Id: 1", "MEMBER_GROUPS: operators",
        "Member-Groups: operators", "AUTH_MODE: optional", "Auth-Mode: optional", "Original-Method: POST", "X-Original-Method: POST",
        "Http-Remote-User: admin", "Proxy: http://127.0.0.1"};
    BOOST_TEST(ask({.path = "/account", .credentials = member.credentials(), .headers = forged}).at("username") == member.name);
    BOOST_TEST(ask({.path = "/admin/members", .credentials = member.credentials(), .headers = forged}).status == 403);
    BOOST_TEST(ask({.path = "/account", .headers = forged}).status == 401);
    BOOST_TEST(ask({.path = "/account", .credentials = member.name + ":wrong", .headers = forged}).status == 401);
}

BOOST_AUTO_TEST_CASE(filter_characters_find_nobody)
{
    for (const std::string name :
        {"*", "nico*", "nicocustomer)(uid=*", "nico\\2a", "(uid=*)", "nicocustomer)", "\\", "nico&", "uid=nico", "*)(objectClass=*"})
        BOOST_TEST(ask({.path = "/products", .credentials = name + ":xxx"}).status == 401, name);
    BOOST_TEST(ask({.path = "/products", .headers = {"Authorization: Basic bmljb2N1c3RvbWVyADp4eHg="}}).status == 401); // a NUL in the name
    BOOST_TEST(
        ask({.path = "/products", .headers = {"Authorization: Basic bmljb2N1c3RvbWVyOnh4eAA="}}).status == 401); // and in the password
}

BOOST_AUTO_TEST_CASE(the_directorys_spelling_of_a_name_counts)
{
    BOOST_TEST(ask({.path = "/account", .credentials = "NicoCustomer:xxx"}).at("username") == "nicocustomer");
}

BOOST_AUTO_TEST_CASE(only_operators_get_into_the_admin_family)
{
    const auto member = fresh_member();
    for (const char* path :
        {"/admin/members", "/admin/approvals", "/admin/audit-log", "/admin/jobs", "/admin/reports", "/admin/reports/trial-balance"}) {
        BOOST_TEST(member.get(path).status == 403, path);
        BOOST_TEST(the_operator.get(path).status == 200, path);
    }
    BOOST_TEST(member.send("POST", "/admin/products/ipv6-vpn/prices", "{}").status == 403);
    BOOST_TEST(the_operator.get("/admin/members/" + member.name).at("email") == member.name + "@example.ch");
    BOOST_TEST(the_operator.get("/admin/reports/trial-balance.csv").body.starts_with("account,currency,"));
    BOOST_TEST(the_operator.get("/admin/reports/..%2Fmigrations%2F0001_members").status == 404);
}

BOOST_AUTO_TEST_CASE(what_is_another_members_is_not_there)
{
    const auto owner = joined_member();
    const auto vm = active_vm(owner);
    const auto order = owner.get("/vm/" + vm).at("order");
    const auto method = owner.get("/payment-methods").at("items.0.id");
    const auto snapshot = owner.send("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + "\"}").at("uuid");
    const auto invoice = eventually([&] { return owner.get("/invoices"); },
        [](const Answer& a) {
            return !a.at("items.0.number").empty();
        }).at("items.0.number");

    const auto other = joined_member();
    const auto expect_404 = [&](const std::string& verb, const std::string& path, const std::string& body = "") {
        const auto answer = other.send(verb, path, body);
        BOOST_TEST(answer.status == 404, verb << ' ' << path << ": " << answer.body);
        BOOST_TEST(answer.body.find(owner.name) == std::string::npos);
    };
    expect_404("GET", "/orders/" + order);
    expect_404("PUT", "/orders/" + order, small_vm);
    expect_404("POST", "/orders/" + order + "/cancel");
    expect_404("POST", "/orders/" + order + "/change", R"({"parameters":{"cores":2}})");
    expect_404("GET", "/vm/" + vm);
    expect_404("GET", "/vm/" + vm + "/snapshots");
    expect_404("POST", "/vm/" + vm + "/stop");
    expect_404("POST", "/vm/" + vm + "/start");
    expect_404("POST", "/vm/create_snapshot", R"({"uuid":")" + vm + "\"}");
    expect_404("PUT", "/orders/" + fresh_uuid(), R"({"product":"vm-snapshot","parameters":{"vm":")" + vm + "\"}}");
    expect_404("GET", "/snapshots/" + snapshot);
    expect_404("DELETE", "/snapshots/" + snapshot);
    expect_404("POST", "/snapshots/" + snapshot + "/restore");
    expect_404("DELETE", "/payment-methods/" + method);
    expect_404("PUT", "/payment-methods/" + method + "/default");
    expect_404("GET", "/invoices/" + invoice);
    BOOST_TEST(owner.get("/orders/" + order).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
