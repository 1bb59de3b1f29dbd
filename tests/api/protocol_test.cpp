#include "site.h"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace site;

BOOST_AUTO_TEST_SUITE(protocol)

BOOST_AUTO_TEST_CASE(a_long_list_is_read_page_by_page)
{
    const auto member = joined_member();
    for (int i = 0; i < 59; ++i) member.send("PUT", "/orders/" + fresh_uuid(), R"({"product":"ipv6-vpn"})");
    std::set<std::string> seen;
    std::string cursor;
    int pages = 0;
    do {
        const auto page = member.get("/orders?limit=25" + (cursor.empty() ? "" : "&cursor=" + cursor));
        BOOST_REQUIRE(page.status == 200);
        for (int i = 0; !page.at("items." + std::to_string(i) + ".uuid").empty(); ++i)
            seen.insert(page.at("items." + std::to_string(i) + ".uuid"));
        cursor = page.at("next");
        BOOST_TEST((page.header("link").find(cursor) != std::string::npos));
        BOOST_TEST(page.header("link").empty() == cursor.empty());
    } while (!cursor.empty() && ++pages < 10);
    BOOST_TEST(pages == 2);
    BOOST_TEST(seen.size() == 60u); // with the membership
}

BOOST_AUTO_TEST_CASE(a_cursor_that_was_not_given_out_is_refused)
{
    const auto one = joined_member(), other = joined_member();
    for (const auto& member : {one, other}) member.send("PUT", "/orders/" + fresh_uuid(), R"({"product":"ipv6-vpn"})");
    const auto cursor = one.get("/orders?limit=1").at("next");
    BOOST_REQUIRE(!cursor.empty());
    BOOST_TEST(one.get("/orders?limit=1&cursor=" + cursor).status == 200);
    BOOST_TEST(other.get("/orders?limit=1&cursor=" + cursor).status == 400);
    BOOST_TEST(one.get("/invoices?cursor=" + cursor).status == 400);
    for (const char* query : {"cursor=1", "cursor=%27%20OR%201=1--", "cursor=%00", "cursor=%ff", "limit=0", "limit=101", "limit=x",
             "limit=1&limit=2", "cursor=%zz"})
        BOOST_TEST(one.get(std::string{"/orders?"} + query).status == 400, query);
}

BOOST_AUTO_TEST_CASE(head_is_get_without_the_body)
{
    const auto member = fresh_member();
    const auto head = member.send("HEAD", "/products");
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.body.empty());
    BOOST_TEST(head.header("content-length") == member.get("/products").header("content-length"));
}

BOOST_AUTO_TEST_CASE(another_method_is_told_which_ones_there_are)
{
    const auto member = fresh_member();
    const auto answer = member.send("PATCH", "/orders");
    BOOST_TEST(answer.status == 405);
    BOOST_TEST(answer.header("allow").find("PUT") != std::string::npos);
    BOOST_TEST(answer.at("code") == "method_not_allowed");
    BOOST_TEST(ask({.method = "OPTIONS", .path = "/orders"}).status == 204);
}

BOOST_AUTO_TEST_CASE(the_index_is_only_read)
{
    BOOST_TEST(ask({.path = "/"}).at("documentation") == "/docs/");
    BOOST_TEST(ask({.method = "HEAD", .path = "/"}).status == 200);
    for (const char* method : {"PUT", "POST", "DELETE"}) {
        const auto answer = ask({.method = method, .path = "/", .body = R"({"name":"x"})"});
        BOOST_TEST(answer.status == 405, method);
        BOOST_TEST(answer.at("code") == "method_not_allowed");
        BOOST_TEST(answer.header("allow") == "GET, HEAD, OPTIONS");
    }
}

BOOST_AUTO_TEST_CASE(a_form_or_a_foreign_page_changes_nothing)
{
    const auto member = fresh_member();
    BOOST_TEST(ask({.method = "POST",
                       .path = "/payment-methods",
                       .body = "type=invoice",
                       .credentials = member.credentials(),
                       .content_type = "application/x-www-form-urlencoded"})
                   .status
        == 415);
    BOOST_TEST(member.send("POST", "/payment-methods", R"({"type":"invoice"})", {"Sec-Fetch-Site: cross-site"}).status == 403);
    BOOST_TEST(member.send("POST", "/payment-methods", R"({"type":"invoice"})", {"Origin: https://evil.example"}).status == 403);
    BOOST_TEST(member.send("POST", "/membership", "", {"Origin: null"}).status == 403);
    BOOST_TEST(member.get("/payment-methods").at("items.0.id").empty());
    const auto own = "Origin: " + environment("TEST_URL");
    BOOST_TEST(member.send("POST", "/payment-methods", R"({"type":"invoice"})", {own}).status == 201);
}

