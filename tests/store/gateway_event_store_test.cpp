#include "store/gateway_event_store.h"

#include "fake/test_database.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <set>

namespace {

using namespace std::chrono_literals;
using domain::GatewayEvent;
using domain::GatewayEventState;
using store::ClaimedEvent;
using store::GatewayEventStore;
using store::Session;

constexpr auto lease = 60s;

GatewayEvent event_named(const std::string& id)
{
    return {.id = id,
        .type = "payment_intent.succeeded",
        .object_id = "pi_1",
        .object_kind = "payment_intent",
        .instance = "here",
        .api_version = "2026-10-28.endive",
        .idempotency_key = "pi-7-1",
        .created = fake::at("2026-11-24T09:55:00Z"),
        .livemode = true,
        .body = "{\"id\" : \"" + id + "\"}\n"};
}

/// No event is there but those of the case.
struct Inbox {
    Inbox() { fake::change("DELETE FROM gateway_events"); }

    template <class Work> static auto with_store(const Work& work)
    {
        return fake::in_transaction([&](Session& session) {
            GatewayEventStore events{session};
            return work(events);
        });
    }
    static bool add(const GatewayEvent& event, GatewayEventState state = GatewayEventState::fresh, std::string_view reason = "")
    {
        return with_store([&](GatewayEventStore& events) { return events.add(event, state, reason); });
    }
    static std::vector<ClaimedEvent> claim(int limit = 100, std::chrono::seconds duration = lease)
    {
        return with_store([&](GatewayEventStore& events) { return events.claim(duration, limit); });
    }
    static bool finish(const ClaimedEvent& claimed, GatewayEventState state, const std::string& error = "")
    {
        return with_store([&](GatewayEventStore& events) { return events.finish(claimed, state, error); });
    }
    static bool again(const ClaimedEvent& claimed, std::chrono::milliseconds pause)
    {
        return with_store([&](GatewayEventStore& events) { return events.again(claimed, pause, "not yet"); });
    }
    static std::string state_of(const std::string& id) { return fake::text("SELECT state FROM gateway_events WHERE event_id = ?", id); }
    static std::int64_t events() { return fake::count("SELECT COUNT(*) FROM gateway_events"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(gateway_event_store, Inbox)

BOOST_AUTO_TEST_CASE(an_event_is_kept_as_it_came)
{
    BOOST_TEST(add(event_named("evt_1")));
    const auto claimed = claim();
    BOOST_REQUIRE(claimed.size() == 1u);
    const auto& event = claimed[0].event;
    BOOST_TEST(claimed[0].attempts == 1);
    BOOST_TEST(event.id == "evt_1");
    BOOST_TEST(event.type == "payment_intent.succeeded");
    BOOST_TEST(event.object_id == "pi_1");
    BOOST_TEST(event.object_kind == "payment_intent");
    BOOST_TEST(event.instance == "here");
    BOOST_TEST(event.api_version == "2026-10-28.endive");
    BOOST_TEST(event.idempotency_key == "pi-7-1");
    BOOST_TEST(event.livemode);
    BOOST_TEST((event.created == fake::at("2026-11-24T09:55:00Z")));
    BOOST_TEST(event.body == "{\"id\" : \"evt_1\"}\n");
}

// P19: a UNIQUE key that MariaDB enforces.
BOOST_AUTO_TEST_CASE(an_event_that_comes_again_changes_nothing)
{
    add(event_named("evt_1"));
    finish(claim().at(0), GatewayEventState::handled);
    auto changed = event_named("evt_1");
    changed.body = "{}";
    BOOST_TEST(!add(changed));
    BOOST_TEST(state_of("evt_1") == "handled");
    BOOST_TEST(fake::text("SELECT body FROM gateway_events") == "{\"id\" : \"evt_1\"}\n");
}

BOOST_AUTO_TEST_CASE(ids_differ_by_case)
{
    BOOST_TEST(add(event_named("evt_a")));
    BOOST_TEST(add(event_named("evt_A")));
    BOOST_TEST(events() == 2);
}

BOOST_AUTO_TEST_CASE(the_same_event_at_once_is_kept_once)
{
    std::atomic<int> added{0};
    fake::at_once(16, [&](int) { added += add(event_named("evt_1")); });
    BOOST_TEST(added == 1);
    BOOST_TEST(events() == 1);
}

BOOST_AUTO_TEST_CASE(words_longer_than_their_columns_are_cut)
{
    auto event = event_named("evt_1");
    const std::string two_bytes{"ü"};
    std::string words;
    for (int i = 0; i < 300; ++i) words += two_bytes;
    event.type = event.object_id = event.object_kind = event.instance = event.api_version = event.idempotency_key = words;
    event.body = std::string(1024 * 1024, '\xff') + '\0' + "'\\";
    BOOST_TEST(add(event));
    const auto kept = claim().at(0).event;
    BOOST_TEST(kept.type.size() == 128u);
    BOOST_TEST(kept.object_id.size() == 254u); // not in the middle of a character
    BOOST_TEST((kept.body == event.body));
}

BOOST_AUTO_TEST_CASE(an_ignored_event_is_not_taken)
{
    add(event_named("evt_1"), GatewayEventState::ignored, "other_mode");
    BOOST_TEST(claim().empty());
    BOOST_TEST(fake::text("SELECT error FROM gateway_events") == "other_mode");
}

BOOST_AUTO_TEST_CASE(a_claimed_event_is_nobody_elses_until_its_lease_ends)
{
    add(event_named("evt_1"));
    const auto first = claim(1, 0s).at(0);
    const auto second = claim(1).at(0);
    BOOST_TEST(second.attempts == 2);
    BOOST_TEST(claim().empty());
    BOOST_TEST(!finish(first, GatewayEventState::failed)); // it was too slow
    BOOST_TEST(!again(first, 0ms));
    BOOST_TEST(state_of("evt_1") == "new");
    BOOST_TEST(finish(second, GatewayEventState::handled));
    BOOST_TEST(!finish(second, GatewayEventState::failed)); // the end is the end
    BOOST_TEST(state_of("evt_1") == "handled");
}

BOOST_AUTO_TEST_CASE(claimers_at_once_share_nothing)
{
    for (int i = 0; i < 100; ++i) add(event_named("evt_" + std::to_string(i)));
    std::mutex mutex;
    std::multiset<std::string> taken;
    fake::at_once(8, [&](int) {
        for (std::vector<ClaimedEvent> batch; !(batch = claim(7)).empty();) {
            const std::lock_guard lock{mutex};
            for (const auto& claimed : batch) taken.insert(claimed.event.id);
        }
    });
    BOOST_TEST(taken.size() == 100u);
    BOOST_TEST((std::set<std::string>{taken.begin(), taken.end()}.size()) == 100u);
}

BOOST_AUTO_TEST_CASE(what_waited_longest_comes_first)
{
    for (const std::string id : {"evt_1", "evt_2", "evt_3"}) add(event_named(id));
    fake::change("UPDATE gateway_events SET next_at = next_at - INTERVAL 1 HOUR WHERE event_id = 'evt_2'");
    BOOST_TEST(claim(1).at(0).event.id == "evt_2");
}

BOOST_AUTO_TEST_CASE(an_event_given_back_waits_out_its_pause)
{
    add(event_named("evt_1"));
    BOOST_TEST(again(claim().at(0), 1h));
    BOOST_TEST(claim().empty());
    fake::change("UPDATE gateway_events SET next_at = NOW(6)");
    BOOST_TEST(claim().at(0).attempts == 2);
    BOOST_TEST(fake::text("SELECT error FROM gateway_events") == "not yet");
}

BOOST_AUTO_TEST_CASE(a_failed_event_gets_a_new_start)
{
    add(event_named("evt_1"));
    BOOST_TEST(!with_store([](GatewayEventStore& events) { return events.retry("evt_1"); }));
    finish(claim().at(0), GatewayEventState::failed, "who_knows");
    BOOST_TEST(with_store([](GatewayEventStore& events) { return events.retry("evt_1"); }));
    BOOST_TEST(claim().at(0).attempts == 1);
}

BOOST_AUTO_TEST_CASE(an_event_does_not_end_as_new)
{
    add(event_named("evt_1"));
    const auto claimed = claim().at(0);
    BOOST_CHECK_THROW(finish(claimed, GatewayEventState::fresh), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_newest_event_is_told)
{
    BOOST_TEST(!with_store([](GatewayEventStore& events) { return events.newest(); }));
    auto late = event_named("evt_2");
    late.created = fake::at("2026-11-25T00:00:00Z");
    add(late);
    add(event_named("evt_1"));
    BOOST_TEST((with_store([](GatewayEventStore& events) { return events.newest(); }) == late.created));
}

BOOST_AUTO_TEST_CASE(only_what_is_done_with_is_forgotten)
{
    for (const std::string id : {"evt_new", "evt_failed", "evt_old", "evt_recent"}) add(event_named(id));
    for (const auto& claimed : claim()) {
        if (claimed.event.id == "evt_new") continue;
        finish(claimed, claimed.event.id == "evt_failed" ? GatewayEventState::failed : GatewayEventState::handled);
    }
    add(event_named("evt_ignored"), GatewayEventState::ignored);
    fake::change("UPDATE gateway_events SET finished_at = NOW(6) - INTERVAL 3 HOUR WHERE event_id NOT IN ('evt_new', 'evt_recent')");
    with_store([](GatewayEventStore& events) { events.remove_finished(2h); });
    BOOST_TEST(fake::text("SELECT GROUP_CONCAT(event_id ORDER BY event_id) FROM gateway_events") == "evt_failed,evt_new,evt_recent");
}

BOOST_AUTO_TEST_SUITE_END()
