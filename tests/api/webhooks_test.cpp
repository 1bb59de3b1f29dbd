#include "site.h"

#include "gateway/webhook_signature.h"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <random>

using namespace site;

namespace {

using Seconds = std::chrono::sys_seconds;

/// The secret that the stack also believes, which leaves the registered one alone.
const std::string& secret()
{
    static const std::string text = [] {
        const std::string made{"whsec_of_the_tests"};
        shell("umask 077; printf '%s\n' " + made + " > " + environment("TEST_VAR") + "/etc/secrets/stripe-webhook.previous");
        return made;
    }();
    return text;
}

std::string fresh_event_id() { return "evt_" + fresh_uuid().substr(24); }

std::string event(const std::string& id, const std::string& more = "")
{
    return R"({"id":")" + id + R"(","object":"event","type":"balance.available","created":1795514100,"livemode":false,)"
        + R"("api_version":"2026-10-28.endive","data":{"object":{"object":"balance"}})" + more + "}";
}

Seconds now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::string signature(const std::string& body, std::chrono::seconds age = {})
{
    return gateway::webhook_signature(body, secret(), now() - age);
}

Answer deliver(const std::string& body, const std::string& header)
{
    return ask({.method = "POST",
        .path = "/webhooks/stripe",
        .body = body,
        .headers = {"Stripe-Signature: " + header},
        .content_type = "application/json; charset=utf-8"});
}
Answer deliver(const std::string& body) { return deliver(body, signature(body)); }

std::string query(const std::string& sql)
{
    auto text = shell("mariadb --no-defaults --socket \"$(readlink -f " + environment("TEST_VAR") + "/run)/mariadb.sock\" -BN -e \"" + sql
        + "\" uncloud");
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

std::string rows_of(const std::string& id) { return query("SELECT COUNT(*) FROM gateway_events WHERE event_id = '" + id + "'"); }

bool is_problem(const Answer& answer, int status, const std::string& code)
{
    return answer.status == status && answer.at("code") == code && answer.header("content-type") == "application/problem+json";
}

/// The answer to bytes as they are.
std::string raw(const std::string& bytes)
{
    const auto url = environment("TEST_URL");
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string reply;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0
        && ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size())) {
        char buffer[4096];
        for (ssize_t got; (got = ::recv(descriptor, buffer, sizeof buffer, 0)) > 0;) reply.append(buffer, static_cast<std::size_t>(got));
    }
    ::close(descriptor);
    return reply;
}

std::string chunked(const std::string& body, const std::string& header)
{
    std::string text = "POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                       "Transfer-Encoding: chunked\r\nStripe-Signature: "
        + header + "\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 7) {
        const auto part = body.substr(at, 7);
        text += std::to_string(part.size()) + "\r\n" + part + "\r\n";
    }
    return text + "0\r\n\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(webhooks)

BOOST_AUTO_TEST_CASE(an_event_is_kept_without_a_sign_in)
{
    const auto id = fresh_event_id();
    const auto body = event(id, R"(,"note":"Zoë ‘quoted’ \\ \" 100%")");
    const auto answer = deliver(body);
    BOOST_TEST(answer.status == 200, answer.body);
    BOOST_TEST(answer.body == R"({"received":true})");
    BOOST_TEST(rows_of(id) == "1");
    BOOST_TEST(query("SELECT SHA2(body, 256) FROM gateway_events WHERE event_id = '" + id + "'")
        == shell("printf '%s' '" + body + "' | sha256sum").substr(0, 64));
}

BOOST_AUTO_TEST_CASE(deliveries_of_one_event_in_any_number_are_one_row)
{
    const auto id = fresh_event_id();
    const auto body = event(id);
    std::atomic<int> taken{0};
    at_once(8, [&](int) { taken += deliver(body).status == 200; });
    for (int i = 0; i < 3; ++i) taken += deliver(body, signature(body, std::chrono::seconds{i})).status == 200;
    BOOST_TEST(taken == 11);
    BOOST_TEST(rows_of(id) == "1");
}

BOOST_AUTO_TEST_CASE(events_come_in_any_order)
{
    std::vector<std::string> ids;
    for (int i = 0; i < 20; ++i) ids.push_back(fresh_event_id());
    auto deliveries = ids;
    deliveries.insert(deliveries.end(), ids.begin(), ids.end());
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::ranges::shuffle(deliveries, std::mt19937{seed});
    for (const auto& id : deliveries) BOOST_TEST(deliver(event(id)).status == 200);
    for (const auto& id : ids) BOOST_TEST(rows_of(id) == "1");
}

