#include "service/gateway_events.h"

#include "fake/fixed_clock.h"
#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using namespace std::chrono_literals;
using service::ReceivedEvent;

const domain::Instant now = fake::at("2026-11-24T09:55:00.900000Z");
const std::string secret{"whsec_current"};

std::string body_of(const std::string& id, const std::string& livemode = "false", const std::string& metadata = "{}",
    const std::string& version = "2026-10-28.endive")
{
    return R"({"id":")" + id + R"(","object":"event","type":"charge.refunded","created":1795514100,"livemode":)" + livemode
        + R"(,"api_version":")" + version + R"(","request":{"id":null,"idempotency_key":null},"data":{"object":{"id":"ch_1",)"
        + R"("object":"charge","metadata":)" + metadata + "}}}";
}

struct Door {
    std::string signed_with(const std::string& body, const std::string& key = secret, domain::Instant at = now) const
    {
        return gateway::webhook_signature(body, key, std::chrono::floor<std::chrono::seconds>(at));
    }
    ReceivedEvent receive(const std::string& body) { return events.receive(body, signed_with(body)); }
    static std::string state_of(const std::string& id)
    {
        return fake::text("SELECT CONCAT(state, ' ', error) FROM gateway_events WHERE event_id = ?", id);
    }
    static std::int64_t kept(const std::string& id) { return fake::count("SELECT COUNT(*) FROM gateway_events WHERE event_id = ?", id); }

    std::string id{"evt_" + gateway::random_uuid().text().substr(24)};
    std::vector<std::string> secrets{secret, "whsec_previous"};
    fake::FixedClock clock{now};
    fake::FixedClock wall_clock{now + 24h};
    service::GatewayEvents events{fake::database(), {.livemode = false, .instance = "here", .api_version = "2026-10-28.endive"},
        {.secrets = [this] { return secrets; }, .tolerance = 300s, .clocks = {&clock, &wall_clock}}};
};

} // namespace

namespace service {

std::ostream& operator<<(std::ostream& out, ReceivedEvent received)
{
    constexpr const char* names[] = {"stored", "known", "bad_signature", "not_an_event", "not_configured"};
    return out << names[static_cast<int>(received)];
}

} // namespace service

BOOST_FIXTURE_TEST_SUITE(gateway_events, Door)

BOOST_AUTO_TEST_CASE(an_event_is_stored_and_known_from_then_on)
{
    BOOST_TEST(receive(body_of(id)) == ReceivedEvent::stored);
    BOOST_TEST(receive(body_of(id)) == ReceivedEvent::known);
    BOOST_TEST(state_of(id) == "new ");
    BOOST_TEST(fake::text("SELECT body FROM gateway_events WHERE event_id = ?", id) == body_of(id));
}

BOOST_AUTO_TEST_CASE(eight_deliveries_at_once_are_one_event)
{
    std::atomic<int> stored{0}, known{0};
    const auto body = body_of(id);
    fake::at_once(8, [&](int) { ++(receive(body) == ReceivedEvent::stored ? stored : known); });
    BOOST_TEST(stored == 1);
    BOOST_TEST(known == 7);
    BOOST_TEST(kept(id) == 1);
}

// P22, P23
BOOST_AUTO_TEST_CASE(only_what_is_signed_with_a_secret_of_ours_is_stored)
{
    const auto body = body_of(id);
    BOOST_TEST(events.receive(body, "") == ReceivedEvent::bad_signature);
    BOOST_TEST(events.receive(body + " ", signed_with(body)) == ReceivedEvent::bad_signature);
    BOOST_TEST(events.receive(body, signed_with(body, "whsec_other")) == ReceivedEvent::bad_signature);
    BOOST_TEST(kept(id) == 0);
    BOOST_TEST(events.receive(body, signed_with(body, "whsec_previous")) == ReceivedEvent::stored);
    secrets = {"whsec_other"};
    BOOST_TEST(events.receive(body, signed_with(body, "whsec_other")) == ReceivedEvent::known);
    BOOST_TEST(events.receive(body, signed_with(body)) == ReceivedEvent::bad_signature);
}

BOOST_AUTO_TEST_CASE(the_time_of_signing_fits_one_of_the_clocks)
{
    const auto body = body_of(id);
    for (const auto off : {-301s, 301s, 24h - 301s, 24h + 301s})
        BOOST_TEST(events.receive(body, signed_with(body, secret, now + off)) == ReceivedEvent::bad_signature);
    BOOST_TEST(events.receive(body, signed_with(body, secret, now - 300s)) == ReceivedEvent::stored);
    BOOST_TEST(events.receive(body, signed_with(body, secret, now + 24h + 300s)) == ReceivedEvent::known);
}

BOOST_AUTO_TEST_CASE(without_a_secret_nothing_is_believed)
{
    secrets.clear();
    BOOST_TEST(receive(body_of(id)) == ReceivedEvent::not_configured);
    BOOST_TEST(kept(id) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_signed_but_no_event_is_not_stored)
{
    for (const std::string body : {"", "not json", "[]", "{}", R"({"id":"evt_1","object":"charge"})", R"({"id":"we_1","object":"event"})",
             R"({"id":"evt_1","object":"v2.core.event"})", R"({"id":"evt_1","id":"evt_2","object":"event"})"})
        BOOST_TEST(receive(body) == ReceivedEvent::not_an_event, body);
    BOOST_TEST(kept("evt_1") == 0);
}

BOOST_AUTO_TEST_CASE(an_event_about_the_other_money_is_kept_and_ignored)
{
    BOOST_TEST(receive(body_of(id, "true")) == ReceivedEvent::stored);
    BOOST_TEST(state_of(id) == "ignored other_mode");
}

// P18: two installations on one account.
BOOST_AUTO_TEST_CASE(what_another_installation_made_is_kept_and_ignored)
{
    BOOST_TEST(receive(body_of(id, "false", R"({"instance":"there"})")) == ReceivedEvent::stored);
    BOOST_TEST(state_of(id) == "ignored other_installation");
    const auto ours = id + "x";
    receive(body_of(ours, "false", R"({"instance":"here"})"));
    BOOST_TEST(state_of(ours) == "new ");
}

BOOST_AUTO_TEST_CASE(an_event_of_another_version_is_worked_on_all_the_same)
{
    receive(body_of(id, "false", "{}", "2022-11-15"));
    BOOST_TEST(state_of(id) == "new ");
}

BOOST_AUTO_TEST_CASE(an_event_in_the_gateways_list_may_be_known_from_the_webhook)
{
    receive(body_of(id));
    BOOST_TEST(!events.keep({.id = id, .type = "charge.refunded", .api_version = "2026-10-28.endive"}));
    BOOST_TEST(events.keep({.id = id + "x", .type = "charge.refunded", .api_version = "2026-10-28.endive"}));
}

BOOST_AUTO_TEST_SUITE_END()
