#include "site.h"

#include <arpa/inet.h>
#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

using namespace site;

namespace {

bool is_problem(const Answer& answer)
{
    return answer.status >= 400 && answer.status < 500 && answer.header("content-type") == "application/problem+json"
        && !answer.at("code").empty();
}

/// Sends bytes as they are; what came back, within two seconds or the patience told.
std::string raw(const std::string& bytes, std::chrono::seconds patience_told = std::chrono::seconds{2})
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(environment("PORT"))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string reply;
    const timeval patience{patience_told.count(), 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
        && ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
        char buffer[4096];
        for (ssize_t size; (size = ::recv(descriptor, buffer, sizeof buffer, 0)) > 0;) reply.append(buffer, static_cast<std::size_t>(size));
    }
    ::close(descriptor);
    return reply;
}

std::string basic_of(const Member& member) { return "Basic " + shell("printf %s '" + member.credentials() + "' | base64 -w0"); }

const std::string basic{"Authorization: Basic bmljb2N1c3RvbWVyOnh4eA==\r\n"};

} // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(a_body_that_is_no_clean_json_is_told_so)
{
    const auto member = joined_member();
    const std::vector<std::string> bodies{"{", "[]", "null", "\"x\"", "{\"product\":\"a\",\"product\":\"b\"}", "{\"product\":\"\xff\xfe\"}",
        "{\"product\":\"\\u0000\"}", "{\"product\":\"\\ud800\"}", std::string(100'000, '['),
        "{\"a\":" + std::string(20'000, '[') + std::string(20'000, ']') + "}", "{\"product\":1e400}", "\xEF\xBB\xBF{}",
        std::string("{\"product\":\"a\0b\"}", 17)};
    for (const auto& body : bodies) {
        const auto answer = member.send("POST", "/orders", body);
        BOOST_TEST(is_problem(answer), answer.status << " for " << body.substr(0, 40));
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_large_is_not_read)
{
    const auto member = fresh_member();
    const auto answer = member.send("POST", "/orders", "{\"a\":\"" + std::string(3'000'000, 'x') + "\"}");
    BOOST_TEST(answer.status == 413);
    BOOST_TEST(is_problem(answer));
}

BOOST_AUTO_TEST_CASE(every_wrong_type_names_its_field)
{
    const auto member = joined_member();
    for (const char* value : {"null", "true", "[]", "{}", "\"\"", "-1", "1.5", "99999999999999999999", "\"1 OR 1=1\"", "\"\\u202e\""}) {
        for (const char* field : {"cores", "ram", "os_disk_size"}) {
            const auto body = std::string{R"({"product":"ipv6-only-vm","parameters":{"cores":1,"ram":1,"os_disk_size":1,"os":"x",")"}
                + field + "\":" + value + "}}";
            const auto answer = member.send("POST", "/quotes", body);
            if (answer.status == 200) continue; // ram may be 1.5
            BOOST_TEST((answer.status == 422 || answer.status == 400), answer.status << " for " << body);
        }
    }
    const auto answer = member.send(
        "POST", "/quotes", R"({"product":"ipv6-only-vm","parameters":{"cores":"x","ram":[],"os_disk_size":-1,"os":7},"surprise":1})");
    BOOST_TEST(answer.status == 422);
    for (const char* pointer : {"#/parameters/cores", "#/parameters/ram", "#/parameters/os_disk_size", "#/parameters/os", "#/surprise"})
        BOOST_TEST(answer.body.find(pointer) != std::string::npos, pointer);
}

BOOST_AUTO_TEST_CASE(names_in_the_path_are_taken_literally)
{
    const auto member = fresh_member();
    for (const char* path : {"/orders/'%20OR%201=1--", "/orders/1;DROP%20TABLE%20orders", "/orders/%2e%2e%2fadmin", "/orders/%ff%fe",
             "/orders/..%2f..%2fetc", "/vm/%27", "/snapshots/*", "/invoices/2026-000001'%20--", "/products/%22", "/payment-methods/x",
             "/admin/../orders/x", "/ordersx", "/orders//"}) {
        const auto answer = member.get(path);
        BOOST_TEST(answer.status >= 400, path);
        BOOST_TEST(answer.status < 500, path);
    }
    for (const char* path : {"/orders/%00", "/%00", "/orders?cursor=%00"}) BOOST_TEST(member.get(path).status == 400, path);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_none_is_refused)
{
    const auto member = joined_member();
    for (const std::string& key : {std::string(256, 'k'), std::string{"a b"}, std::string{"\xff"}, std::string{"\"\""}})
        BOOST_TEST(member.send("POST", "/orders", small_vm, {"Idempotency-Key: " + key}).status == 400, key);
    BOOST_TEST(member.send("POST", "/orders", small_vm, {"Idempotency-Key: ' OR 1=1 --"}).status == 400);
    BOOST_TEST(member.send("POST", "/orders", small_vm, {"Idempotency-Key: 'OR/**/1=1--"}).status == 201);
}

BOOST_AUTO_TEST_CASE(broken_http_gets_a_clear_answer_or_none)
{
    for (const std::string& request :
        {std::string{"GET /orders HTTP/1.1\r\nHost: x\r\nX: \x00\x01\r\n\r\n", 41}, std::string{"get / HTTP/1.1\r\nHost: x\r\n\r\n"},
            "POST /orders HTTP/1.1\r\nHost: x\r\n" + basic
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
            "POST /orders HTTP/1.1\r\nHost: x\r\n" + basic
                + "Content-Type: application/json\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
            "POST /orders HTTP/1.1\r\nHost: x\r\n" + basic + "Content-Length: -1\r\n\r\n",
            std::string{"GET / HTTP/1.1\r\nHost: x\r\nA: "} + std::string(64'000, 'a') + "\r\n\r\n",
            std::string{"GET /"} + std::string(64'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"}) {
        const auto reply = raw(request);
        BOOST_TEST(reply.find("HTTP/1.1 5") == std::string::npos, reply.substr(0, 200));
        BOOST_TEST((reply.empty() || reply.find("HTTP/1.1 4") == 0), reply.substr(0, 200));
    }
}

BOOST_AUTO_TEST_CASE(a_body_shorter_than_it_says_places_nothing)
{
    const auto reply = raw("POST /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + basic
        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n" + small_vm.substr(0, 20));
    BOOST_TEST(reply.find("HTTP/1.1 201") == std::string::npos);
    BOOST_TEST(ask({.path = "/health"}).status == 200);
}

// Two servers that disagree on where a request ends let one client put words into another's mouth.
BOOST_AUTO_TEST_CASE(no_request_hides_in_the_body_of_another)
{
    const auto hidden = "GET /account HTTP/1.1\r\nHost: x\r\nX-Request-Id: smuggled-request\r\n" + basic + "\r\n";
    const auto start = "POST /orders HTTP/1.1\r\nHost: x\r\n" + basic + "Content-Type: application/json\r\n";
    for (const auto& framing : {std::string{"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
             std::string{"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"},
             std::string{"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n"},
             std::string{"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"},
             std::string{"Content-Length: 2\r\nContent-Length: 0\r\n\r\n{}"}, std::string{"Content-Length: +2\r\n\r\n{}"},
             std::string{"Content-Length: 2, 0\r\n\r\n{}"}, std::string{"Content-Length: 18446744073709551618\r\n\r\n{}"}}) {
        const auto reply = raw(start + framing + hidden);
        BOOST_TEST(reply.find("smuggled-request") == std::string::npos, framing << reply.substr(0, 300));
        BOOST_TEST(
            (reply.empty() || reply.starts_with("HTTP/1.1 4") || reply.starts_with("HTTP/1.1 501")), framing << reply.substr(0, 200));
    }
}

BOOST_AUTO_TEST_CASE(a_broken_chunk_places_nothing)
{
    const auto member = joined_member();
    const auto start = "POST /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + basic_of(member)
        + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string vpn{R"({"product":"ipv6-vpn"})"}; // 22 bytes, 0x16
    for (const auto& chunks : {"16" + vpn + "\r\n0\r\n\r\n", "-16\r\n" + vpn + "\r\n0\r\n\r\n", "16\r\n" + vpn + "XX0\r\n\r\n",
             "FFFFFFFFFFFFFFFFFF\r\n" + vpn, "7FFFFFFFFFFFFFFF\r\n" + vpn + "\r\n0\r\n\r\n", "16\r\n" + vpn.substr(0, 10),
             "16\r\n" + vpn + "\r\n", "0x16\r\n" + vpn + "\r\n0\r\n\r\n", std::string{"0\r\n\r\n"}, std::string{"\r\n\r\n"}}) {
        const auto reply = raw(start + chunks);
        BOOST_TEST((reply.empty() || reply.starts_with("HTTP/1.1 4")), chunks << reply.substr(0, 200));
    }
    BOOST_TEST(member.get("/orders").body.find("ipv6-vpn") == std::string::npos);
    BOOST_TEST(raw(start + "A;x=y\r\n" + vpn.substr(0, 10) + "\r\nc\r\n" + vpn.substr(10) + "\r\n0\r\n\r\n", std::chrono::seconds{30})
                   .starts_with("HTTP/1.1 201"));
}

BOOST_AUTO_TEST_CASE(two_thousand_mutated_requests_never_break_anything)
{
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    const auto pick = [&](const auto& list) -> const auto& { return list[random() % list.size()]; };
    const auto member = joined_member();
    const auto vm = active_vm(member);
    const std::vector<std::string> methods{"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"};
    const std::vector<std::string> paths{"/products", "/products/ipv6-vpn", "/quotes", "/account", "/payment-methods",
        "/payment-methods/card/setup", "/membership", "/orders", "/orders/" + fresh_uuid(), "/orders/" + fresh_uuid() + "/cancel",
        "/orders/" + fresh_uuid() + "/change", "/vm", "/vm/" + vm, "/vm/" + vm + "/snapshots", "/vm/" + vm + "/stop",
        "/vm/" + vm + "/start", "/vm/create_snapshot", "/snapshots", "/vpn", "/vpn/" + fresh_uuid(), "/vpn/" + fresh_uuid() + "/key",
        "/vpn/" + fresh_uuid() + "/config", "/snapshots/" + fresh_uuid() + "/restore", "/snapshots/" + fresh_uuid(),
        "/payment-methods/" + fresh_uuid(), "/payment-methods/" + fresh_uuid() + "/default", "/invoices", "/invoices/2026-000001",
        "/admin/members", "/admin/members/nico", "/admin/approvals", "/admin/approvals/" + fresh_uuid() + "/approve",
        "/admin/approvals/" + fresh_uuid() + "/refuse", "/admin/products/membership/prices?dry_run=true", "/admin/audit-log", "/admin/jobs",
        "/admin/jobs/7/retry", "/admin/reports", "/admin/reports/members.csv", "/admin/test-clock?dry_run=true", "/health"};
    const std::vector<std::string> bodies{small_vm, R"({"product":"ipv6-vpn"})", R"({"uuid":")" + vm + "\"}",
        R"({"type":"card","token":"pm_card_visa"})", R"({"when":"now"})",
        R"({"public_key":"jNQKmw+IF9llFFXGpSX1D0VsyZJn3GnQaF6NpLnDLyo="})", R"({"parameters":{"cores":2}})",
        R"({"billing_address":{"city":"Bern"},"language":"fr"})", R"({"username":"nico","password":"x"})"};
    for (int round = 0; round < 2000; ++round) {
        auto path = pick(paths);
        auto body = pick(bodies);
        for (auto changes = random() % 4; changes > 0 && !body.empty(); --changes) {
            const auto at = random() % body.size();
            switch (random() % 4) {
            case 0: body[at] = static_cast<char>(random()); break;
            case 1: body.erase(at, 1 + random() % 5); break;
            case 2: body.insert(at, 1, "{}[]\",:\\0-e."[random() % 12]); break;
            case 3: body.insert(at, body.substr(at, random() % 20)); break;
            }
        }
        if (random() % 5 == 0)
            path += "?limit=" + std::to_string(static_cast<int>(random() % 300) - 100) + "&cursor=" + std::to_string(random());
        const auto& method = pick(methods);
        const auto answer = member.send(method, path, method == "GET" || method == "HEAD" ? "" : body,
            random() % 3 ? std::vector<std::string>{} : std::vector<std::string>{"Idempotency-Key: k" + std::to_string(random() % 50)});
        if (answer.status == 0 || answer.status >= 500)
            BOOST_FAIL("seed " << seed << ": " << answer.status << " for " << method << ' ' << path << ' ' << body << "\n" << answer.body);
    }
}

BOOST_AUTO_TEST_SUITE_END()
