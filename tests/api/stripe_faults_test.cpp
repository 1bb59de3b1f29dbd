#include "stripe_gateway.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace stripe_gateway;

namespace {

struct Faults {
    Faults()
    {
        let_worker_rest(); // else a charge of its own suffers what is meant for ours
        remove("/v1/test_helpers/faults");
    }
    ~Faults() { remove("/v1/test_helpers/faults"); }

    std::string key = "Idempotency-Key: " + site::fresh_uuid();
    std::string who = customer();

    /// For the next payments.
    static void inflict(const std::string& kind, const std::string& more = "")
    {
        BOOST_TEST(post("/v1/test_helpers/faults", "method=POST&path=/v1/payment_intents&kind=" + kind + more).status == 200);
    }
    Answer pay() const { return post("/v1/payment_intents", payment("pm_card_visa", "&customer=" + who), {key}); }
    std::size_t payments() const { return size_of(get("/v1/payment_intents?customer=" + who)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stripe_faults, Faults)

BOOST_AUTO_TEST_CASE(a_connection_is_cut_before_or_after_the_work)
{
    inflict("drop_before");
    BOOST_TEST(pay().status == 0);
    BOOST_TEST(payments() == 0u);
    inflict("drop_after");
    BOOST_TEST(pay().status == 0);
    BOOST_TEST(payments() == 1u);
    const auto replay = pay();
    BOOST_TEST(replay.status == 200);
    BOOST_TEST(replay.header("idempotent-replayed") == "true");
    BOOST_TEST(replay.header("original-request") != replay.header("request-id"));
    BOOST_TEST(payments() == 1u);
}

BOOST_AUTO_TEST_CASE(a_500_after_the_work_stays_under_its_key)
{
    inflict("error_after_commit");
    const auto first = pay();
    BOOST_TEST(first.status == 500);
    BOOST_TEST(first.header("stripe-should-retry") == "true");
    const auto again = pay();
    BOOST_TEST(again.status == 500);
    BOOST_TEST(again.header("idempotent-replayed") == "true");
    BOOST_TEST(again.header("stripe-should-retry") == "false");
    BOOST_TEST(payments() == 1u);
    BOOST_TEST(get("/v1/payment_intents?customer=" + who).at("data.0.status") == "succeeded"); // so it can be looked up
}

BOOST_AUTO_TEST_CASE(limits_are_met_on_request_only)
{
    inflict("rate_limit", "&times=2");
    inflict("lock_timeout");
    for (const char* code : {"rate_limit", "rate_limit", "lock_timeout"}) {
        const auto answer = pay();
        BOOST_TEST(answer.status == 429);
        BOOST_TEST(answer.at("error.code") == code);
    }
    BOOST_TEST(payments() == 0u);
    BOOST_TEST(pay().status == 200); // with the same key: nothing was kept
}

BOOST_AUTO_TEST_CASE(while_a_request_takes_long_its_key_is_in_use)
{
    inflict("delay", "&delay_ms=5000");
    Answer slow, meanwhile;
    site::at_once(2, [&](int i) {
        if (i == 1) std::this_thread::sleep_for(std::chrono::milliseconds{2000});
        (i == 0 ? slow : meanwhile) = pay();
    });
    BOOST_TEST(slow.status == 200);
    BOOST_TEST(meanwhile.status == 409);
    BOOST_TEST(meanwhile.at("error.code") == "idempotency_key_in_use");
    BOOST_TEST(meanwhile.header("stripe-should-retry") == "true");
}

BOOST_AUTO_TEST_CASE(sixteen_at_once_under_one_key_are_one_payment)
{
    std::vector<Answer> answers(16);
    site::at_once(16, [&](int i) { answers[static_cast<std::size_t>(i)] = pay(); });
    std::set<std::string> ids;
    for (const auto& answer : answers) {
        BOOST_TEST((answer.status == 200 || answer.status == 409), answer.body);
        if (answer.status == 200) ids.insert(answer.at("id"));
    }
    BOOST_TEST(ids.size() == 1u);
    BOOST_TEST(payments() == 1u);
}

// https://github.com/woocommerce/woocommerce-gateway-stripe/pull/541
BOOST_AUTO_TEST_CASE(a_key_stands_for_one_request_and_repeats_its_decline_for_a_day)
{
    const auto path = "/v1/payment_intents";
    const auto declined = post(path, payment("pm_card_chargeCustomerFail"), {key});
    const auto again = post(path, payment("pm_card_chargeCustomerFail"), {key});
    BOOST_TEST(again.status == 402);
    BOOST_TEST(again.body == declined.body);
    BOOST_TEST(again.header("idempotent-replayed") == "true");
    const auto other = post(path, payment("pm_card_visa"), {key});
    BOOST_TEST(other.status == 400);
    BOOST_TEST(other.at("error.type") == "idempotency_error");
    BOOST_TEST(post("/v1/customers", "name=A", {key}).at("error.type") == "idempotency_error");
    BOOST_TEST(post(path, "amount=1", {"Idempotency-Key: " + std::string(256, 'k')}).status == 400);
    {
        const LaterBy a_day{std::chrono::hours{24} + std::chrono::seconds{5}};
        BOOST_TEST(post(path, payment("pm_card_visa"), {key}).status == 200);
    }
}

BOOST_AUTO_TEST_CASE(what_was_never_begun_leaves_the_key_free)
{
    BOOST_TEST(post("/v1/payment_intents", "amount=10&currency=chf", {key}).status == 400);
    BOOST_TEST(pay().status == 200);
}

BOOST_AUTO_TEST_CASE(a_payment_is_processing_for_a_while_on_request)
{
    inflict("processing");
    const auto begun = pay();
    BOOST_TEST(begun.at("status") == "processing");
    BOOST_TEST(begun.at("amount_received") == "0");
    const auto path = "/v1/payment_intents/" + begun.at("id");
    BOOST_TEST(post(path + "/cancel").at("error.payment_intent.status") == "processing");
    const LaterBy ten_seconds{std::chrono::seconds{10}};
    const auto settled =
        site::eventually([&] { return get(path); }, [](const Answer& answer) { return answer.at("status") == "succeeded"; });
    BOOST_TEST(settled.at("amount_received") == "500");
}

BOOST_AUTO_TEST_CASE(faults_are_listed_and_taken_back)
{
    inflict("drop_before", "&times=3");
    const auto list = get("/v1/test_helpers/faults");
    BOOST_TEST(list.at("data.0.kind") == "drop_before");
    BOOST_TEST(list.at("data.0.times") == "3");
    BOOST_TEST(remove("/v1/test_helpers/faults/" + list.at("data.0.id")).status == 200);
    BOOST_TEST(size_of(get("/v1/test_helpers/faults")) == 0u);
    BOOST_TEST(pay().status == 200);
    BOOST_TEST(post("/v1/test_helpers/faults", "kind=earthquake").status == 400);
    post("/v1/test_helpers/faults", "kind=rate_limit&path=/v1/payment_intents/*/cancel");
    BOOST_TEST(post("/v1/payment_intents/pi_none/cancel").status == 429);
}

BOOST_AUTO_TEST_SUITE_END()
