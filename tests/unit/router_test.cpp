// Beside http_test.cpp: the status of each refusal, and the edges of routes, queries, lists and cursors.
#include "http/router.h"

#include "domain/refusal.h"
#include "domain/snapshot_refusal.h"
#include "http/json.h"
#include "http/paging.h"
#include "http/problem.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>

namespace {

namespace bdata = boost::unit_test::data;
using http::Cursors;
using http::JsonText;
using http::page_of;
using http::Request;
using http::Response;
using http::Router;

unsigned seed()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

std::string header(const Response& response, const std::string& name)
{
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

/// A text member of the answer's document.
std::string member(const Response& response, const char* name)
{
    const auto document = http::parse_object(response.body);
    const char* text = json_string_value(json_object_get(document.get(), name));
    return text ? text : "";
}

Request asking(const std::string& method, const std::string& path, const std::string& query = "")
{
    return {.method = method, .path = path, .query = query, .id = "request-7"};
}

Request sending(const std::string& method, const std::string& type, const std::string& body = "{}")
{
    auto request = asking(method, "/orders");
    request.body = body;
    request.params.emplace_back("CONTENT_TYPE", type);
    return request;
}

/// The answer of a route that throws.
template <class Exception> Response answer_to(Exception thrown)
{
    Router router;
    router.on("GET", "/", [&](const Request&) -> Response { throw thrown; });
    return router.answer(asking("GET", "/"));
}

/// Answers each request with its segments.
struct Orders {
    Router router;

    Orders()
    {
        const auto shown = [](const Request& request) {
            std::string text;
            for (const auto& segment : request.segments) text += '<' + segment + '>';
            return Response{.body = request.method + text};
        };
        router.on("GET", "/orders", shown);
        router.on("POST", "/orders", shown);
        router.on("PUT", "/orders", shown);
        router.on("DELETE", "/orders", shown);
        router.on("GET", "/orders/{uuid}", shown);
        router.on("POST", "/orders/{uuid}/cancel", shown);
        router.on("GET", "/vms/{uuid}/snapshots/{snapshot}", shown);
        router.on("POST", "/write-only", shown);
    }
};

struct List {
    Cursors cursors{"a key"};

    Response answer(const Request& request, std::optional<std::int64_t> last) const
    {
        auto items = JsonText::array();
        items.push(1).push(2);
        return http::list_answer(request, items, page_of(request, cursors, "orders:7"), cursors, "orders:7", last);
    }
};

std::string decoded(const std::string& text) { return http::percent_decode(text); }

} // namespace

BOOST_AUTO_TEST_SUITE(problems)

BOOST_AUTO_TEST_CASE(each_reason_of_the_business_has_its_status_and_code)
{
    using enum domain::Reason;
    struct Row {
        domain::Reason reason;
        int status;
        const char* code;
    };
    const Row table[] = {{not_found, 404, "not_found"}, {forbidden, 403, "forbidden"}, {not_a_member, 403, "not_a_member"},
        {unknown_product, 422, "unknown_product"}, {product_not_sold, 422, "product_not_sold"},
        {membership_required, 402, "membership_required"}, {payment_method_required, 402, "payment_method_required"},
        {raw_card_refused, 422, "raw_card_refused"}, {card_refused, 402, "card_refused"},
        {idempotency_key_reused, 422, "idempotency_key_reused"}, {idempotency_key_in_use, 409, "idempotency_key_in_use"},
        {order_differs, 409, "order_differs"}, {order_state, 409, "order_state"}, {still_required, 409, "still_required"},
        {payment_method_in_use, 409, "payment_method_in_use"}, {vm_not_ready, 409, "vm_not_ready"}, {vm_running, 409, "vm_running"},
        {vm_run_by_hand, 409, "vm_run_by_hand"}, {vm_has_snapshots, 409, "vm_has_snapshots"}, {snapshot_state, 409, "snapshot_state"},
        {snapshot_quota, 409, "snapshot_quota"}, {snapshot_too_soon, 429, "snapshot_too_soon"},
        {changed_meanwhile, 412, "changed_meanwhile"}, {price_in_the_past, 422, "price_in_the_past"},
        {not_in_production, 403, "not_in_production"}};
    for (const auto& [reason, status, code] : table) {
        const auto response = answer_to(domain::Refusal{reason, "because"});
        BOOST_TEST(response.status == status, code);
        BOOST_TEST(member(response, "code") == code);
        BOOST_TEST(member(response, "detail") == "because");
    }
}

BOOST_AUTO_TEST_CASE(somebody_elses_uuid_looks_like_none_at_all)
{
    const auto foreign = answer_to(domain::Refusal{domain::Reason::uuid_in_use, "there is no such order"});
    const auto absent = answer_to(domain::Refusal{domain::Reason::not_found, "there is no such order"});
    BOOST_TEST(foreign.status == 404);
    BOOST_TEST(foreign.body == absent.body);
}

BOOST_AUTO_TEST_CASE(a_later_try_is_suggested_where_it_may_succeed)
{
    BOOST_TEST(!header(answer_to(domain::Refusal{domain::Reason::snapshot_too_soon, ""}), "Retry-After").empty());
    BOOST_TEST(!header(answer_to(domain::Refusal{domain::Reason::idempotency_key_in_use, ""}), "Retry-After").empty());
    BOOST_TEST(!header(answer_to(domain::Unavailable{"directory_unavailable"}), "Retry-After").empty());
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_came_too_soon_is_told_when_to_come_again)
{
    const auto response = answer_to(domain::SnapshotTooSoon{"once in 60 seconds", std::chrono::seconds{17}});
    BOOST_TEST(response.status == 429);
    BOOST_TEST(member(response, "code") == "snapshot_too_soon");
    BOOST_TEST(header(response, "Retry-After") == "17");
}

BOOST_AUTO_TEST_CASE(snapshots_that_are_in_the_way_are_listed)
{
    const auto one = domain::Uuid::parse("01a20dfd-48b7-7a52-b1e0-5c9d8f3a6b21").value();
    const auto other = domain::Uuid::parse("01a20dfd-41de-7c03-8f5b-0f64d2c1a7e9").value();
    const auto response = answer_to(domain::SnapshotsInTheWay{"because", {one, other}});
    BOOST_TEST(response.status == 409);
    BOOST_TEST(member(response, "code") == "vm_has_snapshots");
    BOOST_TEST(member(response, "detail") == "because");
    BOOST_TEST(response.body.find(R"("snapshots":[")" + one.text() + R"(",")" + other.text() + R"("])") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_later_try_is_suggested_where_it_would_not_help)
{
    BOOST_TEST(header(answer_to(domain::Refusal{domain::Reason::order_state, ""}), "Retry-After").empty());
    BOOST_TEST(header(answer_to(http::BadRequest{"no"}), "Retry-After").empty());
}

BOOST_AUTO_TEST_CASE(a_request_that_cannot_be_read_is_a_400)
{
    const auto response = answer_to(http::BadRequest{"limit must be a number"});
    BOOST_TEST(response.status == 400);
    BOOST_TEST(member(response, "detail") == "limit must be a number");
}

BOOST_AUTO_TEST_CASE(invalid_fields_are_a_422_that_lists_them)
{
    const auto response = answer_to(http::InvalidFields{{{"#/a", "required", "is required"}, {"#/b/c", "invalid", "is \"odd\""}}});
    BOOST_TEST(response.status == 422);
    BOOST_TEST(response.body.find(R"("errors":[{"pointer":"#/a","code":"required","detail":"is required"},)"
                                  R"({"pointer":"#/b/c","code":"invalid","detail":"is \"odd\""}])")
        != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_protocol_rejects_keeps_its_status_code_and_headers)
{
    const auto response = answer_to(http::Rejected{413, "too_large", "at most 64 KiB", {{"X-Why", "size"}}});
    BOOST_TEST(response.status == 413);
    BOOST_TEST(member(response, "code") == "too_large");
    BOOST_TEST(header(response, "X-Why") == "size");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_as_the_code_of_a_503)
{
    const auto response = answer_to(domain::Unavailable{"directory_unavailable"});
    BOOST_TEST(response.status == 503);
    BOOST_TEST(member(response, "code") == "directory_unavailable");
}

BOOST_AUTO_TEST_CASE(a_bug_is_a_500_without_its_text)
{
    const auto response = answer_to(std::logic_error{"SELECT password FROM members"});
    BOOST_TEST(response.status == 500);
    BOOST_TEST(member(response, "code") == "internal_error");
    BOOST_TEST(response.body.find("password") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_problem_is_an_rfc_9457_document)
{
    const auto response = answer_to(domain::Refusal{domain::Reason::membership_required, "join first"});
    BOOST_TEST(response.content_type == "application/problem+json");
    BOOST_TEST(response.body
        == R"({"type":"/docs/problems/membership_required","title":"Membership required","status":402,"detail":"join first",)"
           R"("code":"membership_required","request_id":"request-7"})");
}

BOOST_AUTO_TEST_CASE(a_title_writes_abbreviations_as_people_do)
{
    BOOST_TEST(member(answer_to(domain::Refusal{domain::Reason::vm_running, ""}), "title") == "VM running");
    BOOST_TEST(member(answer_to(domain::Refusal{domain::Reason::vpn_key_in_use, ""}), "title") == "VPN key in use");
    BOOST_TEST(member(answer_to(domain::Refusal{domain::Reason::vat_id_unusable, ""}), "title") == "VAT id unusable");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(router)

BOOST_FIXTURE_TEST_CASE(segments_arrive_in_order, Orders)
{
    BOOST_TEST(router.answer(asking("GET", "/vms/a/snapshots/b")).body == "GET<a><b>");
    BOOST_TEST(router.answer(asking("POST", "/orders/x/cancel")).body == "POST<x>");
}

BOOST_FIXTURE_TEST_CASE(a_segment_is_not_interpreted, Orders)
{
    for (const std::string segment : {"..", "%2e", "{uuid}", "a b", "*", "<script>"})
        BOOST_TEST(router.answer(asking("GET", "/orders/" + segment)).body == "GET<" + segment + ">");
}

BOOST_FIXTURE_TEST_CASE(paths_are_compared_with_their_case, Orders) { BOOST_TEST(router.answer(asking("GET", "/Orders")).status == 404); }

BOOST_FIXTURE_TEST_CASE(an_unknown_path_is_a_404_for_every_method, Orders)
{
    for (const auto* method : {"GET", "HEAD", "POST", "DELETE", "OPTIONS", "BREW"})
        BOOST_TEST(router.answer(asking(method, "/nothing")).status == 404, method);
}

BOOST_FIXTURE_TEST_CASE(allow_names_each_method_of_the_path_once, Orders)
{
    const auto response = router.answer(asking("PATCH", "/orders"));
    BOOST_TEST(response.status == 405);
    BOOST_TEST(header(response, "Allow") == "DELETE, GET, HEAD, OPTIONS, POST, PUT");
    BOOST_TEST(member(response, "code") == "method_not_allowed");
}

BOOST_FIXTURE_TEST_CASE(methods_are_compared_with_their_case, Orders) { BOOST_TEST(router.answer(asking("get", "/orders")).status == 405); }

BOOST_FIXTURE_TEST_CASE(head_is_answered_as_get, Orders)
{
    const auto response = router.answer(asking("HEAD", "/orders/x"));
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body == "HEAD<x>"); // the server leaves the body out
}

BOOST_FIXTURE_TEST_CASE(there_is_no_head_without_a_get, Orders)
{
    const auto response = router.answer(asking("HEAD", "/write-only"));
    BOOST_TEST(response.status == 405);
    BOOST_TEST(header(response, "Allow") == "OPTIONS, POST");
}

BOOST_FIXTURE_TEST_CASE(options_tells_what_a_path_allows, Orders)
{
    const auto response = router.answer(asking("OPTIONS", "/orders/x/cancel"));
    BOOST_TEST(response.status == 204);
    BOOST_TEST(header(response, "Allow") == "OPTIONS, POST");
    BOOST_TEST(response.body.empty());
}

BOOST_FIXTURE_TEST_CASE(routes_are_listed_as_they_were_added, Orders)
{
    const auto routes = router.routes();
    BOOST_REQUIRE(routes.size() == 8u);
    BOOST_TEST(routes.front().method == "GET");
    BOOST_TEST(routes.front().pattern == "/orders");
    BOOST_TEST(routes.back().pattern == "/write-only");
}

BOOST_FIXTURE_TEST_CASE(other_sites_may_change_nothing_by_any_method, Orders)
{
    for (const auto* method : {"POST", "PUT", "DELETE"}) {
        auto request = asking(method, "/orders");
        request.params.emplace_back("HTTP_SEC_FETCH_SITE", "cross-site");
        const auto response = router.answer(request);
        BOOST_TEST(response.status == 403, method);
        BOOST_TEST(member(response, "code") == "cross_site_request");
    }
}

BOOST_FIXTURE_TEST_CASE(other_sites_may_link_to_us, Orders)
{
    auto request = asking("GET", "/orders");
    request.params.emplace_back("HTTP_SEC_FETCH_SITE", "cross-site");
    BOOST_TEST(router.answer(request).status == 200);
}

BOOST_FIXTURE_TEST_CASE(our_own_pages_and_scripts_may_change_things, Orders)
{
    for (const auto* site : {"same-origin", "same-site", "none"}) {
        auto request = sending("POST", "application/json");
        request.params.emplace_back("HTTP_SEC_FETCH_SITE", site);
        BOOST_TEST(router.answer(request).status == 200, site);
    }
}

BOOST_FIXTURE_TEST_CASE(json_may_name_its_charset, Orders)
{
    for (const auto* type : {"application/json", "application/json;charset=utf-8", "application/json ; charset=utf-8"})
        BOOST_TEST(router.answer(sending("POST", type)).status == 200, type);
}

BOOST_FIXTURE_TEST_CASE(a_body_of_another_type_is_a_415, Orders)
{
    for (const auto* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp",
             "application/json-patch+json", "text/plain; application/json"})
        BOOST_TEST(router.answer(sending("POST", type)).status == 415, type);
}

BOOST_FIXTURE_TEST_CASE(without_a_body_no_type_is_asked_for, Orders) { BOOST_TEST(router.answer(sending("POST", "", "")).status == 200); }

BOOST_AUTO_TEST_CASE(another_protocol_gets_every_request_as_it_came)
{
    Router router{[](const Request&) { return Response{.status = 418}; }};
    router.on("POST", "/orders", [](const Request& request) { return Response{.body = request.body}; });
    auto request = sending("POST", "application/x-www-form-urlencoded", "a=1");
    request.params.emplace_back("HTTP_SEC_FETCH_SITE", "cross-site");
    BOOST_TEST(router.answer(request).body == "a=1");
    BOOST_TEST(router.answer(asking("GET", "/orders")).status == 418);
    BOOST_TEST(router.answer(asking("GET", "/nothing")).status == 418);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(query)

BOOST_AUTO_TEST_CASE(escapes_of_either_case_are_undone)
{
    BOOST_TEST(decoded("a%2fb%2Fc") == "a/b/c");
    BOOST_TEST(decoded("%C3%BC") == "\xC3\xBC");
    BOOST_TEST(decoded("1%2B1") == "1+1");
    BOOST_TEST(decoded("%41") == "A"); // at the very end
}

BOOST_AUTO_TEST_CASE(an_escape_is_undone_once) { BOOST_TEST(decoded("%2541") == "%41"); }

BOOST_DATA_TEST_CASE(a_broken_escape_is_refused, bdata::make({"%", "%4", "a%", "a%4", "%g1", "%1g", "%%41", "%-1", "% 1"}), text)
{
    BOOST_CHECK_THROW(decoded(text), http::BadRequest);
}

BOOST_DATA_TEST_CASE(a_control_character_is_refused, bdata::make({"%00", "%0a", "%0D", "%1f", "%7F", "a\nb", "\x7f"}), text)
{
    BOOST_CHECK_THROW(decoded(text), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_value_ends_at_the_next_parameter)
{
    const Request request{.query = "&&a=1&ab=2&b=x=y&&c"};
    BOOST_TEST(request.query_value("a") == "1");
    BOOST_TEST(request.query_value("ab") == "2");
    BOOST_TEST(request.query_value("b") == "x=y");
    BOOST_TEST(request.query_value("c") == "");
}

BOOST_AUTO_TEST_CASE(a_parameter_given_twice_is_refused_even_when_empty)
{
    BOOST_CHECK_THROW(Request{.query = "a=&a=1"}.query_value("a"), http::BadRequest);
    BOOST_CHECK_THROW(Request{.query = "a&a"}.query_value("a"), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_broken_neighbour_does_not_matter) { BOOST_TEST(Request{.query = "b=%zz&a=1"}.query_value("a") == "1"); }

BOOST_AUTO_TEST_CASE(fastcgi_parameters_are_found_by_name)
{
    const Request request{.params = {{"A", "1"}, {"B", "2"}, {"A", "3"}}};
    BOOST_TEST(request.param("A") == "1");
    BOOST_TEST(request.param("C") == "");
    BOOST_TEST(request.count("A") == 2u);
    BOOST_TEST(request.count("C") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lists)

BOOST_AUTO_TEST_CASE(every_key_comes_back_from_its_cursor)
{
    const Cursors cursors{"a key"};
    for (const std::int64_t key : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(),
             std::numeric_limits<std::int64_t>::min()})
        BOOST_TEST(cursors.read("orders:7", cursors.make("orders:7", key)) == key);
}

BOOST_AUTO_TEST_CASE(a_cursor_needs_no_encoding_in_a_url)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 200; ++i) {
        const auto cursor = Cursors{std::to_string(random())}.make("orders:7", static_cast<std::int64_t>(random() >> 1));
        BOOST_TEST_REQUIRE(
            cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == std::string::npos, cursor);
    }
}

BOOST_AUTO_TEST_CASE(the_border_between_scope_and_key_cannot_be_shifted)
{
    const Cursors cursors{"a key"};
    const auto tag = cursors.make("orders:1", 23).substr(2);
    BOOST_CHECK_THROW(cursors.read("orders:12", "3" + tag), http::BadRequest);
    BOOST_CHECK_THROW(cursors.read("orders:", "123" + tag), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_key_written_otherwise_is_not_ours)
{
    const Cursors cursors{"a key"};
    const auto cursor = cursors.make("s", 42);
    for (const auto& forged :
        {"0" + cursor, "+" + cursor, " " + cursor, cursor + " ", cursor + "=", cursor + ".", "." + cursor, "43" + cursor.substr(2)})
        BOOST_CHECK_THROW(cursors.read("s", forged), http::BadRequest);
}

BOOST_AUTO_TEST_CASE(a_cursor_grown_shrunk_or_changed_at_random_is_never_taken)
{
    const auto seeded = seed();
    std::mt19937_64 random{seeded};
    const Cursors cursors{"a key"};
    BOOST_TEST_CONTEXT("TEST_SEED=" << seeded)
    for (int i = 0; i < 20'000; ++i) {
        const auto cursor = cursors.make("orders:7", static_cast<std::int64_t>(random() % 1'000'000));
        auto forged = cursor;
        const auto at = random() % forged.size();
        switch (random() % 4) {
        case 0: forged[at] = static_cast<char>(forged[at] ^ (1 << random() % 8)); break;
        case 1: forged.erase(at, 1 + random() % 3); break;
        case 2: forged.insert(at, 1, static_cast<char>(random())); break;
        default: std::swap(forged[at], forged[random() % forged.size()]);
        }
        if (forged == cursor) continue;
        BOOST_REQUIRE_THROW(cursors.read("orders:7", forged), http::BadRequest);
    }
}

BOOST_FIXTURE_TEST_CASE(a_page_begins_after_its_cursor, List)
{
    const auto cursor = cursors.make("orders:7", 99);
    const auto page = page_of(asking("GET", "/orders", "cursor=" + cursor + "&limit=1"), cursors, "orders:7");
    BOOST_TEST(page.limit == 1);
    BOOST_TEST((page.after == 99));
}

BOOST_FIXTURE_TEST_CASE(another_members_cursor_opens_no_page, List)
{
    const auto cursor = cursors.make("orders:8", 99);
    BOOST_CHECK_THROW(page_of(asking("GET", "/orders", "cursor=" + cursor), cursors, "orders:7"), http::BadRequest);
}

BOOST_FIXTURE_TEST_CASE(the_first_page_begins_at_the_beginning, List)
{
    BOOST_TEST(!page_of(asking("GET", "/orders"), cursors, "orders:7").after.has_value());
}

BOOST_FIXTURE_TEST_CASE(the_last_page_names_no_next, List)
{
    const auto response = answer(asking("GET", "/orders"), std::nullopt);
    BOOST_TEST(response.body == R"({"items":[1,2],"next":null})");
    BOOST_TEST(header(response, "Link").empty());
}

BOOST_FIXTURE_TEST_CASE(a_page_names_its_next_in_the_body_and_as_a_link, List)
{
    const auto response = answer(asking("GET", "/orders", "limit=2"), 41);
    const auto cursor = cursors.make("orders:7", 41);
    BOOST_TEST(member(response, "next") == cursor);
    BOOST_TEST(header(response, "Link") == "</orders?limit=2&cursor=" + cursor + ">; rel=\"next\"");
}

BOOST_AUTO_TEST_SUITE_END()
