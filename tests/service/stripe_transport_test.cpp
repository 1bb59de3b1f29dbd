#include "fake/http_server.h"
#include "gateway/stripe_payments.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdio>
#include <map>
#include <ostream>

namespace gateway {

std::ostream& operator<<(std::ostream& out, CallOutcome outcome)
{
    constexpr const char* names[] = {"done", "refused", "missing", "later", "unknown"};
    return out << names[static_cast<int>(outcome)];
}

std::ostream& operator<<(std::ostream& out, IntentState state) { return out << "intent state " << static_cast<int>(state); }

} // namespace gateway

namespace {

namespace bdata = boost::unit_test::data;
using namespace std::chrono_literals;
using fake::HttpCall;
using fake::HttpServer;
using fake::Reaction;
using gateway::CallOutcome;
using gateway::IntentState;
using Mode = Reaction::Mode;

const gateway::ChargeOrder order{.customer = "cus_1",
    .payment_method = "pm_1",
    .amount = {500, domain::Currency::chf},
    .invoice = "R-2026-0001",
    .attempt = "2",
    .description = "Zürich & more",
    .idempotency_key = "pi-R-2026-0001-2"};

std::string intent_json(const std::string& status, const std::string& more = "")
{
    return R"({"id":"pi_1","object":"payment_intent","amount":500,"amount_received":500,"currency":"chf","status":")" + status
        + R"(","customer":"cus_1","latest_charge":"ch_1","livemode":false,"created":1795514100,)" + more
        + R"("metadata":{"invoice":"R-2026-0001","attempt":"2","instance":"here"}})";
}

std::string error_json(const std::string& type, const std::string& code, const std::string& more = "")
{
    return R"({"error":{"type":")" + type + R"(","code":")" + code + R"(","message":"secret words")" + more + "}}";
}

Reaction paid() { return {.body = intent_json("succeeded")}; }

/// The gateway under the test, with the reactions one after the other; the last one stands for all that follow.
struct Scene {
    explicit Scene(std::vector<Reaction> reactions, std::chrono::milliseconds timeout = 20s, int per_second = 1000)
        : Scene{[reactions, next = std::make_shared<std::atomic<std::size_t>>(0)](
                    const HttpCall&) { return reactions[std::min(next->fetch_add(1), reactions.size() - 1)]; },
            timeout, per_second}
    {
    }

    explicit Scene(HttpServer::React react, std::chrono::milliseconds timeout = 20s, int per_second = 1000)
        : server{std::move(react)},
          stripe{{.url = server.url(), .secret_key = "sk_test_key", .instance = "here", .timeout = timeout, .calls_per_second = per_second}}
    {
    }

    auto charge() { return payments->charge(order); }

    HttpServer server;
    gateway::StripeTransport stripe;
    std::unique_ptr<gateway::CardPayments> payments{gateway::make_stripe_payments(stripe)};
};

