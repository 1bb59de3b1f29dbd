#include "stripe_gateway.h"

#include "domain/hex.h"

#include <boost/test/unit_test.hpp>
#include <openssl/hmac.h>

#include <algorithm>
#include <set>

using namespace stripe_gateway;

namespace {

/// As stripe.md §7 says, by hand.
bool is_signed(const Delivered& delivered, const std::string& secret)
{
    const auto& header = delivered.signature;
    if (!header.starts_with("t=")) return false;
    const auto comma = header.find(",v1=");
    const auto signed_text = header.substr(2, comma - 2) + '.' + delivered.body;
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(signed_text.data()),
        signed_text.size(), mac, &size);
    return header.substr(comma + 4) == domain::to_hex(std::span{mac}.first(size));
}

std::set<std::string> types_of(const std::vector<Delivered>& delivered)
{
    std::set<std::string> types;
    for (const auto& each : delivered) types.insert(each.at("type"));
    return types;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stripe_webhooks)

BOOST_AUTO_TEST_CASE(events_are_signed_and_tell_who_caused_them)
{
    const Listener listener{"enabled_events[0]=payment_intent.succeeded&enabled_events[1]=charge.succeeded&api_version=2025-09-30.clover"};
    BOOST_TEST(listener.secret.starts_with("whsec_"));
    BOOST_TEST(get("/v1/webhook_endpoints/" + listener.id).at("secret").empty()); // told once
    const auto key = "key-" + site::fresh_uuid();
    const auto paid = post("/v1/payment_intents", payment("pm_card_visa"), {"Idempotency-Key: " + key});
    const auto delivered = listener.about(paid.at("id"), 1);
    BOOST_REQUIRE(delivered.size() == 1u);
    BOOST_TEST(is_signed(delivered[0], listener.secret));
    BOOST_TEST(!is_signed(delivered[0], listener.secret + "x"));
    BOOST_TEST(delivered[0].at("type") == "payment_intent.succeeded");
    BOOST_TEST(delivered[0].at("request.idempotency_key") == key);
    BOOST_TEST(delivered[0].at("request.id") == paid.header("request-id"));
    BOOST_TEST(delivered[0].at("api_version") == "2025-09-30.clover");
    BOOST_TEST(delivered[0].at("livemode") == "false");
    BOOST_TEST(delivered[0].at("data.object.status") == "succeeded");
    BOOST_TEST(get("/v1/events/" + delivered[0].at("id")).at("data.object.id") == paid.at("id"));
    BOOST_TEST(types_of(listener.about(paid.at("latest_charge"), 1)) == std::set<std::string>{"charge.succeeded"});
}

BOOST_AUTO_TEST_CASE(an_event_that_is_refused_comes_again_soon)
{
    Listener listener{"enabled_events[]=customer.created"};
    listener.answer_next_with({500, 302});
    const auto who = customer();
    const auto delivered = listener.about(who, 3); // after one second, and two more
    BOOST_REQUIRE(delivered.size() == 3u);
    BOOST_TEST(delivered[0].body == delivered[2].body);
    BOOST_TEST(is_signed(delivered[2], listener.secret));
    const auto open_at_first = std::stoi(delivered[0].at("pending_webhooks")); // others may listen, too
    const auto open = [](const Answer& event) { return std::stoi(event.at("pending_webhooks")); };
    const auto told = site::eventually(
        [&] { return get("/v1/events/" + delivered[0].at("id")); }, [&](const Answer& event) { return open(event) < open_at_first; });
    BOOST_TEST(open(told) < open_at_first);
}

BOOST_AUTO_TEST_CASE(a_deaf_endpoint_is_told_nothing)
{
    Listener listener{"enabled_events[]=customer.created"};
    post("/v1/webhook_endpoints/" + listener.id, "disabled=true");
    const auto unheard = customer();
    post("/v1/webhook_endpoints/" + listener.id, "disabled=false&enabled_events[]=customer.deleted");
    const auto heard = customer();
    remove("/v1/customers/" + heard);
    BOOST_TEST(types_of(listener.about(heard, 1)) == std::set<std::string>{"customer.deleted"});
    BOOST_TEST(listener.all().size() == 1u);
    BOOST_TEST(post("/v1/webhook_endpoints", "url=ftp://x&enabled_events[]=*").status == 400);
    BOOST_TEST(post("/v1/webhook_endpoints", "url=http://127.0.0.1:1/").status == 400);
}

BOOST_AUTO_TEST_CASE(webhooks_come_twice_and_in_the_wrong_order_on_request)
{
    const Listener listener{"enabled_events[]=customer.created&enabled_events[]=customer.updated&enabled_events[]=customer.deleted"};
    BOOST_TEST(post("/v1/test_helpers/faults", "kind=duplicate_webhook&method=POST&path=/v1/customers").status == 200);
    const auto twice = customer();
    const auto copies = listener.about(twice, 2);
    BOOST_REQUIRE(copies.size() == 2u);
    BOOST_TEST(copies[0].at("id") == copies[1].at("id"));

    post("/v1/test_helpers/faults", "kind=reorder_webhooks&method=POST&path=/v1/customers&delay_ms=5000");
    const auto overtaken = customer();
    post("/v1/customers/" + overtaken, "name=Other");
    const auto out_of_order = listener.about(overtaken, 2);
    BOOST_REQUIRE(out_of_order.size() == 2u);
    BOOST_TEST(out_of_order[0].at("type") == "customer.updated");
    BOOST_TEST(out_of_order[0].at("data.previous_attributes.name") == "Nico");
    BOOST_TEST(out_of_order[1].at("type") == "customer.created");

    let_worker_rest();
    post("/v1/test_helpers/faults", "kind=reorder_webhooks&method=POST&path=/v1/payment_intents");
    const Listener payments{"enabled_events[]=payment_intent.created&enabled_events[]=payment_intent.succeeded"};
    const auto backwards = payments.about(post("/v1/payment_intents", payment("pm_card_visa")).at("id"), 2);
    BOOST_REQUIRE(backwards.size() == 2u);
    BOOST_TEST(backwards[0].at("type") == "payment_intent.succeeded");
}

BOOST_AUTO_TEST_CASE(events_are_listed_by_type_and_time)
{
    let_worker_rest(); // what it charges would be newer
    const auto begin = get("/v1/customers/" + customer()).at("created");
    const auto paid = post("/v1/payment_intents", payment("pm_card_visa"));
    const auto newest = get("/v1/events?type=payment_intent.succeeded&limit=1");
    BOOST_TEST(newest.at("data.0.data.object.id") == paid.at("id"));
    BOOST_TEST(get("/v1/events?types[]=charge.succeeded&types[]=refund.failed&limit=1").at("data.0.type") == "charge.succeeded");
    BOOST_TEST(get("/v1/events?type=charge.*&limit=1&created[gte]=" + begin).at("data.0.type") == "charge.succeeded");
    BOOST_TEST(size_of(get("/v1/events?created[gt]=9000000000")) == 0u);
    BOOST_TEST(get("/v1/events?type=a.b&types[]=c.d").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()
