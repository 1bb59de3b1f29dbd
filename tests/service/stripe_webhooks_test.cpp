#include "gateway/stripe_webhooks.h"

#include "fake/http_server.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace {

using fake::HttpCall;
using fake::Reaction;
using gateway::CallOutcome;
using gateway::WebhookChange;

const std::string folder{"/v1/webhook_endpoints"};

/// The value of a parameter in a form, undone only where these tests need it.
std::string value_in(const std::string& form, const std::string& name)
{
    const auto at = ('&' + form).find('&' + name + '=');
    if (at == std::string::npos) return "";
    auto value = form.substr(at + name.size() + 1);
    value = value.substr(0, value.find('&'));
    for (const auto& [code, character] : {std::pair{"%3A", ":"}, std::pair{"%2F", "/"}})
        for (auto found = value.find(code); found != std::string::npos; found = value.find(code)) value.replace(found, 3, character);
    return value;
}

/// A gateway that keeps webhook endpoints, and an installation that registers one.
struct Scene {
    struct Endpoint {
        std::string url{}, version{"2026-10-28.endive"}, instance{}, status{"enabled"};
        std::vector<std::string> types{};
    };

    Reaction react(const HttpCall& call)
    {
        calls.push_back(call.method + ' ' + call.target);
        if (failing) return {.status = 400, .body = R"({"error":{"type":"invalid_request_error","code":"x"}})"};
        const auto id = call.target.size() > folder.size() ? call.target.substr(folder.size() + 1) : "";
        if (call.method == "GET") return list();
        if (call.method == "DELETE") {
            endpoints.erase(id);
            return {.body = R"({"deleted":true})"};
        }
        const auto name = id.empty() ? "we_" + std::to_string(++made) : id;
        auto& endpoint = endpoints[name];
        endpoint.url = value_in(call.body, "url");
        endpoint.types.clear();
        for (int i = 0;; ++i) {
            const auto type = value_in(call.body, "enabled_events[" + std::to_string(i) + "]");
            if (type.empty()) break;
            endpoint.types.push_back(type);
        }
        if (!id.empty()) return {.body = R"({"id":")" + id + R"("})"};
        endpoint.version = value_in(call.body, "api_version");
        endpoint.instance = value_in(call.body, "metadata[instance]");
        return {.body = R"({"id":")" + name + R"(","secret":"whsec_of_)" + name + "\"}"};
    }

    Reaction list() const
    {
        std::string text;
        for (const auto& [id, endpoint] : endpoints) {
            std::string types;
            for (const auto& type : endpoint.types) types += (types.empty() ? "\"" : ",\"") + type + '"';
            text += (text.empty() ? "" : ",") + std::string{R"({"id":")"} + id + R"(","url":")" + endpoint.url + R"(","api_version":")"
                + endpoint.version + R"(","status":")" + endpoint.status + R"(","enabled_events":[)" + types
                + R"(],"metadata":{"instance":")" + endpoint.instance + "\"}}";
        }
        return {.body = R"({"object":"list","has_more":false,"data":[)" + text + "]}"};
    }

    gateway::GatewayAnswer<WebhookChange> register_at(const std::string& url)
    {
        return gateway::register_webhook(stripe, url, known, [&](const gateway::WebhookSubscription& made_now) { known = made_now; });
    }
    WebhookChange change_at(const std::string& url)
    {
        const auto answer = register_at(url);
        BOOST_TEST((answer.outcome == CallOutcome::done));
        return answer.value;
    }

    std::map<std::string, Endpoint> endpoints{};
    std::vector<std::string> calls{};
    bool failing{false};
    int made{0};
    gateway::WebhookSubscription known{};
    fake::HttpServer server{[this](const HttpCall& call) { return react(call); }};
    gateway::StripeTransport stripe{{.url = server.url(), .secret_key = "sk_test_key", .instance = "here"}};
};

const std::string url{"https://shop.example/webhooks/stripe"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stripe_webhooks, Scene)

BOOST_AUTO_TEST_CASE(a_webhook_is_registered_once)
{
    BOOST_TEST((change_at(url) == WebhookChange::created));
    BOOST_TEST(known.id == "we_1");
    BOOST_TEST(known.secret == "whsec_of_we_1");
    BOOST_TEST(endpoints["we_1"].url == url);
    BOOST_TEST(endpoints["we_1"].version == "2026-10-28.endive");
    BOOST_TEST(endpoints["we_1"].instance == "here");
    BOOST_TEST(endpoints["we_1"].types.size() == 21u);
    calls.clear();
    BOOST_TEST((change_at(url) == WebhookChange::none));
    BOOST_TEST(calls.size() == 1u);
}

// Refunds that change and fail are heard of by their own events, not by the one that is going away.
BOOST_AUTO_TEST_CASE(P43_refunds_are_listened_to_by_their_own_events)
{
    change_at(url);
    const auto& types = endpoints["we_1"].types;
    for (const char* wanted : {"refund.created", "refund.updated", "refund.failed"})
        BOOST_TEST(std::ranges::count(types, wanted) == 1, wanted);
    BOOST_TEST(std::ranges::count(types, "charge.refund.updated") == 0);
}

BOOST_AUTO_TEST_CASE(a_new_address_keeps_the_secret)
{
    change_at(url);
    BOOST_TEST((change_at("http://127.0.0.1:9090/webhooks/stripe") == WebhookChange::updated));
    BOOST_TEST(endpoints.size() == 1u);
    BOOST_TEST(endpoints["we_1"].url == "http://127.0.0.1:9090/webhooks/stripe");
    BOOST_TEST(known.secret == "whsec_of_we_1");
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_wants_less_or_was_switched_off_is_put_right)
{
    change_at(url);
    endpoints["we_1"].types.pop_back();
    BOOST_TEST((change_at(url) == WebhookChange::updated));
    endpoints["we_1"].status = "disabled";
    BOOST_TEST((change_at(url) == WebhookChange::updated));
}

BOOST_AUTO_TEST_CASE(a_gateway_that_forgot_us_is_told_again)
{
    change_at(url);
    endpoints.clear();
    BOOST_TEST((change_at(url) == WebhookChange::created));
    BOOST_TEST(known.id == "we_2");
}

// A created endpoint whose answer was lost has a secret that nobody knows.
BOOST_AUTO_TEST_CASE(an_endpoint_whose_secret_we_do_not_have_is_replaced)
{
    change_at(url);
    known = {};
    BOOST_TEST((change_at(url) == WebhookChange::created));
    BOOST_TEST(endpoints.size() == 1u);
    BOOST_TEST(endpoints.contains("we_2"));
    known.secret.clear();
    change_at(url);
    BOOST_TEST(known.secret == "whsec_of_we_3");
}

BOOST_AUTO_TEST_CASE(an_endpoint_of_another_version_is_replaced)
{
    change_at(url);
    endpoints["we_1"].version = "2022-11-15";
    endpoints["we_1"].instance = "here";
    BOOST_TEST((change_at(url) == WebhookChange::created));
    BOOST_TEST(endpoints.size() == 1u);
}

BOOST_AUTO_TEST_CASE(endpoints_of_others_are_left_alone)
{
    endpoints["we_a"] = {.url = url, .instance = "there"};
    endpoints["we_b"] = {.url = url};
    change_at(url);
    BOOST_TEST(endpoints.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_refusal_changes_nothing)
{
    change_at(url);
    failing = true;
    BOOST_TEST((register_at("https://other.example").outcome == CallOutcome::refused));
    BOOST_TEST(known.secret == "whsec_of_we_1");
}

BOOST_AUTO_TEST_SUITE_END()