std::chrono::milliseconds time_of(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

/// What the work writes to standard error.
std::string logged(const std::function<void()>& work)
{
    std::unique_ptr<FILE, int (*)(FILE*)> file{std::tmpfile(), &std::fclose};
    const int before = ::dup(STDERR_FILENO);
    ::dup2(::fileno(file.get()), STDERR_FILENO);
    work();
    ::dup2(before, STDERR_FILENO);
    ::close(before);
    std::rewind(file.get());
    char buffer[8192];
    return {buffer, std::fread(buffer, 1, sizeof buffer, file.get())};
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_transport)

BOOST_AUTO_TEST_CASE(a_charge_is_sent_as_stripe_takes_it)
{
    Scene scene{{paid()}};
    const auto answer = scene.charge();
    BOOST_TEST(answer.outcome == CallOutcome::done);
    BOOST_TEST(answer.value.state == IntentState::succeeded);
    BOOST_TEST(answer.value.received_minor == 500);
    BOOST_TEST((answer.value.currency == domain::Currency::chf));
    BOOST_TEST(answer.value.latest_charge == "ch_1");
    BOOST_TEST(answer.value.owner.invoice == "R-2026-0001");
    BOOST_TEST(answer.value.owner.instance == "here");
    BOOST_TEST(domain::to_text(answer.value.created) == "2026-11-24T09:55:00Z");

    const auto call = scene.server.calls().at(0);
    BOOST_TEST(call.method == "POST");
    BOOST_TEST(call.target == "/v1/payment_intents");
    BOOST_TEST(call.header("Stripe-Version") == "2026-10-28.endive");
    BOOST_TEST(call.header("Idempotency-Key") == "pi-R-2026-0001-2");
    BOOST_TEST(call.header("Authorization") == "Bearer sk_test_key");
    BOOST_TEST(call.header("Content-Type") == "application/x-www-form-urlencoded");
    BOOST_TEST(call.header("User-Agent").starts_with("uncloud-billing/"));
    BOOST_TEST(call.body
        == "amount=500&currency=chf&customer=cus_1&payment_method=pm_1&payment_method_types[0]=card&off_session=true&confirm=true"
           "&description=Z%C3%BCrich%20%26%20more&metadata[invoice]=R-2026-0001&metadata[attempt]=2&metadata[instance]=here");
}

BOOST_AUTO_TEST_CASE(a_post_without_a_key_is_not_made)
{
    Scene scene{{paid()}};
    auto keyless = order;
    keyless.idempotency_key = "";
    BOOST_CHECK_THROW(scene.payments->charge(keyless), std::invalid_argument);
    keyless.idempotency_key = std::string(256, 'k');
    BOOST_CHECK_THROW(scene.payments->charge(keyless), std::invalid_argument);
    BOOST_TEST(scene.server.calls().empty());
}

// What is not carried out for sure may be asked again; what may have been is unknown until the gateway tells.
struct Fate {
    const char* name;
    std::vector<Reaction> reactions;
    CallOutcome outcome;
    std::size_t calls;
};

std::ostream& operator<<(std::ostream& out, const Fate& fate) { return out << fate.name; }

const std::vector<Fate> fates{
    {"cut before an answer, then fine", {{.mode = Mode::close}, paid()}, CallOutcome::done, 2},
    {"always cut before an answer", {{.mode = Mode::close}}, CallOutcome::unknown, 3},
    {"always cut in the body", {{.body = intent_json("succeeded"), .mode = Mode::cut}}, CallOutcome::unknown, 3},
    {"500, then fine", {{.status = 500}, paid()}, CallOutcome::done, 2},
    {"500 for ever", {{.status = 500, .body = error_json("api_error", "")}}, CallOutcome::unknown, 3},
    {"503 without a body", {{.status = 503}}, CallOutcome::unknown, 3},
    {"409, then fine", {{.status = 409, .body = error_json("invalid_request_error", "idempotency_key_in_use")}, paid()}, CallOutcome::done,
        2},
    {"409 for ever", {{.status = 409, .body = error_json("invalid_request_error", "idempotency_key_in_use")}}, CallOutcome::unknown, 3},
    {"429, then fine", {{.status = 429, .body = error_json("invalid_request_error", "rate_limit")}, paid()}, CallOutcome::done, 2},
    {"429 for ever", {{.status = 429, .body = error_json("invalid_request_error", "lock_timeout")}}, CallOutcome::later, 3},
    {"429 without a code", {{.status = 429, .body = error_json("invalid_request_error", "")}}, CallOutcome::later, 3},
    {"cut, then 429: the first may have been carried out", {{.mode = Mode::close}, {.status = 429}}, CallOutcome::unknown, 3},
    {"500, then the key is taken away", {{.status = 500}, {.status = 401, .body = error_json("invalid_request_error", "")}},
        CallOutcome::unknown, 2},
    {"500, told not to repeat", {{.status = 500, .headers = "Stripe-Should-Retry: false\r\n"}}, CallOutcome::unknown, 1},
    {"400, told to repeat", {{.status = 400, .headers = "Stripe-Should-Retry: true\r\n"}, paid()}, CallOutcome::done, 2},
    {"429, told not to repeat", {{.status = 429, .headers = "Stripe-Should-Retry: false\r\n"}}, CallOutcome::later, 1},
    {"429 with a pause longer than we wait", {{.status = 429, .headers = "Retry-After: 60\r\n"}}, CallOutcome::later, 1},
    {"401", {{.status = 401, .body = error_json("invalid_request_error", "")}}, CallOutcome::refused, 1},
    {"403", {{.status = 403, .body = error_json("invalid_request_error", "")}}, CallOutcome::refused, 1},
    {"a parameter is missing", {{.status = 400, .body = error_json("invalid_request_error", "parameter_missing")}}, CallOutcome::refused,
        1},
    {"the key had another body", {{.status = 400, .body = error_json("idempotency_error", "")}}, CallOutcome::refused, 1},
    {"no such customer", {{.status = 400, .body = error_json("invalid_request_error", "resource_missing")}}, CallOutcome::missing, 1},
    {"no such path", {{.status = 404, .body = error_json("invalid_request_error", "resource_missing")}}, CallOutcome::missing, 1},
    {"404 of somebody on the way", {{.status = 404, .body = "<html>not here</html>"}}, CallOutcome::unknown, 1},
    {"raw card data refused with 402", {{.status = 402, .body = error_json("invalid_request_error", "")}}, CallOutcome::refused, 1},
    {"a redirect", {{.status = 302, .headers = "Location: http://127.0.0.1:1/\r\n"}}, CallOutcome::unknown, 1},
    {"200 with garbage", {{.body = "\x01\x02<html>"}}, CallOutcome::unknown, 1},
    {"200 with an array", {{.body = "[]"}}, CallOutcome::unknown, 1},
    {"200 with another object", {{.body = R"({"id":"cus_1","object":"customer"})"}}, CallOutcome::unknown, 1},
    {"200 with an intent without an amount", {{.body = R"({"id":"pi_1","object":"payment_intent","status":"succeeded"})"}},
        CallOutcome::unknown, 1},
    {"200 with nothing", {{.body = ""}}, CallOutcome::unknown, 1},
    {"200 with half a JSON", {{.body = R"({"id":"pi_1","object":)"}}, CallOutcome::unknown, 1},
    {"200 with a key twice", {{.body = R"({"id":"pi_1","id":"pi_2","object":"payment_intent","amount":5,"status":"succeeded"})"}},
        CallOutcome::unknown, 1},
    {"200 with 9 MiB", {{.body = R"({"x":")" + std::string(9 * 1024 * 1024, 'x') + "\"}"}}, CallOutcome::unknown, 3},
};