BOOST_AUTO_TEST_CASE(what_is_not_signed_by_the_gateway_is_refused)
{
    const auto id = fresh_event_id();
    const auto body = event(id);
    auto tampered = body;
    tampered.back() = ' ';
    const auto right = signature(body);
    for (const auto& [sent, header] : std::vector<std::pair<std::string, std::string>>{{body, ""}, {body, "t=1,v1=00"}, {tampered, right},
             {body + "\n", right}, {body, right.substr(0, right.size() - 1)}, {body, signature(body, std::chrono::seconds{302})},
             {body, signature(body, std::chrono::seconds{-360})}, {body, gateway::webhook_signature(body, "whsec_other", now())},
             {body, gateway::webhook_signature(body, secret().substr(6), now())}})
        BOOST_TEST(is_problem(deliver(sent, header), 400, "bad_signature"), header);
    BOOST_TEST(is_problem(ask({.method = "POST", .path = "/webhooks/stripe", .body = body}), 400, "bad_signature"));
    BOOST_TEST(is_problem(
        ask({.method = "POST", .path = "/webhooks/stripe", .body = body, .credentials = "admin:admin-demo"}), 400, "bad_signature"));
    BOOST_TEST(rows_of(id) == "0");
    BOOST_TEST(deliver(body, signature(body, std::chrono::seconds{270})).status == 200);
}

BOOST_AUTO_TEST_CASE(what_is_signed_but_no_event_is_refused)
{
    for (const std::string body : {"not json", "[1]", "{}", R"({"object":"event","id":5})"})
        BOOST_TEST(is_problem(deliver(body), 400, "bad_request"), body);
    BOOST_TEST(deliver("").status == 400);
}

BOOST_AUTO_TEST_CASE(a_body_in_chunks_is_the_same_body)
{
    const auto id = fresh_event_id();
    const auto body = event(id);
    BOOST_TEST(raw(chunked(body, signature(body))).starts_with("HTTP/1.1 200"));
    BOOST_TEST(rows_of(id) == "1");
    BOOST_TEST(raw(chunked(body + ' ', signature(body))).starts_with("HTTP/1.1 400"));
}

BOOST_AUTO_TEST_CASE(a_body_may_have_a_mebibyte)
{
    const auto id = fresh_event_id();
    const auto frame = event(id, R"(,"fill":"")").size();
    const auto sized = [&](std::size_t size) { return event(id, R"(,"fill":")" + std::string(size - frame, 'x') + "\""); };
    BOOST_TEST(is_problem(deliver(sized(1024 * 1024 + 1)), 413, "body_too_large"));
    BOOST_TEST(rows_of(id) == "0");
    BOOST_TEST(deliver(sized(1024 * 1024)).status == 200);
    BOOST_TEST(query("SELECT LENGTH(body) FROM gateway_events WHERE event_id = '" + id + "'") == "1048576");
}

BOOST_AUTO_TEST_CASE(the_address_answers_nothing_else)
{
    for (const std::string method : {"GET", "PUT", "DELETE"})
        BOOST_TEST(is_problem(ask({.method = method, .path = "/webhooks/stripe"}), 405, "method_not_allowed"), method);
    BOOST_TEST(ask({.method = "POST", .path = "/webhooks/stripe/"}).status == 404);
    BOOST_TEST(ask({.method = "POST", .path = "/webhooks"}).status == 404);
}

BOOST_AUTO_TEST_CASE(events_of_other_money_and_other_installations_are_kept_and_ignored)
{
    const auto other_mode = fresh_event_id(), other_installation = fresh_event_id();
    auto body = event(other_mode);
    body.replace(body.find("false"), 5, "true");
    BOOST_TEST(deliver(body).status == 200);
    body = event(other_installation);
    body.replace(body.find(R"("balance"})"), 9, R"("balance","metadata":{"instance":"elsewhere"})");
    BOOST_TEST(deliver(body).status == 200);
    const auto state = [](const std::string& id) { return query("SELECT state, error FROM gateway_events WHERE event_id = '" + id + "'"); };
    BOOST_TEST(state(other_mode) == "ignored\tother_mode");
    BOOST_TEST(state(other_installation) == "ignored\tother_installation");
}

// The stack registers itself; the gateway's own deliveries come in.
BOOST_AUTO_TEST_CASE(the_gateway_tells_of_a_card_by_itself)
{
    const auto member = joined_member();
    const auto arrived = [] { return query("SELECT COUNT(*) FROM gateway_events WHERE type = 'payment_method.attached'"); };
    for (int i = 0; i < 600 && arrived() == "0"; ++i) ::usleep(100'000);
    BOOST_TEST(arrived() != "0");
}

BOOST_AUTO_TEST_SUITE_END()