BOOST_AUTO_TEST_CASE(an_account_is_not_overwritten_unseen)
{
    const auto member = fresh_member();
    const auto account = member.get("/account");
    const auto etag = account.header("etag");
    const std::string change{
        R"({"billing_address":{"street":"Bahnhofstrasse","house_number":"1","city":"Zürich","postal_code":"8001"},"language":"de"})"};
    const auto changed = member.send("PUT", "/account", change, {"If-Match: " + etag});
    BOOST_TEST(changed.status == 200);
    BOOST_TEST(changed.at("billing_address.city") == "Zürich");
    BOOST_TEST(member.send("PUT", "/account", change, {"If-Match: " + etag}).status == 412);
    BOOST_TEST(member.send("PUT", "/account", changed.body, {"If-Match: " + changed.header("etag")}).status
        == 200); // what was read may be sent back
    BOOST_TEST(
        member.send("PUT", "/account", R"({"language":"es","currency":"USD","billing_address":{"country":"Switzerland","planet":"x"}})")
            .at("errors.3.code")
            .size()
        > 0u);
}

BOOST_AUTO_TEST_CASE(a_new_price_is_listed_and_leaves_orders_alone)
{
    const auto member = joined_member();
    const auto order = member.send("PUT", "/orders/" + fresh_uuid(), R"({"product":"ipv6-vpn"})");
    const auto tomorrow = shell("TZ=Europe/Zurich date -d '+1 day' +%F").substr(0, 10); // the provider's
    const auto yesterday = shell("TZ=Europe/Zurich date -d '-1 day' +%F").substr(0, 10);
    BOOST_TEST(
        the_operator.send("POST", "/admin/products/ipv6-vpn/prices", R"({"valid_from":")" + yesterday + R"(","recurring":700})").status
        == 422);
    BOOST_TEST(
        the_operator.send("POST", "/admin/products/none/prices", R"({"valid_from":")" + tomorrow + R"(","recurring":700})").status == 422);
    BOOST_TEST(
        the_operator.send("POST", "/admin/products/ipv6-vpn/prices", R"({"valid_from":")" + tomorrow + R"(","recurring":700})").status
        == 201);
    BOOST_TEST(
        the_operator.send("POST", "/admin/products/ipv6-vpn/prices", R"({"valid_from":")" + tomorrow + R"(","recurring":800})").status
        == 409);
    BOOST_TEST(member.get("/products/ipv6-vpn").at("price.recurring.amount") == "500"); // not before its day
    BOOST_TEST(member.get("/orders/" + order.at("uuid")).at("price.recurring.amount") == "500");
}

BOOST_AUTO_TEST_CASE(one_request_is_answered_as_plain_cgi)
{
    const auto member = joined_member();
    const auto cgi = [&](const std::string& variables, const std::string& program, const std::string& input = "") {
        return shell("printf '%s' '" + input + "' | env " + variables + ' ' + environment("BUILD") + "/cgi-bin/" + program);
    };
    const auto user = "REMOTE_USER=" + member.name;
    BOOST_TEST(cgi("REQUEST_METHOD=GET PATH_INFO=/orders " + user, "orders").find("\"product\":\"membership\"") != std::string::npos);
    const std::string quote{R"({"product":"ipv6-vpn"})"};
    BOOST_TEST(cgi(
        "REQUEST_METHOD=POST PATH_INFO=/quotes CONTENT_TYPE=application/json CONTENT_LENGTH=" + std::to_string(quote.size()) + ' ' + user,
        "products", quote)
                   .starts_with("Status: 200"));
    BOOST_TEST(cgi("REQUEST_METHOD=GET PATH_INFO=/orders", "orders").starts_with("Status: 401"));
    BOOST_TEST(cgi("REQUEST_METHOD=GET PATH_INFO=/orders REMOTE_USER=stranger", "orders").starts_with("Status: 403"));
    BOOST_TEST(cgi("REQUEST_METHOD=POST PATH_INFO=/orders CONTENT_LENGTH=3000000 " + user, "orders").starts_with("Status: 413"));
    BOOST_TEST(cgi("REQUEST_METHOD=POST PATH_INFO=/orders CONTENT_LENGTH=10 " + user, "orders", "{}").starts_with("Status: 400"));
}

BOOST_AUTO_TEST_SUITE_END()