BOOST_DATA_TEST_CASE(each_fate_of_a_charge_has_its_outcome, bdata::make(fates), fate)
{
    Scene scene{fate.reactions};
    BOOST_TEST(scene.charge().outcome == fate.outcome);
    const auto calls = scene.server.calls();
    BOOST_TEST(calls.size() == fate.calls);
    for (const auto& call : calls) {
        BOOST_TEST(call.header("Idempotency-Key") == order.idempotency_key);
        BOOST_TEST(call.body == calls.front().body);
    }
}

BOOST_AUTO_TEST_CASE(a_mute_gateway_costs_no_more_than_the_deadline)
{
    for (const auto mode : {Mode::hang, Mode::trickle}) {
        Scene scene{{{.body = intent_json("succeeded"), .mode = mode}}, 2s};
        CallOutcome outcome{};
        const auto took = time_of([&] { outcome = scene.charge().outcome; });
        BOOST_TEST(outcome == CallOutcome::unknown);
        BOOST_TEST(took.count() >= 1900);
        BOOST_TEST(took.count() < 5500); // three tries would take longer
    }
}

BOOST_AUTO_TEST_CASE(a_pause_that_leaves_no_time_is_not_begun)
{
    Scene scene{{{.status = 500}}, 400ms};
    auto quickest = std::chrono::milliseconds::max();
    for (std::size_t i = 1; i <= 5; ++i) {
        quickest = std::min(quickest, time_of([&] { BOOST_TEST(scene.charge().outcome == CallOutcome::unknown); }));
        BOOST_TEST(scene.server.calls().size() <= i);
    }
    BOOST_TEST(!scene.server.calls().empty());
    BOOST_TEST(quickest.count() < 400); // of five, as the machine may stand still meanwhile
}

BOOST_AUTO_TEST_CASE(a_gateway_that_cannot_be_reached_has_done_nothing)
{
    std::string url;
    {
        HttpServer gone{[](const HttpCall&) { return Reaction{}; }};
        url = gone.url();
    }
    gateway::StripeTransport stripe{{.url = url, .secret_key = "sk_test_key", .timeout = 2s}};
    const auto answer = gateway::make_stripe_payments(stripe)->charge(order);
    BOOST_TEST(answer.outcome == CallOutcome::later);
    BOOST_TEST(answer.retry_after.count() >= 500);
    BOOST_TEST(answer.error.status == 0);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_was_closed_loses_no_charge)
{
    Scene scene{{{.body = intent_json("succeeded"), .mode = Mode::keep_no_more}}};
    for (int i = 0; i < 5; ++i) BOOST_TEST(scene.charge().outcome == CallOutcome::done);
}

// T9: charged at the gateway, then the connection breaks; a 500 after the commit is replayed for ever under the same key.
BOOST_AUTO_TEST_CASE(what_was_charged_before_the_connection_broke_is_found_under_the_same_key)
{
    std::map<std::string, int> charges; // by key
    std::mutex mutex;
    Scene scene{HttpServer::React{[&](const HttpCall& call) -> Reaction {
        const std::lock_guard lock{mutex};
        const auto key = call.header("Idempotency-Key");
        if (charges[key]++ == 0) return {.mode = Mode::close};
        return {
            .body = intent_json("succeeded"), .headers = "Request-Id: req_2\r\nOriginal-Request: req_1\r\nIdempotent-Replayed: true\r\n"};
    }}};
    const auto answer = scene.charge();
    BOOST_TEST(answer.outcome == CallOutcome::done);
    BOOST_TEST(answer.replayed);
    BOOST_TEST(answer.request_id == "req_2");
    BOOST_TEST(charges.size() == 1u);
}

// P8: a replay is told from a new charge, also by the original request alone.
BOOST_AUTO_TEST_CASE(a_replay_is_recognised)
{
    const auto replayed = [](const std::string& headers) {
        Scene scene{{{.body = intent_json("succeeded"), .headers = headers}}};
        return scene.charge().replayed;
    };
    BOOST_TEST(!replayed("Request-Id: req_1\r\n"));
    BOOST_TEST(!replayed("Request-Id: req_1\r\nOriginal-Request: req_1\r\n"));
    BOOST_TEST(replayed("Request-Id: req_2\r\nOriginal-Request: req_1\r\n"));
    BOOST_TEST(replayed("request-id: req_1\r\nidempotent-replayed: true\r\n"));
}

BOOST_AUTO_TEST_CASE(a_replayed_500_says_that_asking_again_is_in_vain)
{
    Scene scene{{{.status = 500, .headers = "Idempotent-Replayed: true\r\n"}}};
    const auto answer = scene.charge();
    BOOST_TEST(answer.outcome == CallOutcome::unknown);
    BOOST_TEST(answer.replayed);
}

// P6: without these nobody can tell what happened.
BOOST_AUTO_TEST_CASE(each_call_is_logged_with_its_key_and_without_a_secret)
{
    Scene scene{{{.status = 402,
        .body =
            error_json("card_error", "card_declined", R"(,"decline_code":"lost_card","payment_intent":{"client_secret":"pi_1_secret_x"})"),
        .headers = "Request-Id: req_77\r\n"}}};
    const auto line = logged([&] { scene.charge(); });
    for (const std::string part : {R"("purpose":"charge")", R"("stripe_request_id":"req_77")", R"("idempotency_key":"pi-R-2026-0001-2")",
             R"("status":"402")", R"("decline_code":"lost_card")"})
        BOOST_TEST(line.find(part) != std::string::npos, part << " in " << line);
    for (const std::string secret : {"sk_test", "secret_x", "secret words", "pm_1", "cus_1"})
        BOOST_TEST(line.find(secret) == std::string::npos, secret << " in " << line);
}

BOOST_AUTO_TEST_CASE(callers_of_one_endpoint_share_its_pace)
{
    Scene scene{{paid()}, 20s, 10};
    constexpr int threads = 4, each = 5;
    const auto took = time_of([&] {
        std::vector<std::jthread> running;
        for (int i = 0; i < threads; ++i)
            running.emplace_back([&] {
                for (int n = 0; n < each; ++n) scene.charge();
            });
    });
    BOOST_TEST(scene.server.calls().size() == 20u);
    BOOST_TEST(took.count() >= 1400); // 5 at once, 15 at 10/s
    BOOST_TEST(took.count() < 10'000);
}

BOOST_AUTO_TEST_CASE(whose_turn_comes_after_the_deadline_is_told_so_at_once)
{
    Scene scene{{paid()}, 300ms, 1};
    gateway::GatewayAnswer<gateway::PaymentIntent> answer;
    auto quickest = std::chrono::milliseconds::max();
    int told = 0;
    for (std::size_t i = 0, sent = 0; i < 50 && told < 5; ++i) { // some have their turn, the more the slower the machine is
        const auto took = time_of([&] { answer = scene.charge(); });
        if (answer.outcome == CallOutcome::later) {
            ++told;
            quickest = std::min(quickest, took);
            BOOST_TEST(sent >= 5u);
            BOOST_TEST(answer.retry_after.count() > 200);
            BOOST_TEST(answer.retry_after.count() <= 1000);
            BOOST_TEST(scene.server.calls().size() == sent);
        }
        sent = scene.server.calls().size();
    }
    BOOST_TEST(told == 5);
    BOOST_TEST(quickest.count() < 100);
    scene.payments->retrieve_intent("pi_1"); // of another endpoint
    BOOST_TEST(scene.server.calls().back().method == "GET");
}

BOOST_AUTO_TEST_CASE(a_429_holds_back_all_threads)
{
    using Clock = std::chrono::steady_clock;
    std::atomic<int> asked{0};
    std::atomic<int> during_pause{0};
    std::atomic<Clock::time_point> told{};
    Scene scene{HttpServer::React{[&](const HttpCall&) -> Reaction {
        if (asked++ == 0) {
            told = Clock::now();
            return {.status = 429, .headers = "Retry-After: 1\r\n"};
        }
        if (Clock::now() - told.load() < 900ms) ++during_pause;
        return paid();
    }}};
    std::atomic<bool> first_is_done{false};
    std::jthread first{[&] { first_is_done = scene.charge().outcome == CallOutcome::done; }};
    while (asked == 0) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(200ms); // it has heard the answer
    for (int i = 0; i < 3; ++i) BOOST_TEST(scene.charge().outcome == CallOutcome::done);
    first.join();
    BOOST_TEST(first_is_done.load());
    BOOST_TEST(during_pause == 0);
}

BOOST_AUTO_TEST_SUITE_END()
